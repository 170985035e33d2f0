import Documents
import Foundation
import LinuxHost
import TUF
import TestSupport
import Testing

@Suite("Roots, and who signs them")
struct PublishingRootTests {
    private static let now = WallTime(seconds: 1_800_000_000)
    private let time = PublicationTime(now: PublishingRootTests.now)

    private struct Site {
        let folder: URL
        let writer: RepositoryWriter
        let roots: [PrivateKey]
        let online: PrivateKey

        /// What our own client makes of it, from the first root on.
        func refreshed(now: WallTime = PublishingRootTests.now) throws -> TrustedMetadata {
            var client = try Client(
                trustedRoot: Array(try Data(contentsOf: folder.appending(path: "metadata/1.root.json"))),
                store: OverlayStore(), fetcher: Fetcher(folder: folder), now: now)
            try client.refresh()
            return client.trusted
        }

        struct Fetcher: MetadataFetcher {
            let folder: URL
            func fetch(_ fileName: String, limit: Int) throws -> [UInt8]? {
                try DurableFiles.read(folder.appending(path: "metadata/\(fileName)").path, limit: limit)
            }
        }
    }

    /// A repository whose root is signed by two of three keys, with one key for the rest, and one file.
    private func withSite(_ body: (Site) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let roots = try (0..<3).map { _ in try PrivateKey(generating: .ed25519) }
            let online = try PrivateKey(generating: .ed25519)
            let site = Site(
                folder: folder, writer: RepositoryWriter(folder: folder.path), roots: roots, online: online)
            let status = try site.writer.beginTrust(
                [
                    .root: (roots.map(\.publicKey), 2), .targets: ([online.publicKey], 1),
                    .snapshot: ([online.publicKey], 1), .timestamp: ([online.publicKey], 1),
                ], keys: Array(roots[..<2]), time: time)
            #expect(status.isComplete)
            try site.writer.publish([file()], keys: [online], time: time)
            try body(site)
        }
    }

    private func file(_ text: String = "a") -> TargetSource { TargetSource(path: "a.txt", content: Array(text.utf8)) }

    @Test("A new root waits until the keys of the old one and its own have signed")
    func thresholds() throws {
        try withSite { site in
            let next = try PrivateKey(generating: .ecdsaP256)
            var changes = RootChanges()
            changes.added = [(.root, next.publicKey)]
            changes.removed = [(.root, site.roots[0].publicKey.id), (.root, site.roots[1].publicKey.id)]
            let first = try site.writer.rotate(changes, keys: [site.roots[2], next], time: time)
            #expect(first.missing.map(\.rootVersion) == [1])
            #expect(first.missing.first?.count == 1)
            #expect(first.missing.first?.signers.sorted() == site.roots[..<2].map(\.publicKey.id).sorted())
            #expect(try site.refreshed().root.content.version == 1)
            #expect(try site.writer.pendingRoot() == first)
            let second = try site.writer.signPendingRoot(keys: [site.roots[1]])
            #expect(second.isComplete)
            #expect(try site.writer.pendingRoot() == nil)
            #expect(try site.refreshed().root.content.version == 2)
            #expect(
                try Data(contentsOf: site.folder.appending(path: "metadata/root.json"))
                    == Data(contentsOf: site.folder.appending(path: "metadata/2.root.json")))
        }
    }

    @Test("A signature that does not fit the waiting root counts for nothing")
    func forged() throws {
        try withSite { site in
            let waiting = try site.writer.rotate(RootChanges(), keys: [site.roots[0]], time: time)
            let path = site.writer.metadata.pendingRootFile(version: 2)
            var root = waiting.root
            let other = String(root.signatures[0].signature)
            root.signatures.append(MetadataSignature(keyId: site.roots[1].publicKey.id, signature: other))
            try DurableFiles.replace(path, root.bytes, mode: 0o644)
            #expect(try site.writer.pendingRoot()?.missing.count == 2)
            let again = try site.writer.signPendingRoot(keys: [site.roots[0]])
            #expect(!again.isComplete)
            #expect(try site.writer.signPendingRoot(keys: [site.roots[1]]).isComplete)
        }
    }

    @Test("One waiting root at a time, and only keys of root sign it")
    func order() throws {
        try withSite { site in
            _ = try site.writer.rotate(RootChanges(), keys: [site.roots[0]], time: time)
            #expect(throws: PublishingError.self) {
                try site.writer.rotate(RootChanges(), keys: site.roots, time: time)
            }
            #expect(throws: PublishingError.self) { try site.writer.signPendingRoot(keys: [site.online]) }
            // A publication meanwhile is one under the old root.
            try site.writer.publish([file("b")], keys: [site.online], time: time)
            #expect(try site.refreshed().targets?.content.version == 2)
            #expect(try site.writer.signPendingRoot(keys: [site.roots[1]]).isComplete)
        }
    }

    @Test(
        "A change that cannot be is refused and nothing is written",
        arguments: ["threshold", "stranger", "twice", "last", "ambiguous"])
    func refused(_ what: String) throws {
        try withSite { site in
            var changes = RootChanges()
            switch what {
            case "threshold": changes.thresholds = [.targets: 2]
            case "stranger": changes.removed = [(.targets, site.roots[0].publicKey.id)]
            case "twice": changes.added = [(.targets, site.online.publicKey)]
            case "last": changes.removed = [(.timestamp, site.online.publicKey.id)]
            default: changes.removed = [(.root, "")]
            }
            #expect(throws: PublishingError.self) {
                try site.writer.rotate(changes, keys: site.roots, time: time)
            }
            let (versions, waiting) = (
                try site.writer.metadata.rootVersions(), try site.writer.metadata.pendingRootVersions()
            )
            #expect(versions == [1] && waiting.isEmpty)
        }
    }

    @Test("Renewing makes a new timestamp, of the others only what ends soon, and says what it has no key for")
    func renew() throws {
        try withSite { site in
            func renew(_ days: Int, _ keys: [PrivateKey]) throws -> MetadataChanges {
                try site.writer.renew(keys: keys, time: PublicationTime(now: Self.now + days * 86_400))
            }
            let first = try renew(1, [site.online])
            #expect(first.timestamp?.content.version == 2)
            #expect(first.snapshot == nil && first.targets == nil && first.notes.isEmpty)
            let second = try renew(25, [site.online])
            #expect(second.snapshot?.content.version == 2 && second.targets == nil)
            let late = Self.now + 25 * 86_400
            #expect(try site.refreshed(now: late).timestamp?.content.version == 3)
            let third = try renew(300, [site.online])
            #expect(third.targets?.content.version == 2)
            #expect(third.notes.count == 1 && third.notes[0].contains("root ends at"))
            #expect(throws: PublishingError.self) { try renew(400, [site.online]) }
            #expect(throws: PublishingError.self) { try renew(301, [site.roots[0]]) }
        }
    }

    @Test("A publisher that died between two files leaves what clients still believe, and the next one completes it")
    func interrupted() throws {
        try withSite { site in
            let timestamp = site.writer.metadata.timestampFile
            let before = try #require(try DurableFiles.read(timestamp))
            try site.writer.publish([file("b")], keys: [site.online], time: time)
            // As if the timestamp had not been written any more.
            try DurableFiles.replace(timestamp, before, mode: 0o644)
            #expect(try site.refreshed().targets?.content.version == 1)
            try site.writer.publish([file("c")], keys: [site.online], time: time)
            let trusted = try site.refreshed()
            #expect(trusted.targets?.content.version == 2)
            #expect(trusted.targets?.content.target("a.txt")?.length == 1)
            #expect(try #require(try DurableFiles.read("\(site.folder.path)/a.txt")) == Array("c".utf8))
        }
    }

    @Test("Pruning removes what the newest publication does not name, and keeps every root and strangers' files")
    func prune() throws {
        try withSite { site in
            for text in ["b", "c"] { try site.writer.publish([file(text)], keys: [site.online], time: time) }
            #expect(try site.writer.rotate(RootChanges(), keys: site.roots, time: time).isComplete)
            for name in ["targets/README", "metadata/README.json"] {
                try DurableFiles.replace("\(site.folder.path)/\(name)", [], mode: 0o644)
            }
            try DurableFiles.replace("\(site.folder.path)/targets/x.123.new", [], mode: 0o644)
            let removed = try site.writer.prune()
            #expect(removed.count == 7, "\(removed)")
            #expect(
                try DurableFiles.list(site.writer.metadata.path) == [
                    ".lock", "1.root.json", "2.root.json", "3.snapshot.json", "3.targets.json", "README.json",
                    "root.json", "timestamp.json",
                ])
            #expect(try DurableFiles.list("\(site.folder.path)/targets")?.count == 2)
            #expect(try site.refreshed().targets?.content.version == 3)
            #expect(try site.writer.prune().isEmpty)
        }
    }

    @Test("Two publishers do not write at once")
    func locked() throws {
        try withSite { site in
            guard let lock = try FileLock(trying: "\(site.writer.metadata.path)/.lock") else {
                Issue.record("the lock is taken")
                return
            }
            #expect(throws: PublishingError.self) {
                try site.writer.publish([file()], keys: [site.online], time: time)
            }
            _ = lock.path
        }
    }
}
