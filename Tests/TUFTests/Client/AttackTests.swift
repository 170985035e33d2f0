import Documents
import TUF
import Testing

/// What a hostile repository, or somebody on the way to it, does after an honest client has seen an honest repository.
struct Attack: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: TUFError.Kind
    let act: @Sendable (RepositorySimulator) throws -> Void

    init(_ name: String, _ expected: TUFError.Kind, _ act: @escaping @Sendable (RepositorySimulator) throws -> Void) {
        testDescription = name
        self.expected = expected
        self.act = act
    }
}

@Suite("A refresh refuses what an attacker can make of a repository, and trusts no more afterwards than before")
struct AttackTests {
    static let arbitrary: [Attack] = [
        Attack("targets without a signature", .signature) {
            $0.signers[.targets] = []
            try $0.publish(.targets, .snapshot, .timestamp)
        },
        Attack("targets signed by a stranger", .signature) {
            $0.signers[.targets] = [$0.newKey()]
            try $0.publish(.targets, .snapshot, .timestamp)
        },
        Attack("targets signed with the snapshot's key", .signature) {
            $0.signers[.targets] = $0.signers[.snapshot]
            try $0.publish(.targets, .snapshot, .timestamp)
        },
        Attack("a snapshot signed by a stranger", .signature) {
            $0.signers[.snapshot] = [$0.newKey()]
            try $0.publish(.snapshot, .timestamp)
        },
        Attack("a timestamp signed by a stranger", .signature) {
            $0.signers[.timestamp] = [$0.newKey()]
            try $0.publish(.timestamp)
        },
        Attack("a root signed by a stranger", .signature) {
            $0.signers[.root] = [$0.newKey()]
            try $0.publish(.root)
        },
        Attack("a changed byte under an honest signature", .signature) {
            try $0.publish(.timestamp)
            $0.tamper("timestamp.json", "\"version\": 2", "\"version\": 3")
        },
    ]

    static let rollback: [Attack] = [
        Attack("an older timestamp", .rollback) {
            $0.timestamp.version = 1
            try $0.serve(.timestamp)
        },
        Attack("a newer timestamp that announces an older snapshot", .rollback) {
            $0.snapshot.version = 1
            try $0.serve(.snapshot)
            try $0.publish(.timestamp)
        },
        Attack("a newer snapshot with older targets", .rollback) {
            $0.targets.version = 1
            try $0.serve(.targets)
            try $0.publish(.snapshot, .timestamp)
        },
        Attack("a newer snapshot without a role that was there", .rollback) {
            $0.snapshot.files[RoleName("extra")] = nil
            try $0.publish(.snapshot, .timestamp)
        },
        Attack("an older root under the next root's name", .rollback) {
            $0.lies["3.root.json"] = .bytes($0.files["2.root.json"] ?? [])
        },
    ]

    static let mixAndMatch: [Attack] = [
        Attack("another snapshot than the timestamp announces", .mixAndMatch) {
            try $0.publish(.timestamp)
            try $0.publish(.snapshot)
            let version = $0.snapshot.version
            try $0.publish(.timestamp)
            $0.lies["\(version).snapshot.json"] = .bytes($0.files["2.snapshot.json"] ?? [])
        },
        Attack("other targets than the snapshot announces", .mixAndMatch) {
            try $0.publish(.targets, .snapshot, .timestamp)
            $0.lies["3.targets.json"] = .bytes($0.files["2.targets.json"] ?? [])
        },
        Attack("a version that is not the announced one, without digests", .mixAndMatch) {
            $0.announcesDigests = false
            try $0.publish(.targets, .snapshot, .timestamp)
            $0.lies["3.targets.json"] = .bytes($0.files["2.targets.json"] ?? [])
        },
        Attack("a snapshot whose version is not the announced one, without digests", .mixAndMatch) {
            $0.announcesDigests = false
            try $0.publish(.snapshot, .timestamp)
            $0.lies["3.snapshot.json"] = .bytes($0.files["2.snapshot.json"] ?? [])
        },
        Attack("a root that skips a version", .mixAndMatch) {
            $0.root.version += 1
            try $0.publish(.root)
            $0.lies["3.root.json"] = .bytes($0.files["4.root.json"] ?? [])
        },
        Attack("a snapshot that does not name targets", .mixAndMatch) {
            $0.rotate(.snapshot)
            $0.snapshot.files = [:]
            try $0.publish(.root)
            try $0.publish(.snapshot, .timestamp)
        },
        Attack("an announced digest that no algorithm here knows", .mixAndMatch) {
            try $0.publish(.targets)
            $0.snapshot.files[.targets]?.hashes = ContentHashes(["md5": "00"])
            try $0.publish(.snapshot, .timestamp)
        },
        Attack("one digest that fits beside one that does not", .mixAndMatch) {
            try $0.publish(.targets)
            $0.snapshot.files[.targets]?.hashes?.values["sha512"] = "00"
            try $0.publish(.snapshot, .timestamp)
        },
    ]

    static let expired: [Attack] = [
        Attack("an expired root", .expired) {
            $0.root.expires = RepositorySimulator.now
            try $0.publish(.root)
        },
        Attack("an expired timestamp", .expired) {
            $0.timestamp.expires = RepositorySimulator.now
            try $0.publish(.timestamp)
        },
        Attack("an expired snapshot", .expired) {
            $0.snapshot.expires = RepositorySimulator.now
            try $0.publish(.snapshot, .timestamp)
        },
        Attack("expired targets", .expired) {
            $0.targets.expires = RepositorySimulator.now
            try $0.publish(.targets, .snapshot, .timestamp)
        },
    ]

    static let endless: [Attack] =
        ["3.root.json", "timestamp.json", "3.snapshot.json", "3.targets.json"].map { file in
            Attack("an endless \(file)", .tooLarge) {
                try $0.publish(.targets, .snapshot, .timestamp)
                $0.lies[file] = .endless
            }
        } + [
            Attack("an announced length beyond all measure", .tooLarge) {
                try $0.publish(.targets)
                $0.snapshot.files[.targets]?.length = 1 << 60
                try $0.publish(.snapshot, .timestamp)
            },
            Attack("a file longer than announced", .tooLarge) {
                try $0.publish(.targets, .snapshot, .timestamp)
                $0.lies["3.targets.json"] = .bytes(($0.files["3.targets.json"] ?? []) + [0x20])
            },
        ]

    static let form: [Attack] = [
        Attack("a timestamp of another type", .form) {
            $0.signers[.snapshot] = $0.signers[.timestamp]
            $0.lies["timestamp.json"] = .bytes(try $0.signed($0.snapshot, by: .snapshot).bytes)
        },
        Attack("two members of one name", .form) {
            $0.tamper("timestamp.json", "\"signed\": {", "\"signed\": {\"version\": 1, ")
        },
        Attack("two members of names that differ in Unicode form alone", .form) {
            $0.tamper("timestamp.json", "\"signed\": {", "\"signed\": {\"\u{e9}\": 1, \"e\u{301}\": 1, ")
        },
        Attack("a number with a fraction", .form) { $0.tamper("timestamp.json", "\"version\": 2", "\"version\": 2.0") },
        Attack("a number beyond 64 bits", .form) {
            $0.tamper("timestamp.json", "\"version\": 2", "\"version\": 18446744073709551617")
        },
        Attack("ten thousand nested arrays", .form) {
            $0.lies["timestamp.json"] = .bytes([UInt8](repeating: UInt8(ascii: "["), count: 10_000))
        },
        Attack("a byte order mark", .form) {
            $0.lies["timestamp.json"] = .bytes([0xEF, 0xBB, 0xBF] + ($0.files["timestamp.json"] ?? []))
        },
        Attack("bytes that are no UTF-8", .form) {
            let bytes = $0.files["timestamp.json"] ?? []
            $0.lies["timestamp.json"] = .bytes(bytes.map { $0 == UInt8(ascii: "v") ? 0xC0 : $0 })
        },
        Attack("a second document behind the first", .form) {
            let bytes = $0.files["timestamp.json"] ?? []
            $0.lies["timestamp.json"] = .bytes(bytes + bytes)
        },
        Attack("a page instead of a file", .form) { $0.lies["timestamp.json"] = .bytes(Array("<html></html>".utf8)) },
        Attack("nothing at all", .form) { $0.lies["timestamp.json"] = .bytes([]) },
        Attack("one signature twice", .form) {
            var metadata = try $0.signed($0.timestamp, by: .timestamp)
            metadata.signatures += metadata.signatures
            $0.lies["timestamp.json"] = .bytes(metadata.bytes)
        },
        Attack("an identifier twice in a role", .form) {
            let once = $0.root.roles[.timestamp]?.keyIds ?? []
            $0.root.roles[.timestamp]?.keyIds = once + once
            try $0.publish(.root)
        },
    ]

    @Test(
        "Refused",
        arguments: arbitrary + rollback + mixAndMatch + expired + endless + form)
    func refused(_ attack: Attack) throws {
        let (repository, store) = try Self.honest()
        let before = try Self.versions(store)
        try attack.act(repository)
        #expect(failure { try repository.refresh(store) } == attack.expected)
        // Roles that were verified before the refusal may be newer; none is older, and targets did not move.
        let after = try Self.versions(store)
        #expect(zip(before, after).allSatisfy { $0 <= $1 })
        #expect(after.last == before.last)
    }

    @Test("The same attack on a client that saw nothing before fails too", arguments: arbitrary + expired + endless)
    func newcomer(_ attack: Attack) throws {
        let (repository, _) = try Self.honest()
        try attack.act(repository)
        #expect(failure { try repository.refresh(OverlayStore()) } == attack.expected)
    }

    /// A repository in its second version, and the store of a client that has seen it.
    private static func honest() throws -> (RepositorySimulator, OverlayStore) {
        let repository = try RepositorySimulator()
        repository.snapshot.files[RoleName("extra")] = MetadataFileInfo(version: 7)
        try repository.publish(.root, .targets, .snapshot, .timestamp)
        let store = OverlayStore()
        try repository.refresh(store)
        return (repository, store)
    }

    private static func versions(_ store: OverlayStore) throws -> [Int] {
        try [.root, .timestamp, .snapshot, .targets].map { try store.version($0) ?? 0 }
    }

    @Test("A timestamp of the same version with other content changes nothing")
    func equalTimestamp() throws {
        let (repository, store) = try Self.honest()
        repository.timestamp.snapshot.version = 100
        try repository.serve(.timestamp)
        repository.forgetRequests()
        try repository.refresh(store)
        #expect(repository.requests.last == "timestamp.json")
        #expect(try store.version(.timestamp) == 2)
    }

    @Test("An unknown field is no reason to refuse, and is covered by the signature")
    func unknownFields() throws {
        let (repository, store) = try Self.honest()
        repository.timestamp.unknown["x-new"] = ["a": [1, true, nil, "\n\u{e9}"]]
        repository.root.unknown["x-new"] = "b"
        try repository.publish(.root, .timestamp)
        try repository.refresh(store)
        #expect(try store.version(.root) == 3)
        try repository.publish(.timestamp)
        repository.tamper("timestamp.json", "x-new", "x-old")
        #expect(failure { try repository.refresh(store) } == .signature)
    }

    // MARK: Freeze

    @Test("Kept metadata that has expired meanwhile does not stand in the way of newer metadata")
    func staleCache() throws {
        let (repository, store) = try Self.honest()
        let later = RepositorySimulator.now + 40 * RepositorySimulator.day
        #expect(failure { try repository.refresh(store, now: later) } == .expired)
        repository.root.expires = later + 1
        repository.targets.expires = later + 1
        repository.snapshot.expires = later + 1
        repository.timestamp.expires = later + 1
        try repository.publish(.root, .targets, .snapshot, .timestamp)
        try repository.refresh(store, now: later)
        #expect(try store.version(.timestamp) == 3)
    }

    @Test("A kept timestamp that has expired still refuses an older one")
    func staleCacheRefusesOlder() throws {
        let (repository, store) = try Self.honest()
        let later = RepositorySimulator.now + 40 * RepositorySimulator.day
        repository.root.expires = later + 1
        try repository.publish(.root)
        repository.timestamp.expires = later + 1
        repository.timestamp.version = 1
        try repository.serve(.timestamp)
        #expect(failure { try repository.refresh(store, now: later) } == .rollback)
    }

    @Test("At the very moment of its expiry metadata is expired", arguments: [(-1, false), (0, true), (1, true)])
    func moment(_ seconds: Int, _ isExpired: Bool) throws {
        let repository = try RepositorySimulator()
        let result = failure {
            try repository.refresh(OverlayStore(), now: repository.timestamp.expires + seconds)
        }
        #expect(result == (isExpired ? .expired : nil))
    }
}
