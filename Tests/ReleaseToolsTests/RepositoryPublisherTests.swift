import Documents
import Foundation
import ReleaseContract
import ReleaseTools
import TestSupport
import Testing
import VersionCatalog

@Suite("publishing a repository")
struct RepositoryPublisherTests {
    private static let now = WallTime(seconds: 1_800_000_000)

    /// A folder with two releases, and the body's look at it.
    private func withReleases(_ body: (URL) throws -> Void) throws {
        try withTemporaryFolder { place in
            let output = place.appending(path: "repository")
            for version in ["1.1.880.0", "1.1.750.0"] {
                let release = try SmallRelease(below: place, version: version)
                _ = try ReleaseBuilder.build(
                    folder: release.folder.path, recipe: release.recipe.path, output: output.path)
            }
            try body(output)
        }
    }

    private func publish(_ folder: URL, _ signature: RepositorySignature, product: String = "adsync") throws
        -> PublishedRepository
    {
        try RepositoryPublisher.publish(
            folder: folder.path, options: PublishOptions(product: product, published: Self.now), signature: signature)
    }

    private func catalog(_ folder: URL) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: PublishedRepository.fileName)))
    }

    @Test("offers the releases in the folder, oldest first, and counts its publications")
    func publishes() throws {
        try withReleases { folder in
            let first = try publish(folder, .unsigned)
            #expect(first.releases.map(\.version.description) == ["1.1.750.0", "1.1.880.0"])
            #expect(first.releases.allSatisfy { $0.channels == ["stable"] && $0.released == Self.now })
            #expect(first.sequence == 1)
            #expect(try publish(folder, .unsigned).sequence == 2)
            let written = try PublishedRepository(bytes: try catalog(folder), file: "c")
            #expect(written.sequence == 2)
            #expect(written.releases == first.releases)
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "metadata").path))
        }
    }

    @Test("takes channels, dates and withdrawals from channels.json")
    func channels() throws {
        try withReleases { folder in
            let text = """
                {"schema": "channels/1", "releases": {"1.1.880.0": {"channels": ["preview"],
                 "released": "2018-08-31T00:00:00Z", "withdrawn": "deletes devices", "risks": [{"id": "r1"}]}}}
                """
            try Data(text.utf8).write(to: folder.appending(path: "channels.json"))
            let release = try #require(try publish(folder, .unsigned).release(ProductVersion(1, 1, 880, 0)))
            #expect(release.channels == ["preview"])
            #expect(release.withdrawn == "deletes devices")
            #expect(release.risks == [["id": "r1"]])
            #expect(release.notes == "small")
            #expect(release.released == WallTime("2018-08-31T00:00:00Z"))
        }
    }

    @Test(
        "is not published from a folder that does not fit together",
        arguments: [
            ("archive", "build the release again"), ("product", "expected other"), ("stranger", "not in the folder"),
            ("empty", "build a release"), ("chunks", "build the release again"),
        ])
    func refuses(what: String, words: String) throws {
        try withReleases { folder in
            switch what {
            case "archive":
                let archive = folder.appending(path: "adsync-1.1.750.0.tar.zst")
                try (Data(contentsOf: archive) + Data([0])).write(to: archive)
            case "chunks":
                // Size and digest of the whole are right; only a chunk's is not.
                let list = folder.appending(path: "adsync-1.1.750.0.chunks")
                var changed = try ChunkList(bytes: Array(Data(contentsOf: list)), file: "chunks")
                changed.chunks[0] = SHA256Digest(bytes: [UInt8](repeating: 1, count: 32))
                try Data(changed.json.pretty).write(to: list)
            case "stranger":
                let text =
                    "{\"schema\":\"channels/1\",\"releases\":{\"9.9.9.9\":{\"channels\":[],\"released\":\"2018-08-31T00:00:00Z\"}}}"
                try Data(text.utf8).write(to: folder.appending(path: "channels.json"))
            case "empty":
                for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                    try FileManager.default.removeItem(at: folder.appending(path: name))
                }
            default: break
            }
            let error = #expect(throws: PublishError.self) {
                try publish(folder, .unsigned, product: what == "product" ? "other" : "adsync")
            }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
            #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "catalog.json").path))
        }
    }

    @Test("writes its documents as recorded")
    func golden() throws {
        try withReleases { folder in
            _ = try publish(folder, .unsigned)
            let document = try text(folder, "adsync-1.1.750.0.release.json")
            #expect(goldenDifference("release.json", document) == nil)
            // The archive's digests follow from the version of zstd, so these two are recorded with stand-ins.
            #expect(
                goldenDifference("chunks.json", try withoutArchives(text(folder, "adsync-1.1.750.0.chunks"))) == nil)
            #expect(goldenDifference("catalog.json", try withoutArchives(text(folder, "catalog.json"))) == nil)
        }
    }

    private func text(_ folder: URL, _ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
    }

    /// Replaces the digests of archives, of their chunks and of the lists of these, and the sizes of both.
    private func withoutArchives(_ text: String) throws -> String {
        func walk(_ value: JSONValue, _ key: String) -> JSONValue {
            switch value {
            case .object(let members):
                .object(
                    Dictionary(
                        uniqueKeysWithValues: members.map { name, inner in
                            (name, walk(inner, ["archive", "chunkList"].contains(key) ? "\(key).\(name)" : name))
                        }))
            case .array(let elements): .array(elements.map { walk($0, key) })
            case .string where ["archive.sha256", "chunkList.sha256", "chunks"].contains(key):
                .string(String(repeating: "0", count: 64))
            case .integer where ["archive.size", "chunkList.size"].contains(key): 0
            default: value
            }
        }
        return String(decoding: walk(try JSONParser.parse(text), "").pretty, as: UTF8.self)
    }
}
