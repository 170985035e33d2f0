import Documents
import Foundation
import LinuxHost
import TUF
import TestSupport
import Testing

/// What python-tuf publishes, read here: by the library from a folder, and by the program over HTTP.
@Suite(.enabled(if: PythonTUF.isThere, PythonTUF.missing))
struct InteroperationReadingTests {
    /// A repository of python-tuf's, and the digest of each target file or nil where no role may speak for it.
    private func withRepository(_ kind: String, _ body: (URL, [String: String?]) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let made = try PythonTUF.run("repository.py", [folder.path, kind])
            #expect(made.status == 0, "\(made.errors)")
            let bytes = Array(try Data(contentsOf: folder.appending(path: "expected.json")))
            let expected = try #require(try JSONParser.parse(bytes).object).mapValues(\.string)
            #expect(expected.values.contains { $0 == nil } && expected.count > 10)
            try body(folder, expected)
        }
    }

    /// Metadata files of a folder, as a server would find them.
    private struct FolderFetcher: MetadataFetcher {
        let folder: URL

        func fetch(_ fileName: String, limit: Int) throws -> [UInt8]? {
            let name = try #require(fileName.removingPercentEncoding)
            return try DurableFiles.read(folder.appending(path: "metadata/\(name)").path, limit: limit)
        }
    }

    private func client(_ folder: URL, _ store: OverlayStore = OverlayStore()) throws -> Client {
        try Client(
            trustedRoot: Array(try Data(contentsOf: folder.appending(path: "trusted-root.json"))), store: store,
            fetcher: FolderFetcher(folder: folder), now: SystemClock().now())
    }

    @Test(
        "Four roots, keys of four kinds, thresholds, delegations and unknown fields are understood",
        arguments: ["named", "succinct"])
    func library(_ kind: String) throws {
        try withRepository(kind) { folder, expected in
            let store = OverlayStore()
            var client = try client(folder, store)
            try client.refresh()
            #expect(client.trusted.root.content.version == 4)
            for (path, digest) in expected.sorted(by: { $0.key < $1.key }) {
                guard let digest else {
                    let error = #expect(throws: TUFError.self) { try client.target(path) }
                    #expect(error?.kind == .unknownTarget, "\(path): \(String(describing: error))")
                    continue
                }
                let info = try client.target(path)
                #expect(info.hashes.values["sha256"] == digest, "\(path)")
                let file = folder.appending(path: "targets/\(client.targetFileName(path, info))")
                #expect(info.problem(of: Array(try Data(contentsOf: file))) == nil, "\(path)")
            }
            // What was kept is enough for a second client, and equal to what was signed.
            var second = try self.client(folder, store)
            try second.refresh()
            #expect(second.trusted.timestamp == client.trusted.timestamp)
        }
    }

    /// A change of the content alone, such as of a number, that leaves the form as it is.
    @Test(
        "A copy that was tampered with is refused",
        arguments: [
            "2.root.json", "4.root.json", "timestamp.json", "9.snapshot.json", "7.targets.json", "3.after.json",
        ])
    func tampered(_ name: String) throws {
        try withRepository("named") { folder, _ in
            let file = folder.appending(path: "metadata/\(name)")
            let good = try String(contentsOf: file, encoding: .utf8)
            let end = try #require(good.firstRange(of: "\"expires\":\"2"))
            try Data(good.replacingCharacters(in: end, with: "\"expires\":\"3").utf8).write(to: file)
            var client = try client(folder)
            #expect(throws: TUFError.self) { try client.target("late/one.txt") }
            try Data(good.utf8).write(to: file)
            client = try self.client(folder)
            _ = try client.target("late/one.txt")
        }
    }

    @Test(
        "The program downloads every file over HTTP, and none that no role may speak for",
        arguments: ["named", "succinct"])
    func program(_ kind: String) throws {
        try withRepository(kind) { folder, expected in
            try withLoopbackServer(folder) { server in
                let kept = folder.appending(path: "kept").path
                func tuf(_ arguments: [String]) throws -> ProgramResult {
                    try run(
                        builtProgram("aadc-tuf"),
                        ["--metadata-dir", kept, "--metadata-url", "\(server.address)/metadata"] + arguments)
                }
                #expect(try tuf(["init", folder.appending(path: "trusted-root.json").path]).status == 0)
                #expect(try tuf(["refresh"]).status == 0)
                for (path, digest) in expected {
                    let place = folder.appending(path: "got-\(UUID().uuidString)")
                    let answer = try tuf([
                        "--target-name", path, "--target-base-url", "\(server.address)/targets", "--target-dir",
                        place.path, "download",
                    ])
                    #expect(answer.status == (digest == nil ? 1 : 0), "\(path): \(answer.errors)")
                    guard let digest else { continue }
                    let file = try #require(try DurableFiles.list(place.path)?.first)
                    #expect(try FileDigest.sha256(file: "\(place.path)/\(file)").hexadecimal == digest, "\(path)")
                }
            }
        }
    }
}
