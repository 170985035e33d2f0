import Documents
import Foundation
import LinuxHost
import TUF
import TestSupport
import Testing

@Suite("What is kept is verified again; whatever is damaged there is fetched again")
struct StoreTests {
    static let kept = [
        "timestamp.json", "snapshot.json", "targets.json", "A.json", "root.json", "root_history/2.root.json",
    ]

    /// What can have become of a file on a disk.
    enum Damage: CaseIterable, Sendable {
        case removed, emptied, half, zeros, oneByte, foreign, folder, link

        func apply(to file: URL) throws {
            let bytes = try Data(contentsOf: file)
            try FileManager.default.removeItem(at: file)
            switch self {
            case .removed: break
            case .emptied: try Data().write(to: file)
            case .half: try bytes.prefix(bytes.count / 2).write(to: file)
            case .zeros: try Data(count: bytes.count).write(to: file)
            case .oneByte:
                var changed = bytes
                changed[changed.count / 2] ^= 1
                try changed.write(to: file)
            case .foreign: try Data("{\"signed\": {}, \"signatures\": []}".utf8).write(to: file)
            case .folder: try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
            case .link:
                try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "/etc/passwd")
            }
        }
    }

    private static func repository() throws -> RepositorySimulator {
        let repository = try RepositorySimulator()
        repository.delegate(to: "A", targets: ["file": RepositorySimulator.target("found")])
        try repository.publish(.root)
        try repository.publishAll()
        return repository
    }

    @Test("Any damage to any kept file is healed by the next run", arguments: kept, Damage.allCases)
    func damage(_ file: String, _ damage: Damage) throws {
        // A folder where a file belongs cannot be replaced by one.
        if damage == .folder { return }
        try withTemporaryFolder { folder in
            let repository = try Self.repository()
            let store = FolderStore(folder.appending(path: "metadata").path)
            var client = try repository.refresh(store)
            _ = try client.target("file")
            let place = folder.appending(path: "metadata/\(file)")
            let before = try Data(contentsOf: place)
            try damage.apply(to: place)
            client = try repository.refresh(store)
            #expect(try client.target("file") == RepositorySimulator.target("found"))
            #expect(try Data(contentsOf: place) == before)
        }
    }

    @Test("A folder in a file's place is told, and nothing else is trusted instead")
    func folder() throws {
        try withTemporaryFolder { folder in
            let repository = try Self.repository()
            let store = FolderStore(folder.path)
            try repository.refresh(store)
            try Damage.folder.apply(to: folder.appending(path: "timestamp.json"))
            #expect(failure { try repository.refresh(store) } == .store)
        }
    }

    @Test("Metadata signed by somebody else in the store is not trusted, however fresh it is")
    func planted() throws {
        let (repository, evil) = (try Self.repository(), try Self.repository())
        evil.rotate(.timestamp)
        evil.timestamp.version = 99
        try evil.serve(.timestamp)
        let store = OverlayStore()
        try repository.refresh(store)
        let bytes = try evil.fetch("timestamp.json", limit: 1 << 20) ?? []
        try store.write("timestamp.json", bytes)
        try repository.refresh(store)
        #expect(try store.version(.timestamp) == repository.timestamp.version)
    }

    @Test("A root that was put into the history is believed only if it follows from the pinned one")
    func plantedRoot() throws {
        let (repository, evil) = (try Self.repository(), try Self.repository())
        evil.signers[.root] = [evil.newKey()]
        try evil.publish(.root)
        let store = OverlayStore()
        try store.write("root_history/2.root.json", evil.files["3.root.json"] ?? [])
        try store.write("root.json", evil.files["3.root.json"] ?? [])
        let client = try repository.client(store)
        #expect(client.trusted.root.content.version == 1)
        try repository.refresh(store)
        #expect(try store.version(.root) == 2)
    }

    @Test("Interrupted after any number of writes, the next run completes")
    func interrupted() throws {
        let repository = try Self.repository()
        let complete = OverlayStore()
        var client = try repository.refresh(complete)
        _ = try client.target("file")
        repository.rotate(.timestamp)
        repository.rotate(.snapshot)
        try repository.publish(.root)
        try repository.publishAll()
        for steps in 0...10 {
            let store = OverlayStore(over: complete)
            let stopping = StoppingStore(store, after: steps)
            let isStopped = failure {
                var client = try repository.refresh(stopping)
                _ = try client.target("file")
            }
            #expect(isStopped == (steps < 8 ? .store : nil), "after \(steps) steps")
            var client = try repository.refresh(store)
            #expect(try client.target("file") == RepositorySimulator.target("found"), "after \(steps) steps")
            #expect(try store.version(.root) == 3)
        }
    }

    @Test("Kept files can be read by everybody, and nothing half-written lies beside them")
    func modes() throws {
        try withTemporaryFolder { folder in
            let repository = try Self.repository()
            var client = try repository.refresh(FolderStore(folder.path))
            _ = try client.target("file")
            for file in Self.kept {
                #expect(try DurableFiles.mode(folder.appending(path: file).path) == 0o644, "\(file)")
            }
            let names = try DurableFiles.list(folder.path)
            #expect(
                names == ["A.json", "root.json", "root_history", "snapshot.json", "targets.json", "timestamp.json"])
        }
    }

    @Test("A store that cannot be written is an obstacle and not an attack")
    func unwritable() throws {
        let repository = try Self.repository()
        let error = #expect(throws: TUFError.self) { try repository.refresh(StoppingStore(OverlayStore(), after: 0)) }
        #expect(error?.nature == .obstacle)
        #expect(error?.cause is StoppingStore.Stopped)
    }
}

/// A store whose owner is stopped after so many changes.
private final class StoppingStore: MetadataStore {
    struct Stopped: Error {}

    private let base: OverlayStore
    private var left: Int

    init(_ base: OverlayStore, after steps: Int) {
        self.base = base
        left = steps
    }

    private func step() throws {
        if left == 0 { throw Stopped() }
        left -= 1
    }

    func read(_ file: String, limit: Int) throws -> [UInt8]? { try base.read(file, limit: limit) }

    func write(_ file: String, _ bytes: [UInt8]) throws {
        try step()
        try base.write(file, bytes)
    }

    func remove(_ file: String) throws {
        try step()
        try base.remove(file)
    }
}
