import Documents
import Foundation
import LinuxHost
import ReleaseContract
import ReleaseTools
import TestSupport
import Testing
import VersionCatalog

@Suite("building a release")
struct ReleaseBuilderTests {
    private func build(_ release: SmallRelease, _ output: URL) throws -> BuiltRelease {
        try ReleaseBuilder.build(folder: release.folder.path, recipe: release.recipe.path, output: output.path)
    }

    @Test("makes the same bytes from the same input, whatever times and order the folder has")
    func reproducible() throws {
        try withTemporaryFolder { place in
            let release = try SmallRelease(below: place, payload: noise(bytes: 100_000))
            let first = try build(release, place.appending(path: "one"))
            let again = place.appending(path: "again")
            try FileManager.default.createDirectory(at: again, withIntermediateDirectories: false)
            let copy = try SmallRelease(below: again, payload: noise(bytes: 100_000))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: copy.folder.path + "/payload")
            let second = try build(copy, again.appending(path: "two"))
            for (one, other) in [
                (first.documentPath, second.documentPath), (first.chunkListPath, second.chunkListPath),
                (first.archivePath, second.archivePath),
            ] {
                #expect(FileManager.default.contents(atPath: one) == FileManager.default.contents(atPath: other))
            }
        }
    }

    @Test("lists what is in the archive, release.json first and byte for byte")
    func content() throws {
        try withTemporaryFolder { place in
            let built = try build(try SmallRelease(below: place), place.appending(path: "out"))
            #expect(
                built.manifest.files.map(\.path) == ["bin/service", "payload", "rules/ä.xml", "tests/pre/10-first"])
            #expect(built.manifest.files.map(\.mode) == [.executable, .plain, .plain, .executable])
            let listing = try tar(["-tf", built.archivePath, "--quoting-style=literal"])
            #expect(
                listing.split(separator: "\n") == [
                    "release.json", "bin/", "bin/service", "payload", "rules/", "rules/ä.xml", "tests/", "tests/pre/",
                    "tests/pre/10-first",
                ])
            let document = try tar(["-xOf", built.archivePath, "release.json"])
            #expect(FileManager.default.contents(atPath: built.documentPath) == Data(document.utf8))
            let list = try ChunkList(
                bytes: Array(try #require(FileManager.default.contents(atPath: built.chunkListPath))), file: "c")
            #expect(list.archiveDigest == (try FileDigest.sha256(file: built.archivePath)))
        }
    }

    @Test("digests every chunk, the last one shorter", arguments: [1024, 4096, 1 << 20])
    func chunks(size: Int) throws {
        try withTemporaryFolder { place in
            var options = ReleaseBuildOptions()
            options.chunkSize = size
            let release = try SmallRelease(below: place, payload: noise(bytes: 10_000))
            let built = try ReleaseBuilder.build(
                folder: release.folder.path, recipe: release.recipe.path, output: place.path, options: options)
            let archive = Array(try #require(FileManager.default.contents(atPath: built.archivePath)))
            let list = try ChunkList(
                bytes: Array(try #require(FileManager.default.contents(atPath: built.chunkListPath))), file: "c")
            #expect(list.archiveSize == archive.count)
            #expect(
                list.chunks == list.chunks.indices.map { FileDigest.sha256(Array(archive[list.range(ofChunk: $0)])) })
        }
    }

    @Test(
        "refuses a folder or recipe that makes no release",
        arguments: [
            ("link", "regular file"), ("release.json", "remove it"), ("files in recipe", "remove it from the recipe"),
            ("no program", "executable file of the release"), ("no recipe", "No such file"), ("syntax", "line 1"),
        ])
    func refuses(what: String, words: String) throws {
        try withTemporaryFolder { place in
            let release = try SmallRelease(below: place)
            let files = FileManager.default
            let recipe = try String(contentsOf: release.recipe, encoding: .utf8)
            switch what {
            case "link":
                try files.createSymbolicLink(atPath: release.folder.path + "/link", withDestinationPath: "/etc/passwd")
            case "release.json": try release.write("release.json", Data("{}".utf8))
            case "files in recipe":
                try Data(recipe.replacing("\"contract\"", with: "\"files\": [], \"contract\"").utf8).write(
                    to: release.recipe)
            case "no program": try release.write("bin/service", Data(), executable: false)
            case "no recipe": try files.removeItem(at: release.recipe)
            default: try Data("{".utf8).write(to: release.recipe)
            }
            let out = place.appending(path: "out")
            let error = #expect(throws: PublishError.self) { try build(release, out) }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
            #expect((try? files.contentsOfDirectory(atPath: out.path))?.isEmpty ?? true)
        }
    }
}

/// What `tar` says about an archive.
private func tar(_ arguments: [String]) throws -> String {
    let result = try run(URL(filePath: "/usr/bin/tar"), ["--zstd"] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    return result.output
}
