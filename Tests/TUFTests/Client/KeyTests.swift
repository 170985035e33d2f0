import Documents
import TUF
import Testing

@Suite("Signatures are counted by key, and what is not understood verifies nothing")
struct KeyTests {
    static func everyKind() throws -> [SigningKey] {
        [
            .ed25519(1), .p256(), .p256(type: "ecdsa-sha2-nistp256"), .p384(), .p384(type: "ecdsa-sha2-nistp384"),
            try .rsa("rsassa-pss-sha256"), try .rsa("rsassa-pss-sha384"), try .rsa("rsassa-pss-sha512"),
        ]
    }

    @Test("A key of every kind verifies its own signature, and no other key's, message or damaged signature")
    func kinds() throws {
        let message = Array("content".utf8)
        let keys = try Self.everyKind()
        for (index, key) in keys.enumerated() {
            let name = "\(key.publicKey.type), \(key.publicKey.scheme)"
            let signature = hexadecimal(try key.sign(message))
            #expect(key.publicKey.isUsable, "\(name)")
            #expect(key.publicKey.verifies(signature, of: message), "\(name)")
            #expect(!key.publicKey.verifies(signature, of: message + [0]), "\(name)")
            #expect(!key.publicKey.verifies(signature, of: []), "\(name)")
            #expect(!key.publicKey.verifies(String(signature.dropLast(2)), of: message), "\(name)")
            #expect(!key.publicKey.verifies(signature + "00", of: message), "\(name)")
            #expect(!key.publicKey.verifies("", of: message), "\(name)")
            #expect(!key.publicKey.verifies("no hexadecimal", of: message), "\(name)")
            let other = keys[(index + 1) % keys.count].publicKey
            #expect(!other.verifies(signature, of: message), "\(name)")
        }
    }

    @Test("A key verifies with its own scheme alone")
    func schemes() throws {
        let message = Array("content".utf8)
        let (curve, rsa) = (SigningKey.p256(), try SigningKey.rsa("rsassa-pss-sha256"))
        let cases: [(SigningKey, String, String)] = [
            (curve, "ecdsa", "ecdsa-sha2-nistp384"), (curve, "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp256"),
            (curve, "ed25519", "ed25519"), (rsa, "rsa", "rsassa-pss-sha512"), (rsa, "rsa", "rsa-unheard-of"),
            (rsa, "ecdsa", "rsassa-pss-sha256"), (curve, "unheard-of", "ecdsa-sha2-nistp256"),
        ]
        for (key, type, scheme) in cases {
            let other = PublicKey(type: type, scheme: scheme, value: key.publicKey.value)
            #expect(!other.verifies(hexadecimal(try key.sign(message)), of: message), "\(type), \(scheme)")
        }
    }

    @Test("An RSA key of less than 2048 bits verifies nothing")
    func shortKey() throws {
        let key = try SigningKey.rsa("rsassa-pss-sha256", bits: 1024)
        #expect(!key.publicKey.isUsable)
        #expect(!key.publicKey.verifies(hexadecimal(try key.sign([1])), of: [1]))
    }

    @Test(
        "A malformed key verifies nothing and is no error",
        arguments: [
            ("ed25519", "ed25519", ""), ("ed25519", "ed25519", "00"),
            ("ed25519", "ed25519", String(repeating: "zz", count: 32)),
            ("ecdsa", "ecdsa-sha2-nistp256", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"),
            ("rsa", "rsassa-pss-sha256", "no PEM"),
        ])
    func malformed(_ type: String, _ scheme: String, _ value: String) {
        let key = PublicKey(type: type, scheme: scheme, value: value)
        #expect(!key.isUsable)
        #expect(!key.verifies(String(repeating: "00", count: 64), of: [1]))
    }

    // MARK: Thresholds

    @Test("Metadata signed by a key of every kind is counted once for each")
    func everyKindCounts() throws {
        let repository = try RepositorySimulator()
        let keys = try Self.everyKind()
        repository.setKeys(.targets, keys, threshold: keys.count)
        try repository.publish(.root)
        try repository.publish(.targets, .snapshot, .timestamp)
        try repository.refresh(OverlayStore())
        repository.signers[.targets]?.removeLast()
        try repository.publish(.targets, .snapshot, .timestamp)
        #expect(failure { try repository.refresh(OverlayStore()) } == .signature)
    }

    @Test(
        "The threshold needs as many keys as it says",
        arguments: [(1, 2, false), (2, 2, true), (2, 3, false), (3, 2, true)]
    )
    func threshold(_ signers: Int, _ threshold: Int, _ isReached: Bool) throws {
        let repository = try RepositorySimulator()
        repository.rotate(.targets, count: 3, threshold: threshold)
        repository.signers[.targets] = Array((repository.signers[.targets] ?? []).prefix(signers))
        try repository.publish(.root)
        try repository.publish(.targets, .snapshot, .timestamp)
        #expect(failure { try repository.refresh(OverlayStore()) } == (isReached ? nil : .signature))
    }

    @Test("One key under two identifiers, spelled alike or not, is one signer", arguments: [false, true])
    func sameKeyTwice(_ isSpelledOtherwise: Bool) throws {
        let repository = try RepositorySimulator()
        let key = repository.newKey()
        let value = isSpelledOtherwise ? key.publicKey.value.uppercased() : key.publicKey.value
        // Another scheme name would be another key to the identifier, but not to the signature.
        let alias = try Self.key(id: "another", like: key.publicKey, value: value)
        repository.setKeys(.targets, [key, SigningKey(publicKey: alias, sign: key.sign)], threshold: 2)
        try repository.publish(.root)
        try repository.publish(.targets, .snapshot, .timestamp)
        #expect(repository.root.roles[.targets]?.keyIds.count == 2)
        #expect(failure { try repository.refresh(OverlayStore()) } == .signature)
    }

    @Test("One elliptic key in two spellings of PEM is one signer")
    func samePEMTwice() throws {
        let repository = try RepositorySimulator()
        let key = SigningKey.p256()
        let alias = PublicKey(
            type: "ecdsa-sha2-nistp256", scheme: key.publicKey.scheme, value: key.publicKey.value + "\n")
        repository.setKeys(.targets, [key, SigningKey(publicKey: alias, sign: key.sign)], threshold: 2)
        try repository.publish(.root)
        try repository.publish(.targets, .snapshot, .timestamp)
        #expect(failure { try repository.refresh(OverlayStore()) } == .signature)
    }

    @Test("An identifier that does not follow from its key is as good as any other")
    func freeIdentifier() throws {
        let repository = try RepositorySimulator()
        let key = repository.newKey()
        let named = try Self.key(id: "the first key", like: key.publicKey, value: key.publicKey.value)
        repository.setKeys(.targets, [SigningKey(publicKey: named, sign: key.sign)], threshold: 1)
        try repository.publish(.root)
        try repository.publish(.targets, .snapshot, .timestamp)
        try repository.refresh(OverlayStore())
    }

    @Test("A wrong, empty or unknown signature beside enough good ones does no harm")
    func foreignSignatures() throws {
        let repository = try RepositorySimulator()
        let more = (repository.signers[.timestamp] ?? []) + [repository.newKey()]
        repository.setKeys(.timestamp, more, threshold: 1)
        try repository.publish(.root)
        var metadata = try repository.signed(repository.timestamp, by: .timestamp)
        metadata.signatures[1].signature = ""
        metadata.signatures.insert(MetadataSignature(keyId: "unheard-of", signature: "zz"), at: 0)
        repository.lies["timestamp.json"] = .bytes(metadata.bytes)
        try repository.refresh(OverlayStore())
    }

    @Test("A key that root lists for another role does not count")
    func foreignKey() throws {
        let repository = try RepositorySimulator()
        let foreign = repository.signers[.snapshot] ?? []
        repository.root.roles[.targets]?.threshold = 2
        try repository.publish(.root)
        repository.signers[.targets, default: []].append(contentsOf: foreign)
        try repository.publish(.targets, .snapshot, .timestamp)
        #expect(failure { try repository.refresh(OverlayStore()) } == .signature)
    }

    @Test(
        "Files full of signatures or of roles are read in a time that grows with their size alone",
        .timeLimit(.minutes(2)))
    func manyOfThem() throws {
        let count = 30_000
        let repository = try RepositorySimulator()
        var metadata = try repository.signed(repository.targets, by: .targets)
        metadata.signatures += (0..<count).map { MetadataSignature(keyId: "key \($0)", signature: "00") }
        #expect(try SignedMetadata<TargetsMetadata>(bytes: metadata.bytes, file: "a").signatures.count == count + 1)
        let roles = (0..<count).map {
            DelegatedRole(name: RoleName("role \($0)"), keys: RoleKeys(keyIds: []), paths: .patterns([]))
        }
        repository.targets.delegations = Delegations(keys: [:], roles: .named(roles))
        let bytes = try repository.signed(repository.targets, by: .targets).bytes
        let read = try SignedMetadata<TargetsMetadata>(bytes: bytes, file: "b")
        #expect(read.content.delegations?.roles == .named(roles))
    }

    /// The same key under an identifier of the test's choice: only reading gives such a one.
    private static func key(id: String, like key: PublicKey, value: String) throws -> PublicKey {
        let json: JSONValue = [
            "signatures": [],
            "signed": [
                "_type": "targets", "spec_version": "1.0.31", "version": 1, "expires": "2030-01-01T00:00:00Z",
                "targets": [:],
                "delegations": [
                    "roles": [],
                    "keys": .object([
                        id: [
                            "keytype": .string(key.type), "scheme": .string(key.scheme),
                            "keyval": ["public": .string(value)],
                        ]
                    ]),
                ],
            ],
        ]
        let read = try SignedMetadata<TargetsMetadata>(bytes: json.pretty, file: "keys")
        guard let found = read.content.delegations?.keys[id] else { throw RepositorySimulator.NoConnection() }
        return found
    }
}
