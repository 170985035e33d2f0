import Crypto
import Documents
import TUF
import Testing

@Suite("The search for a target asks the roles in order, each once, and only those whose paths fit")
struct DelegationTests {
    typealias Edge = (from: String, to: String, isTerminating: Bool)

    struct Graph: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let edges: [Edge]
        let visited: [String]

        init(_ name: String, _ edges: [Edge], _ visited: [String]) {
            testDescription = name
            self.edges = edges
            self.visited = visited
        }
    }

    @Test(
        "Roles are visited in order",
        arguments: [
            Graph("one", [("targets", "A", false)], ["A"]),
            Graph("two beside each other", [("targets", "A", false), ("targets", "B", false)], ["A", "B"]),
            Graph(
                "depth first",
                [("targets", "A", false), ("targets", "B", false), ("A", "C", false), ("A", "D", false)],
                ["A", "C", "D", "B"]),
            Graph(
                "a circle", [("targets", "A", false), ("A", "B", false), ("B", "A", false), ("targets", "C", false)],
                ["A", "B", "C"]),
            Graph("a role that delegates to itself", [("targets", "A", false), ("A", "A", false)], ["A"]),
            Graph(
                "two ways to one role",
                [("targets", "A", false), ("targets", "B", false), ("A", "C", false), ("B", "C", false)],
                ["A", "C", "B"]),
            Graph(
                "a terminating one ends the search among its siblings",
                [("targets", "A", true), ("targets", "B", false), ("A", "C", false)], ["A", "C"]),
            Graph(
                "a terminating one further down ends it everywhere",
                [("targets", "A", false), ("targets", "B", false), ("A", "C", true), ("A", "D", false)], ["A", "C"]),
        ])
    func order(_ graph: Graph) throws {
        let repository = try RepositorySimulator()
        for edge in graph.edges {
            repository.delegate(RoleName(edge.from), to: edge.to, isTerminating: edge.isTerminating)
        }
        try repository.publishAll()
        let store = OverlayStore()
        var client = try repository.refresh(store)
        repository.forgetRequests()
        #expect(failure { _ = try client.target("nowhere") } == .unknownTarget)
        #expect(repository.requests == graph.visited.map { "1.\($0).json" })
        // A second search, and a second client, have them all.
        repository.forgetRequests()
        #expect(failure { _ = try client.target("nowhere") } == .unknownTarget)
        client = try repository.refresh(store)
        #expect(failure { _ = try client.target("nowhere") } == .unknownTarget)
        #expect(repository.requests == ["2.root.json", "timestamp.json"])
    }

    @Test("The first role in order wins")
    func firstWins() throws {
        let repository = try RepositorySimulator()
        let (first, second) = (RepositorySimulator.target("first"), RepositorySimulator.target("second"))
        repository.delegate(to: "A", targets: ["file": first])
        repository.delegate(to: "B", targets: ["file": second, "other": second])
        try repository.publishAll()
        var client = try repository.client(OverlayStore())
        #expect(try client.target("file") == first)
        #expect(try client.target("other") == second)
    }

    @Test("A role speaks for the paths alone that it was given, however much it claims")
    func claims() throws {
        let repository = try RepositorySimulator()
        let evil = RepositorySimulator.target("evil")
        repository.delegate(to: "A", .patterns(["a/*"]), targets: ["a/x": evil, "b/x": evil])
        try repository.publishAll()
        var client = try repository.client(OverlayStore())
        #expect(try client.target("a/x") == evil)
        #expect(failure { _ = try client.target("b/x") } == .unknownTarget)
    }

    @Test("No more roles are visited than the limit, in a chain or side by side", arguments: [true, false])
    func tooMany(_ isChain: Bool) throws {
        let repository = try RepositorySimulator()
        let found = RepositorySimulator.target("found")
        for number in 1...33 {
            let from = isChain && number > 1 ? RoleName("r\(number - 1)") : .targets
            repository.delegate(from, to: "r\(number)", targets: number >= 32 ? ["file\(number)": found] : [:])
        }
        try repository.publishAll()
        var client = try repository.client(OverlayStore())
        #expect(try client.target("file32") == found)
        #expect(failure { _ = try client.target("file33") } == .tooManyDelegations)
        #expect(!repository.requests.contains("1.r33.json"))
    }

    @Test(
        "Patterns are those of a shell and do not cross a slash",
        arguments: [
            ("*", "file", true), ("*", "a/file", false), ("*/*", "a/file", true), ("*.tar", "x.tar", true),
            ("*.tar", "x.tar.gz", false), ("a/?.txt", "a/b.txt", true), ("a/?.txt", "a/bb.txt", false),
            ("a?b", "a/b", false), ("a*b", "a/b", false), ("[abc].txt", "b.txt", true), ("[!abc].txt", "b.txt", false),
            ("[a-c]x", "bx", true), ("[a-c]x", "dx", false), ("[]x]", "]", true), ("[ab", "[ab", true),
            ("[a/b]", "a", false), ("**", "a/b", false), ("**", "ab", true), ("", "", true), ("", "a", false),
            ("a", "A", false), ("a/", "a", false), ("/a", "a", false), ("\\*", "x", false),
            ("*a*b*c*", "xaxbxcx", true),
            ("*a*b*c*", "xaxcxbx", false), ("?", "\u{e9}", true), ("?", "e\u{301}", false),
            ("\u{e9}", "e\u{301}", false),
            ("*", ".hidden", true), ("*", "line\nbreak", true),
        ])
    func patterns(_ pattern: String, _ path: String, _ matches: Bool) {
        #expect(DelegatedPaths.patterns([pattern]).contains(path) == matches)
    }

    @Test("A pattern made to take for ever is answered at once")
    func hostilePattern() {
        let pattern = String(repeating: "*a", count: 500) + "b"
        #expect(!DelegatedPaths.patterns([pattern]).contains(String(repeating: "a", count: 5000)))
    }

    @Test("A hash prefix speaks for the paths whose digest begins with it")
    func hashPrefixes() throws {
        let repository = try RepositorySimulator()
        let digest = hexadecimal(SHA256.hash(data: Array("dir/file".utf8)))
        let found = RepositorySimulator.target("found")
        let others = "0123456789abcdef".filter { $0 != digest.first }.map(String.init)
        repository.delegate(to: "others", .hashPrefixes(others), targets: ["dir/file": RepositorySimulator.target("")])
        repository.delegate(to: "right", .hashPrefixes(["zz", String(digest.prefix(3))]), targets: ["dir/file": found])
        try repository.publishAll()
        var client = try repository.client(OverlayStore())
        #expect(try client.target("dir/file") == found)
        #expect(!repository.requests.contains("1.others.json"))
    }

    @Test("Succinct roles divide the paths by their digests", arguments: [1, 4, 5, 8])
    func succinct(_ bits: Int) throws {
        let repository = try RepositorySimulator()
        let key = repository.newKey()
        let roles = SuccinctRoles(
            bitLength: bits, namePrefix: "bin", keys: RoleKeys(keyIds: [key.publicKey.id]))
        repository.targets.delegations = Delegations(
            keys: [key.publicKey.id: key.publicKey], roles: .succinct(roles))
        let path = "dir/file"
        let role = roles.role(for: path)
        // By another way than the product's: the first bits of the first byte.
        let first = Array(SHA256.hash(data: Array(path.utf8)))[0]
        let digits = String(Int(first) >> (8 - bits), radix: 16)
        let width = bits > 4 ? 2 : 1
        #expect(role.text == "bin-" + String(repeating: "0", count: width - digits.count) + digits)
        repository.signers[role] = [key]
        let found = RepositorySimulator.target("found")
        repository.delegated[role] = TargetsMetadata(
            version: 0, expires: repository.targets.expires, targets: [path: found])
        try repository.publishAll()
        var client = try repository.client(OverlayStore())
        #expect(try client.target(path) == found)
    }

    // MARK: Attacks

    static let attacks: [Attack] = [
        Attack("signed by a stranger", .signature) {
            $0.signers[RoleName("A")] = [$0.newKey()]
            try $0.publishAll()
        },
        Attack("signed by the delegator instead", .signature) {
            $0.signers[RoleName("A")] = $0.signers[.targets]
            try $0.publishAll()
        },
        Attack("expired", .expired) {
            $0.delegated[RoleName("A")]?.expires = RepositorySimulator.now
            try $0.publishAll()
        },
        Attack("an older version under the new name", .mixAndMatch) {
            try $0.publishAll()
            $0.lies["2.A.json"] = .bytes($0.files["1.A.json"] ?? [])
        },
        Attack("not in the snapshot", .mixAndMatch) {
            $0.rotate(.snapshot)
            $0.snapshot.files[RoleName("A")] = nil
            try $0.publish(.root)
            try $0.publish(.targets, .snapshot, .timestamp)
        },
        Attack("withheld", .missing) {
            try $0.publishAll()
            $0.lies["2.A.json"] = .nothing
        },
        Attack("endless", .tooLarge) {
            try $0.publishAll()
            $0.lies["2.A.json"] = .endless
        },
    ]

    @Test(
        "A delegated role that is not as it must be ends the search: the next role is not asked instead",
        arguments: attacks)
    func refused(_ attack: Attack) throws {
        let repository = try RepositorySimulator()
        let store = OverlayStore()
        repository.delegate(to: "A")
        repository.delegate(to: "B", targets: ["file": RepositorySimulator.target("evil")])
        try repository.publishAll()
        var client = try repository.refresh(store)
        _ = try client.target("file")
        try repository.publish(.snapshot, .timestamp)
        try attack.act(repository)
        client = try repository.client(store)
        #expect(failure { _ = try client.target("file") } == attack.expected)
    }

    @Test("A snapshot that announces an older version of a delegated role is refused")
    func olderRole() throws {
        let repository = try RepositorySimulator()
        let store = OverlayStore()
        repository.delegate(to: "A")
        try repository.publishAll()
        try repository.publishAll()
        try repository.refresh(store)
        repository.delegated[RoleName("A")]?.version = 1
        try repository.serve(RoleName("A"))
        try repository.publish(.snapshot, .timestamp)
        #expect(failure { try repository.refresh(store) } == .rollback)
    }

    @Test("A role is verified for each delegator by the keys of that one")
    func twoDelegators() throws {
        let repository = try RepositorySimulator()
        let found = RepositorySimulator.target("found")
        repository.delegate(to: "A", .patterns(["a*"]))
        repository.delegate(to: "B", .patterns(["*"]))
        repository.delegate(RoleName("A"), to: "C", .patterns(["*"]), targets: ["file": found, "afile": found])
        // B names another key for C, which did not sign.
        let honest = repository.signers[RoleName("C")]
        repository.signers[RoleName("C")] = [repository.newKey()]
        repository.delegate(RoleName("B"), to: "C", .patterns(["*"]))
        repository.signers[RoleName("C")] = honest
        try repository.publishAll()
        var client = try repository.client(OverlayStore())
        #expect(try client.target("afile") == found)
        #expect(failure { _ = try client.target("file") } == .signature)
    }

    @Test(
        "A role's name is escaped in addresses and files",
        arguments: [
            "?", "#", "/role", "../role", "..", "%2e%2e", "a b", "\u{fc}", "e\u{301}",
            String(repeating: "x", count: 300),
        ])
    func names(_ name: String) throws {
        let repository = try RepositorySimulator()
        let store = OverlayStore()
        repository.delegate(to: name, targets: ["file": RepositorySimulator.target("found")])
        try repository.publishAll()
        var client = try repository.refresh(store)
        repository.forgetRequests()
        _ = try client.target("file")
        let request = try #require(repository.requests.first)
        #expect(request.hasPrefix("1.") && request.hasSuffix(".json"))
        #expect(!request.contains { "/?# ".contains($0) || !$0.isASCII })
        let kept = store.written.filter { !RoleName.topLevel.map(\.fileName).contains($0) }
        #expect(kept.count == 1)
        #expect(kept.allSatisfy { !$0.contains("/") && $0.utf8.count <= 255 && !$0.hasPrefix("..j") })
        client = try repository.refresh(store)
        repository.forgetRequests()
        _ = try client.target("file")
        #expect(repository.requests == [])
    }

    @Test("Two spellings of a letter are two targets")
    func spelling() throws {
        let repository = try RepositorySimulator()
        repository.targets.targets["\u{e9}"] = RepositorySimulator.target("composed")
        try repository.publishAll()
        var client = try repository.client(OverlayStore())
        #expect(try client.target("\u{e9}").length == 8)
        #expect(failure { _ = try client.target("e\u{301}") } == .unknownTarget)
    }
}
