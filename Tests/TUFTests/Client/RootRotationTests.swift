import Documents
import TUF
import Testing

@Suite("Root leads from version to version, and versions that an attacker raised do not stay for ever")
struct RootRotationTests {
    private let store = OverlayStore()

    /// Which keys root names, how many of them must sign, and which keys did.
    struct Step: Sendable {
        let keys: [UInt64]
        let threshold: Int
        let signers: [UInt64]
    }

    struct Chain: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let steps: [Step]
        let isAccepted: Bool

        init(_ name: String, _ steps: [Step], _ isAccepted: Bool) {
            testDescription = name
            self.steps = steps
            self.isAccepted = isAccepted
        }
    }

    @Test(
        "The last root of a chain is taken or refused by the keys that signed it",
        arguments: [
            Chain(
                "a new key, signed by the old and the new one",
                [Step(keys: [1], threshold: 1, signers: [1]), Step(keys: [2], threshold: 1, signers: [1, 2])], true),
            Chain(
                "a new key, signed by the new one alone",
                [Step(keys: [1], threshold: 1, signers: [1]), Step(keys: [2], threshold: 1, signers: [2])], false),
            Chain(
                "a new key, signed by the old one alone",
                [Step(keys: [1], threshold: 1, signers: [1]), Step(keys: [2], threshold: 1, signers: [1])], false),
            Chain(
                "2 of 3, one replaced, signed by two of each",
                [
                    Step(keys: [1, 2, 3], threshold: 2, signers: [1, 2]),
                    Step(keys: [1, 2, 4], threshold: 2, signers: [1, 2]),
                ], true),
            Chain(
                "2 of 3, one replaced, the new one and one old one sign",
                [
                    Step(keys: [1, 2, 3], threshold: 2, signers: [1, 2]),
                    Step(keys: [1, 2, 4], threshold: 2, signers: [1, 4]),
                ], false),
            Chain(
                "a higher threshold that is met",
                [
                    Step(keys: [1, 2], threshold: 1, signers: [1]), Step(keys: [1, 2], threshold: 2, signers: [1, 2]),
                ], true),
            Chain(
                "a higher threshold that is not met",
                [Step(keys: [1, 2], threshold: 1, signers: [1]), Step(keys: [1, 2], threshold: 2, signers: [1])],
                false),
            Chain(
                "a lower threshold that the one before does not allow yet",
                [
                    Step(keys: [1, 2], threshold: 2, signers: [1, 2]), Step(keys: [1, 2], threshold: 1, signers: [1]),
                ], false),
            Chain(
                "a key that comes back after it was taken away",
                [
                    Step(keys: [1], threshold: 1, signers: [1]), Step(keys: [2], threshold: 1, signers: [1, 2]),
                    Step(keys: [1], threshold: 1, signers: [1, 2]),
                ], true),
        ])
    func chains(_ chain: Chain) throws {
        let repository = try RepositorySimulator()
        for (index, step) in chain.steps.enumerated() {
            repository.setKeys(.root, step.keys.map { .ed25519(1000 + $0) }, threshold: step.threshold)
            // The first follows on the simulator's own.
            let first = index == 0 ? [SigningKey.ed25519(1)] : []
            repository.signers[.root] = step.signers.map { .ed25519(1000 + $0) } + first
            try repository.publish(.root)
        }
        let result = failure { try repository.refresh(store) }
        #expect(result == (chain.isAccepted ? nil : .signature))
        #expect(try store.version(.root) == chain.steps.count + (chain.isAccepted ? 1 : 0))
    }

    @Test("Roots on the way may have expired, the last one may not")
    func expiredOnTheWay() throws {
        let repository = try RepositorySimulator()
        let good = repository.root.expires
        repository.root.expires = RepositorySimulator.now + -1
        try repository.publish(.root)
        #expect(failure { try repository.refresh(store) } == .expired)
        #expect(try store.version(.root) == 2)
        #expect(!repository.requests.contains("timestamp.json"))
        repository.root.expires = good
        try repository.publish(.root)
        try repository.refresh(store)
        #expect(try store.version(.root) == 3)
    }

    @Test("More roots than one refresh takes are taken by the next ones")
    func manyRoots() throws {
        let repository = try RepositorySimulator()
        for _ in 0..<300 {
            repository.rotate(.root)
            // Those of the versions before the last are not asked any more.
            repository.signers[.root] = Array((repository.signers[.root] ?? []).prefix(2))
            try repository.publish(.root)
        }
        try repository.refresh(store)
        #expect(try store.version(.root) == 257)
        try repository.refresh(store)
        #expect(try store.version(.root) == 301)
    }

    @Test("A root that is in the middle of the way and not to be had ends it there")
    func gap() throws {
        let repository = try RepositorySimulator()
        for _ in 0..<3 { try repository.publish(.root) }
        repository.lies["3.root.json"] = .nothing
        try repository.refresh(store)
        #expect(try store.version(.root) == 2)
    }

    @Test("The greatest version that a number can hold is the last one, and no error")
    func greatestVersion() throws {
        let repository = try RepositorySimulator()
        repository.root.version = .max
        let bytes = try repository.signed(repository.root, by: .root).bytes
        var client = try Client(
            trustedRoot: bytes, store: store, fetcher: repository, now: RepositorySimulator.now)
        try client.refresh()
        #expect(repository.requests.first == "timestamp.json")
    }

    // MARK: Fast-forward

    @Test(
        "A raised timestamp version is forgotten when the timestamp's keys are replaced", arguments: [1 << 31, Int.max])
    func timestampRecovery(_ version: Int) throws {
        let repository = try RepositorySimulator()
        repository.timestamp.version = version
        try repository.serve(.timestamp)
        try repository.refresh(store)
        repository.timestamp.version = 2
        try repository.serve(.timestamp)
        #expect(failure { try repository.refresh(store) } == .rollback)
        repository.rotate(.timestamp)
        try repository.publish(.root)
        try repository.serve(.timestamp)
        try repository.refresh(store)
        #expect(try store.version(.timestamp) == 2)
    }

    @Test("A raised snapshot version is forgotten when the snapshot's keys are replaced")
    func snapshotRecovery() throws {
        let repository = try RepositorySimulator()
        repository.snapshot.version = Int.max
        try repository.serve(.snapshot)
        try repository.publish(.timestamp)
        try repository.refresh(store)
        repository.snapshot.version = 2
        try repository.serve(.snapshot)
        try repository.publish(.timestamp)
        #expect(failure { try repository.refresh(store) } == .rollback)
        repository.rotate(.snapshot)
        try repository.publish(.root)
        try repository.serve(.snapshot)
        try repository.publish(.timestamp)
        try repository.refresh(store)
        #expect(try store.version(.snapshot) == 2)
    }

    @Test("A raised targets version, and a role to be rid of, are forgotten when the snapshot's keys are replaced")
    func targetsRecovery() throws {
        let repository = try RepositorySimulator()
        repository.targets.version = 100
        repository.snapshot.files[RoleName("unwanted")] = MetadataFileInfo(version: 1)
        try repository.serve(.targets)
        try repository.publish(.snapshot, .timestamp)
        try repository.refresh(store)
        repository.targets.version = 2
        repository.snapshot.files[RoleName("unwanted")] = nil
        try repository.serve(.targets)
        try repository.publish(.snapshot, .timestamp)
        #expect(failure { try repository.refresh(store) } == .rollback)
        repository.rotate(.snapshot)
        try repository.publish(.root)
        try repository.publish(.snapshot, .timestamp)
        try repository.refresh(store)
        #expect(try store.version(.targets) == 2)
    }

    @Test("A key that is only added takes no protection away")
    func addedKey() throws {
        let repository = try RepositorySimulator()
        try repository.publish(.timestamp)
        try repository.refresh(store)
        let more = (repository.signers[.timestamp] ?? []) + [repository.newKey()]
        repository.setKeys(.timestamp, more, threshold: 1)
        try repository.publish(.root)
        repository.timestamp.version = 1
        try repository.serve(.timestamp)
        #expect(failure { try repository.refresh(store) } == .rollback)
    }

    @Test("After the kept timestamp was lost, the kept snapshot still refuses an older one")
    func lostTimestamp() throws {
        let repository = try RepositorySimulator()
        let old = repository.files["timestamp.json"] ?? []
        try repository.publish(.snapshot, .timestamp)
        try repository.refresh(store)
        try store.remove("timestamp.json")
        repository.lies["timestamp.json"] = .bytes(old)
        #expect(failure { try repository.refresh(store) } == .rollback)
    }
}
