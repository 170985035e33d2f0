import Documents
import Foundation
import LinuxHost
import ReleaseContract
import ReleaseTools
import TUF
import TestSupport
import Testing
import Transfer
import VersionCatalog

/// A signed repository with one release, and a root that is pinned for it.
private struct SignedFixture {
    static let now = WallTime(seconds: 1_800_000_000)
    let place: URL
    let repository: URL
    let key: PrivateKey
    let published: PublishedRepository

    static func with(_ body: (SignedFixture) throws -> Void) throws {
        try withTemporaryFolder { place in
            let repository = place.appending(path: "repository")
            var options = ReleaseBuildOptions()
            options.chunkSize = 4096
            let release = try SmallRelease(below: place, payload: noise(bytes: 40_000))
            _ = try ReleaseBuilder.build(
                folder: release.folder.path, recipe: release.recipe.path, output: repository.path, options: options)
            let key = try PrivateKey(generating: .ed25519)
            let published = try publish(repository, key, at: now)
            try body(SignedFixture(place: place, repository: repository, key: key, published: published))
        }
    }

    @discardableResult
    static func publish(_ folder: URL, _ key: PrivateKey, at time: WallTime) throws -> PublishedRepository {
        try RepositoryPublisher.publish(
            folder: folder.path, options: PublishOptions(product: "adsync", published: time),
            signature: .signed([key]))
    }

    var folder: String { place.appending(path: "metadata").path }

    func trust(keeps: Bool = true) throws -> RepositoryTrust {
        let root = Array(try Data(contentsOf: repository.appending(path: "metadata/1.root.json")))
        return .signed(PinnedRoot(path: "trusted-root.json", bytes: root), folder: folder, keeps: keeps)
    }

    func client(
        _ locations: [String], trust: RepositoryTrust? = nil, clock: TestClock = TestClock(SignedFixture.now)
    ) throws -> RepositoryClient {
        var settings = TransferSettings()
        settings.proxy = .direct
        settings.limits.attempts = 1
        return try RepositoryClient(
            locations: locations, trust: try trust ?? self.trust(),
            downloader: try Downloader(settings: settings, clock: clock), clock: clock)
    }

    /// A file of the repository by the name that targets metadata has for it.
    func target(_ name: String) throws -> URL {
        let names = try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: "targets").path)
        let found = try #require(names.first { $0.hasSuffix(".\(name)") })
        return repository.appending(path: "targets/\(found)")
    }

    /// Replaces a file: the publisher links the same content under two names.
    func replace(_ file: URL, _ content: Data) throws {
        try FileManager.default.removeItem(at: file)
        try content.write(to: file)
    }
}

@Suite("a client of a signed repository")
struct RepositoryClientTests {
    @Test(
        "opens it and fetches a release, from a server and from a folder",
        arguments: ["server", "catalog.json", "folder"])
    func whole(source: String) throws {
        try SignedFixture.with { fixture in
            try withLoopbackServer(fixture.repository) { server in
                let location =
                    switch source {
                    case "server": server.address + "/"
                    case "catalog.json": server.address + "/catalog.json"
                    default: fixture.repository.path
                    }
                let client = try fixture.client([location])
                let opened = try client.repository()
                #expect(opened.repository == fixture.published)
                #expect(opened.signedBy == [fixture.key.publicKey.id])
                #expect(opened.notes.isEmpty == (source == "folder"), "\(opened.notes)")
                let release = try client.release(fixture.published.releases[0], of: opened.repository)
                let fetched = try client.archive(
                    release.archivePath, chunks: release.chunks, into: fixture.place.appending(path: "downloads").path)
                #expect(try FileDigest.sha256(file: fetched.path) == release.chunks.archiveDigest)
            }
        }
    }

    @Test("asks for little the second time: the next root, which is not there, and the timestamp")
    func unchanged() throws {
        try SignedFixture.with { fixture in
            try withLoopbackServer(fixture.repository) { server in
                _ = try fixture.client([server.address]).repository()
                let before = server.requests.count
                _ = try fixture.client([server.address]).repository()
                let requests = server.requests.dropFirst(before)
                #expect(requests.map(\.path) == ["/metadata/2.root.json", "/metadata/timestamp.json"])
                // Nothing in it tells one server from another.
                #expect(requests.allSatisfy { Set($0.headers.keys).isSubset(of: ["host", "user-agent", "accept"]) })
                #expect(requests.allSatisfy { $0.headers["user-agent"] == "aadc-upgrade" })
            }
        }
    }

    @Test("leaves what was verified before as it is in a dry run")
    func dryRun() throws {
        try SignedFixture.with { fixture in
            _ = try fixture.client([fixture.repository.path], trust: fixture.trust(keeps: false)).repository()
            #expect(!FileManager.default.fileExists(atPath: fixture.folder))
        }
    }

    @Test("refuses what is not there, not signed, or allowed from folders only")
    func notBelieved() throws {
        try SignedFixture.with { fixture in
            try FileManager.default.moveItem(
                at: fixture.repository.appending(path: "metadata"), to: fixture.place.appending(path: "elsewhere"))
            let root = Array(try Data(contentsOf: fixture.place.appending(path: "elsewhere/1.root.json")))
            let signed = RepositoryTrust.signed(
                PinnedRoot(path: "trusted-root.json", bytes: root), folder: fixture.folder, keeps: true)
            try withLoopbackServer(fixture.repository) { server in
                for (trust, location, kind, words) in [
                    (signed, fixture.repository.path, TransferError.Kind.notFound, "no signed repository"),
                    (.nothing(path: "/etc/root"), server.address, .notTrusted, "/etc/root"),
                    (.unsignedFolder, server.address, .notTrusted, "from nowhere else"),
                ] {
                    let error = #expect(throws: TransferError.self) {
                        try fixture.client([location], trust: trust).repository()
                    }
                    #expect(error?.kind == kind)
                    #expect(error?.description.contains(words) == true, "\(String(describing: error))")
                }
            }
            let opened = try fixture.client([fixture.repository.path], trust: .unsignedFolder).repository()
            #expect(opened.signedBy.isEmpty && opened.notes.contains { $0.contains("UNSIGNED") })
            try fixture.replace(fixture.repository.appending(path: "catalog.json"), Data("<html>".utf8))
            let page = #expect(throws: TransferError.self) {
                try fixture.client([fixture.repository.path], trust: .unsignedFolder).repository()
            }
            #expect(page?.kind == .badDocument && page?.detail.contains("line 1, column 1") == true)
        }
    }

    @Test("refuses a repository that is older than what it has seen, and one that has expired")
    func olderOrExpired() throws {
        try SignedFixture.with { fixture in
            let metadata = fixture.repository.appending(path: "metadata")
            let kept = fixture.place.appending(path: "kept")
            try FileManager.default.copyItem(at: metadata, to: kept)
            try SignedFixture.publish(fixture.repository, fixture.key, at: SignedFixture.now + 60)
            let clock = TestClock(SignedFixture.now + 120)
            _ = try fixture.client([fixture.repository.path], clock: clock).repository()

            try FileManager.default.removeItem(at: metadata)
            try FileManager.default.moveItem(at: kept, to: metadata)
            let older = #expect(throws: TransferError.self) {
                try fixture.client([fixture.repository.path], clock: clock).repository()
            }
            #expect(older?.kind == .notTrusted)

            let late = TestClock(SignedFixture.now + 8 * 86_400)
            try SignedFixture.publish(fixture.repository, fixture.key, at: SignedFixture.now + 60)
            let expired = #expect(throws: TransferError.self) {
                try fixture.client([fixture.repository.path], clock: late).repository()
            }
            #expect(expired?.kind == .notTrusted || expired?.kind == .stale)
        }
    }

    @Test("is not deceived by a clock that was set back: what had expired stays expired")
    func clockSetBack() throws {
        try SignedFixture.with { fixture in
            let late = SignedFixture.now + 300 * 86_400
            try SignedFixture.publish(fixture.repository, fixture.key, at: late)
            _ = try fixture.client([fixture.repository.path], clock: TestClock(late)).repository()
            // Only the timestamp of the day is good for a week; ten days later nothing newer was published.
            try SignedFixture.publish(fixture.repository, fixture.key, at: late + 86_400)
            _ = try fixture.client([fixture.repository.path], clock: TestClock(late + 6 * 86_400)).repository()
            for clock in [TestClock(late + 20 * 86_400), TestClock(WallTime(seconds: 0))] {
                let result = Result { try fixture.client([fixture.repository.path], clock: clock).repository() }
                let isBack = clock.now() < late
                // The clock of 1970 counts as the last confirmed day, on which the timestamp was still good.
                if isBack { _ = try result.get() } else { #expect(throws: TransferError.self) { try result.get() } }
            }
            let stamped = try String(contentsOf: confirmedTime(fixture), encoding: .utf8)
            #expect(stamped.contains("\(late + 6 * 86_400)"), "\(stamped)")
        }
    }

    private func confirmedTime(_ fixture: SignedFixture) throws -> URL {
        let folders = try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
        return URL(filePath: "\(fixture.folder)/\(try #require(folders.first))/confirmed-time.json")
    }

    @Test("leaves a mirror that lies, is old or does not answer for the next one", arguments: ["lies", "gone", "old"])
    func mirrors(_ what: String) throws {
        try SignedFixture.with { fixture in
            let bad = fixture.place.appending(path: "bad")
            try FileManager.default.copyItem(at: fixture.repository, to: bad)
            try SignedFixture.publish(fixture.repository, fixture.key, at: SignedFixture.now + 60)
            _ = try fixture.client([fixture.repository.path]).repository()
            switch what {
            case "lies":
                let file = bad.appending(path: "metadata/timestamp.json")
                let text = try String(contentsOf: file, encoding: .utf8)
                try Data(text.replacing("\"version\": 1", with: "\"version\": 9").utf8).write(to: file)
            case "gone": try FileManager.default.removeItem(at: bad.appending(path: "metadata"))
            default: break
            }
            let client = try fixture.client([bad.path, fixture.repository.path])
            let opened = try client.repository()
            #expect(opened.repository.sequence == 2)
            // One that has nothing is no liar: the next one was asked for the same file.
            #expect(client.refused.count == (what == "gone" ? 0 : 1))
            let order = [fixture.repository.path, bad.path]
            #expect(client.locations.map(\.description) == (what == "gone" ? order.reversed() : order))
        }
    }

    /// What is done to a target file, and how that is called.
    @Test(
        "refuses a document that is not the signed one, and fetches none of its archive",
        arguments: [
            ("changed", TransferError.Kind.wrongContent), ("longer", .tooLarge), ("shorter", .wrongContent),
        ])
    func changedDocument(what: String, kind: TransferError.Kind) throws {
        try SignedFixture.with { fixture in
            let release = fixture.published.releases[0]
            let file = try fixture.target(release.releaseDocument.path)
            var content = try Data(contentsOf: file)
            switch what {
            case "changed": content[content.count - 2] ^= 1
            case "longer": content.append(0x20)
            default: content.removeLast()
            }
            try fixture.replace(file, content)
            let client = try fixture.client([fixture.repository.path])
            let opened = try client.repository()
            let error = #expect(throws: TransferError.self) { try client.release(release, of: opened.repository) }
            #expect(error?.kind == kind)
        }
    }

    @Test("refuses a catalog that is not the signed one")
    func changedCatalog() throws {
        try SignedFixture.with { fixture in
            let file = try fixture.target("catalog.json")
            var content = try Data(contentsOf: file)
            content[content.count - 2] ^= 1
            try fixture.replace(file, content)
            let error = #expect(throws: TransferError.self) {
                try fixture.client([fixture.repository.path]).repository()
            }
            #expect(error?.kind == .wrongContent)
        }
    }

    @Test("refuses a release whose catalog entry and signed target differ (swapped targets)")
    func swappedTargets() throws {
        try SignedFixture.with { fixture in
            let client = try fixture.client([fixture.repository.path])
            let opened = try client.repository()
            var release = fixture.published.releases[0]
            release.releaseDocument.path = release.chunkList.path
            let error = #expect(throws: TransferError.self) { try client.release(release, of: opened.repository) }
            #expect(error?.kind == .badDocument && error?.detail.contains("another size or digest") == true)
        }
    }
}
