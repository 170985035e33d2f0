import Documents
import Foundation
import LinuxHost
import ReleaseTools
import TUF
import TestSupport
import Testing
import VersionCatalog

@Suite("a repository with signed metadata")
struct SignedRepositoryTests {
    private static let now = WallTime(seconds: 1_800_000_000)

    /// A folder with one release, and what the body does with it.
    private func withRelease(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { place in
            let output = place.appending(path: "repository")
            let release = try SmallRelease(below: place)
            _ = try ReleaseBuilder.build(
                folder: release.folder.path, recipe: release.recipe.path, output: output.path)
            try body(output)
        }
    }

    @discardableResult
    private func publish(
        _ folder: URL, _ keys: [PrivateKey], days: Int = 0, expires: WallTime? = nil, threshold: Int = 1
    ) throws -> MetadataChanges {
        var options = PublishOptions(product: "adsync", published: Self.now + days * 86_400)
        options.expires = expires
        options.threshold = threshold
        var changes = MetadataChanges()
        try RepositoryPublisher.publish(
            folder: folder.path, options: options, signature: .signed(keys), report: { changes = $0 })
        return changes
    }

    private func names(_ folder: URL, _ inner: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: inner).path).sorted()
    }

    private func current(_ folder: URL) throws -> CurrentMetadata {
        try #require(try MetadataFolder(repository: folder.path).current())
    }

    @Test("begins with a root for the given keys, and names every file of its releases and the catalog")
    func first() throws {
        try withRelease { folder in
            let key = try PrivateKey(generating: .ed25519)
            let changes = try publish(folder, [key])
            #expect(changes.roots.count == 1)
            #expect(
                try names(folder, "metadata").filter { $0 != ".lock" }
                    == ["1.root.json", "1.snapshot.json", "1.targets.json", "root.json", "timestamp.json"])
            let current = try current(folder)
            #expect(RoleName.topLevel.allSatisfy { current.root.content.roles[$0]?.keyIds == [key.publicKey.id] })
            let stem = "adsync-1.1.750.0"
            let targets = try #require(current.targets?.content.targets)
            #expect(
                Set(targets.keys) == ["catalog.json", "\(stem).release.json", "\(stem).chunks", "\(stem).tar.zst"])
            for (name, info) in targets {
                let digest = try #require(info.hashes.values["sha256"])
                let plain = try Data(contentsOf: folder.appending(path: name))
                #expect(try Data(contentsOf: folder.appending(path: "targets/\(digest).\(name)")) == plain)
                #expect(info.length == plain.count)
                #expect(FileDigest.sha256(Array(plain)).hexadecimal == digest)
            }
            #expect(
                try Data(contentsOf: folder.appending(path: "metadata/root.json"))
                    == Data(contentsOf: folder.appending(path: "metadata/1.root.json")))
        }
    }

    @Test("expires in whole seconds, role by role, or when the publisher says")
    func expiry() throws {
        try withRelease { folder in
            let key = try PrivateKey(generating: .ed25519)
            var options = PublishOptions(
                product: "adsync", published: WallTime(milliseconds: Self.now.milliseconds + 678))
            options.lifetimes.timestamp = 3
            try RepositoryPublisher.publish(folder: folder.path, options: options, signature: .signed([key]))
            let first = try current(folder)
            #expect(first.root.content.expires == Self.now + 365 * 86_400)
            #expect(first.targets?.content.expires == Self.now + 180 * 86_400)
            #expect(first.snapshot?.content.expires == Self.now + 30 * 86_400)
            #expect(first.timestamp?.content.expires == Self.now + 3 * 86_400)
            let end = Self.now + 60
            try publish(folder, [key], expires: end)
            let second = try current(folder)
            #expect(second.root == first.root)
            #expect(second.targets?.content.expires == end)
            #expect(second.snapshot?.content.expires == end)
            #expect(second.timestamp?.content.expires == end)
        }
    }

    @Test("counts versions up and leaves what earlier clients may still be reading")
    func second() throws {
        try withRelease { folder in
            let key = try PrivateKey(generating: .ecdsaP256)
            try publish(folder, [key])
            let before = try names(folder, "targets")
            let changes = try publish(folder, [key], days: 1)
            #expect(changes.roots.isEmpty)
            let current = try current(folder)
            #expect(current.targets?.content.version == 2)
            #expect(current.snapshot?.content.version == 2)
            #expect(current.timestamp?.content.version == 2)
            // The catalog has another number; the release's files are the same.
            #expect(Set(try names(folder, "targets")).subtracting(before).count == 1)
            #expect(Set(before).isSubset(of: try names(folder, "targets")))
            #expect(try names(folder, "metadata").contains("1.targets.json"))
        }
    }

    @Test("is not published with keys that a role does not know, and stays as it was")
    func strangers() throws {
        try withRelease { folder in
            let (ours, other) = (try PrivateKey(generating: .ed25519), try PrivateKey(generating: .ed25519))
            try publish(folder, [ours])
            let catalog = try Data(contentsOf: folder.appending(path: "catalog.json"))
            let (metadata, targets) = (try names(folder, "metadata"), try names(folder, "targets"))
            let error = #expect(throws: PublishError.self) { try publish(folder, [other]) }
            #expect(
                error
                    == .metadata(
                        .signatures(role: .targets, missing: 1, threshold: 1, signers: [ours.publicKey.id])))
            #expect(try Data(contentsOf: folder.appending(path: "catalog.json")) == catalog)
            #expect(try names(folder, "metadata") == metadata)
            #expect(try names(folder, "targets") == targets)
        }
    }

    @Test("asks for as many different keys as were wanted")
    func threshold() throws {
        try withRelease { folder in
            let (one, two) = (try PrivateKey(generating: .ed25519), try PrivateKey(generating: .ed25519))
            #expect(throws: PublishError.self) { try publish(folder, [one, one], threshold: 2) }
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "catalog.json").path))
            try publish(folder, [one, two], threshold: 2)
            #expect(try current(folder).timestamp?.signatures.count == 2)
            let error = #expect(throws: PublishError.self) { try publish(folder, [two]) }
            #expect(error?.description.contains("the role targets needs 1 more signature(s)") == true)
        }
    }

    @Test("gets a new root before the old one ends, where its keys are at hand")
    func rootEnds() throws {
        try withRelease { folder in
            let key = try PrivateKey(generating: .ed25519)
            try publish(folder, [key])
            #expect(try publish(folder, [key], days: 200).roots.isEmpty)
            #expect(try publish(folder, [key], days: 300).roots.map(\.content.version) == [2])
            #expect(try current(folder).root.content.expires == Self.now + 665 * 86_400)
        }
    }

    @Test("stays as it is while a plain catalog is written beside it")
    func unsigned() throws {
        try withRelease { folder in
            try publish(folder, [PrivateKey(generating: .ed25519)])
            let before = try current(folder)
            let repository = try RepositoryPublisher.publish(
                folder: folder.path, options: PublishOptions(product: "adsync", published: Self.now),
                signature: .unsigned)
            #expect(repository.sequence == 2)
            #expect(try current(folder) == before)
        }
    }

    @Test("replaces a target file whose content was changed in place")
    func damagedTarget() throws {
        try withRelease { folder in
            let key = try PrivateKey(generating: .ed25519)
            try publish(folder, [key])
            let name = try #require(try names(folder, "targets").first { $0.hasSuffix(".chunks") })
            let stored = folder.appending(path: "targets/\(name)")
            let good = try Data(contentsOf: stored)
            try FileManager.default.removeItem(at: stored)
            try Data(repeating: 0, count: good.count).write(to: stored)
            try publish(folder, [key])
            #expect(try Data(contentsOf: stored) == good)
        }
    }
}
