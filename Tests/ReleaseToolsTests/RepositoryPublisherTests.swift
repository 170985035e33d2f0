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

    private func envelope(_ folder: URL) throws -> [UInt8] {
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
            let opened = try PublishedRepository.open(bytes: try envelope(folder), file: "c", policy: .unsignedAllowed)
            #expect(opened.repository.sequence == 2)
            #expect(opened.signedBy.isEmpty)
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

    @Test("is believed by whom its key is trusted, and by nobody after a change")
    func signed() throws {
        try withReleases { folder in
            let (ours, other) = (SigningKey(), SigningKey())
            _ = try publish(folder, .signed([ours]))
            let bytes = try envelope(folder)
            let policy = TrustPolicy.signed(TrustedKeys(keys: [other.publicKey, ours.publicKey]))
            #expect(
                try PublishedRepository.open(bytes: bytes, file: "c", policy: policy).signedBy == [ours.publicKey.keyId]
            )
            for (text, replacement) in [
                ("adsync-1.1.750.0.tar", "adsync-1.1.880.0.tar"), ("\"stable\"", "\"preview\""),
            ] {
                let changed = Array(String(decoding: bytes, as: UTF8.self).replacing(text, with: replacement).utf8)
                #expect(changed != bytes)
                let error = #expect(throws: RepositoryError.self) {
                    try PublishedRepository.open(bytes: changed, file: "c", policy: policy)
                }
                #expect(error?.description.contains("does not fit the content") == true)
            }
            let strangers = TrustPolicy.signed(TrustedKeys(keys: [other.publicKey]))
            let error = #expect(throws: RepositoryError.self) {
                try PublishedRepository.open(bytes: bytes, file: "c", policy: strangers)
            }
            #expect(error?.description.contains("is not trusted") == true)
        }
    }

    @Test("counts each key once towards the threshold")
    func threshold() throws {
        try withReleases { folder in
            let (one, two) = (SigningKey(), SigningKey())
            let trusted = TrustedKeys(keys: [one.publicKey, two.publicKey])
            _ = try publish(folder, .signed([one, one]))
            let doubled = try envelope(folder)
            #expect(throws: RepositoryError.self) {
                try PublishedRepository.open(bytes: doubled, file: "c", policy: .signed(trusted, threshold: 2))
            }
            _ = try publish(folder, .signed([one, two]))
            let both = try envelope(folder)
            #expect(
                try PublishedRepository.open(bytes: both, file: "c", policy: .signed(trusted, threshold: 2))
                    .signedBy.count == 2)
        }
    }

    @Test("is refused unsigned unless that is allowed, at any threshold", arguments: [-1, 0, 1])
    func unsigned(threshold: Int) throws {
        try withReleases { folder in
            _ = try publish(folder, .unsigned)
            let bytes = try envelope(folder)
            let policy = TrustPolicy.signed(TrustedKeys(keys: [SigningKey().publicKey]), threshold: threshold)
            #expect(throws: RepositoryError.unsigned(file: "c")) {
                try PublishedRepository.open(bytes: bytes, file: "c", policy: policy)
            }
        }
    }

    @Test(
        "is not published from a folder that does not fit together",
        arguments: [
            ("archive", "build the release again"), ("product", "expected other"), ("stranger", "not in the folder"),
            ("empty", "build a release"),
        ])
    func refuses(what: String, words: String) throws {
        try withReleases { folder in
            switch what {
            case "archive":
                let archive = folder.appending(path: "adsync-1.1.750.0.tar.zst")
                try (Data(contentsOf: archive) + Data([0])).write(to: archive)
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

    @Test("keeps a new key to its owner and replaces none")
    func keys() throws {
        try withTemporaryFolder { folder in
            let path = folder.appending(path: "key").path
            let key = try SigningKey.generate(at: path, comment: "release team")
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            let published = Array(try Data(contentsOf: URL(filePath: path + ".pub")))
            #expect(try TrustedKeys(bytes: published, file: "k").keys == [key])
            #expect(try SigningKey(file: path).publicKey == key)
            #expect(throws: PublishError.self) { try SigningKey.generate(at: path) }
            let bytes = try SigningKey(file: path).sign(["a": 1])
            #expect(bytes.keyId == key.keyId)
        }
    }
}
