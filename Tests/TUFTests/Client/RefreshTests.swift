import Documents
import TUF
import Testing

@Suite("A refresh brings the four roles up to date and keeps what was verified")
struct RefreshTests {
    private let store = OverlayStore()
    private let roles = [RoleName.root, .timestamp, .snapshot, .targets]

    @Test("A first refresh asks for each role once, in order, and keeps their bytes")
    func first() throws {
        let repository = try RepositorySimulator()
        try repository.refresh(store)
        #expect(repository.requests == ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"])
        #expect(store.written == ["root.json", "snapshot.json", "targets.json", "timestamp.json"])
        #expect(try store.read("targets.json", limit: 1 << 20) == repository.files["1.targets.json"])
    }

    @Test("With nothing new, a refresh asks for the next root and the timestamp alone")
    func nothingNew() throws {
        let repository = try RepositorySimulator()
        try repository.refresh(store)
        repository.forgetRequests()
        try repository.refresh(store)
        #expect(repository.requests == ["2.root.json", "timestamp.json"])
    }

    @Test("Without consistent snapshots the names carry no versions", arguments: [true, false])
    func consistentSnapshots(_ isConsistent: Bool) throws {
        let repository = try RepositorySimulator()
        repository.root.consistentSnapshot = isConsistent
        repository.targets.targets["a/b.txt"] = RepositorySimulator.target("content")
        try repository.publish(.root, .targets, .snapshot, .timestamp)
        var client = try repository.refresh(store)
        #expect(repository.requests.contains(isConsistent ? "2.targets.json" : "targets.json"))
        let info = try client.target("a/b.txt")
        let digest = info.hashes.values["sha256"] ?? ""
        #expect(client.targetFileName("a/b.txt", info) == (isConsistent ? "a/\(digest).b.txt" : "a/b.txt"))
    }

    @Test("A new root, timestamp, snapshot and targets are taken, and root's history is kept")
    func update() throws {
        let repository = try RepositorySimulator()
        try repository.refresh(store)
        try repository.publish(.root, .targets, .snapshot, .timestamp)
        try repository.refresh(store)
        for role in roles { #expect(try store.version(role) == 2, "\(role)") }
        #expect(store.written.contains("root_history/2.root.json"))
        repository.forgetRequests()
        try repository.refresh(store)
        #expect(repository.requests == ["3.root.json", "timestamp.json"])
    }

    @Test("A client without a pinned root goes on from the one that is kept")
    func keptRoot() throws {
        let repository = try RepositorySimulator()
        try store.write("root.json", repository.firstRoot)
        try repository.publish(.root)
        var client = try Client(store: store, fetcher: repository, now: RepositorySimulator.now)
        try client.refresh()
        #expect(try store.version(.root) == 2)
        client = try Client(store: store, fetcher: repository, now: RepositorySimulator.now)
        #expect(client.trusted.root.content.version == 2)
    }

    @Test("Without any trusted root nothing is asked for")
    func noRoot() throws {
        let repository = try RepositorySimulator()
        #expect(
            failure { _ = try Client(store: store, fetcher: repository, now: RepositorySimulator.now) } == .store)
        #expect(repository.requests == [])
    }

    @Test("A dry run reads the kept metadata and leaves it as it is")
    func dryRun() throws {
        let repository = try RepositorySimulator()
        try repository.refresh(store)
        try repository.publish(.targets, .snapshot, .timestamp)
        let overlay = OverlayStore(over: store)
        try repository.refresh(overlay)
        #expect(try overlay.version(.targets) == 2)
        #expect(try store.version(.targets) == 1)
    }

    @Test(
        "A missing file is told from a lost connection",
        arguments: ["timestamp.json", "1.snapshot.json", "1.targets.json"])
    func missing(_ file: String) throws {
        let repository = try RepositorySimulator()
        repository.lies[file] = .nothing
        #expect(failure { try repository.refresh(store) } == .missing)
        repository.lies[file] = .failure
        #expect(failure { try repository.refresh(store) } == .fetch)
        repository.lies = [:]
        try repository.refresh(store)
    }

    @Test("Obstacles, stale metadata, lies and unknown names are told apart")
    func natures() throws {
        func nature(_ kind: TUFError.Kind) -> TUFError.Nature { TUFError(kind, role: .root, file: "", "").nature }
        #expect([.fetch, .missing, .store].allSatisfy { nature($0) == .obstacle })
        #expect(nature(.expired) == .stale)
        #expect(nature(.unknownTarget) == .noSuchTarget)
        #expect([.signature, .rollback, .mixAndMatch, .tooLarge, .form].allSatisfy { nature($0) == .untrusted })
    }
}
