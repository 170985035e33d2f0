import Documents
import Foundation
import LinuxHost
import ReleaseContract
import ReleaseTools
import TestSupport
import Testing
import VersionCatalog

@Suite("releases in a repository's folder")
struct ReleaseShelfTests {
    private static let now = WallTime(seconds: 1_800_000_000)
    private static let version = ProductVersion(1, 1, 750, 0)

    /// A built release, and a folder that does not have it yet.
    private func withRelease(_ body: (BuiltRelease, String) throws -> Void) throws {
        try withTemporaryFolder { place in
            let release = try SmallRelease(below: place)
            let built = try ReleaseBuilder.build(
                folder: release.folder.path, recipe: release.recipe.path, output: place.appending(path: "built").path)
            try body(built, place.appending(path: "repository").path)
        }
    }

    private func publish(_ folder: String) throws -> PublishedRelease? {
        try RepositoryPublisher.publish(
            folder: folder, options: PublishOptions(product: "adsync", published: Self.now), signature: .unsigned
        ).release(Self.version)
    }

    @Test("a release is added whole, once, and never replaced by another of its version")
    func add() throws {
        try withRelease { built, folder in
            for _ in 1...2 { #expect(try ReleaseShelf.add(document: built.documentPath, to: folder) == Self.version) }
            let release = try publish(folder)
            #expect(release?.archive.digest == (try FileDigest.sha256(file: built.archivePath)))
            let document = try #require(try DurableFiles.read(built.documentPath))
            try DurableFiles.replace(built.documentPath, document + [0x20], mode: 0o644)
            let error = #expect(throws: PublishError.self) {
                try ReleaseShelf.add(document: built.documentPath, to: folder)
            }
            #expect(error?.description.contains("another version") == true)
        }
    }

    @Test("a release whose archive is another is not added, and leaves nothing")
    func damaged() throws {
        try withRelease { built, folder in
            let archive = try #require(try DurableFiles.read(built.archivePath))
            try DurableFiles.replace(built.archivePath, [0] + archive.dropFirst(), mode: 0o644)
            #expect(throws: PublishError.self) { try ReleaseShelf.add(document: built.documentPath, to: folder) }
            #expect(try DurableFiles.list(folder) == nil)
        }
    }

    @Test("approvals and withdrawals are what the next publication says, and keep what others wrote")
    func channels() throws {
        try withRelease { built, folder in
            #expect(throws: PublishError.self) {
                try ReleaseShelf.approve(Self.version, channels: ["preview"], released: Self.now, in: folder)
            }
            _ = try ReleaseShelf.add(document: built.documentPath, to: folder)
            #expect(throws: PublishError.self) {
                try ReleaseShelf.withdraw(Self.version, reason: "nobody has it", in: folder)
            }
            #expect(try publish(folder)?.channels == ["stable"])
            try ReleaseShelf.withdraw(Self.version, reason: "deletes devices", in: folder)
            let withdrawn = try publish(folder)
            #expect(withdrawn?.withdrawn == "deletes devices" && withdrawn?.channels == ["stable"])
            let path = "\(folder)/\(ChannelList.fileName)"
            let text = String(decoding: try #require(try DurableFiles.read(path)), as: UTF8.self)
            try DurableFiles.replace(
                path, Array(text.replacing("\"channels\": [", with: "\"x-ticket\": 7, \"channels\": [").utf8),
                mode: 0o644)
            try ReleaseShelf.approve(
                Self.version, channels: ["preview", "stable"], released: Self.now + 60, in: folder)
            let approved = try publish(folder)
            #expect(approved?.withdrawn == nil && approved?.channels == ["preview", "stable"])
            #expect(approved?.released == Self.now + 60)
            let kept = try ChannelList(bytes: try #require(try DurableFiles.read(path)), file: path)
            #expect(kept.releases[Self.version]?.unknown == ["x-ticket": 7])
        }
    }

    @Test("the program adds, approves, withdraws and says that it has not published yet")
    func program() throws {
        try withRelease { built, folder in
            for arguments in [
                ["add", folder, built.documentPath],
                ["approve", folder, "1.1.750.0", "--channel", "auto-upgrade", "--released", "2026-02-01T00:00:00Z"],
                ["withdraw", folder, "1.1.750.0", "--reason", "deletes devices"],
            ] {
                let answer = try run(builtProgram("aadc-publish"), arguments)
                #expect(answer.status == 0, "\(answer.errors)")
                #expect(answer.output.contains("publish it (repository)"))
            }
            let release = try publish(folder)
            #expect(release?.channels == ["auto-upgrade"] && release?.withdrawn == "deletes devices")
            #expect(release?.released.description == "2026-02-01T00:00:00Z")
        }
    }
}
