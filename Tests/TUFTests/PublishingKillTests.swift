import Documents
import Foundation
import LinuxHost
import TUF
import TestSupport
import Testing

/// `aadc-publish repository`, killed before each call that changes a file.
struct PublishingKillTests {
    private struct FolderFetcher: MetadataFetcher {
        let folder: String

        func fetch(_ fileName: String, limit: Int) throws -> [UInt8]? {
            try DurableFiles.read("\(folder)/metadata/\(fileName)", limit: limit)
        }
    }

    /// What a client believes, once every file that it may ask for is there as it was signed.
    private func believed(_ folder: String, root: [UInt8]) throws -> TrustedMetadata {
        var client = try Client(
            trustedRoot: root, store: OverlayStore(), fetcher: FolderFetcher(folder: folder),
            now: SystemClock().now())
        try client.refresh()
        for (path, info) in client.trusted.targets?.content.targets ?? [:] {
            let file = "\(folder)/targets/\(client.targetFileName(path, info))"
            let bytes = try #require(try DurableFiles.read(file), "\(file)")
            #expect(info.problem(of: bytes) == nil, "\(file)")
        }
        return client.trusted
    }

    private func publish(_ folder: String, key: String, environment: [String: String] = [:]) throws -> ProgramResult {
        try run(
            builtProgram("aadc-publish"), ["repository", folder, "--product", "adsync", "--key", key],
            environment: environment)
    }

    @Test("Killed at any moment: clients find the old set or the new one whole, and the next publication completes")
    func everyCall() throws {
        try withTemporaryFolder { place in
            let (key, template) = (place.appending(path: "key").path, place.appending(path: "template").path)
            _ = try PrivateKey.generate(at: key, password: nil)
            func build(_ version: String) throws {
                let release = try SmallRelease(below: place, version: version)
                let built = try run(
                    builtProgram("aadc-publish"),
                    ["build-release", release.folder.path, "--recipe", release.recipe.path, "--output", template])
                #expect(built.status == 0, "\(built.errors)")
            }
            try build("1.1.750.0")
            #expect(try publish(template, key: key).status == 0)
            let root = try #require(try DurableFiles.read("\(template)/metadata/1.root.json"))
            // The second publication takes a new release in, and writes a catalog over the one that is there.
            try build("1.1.880.0")
            func copy(_ name: String) throws -> String {
                let folder = place.appending(path: name).path
                #expect(try run(URL(filePath: "/bin/cp"), ["-a", template, folder]).status == 0)
                return folder
            }
            let shim = ["LD_PRELOAD": builtProgram("libKillShim.so").path, "KILLSHIM_PROGRAM": "aadc-publish"]
            let count = place.appending(path: "count").path
            let whole = try publish(
                copy("whole"), key: key, environment: shim.merging(["KILLSHIM_COUNT": count]) { $1 })
            #expect(whole.status == 0, "\(whole.errors)")
            let words = String(decoding: try #require(try DurableFiles.read(count)), as: UTF8.self)
            let calls = try #require(Int(words.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(calls > 30)
            var versions: Set<Int> = []
            for call in 1...calls {
                let folder = try copy("killed-\(call)")
                let killed = try publish(
                    folder, key: key, environment: shim.merging(["KILLSHIM_AT": "\(call)"]) { $1 })
                #expect(killed.status == 137, "call \(call): \(killed.errors)")
                let trusted = try believed(folder, root: root)
                let version = try #require(trusted.timestamp?.content.version)
                versions.insert(version)
                #expect(trusted.targets?.content.targets.count == (version == 1 ? 4 : 7), "call \(call)")

                let completed = try publish(folder, key: key)
                #expect(completed.status == 0, "call \(call): \(completed.errors)")
                let after = try believed(folder, root: root)
                #expect(after.timestamp?.content.version == version + 1, "call \(call)")
                #expect(after.targets?.content.targets.count == 7, "call \(call)")
                // Nothing that a killed publisher left outlives the pruning.
                try RepositoryWriter(folder: folder).prune()
                let left =
                    try (DurableFiles.list("\(folder)/metadata") ?? [])
                    + (DurableFiles.list("\(folder)/targets") ?? [])
                #expect(!left.contains { $0.hasSuffix(".new") }, "call \(call): \(left)")
                #expect(left.count == 13, "call \(call): \(left)")
                #expect(try DurableFiles.list(folder)?.contains { $0.hasSuffix(".new") } == false, "call \(call)")
                try FileManager.default.removeItem(atPath: folder)
            }
            // Some kills came before the timestamp, some after it.
            #expect(versions == [1, 2])
        }
    }
}
