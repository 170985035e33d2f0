import Documents
import Foundation
import LinuxHost
import TUF
import TestSupport
import Testing

/// What is published here, read by python-tuf's client over HTTP.
@Suite(.enabled(if: PythonTUF.isThere, PythonTUF.missing))
struct InteroperationPublishingTests {
    /// python-tuf looks at the machine's clock.
    private let now = SystemClock().now()

    private func sources(_ generation: Int = 1) -> [TargetSource] {
        [
            TargetSource(path: "a.txt", content: Array("the content of a, \(generation)".utf8)),
            TargetSource(path: "folder/b.bin", content: Array(noise(bytes: 300_000))),
        ]
    }

    private func digests(_ sources: [TargetSource]) -> [String: String] {
        Dictionary(uniqueKeysWithValues: sources.map { ($0.path, $0.digest.hexadecimal) })
    }

    /// A served repository that is written by the body, and a client of python-tuf's that pins its first root.
    private struct Site {
        let folder: URL
        let writer: RepositoryWriter
        let server: LoopbackServer

        func download(_ client: String = "client") throws -> (answer: PythonTUF.Answer?, refusal: String) {
            try PythonTUF.download(
                ["a.txt", "folder/b.bin"], from: server,
                root: folder.appending(path: "repository/metadata/1.root.json"),
                folder: folder.appending(path: client))
        }
    }

    private func withSite(_ body: (Site) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let repository = folder.appending(path: "repository")
            for inner in ["", "folder"] {
                try FileManager.default.createDirectory(
                    at: repository.appending(path: inner), withIntermediateDirectories: true)
            }
            try withLoopbackServer(repository) { server in
                try body(Site(folder: folder, writer: RepositoryWriter(folder: repository.path), server: server))
            }
        }
    }

    @Test("Keys of every kind, two of three, and files in folders arrive", arguments: KeyAlgorithm.allCases)
    func keys(_ algorithm: KeyAlgorithm) throws {
        try withSite { site in
            let keys = try [algorithm, .ed25519, .ecdsaP256].map { try PrivateKey(generating: $0) }
            try site.writer.publish(sources(), keys: keys, threshold: 2, time: PublicationTime(now: now))
            let first = try site.download().answer
            #expect(first?.targets == digests(sources()))
            // The kind in question and one more are enough.
            try site.writer.publish(sources(2), keys: [keys[0], keys[2]], time: PublicationTime(now: now))
            let second = try site.download().answer
            #expect(second?.targets == digests(sources(2)))
            #expect(second?.versions == ["root": 1, "timestamp": 2, "snapshot": 2, "targets": 2])
        }
    }

    @Test(
        "A copy that was tampered with is refused",
        arguments: [
            "metadata/timestamp.json", "metadata/1.snapshot.json", "metadata/1.targets.json", "metadata/2.root.json",
            "targets/folder",
        ])
    func tampered(_ place: String) throws {
        try withSite { site in
            let key = try PrivateKey(generating: .ed25519)
            try site.writer.publish(sources(), keys: [key], time: PublicationTime(now: now))
            _ = try site.writer.rotate(RootChanges(), keys: [key], time: PublicationTime(now: now))
            var file = site.folder.appending(path: "repository/\(place)")
            if place.hasPrefix("targets") {
                file.append(path: try #require(try FileManager.default.contentsOfDirectory(atPath: file.path).first))
            }
            let good = try Data(contentsOf: file)
            var bad = good
            if place.hasPrefix("targets") {
                bad[1000] ^= 1
            } else {
                // The content, and nothing of its form: a year later.
                let text = String(decoding: good, as: UTF8.self)
                let end = try #require(text.firstRange(of: "\"expires\": \"2"))
                bad = Data(text.replacingCharacters(in: end, with: "\"expires\": \"3").utf8)
            }
            // Written anew: what lies in `targets` has a second name.
            try FileManager.default.removeItem(at: file)
            try bad.write(to: file)
            #expect(try site.download().answer == nil)
            try good.write(to: file)
            #expect(try site.download().answer?.targets == digests(sources()))
        }
    }

    @Test("A client of the first root follows rotations of every role, and comes to what was published last")
    func rotation() throws {
        try withSite { site in
            let time = PublicationTime(now: now)
            let roots = try [.ed25519, .ecdsaP384, .rsa3072].map { try PrivateKey(generating: $0) }
            let online = try [.ed25519, .ecdsaP256, .ed25519].map { try PrivateKey(generating: $0) }
            let started = try site.writer.beginTrust(
                [
                    .root: (roots.map(\.publicKey), 2), .targets: ([online[0].publicKey], 1),
                    .snapshot: ([online[1].publicKey], 1), .timestamp: ([online[2].publicKey], 1),
                ], keys: [roots[0]], time: time)
            #expect(!started.isComplete)
            #expect(try site.writer.signPendingRoot(keys: [roots[2]]).isComplete)
            try site.writer.publish(sources(), keys: online, time: time)
            #expect(try site.download("early").answer?.versions["root"] == 1)

            // Another root key and another threshold, then another timestamp key, then another targets key.
            let (newRoot, newTimestamp) = (
                try PrivateKey(generating: .ecdsaP256), try PrivateKey(generating: .ecdsaP384)
            )
            var changes = RootChanges()
            changes.added = [(.root, newRoot.publicKey)]
            changes.removed = [(.root, roots[0].publicKey.id)]
            changes.thresholds = [.root: 3]
            #expect(try !site.writer.rotate(changes, keys: [roots[0], roots[1]], time: time).isComplete)
            #expect(try site.writer.signPendingRoot(keys: [roots[2], newRoot]).isComplete)
            changes = RootChanges()
            changes.added = [(.timestamp, newTimestamp.publicKey)]
            changes.removed = [(.timestamp, String(online[2].publicKey.id.prefix(8)))]
            let holders = [roots[1], roots[2], newRoot]
            #expect(try site.writer.rotate(changes, keys: holders, time: time).isComplete)
            // Until the new key signs, nobody believes the timestamp.
            #expect(try site.download("early").answer == nil)
            try site.writer.signAgain(keys: [newTimestamp], time: time)
            #expect(try site.download("early").answer?.versions["root"] == 3)
            changes = RootChanges()
            changes.added = [(.targets, newTimestamp.publicKey)]
            changes.removed = [(.targets, online[0].publicKey.id)]
            #expect(try site.writer.rotate(changes, keys: holders, time: time).isComplete)
            try site.writer.publish(sources(2), keys: [newTimestamp, online[1]], time: time)
            let expected = ["root": 4, "timestamp": 3, "snapshot": 2, "targets": 2]
            for client in ["early", "late"] {
                let answer = try site.download(client).answer
                #expect(answer?.versions == expected)
                #expect(answer?.targets == digests(sources(2)))
            }
        }
    }

    @Test("A renewed timestamp is believed where the old one ended")
    func renewed() throws {
        try withSite { site in
            let key = try PrivateKey(generating: .ed25519)
            let past = PublicationTime(now: now + -8 * 86_400)
            try site.writer.publish(sources(), keys: [key], time: past)
            let refused = try site.download()
            #expect(refused.answer == nil)
            #expect(refused.refusal.contains("ExpiredMetadataError"))
            let changes = try site.writer.renew(keys: [key], time: PublicationTime(now: now))
            #expect(changes.timestamp != nil && changes.snapshot == nil && changes.targets == nil)
            #expect(try site.download().answer?.versions["timestamp"] == 2)
        }
    }

    @Test("What aadc-publish signs for a release arrives, from keys in files to the archive")
    func program() throws {
        try withTemporaryFolder { folder in
            let (repository, key) = (folder.appending(path: "repository"), folder.appending(path: "key"))
            let release = try SmallRelease(below: folder)
            func publish(_ arguments: String...) throws {
                let answer = try run(builtProgram("aadc-publish"), arguments)
                #expect(answer.status == 0, "\(answer.errors)")
            }
            try publish(
                "build-release", release.folder.path, "--recipe", release.recipe.path, "--output", repository.path)
            try publish("keygen", "--output", key.path, "--unencrypted")
            try publish("repository", repository.path, "--product", "adsync", "--key", key.path)
            try publish("renew", repository.path, "--key", key.path)
            try publish("trust", "rotate", repository.path, "--key", key.path)
            try publish("repository", repository.path, "--product", "adsync", "--key", key.path)
            try publish("prune", repository.path)
            let names = ["catalog.json"] + ["release.json", "chunks", "tar.zst"].map { "adsync-1.1.750.0.\($0)" }
            try withLoopbackServer(repository) { server in
                let answer = try PythonTUF.download(
                    names, from: server, root: repository.appending(path: "metadata/1.root.json"),
                    folder: folder.appending(path: "client")
                ).answer
                #expect(answer?.versions == ["root": 2, "timestamp": 3, "snapshot": 2, "targets": 2])
                for name in names {
                    let file = repository.appending(path: name).path
                    #expect(answer?.targets[name] == (try FileDigest.sha256(file: file).hexadecimal))
                }
            }
        }
    }
}
