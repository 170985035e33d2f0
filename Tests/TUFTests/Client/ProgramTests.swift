import Foundation
import LinuxHost
import TUF
import TestSupport
import Testing

@Suite("The program refuses what it must, with status 1 and one line, and writes only below its folders")
struct ProgramTests {
    /// A repository on a loopback server, a client's folders, and how to call the program.
    struct Site {
        let repository: RepositorySimulator
        let server: LoopbackServer
        let folder: URL

        var metadata: URL { folder.appending(path: "client/metadata") }
        var targets: URL { folder.appending(path: "client/targets") }

        /// Puts everything that was published below the server's folder.
        func upload() throws {
            let place = folder.appending(path: "served/metadata")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            for (name, bytes) in repository.files { try Data(bytes).write(to: place.appending(path: name)) }
        }

        /// Publishes a target file with this content.
        func add(_ path: String, _ content: String, served: String? = nil) throws {
            let info = RepositorySimulator.target(content)
            repository.targets.targets[path] = info
            let parts = path.components(separatedBy: "/")
            let name = (parts.dropLast() + ["\(info.hashes.values["sha256"] ?? "").\(parts.last ?? "")"])
            let file = folder.appending(path: "served/targets/" + name.joined(separator: "/"))
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data((served ?? content).utf8).write(to: file)
            try repository.publishAll()
            try upload()
        }

        func call(_ arguments: String...) throws -> ProgramResult {
            try run(
                builtProgram("aadc-tuf"), ["--metadata-dir", metadata.path] + arguments, environment: plainEnvironment)
        }

        func trust() throws -> ProgramResult {
            let root = folder.appending(path: "root.json")
            try Data(repository.firstRoot).write(to: root)
            return try call("init", root.path)
        }

        func refresh(_ more: String...) throws -> ProgramResult {
            try run(
                builtProgram("aadc-tuf"),
                ["refresh", "--metadata-url", "\(server.address)/metadata/", "--metadata-dir", metadata.path] + more,
                environment: plainEnvironment)
        }

        func download(_ name: String) throws -> ProgramResult {
            try call(
                "--metadata-url", "\(server.address)/metadata", "--target-name", name, "--target-base-url",
                "\(server.address)/targets", "--target-dir", targets.path, "download", "--attempts", "1")
        }

        /// Names in the folder for target files.
        func downloaded() throws -> [String] { try DurableFiles.list(targets.path) ?? [] }
    }

    private func withSite(_ body: (Site) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let served = folder.appending(path: "served")
            try FileManager.default.createDirectory(at: served, withIntermediateDirectories: true)
            try withLoopbackServer(served) { server in
                let site = Site(repository: try RepositorySimulator(), server: server, folder: folder)
                try site.upload()
                try body(site)
            }
        }
    }

    @Test("init, refresh and download do what they say; a file that is there is not fetched again")
    func whole() throws {
        try withSite { site in
            try site.add("dir/file.txt", "content")
            #expect(try site.trust().status == 0)
            #expect(site.server.requests.isEmpty)
            #expect(try site.refresh().status == 0)
            #expect(
                try DurableFiles.list(site.metadata.path)
                    == ["root.json", "snapshot.json", "targets.json", "timestamp.json"])
            let result = try site.download("dir/file.txt")
            #expect(result.status == 0, "\(result.errors)")
            let name = try #require(try site.downloaded().first)
            #expect(try String(contentsOf: site.targets.appending(path: name), encoding: .utf8) == "content")
            let count = site.server.requests.count
            #expect(try site.download("dir/file.txt").status == 0)
            #expect(site.server.requests[count...].allSatisfy { $0.path.hasPrefix("/metadata/") })
        }
    }

    @Test(
        "A server that lies, stalls or never ends is refused, and the trusted metadata stays",
        arguments: [
            ("/metadata/timestamp.json", ServerFault.endlessChunks),
            ("/metadata/timestamp.json", .append(bytes: 20_000)),
            ("/metadata/timestamp.json", .stall(afterBytes: 10)), ("/metadata/timestamp.json", .endlessHeaders),
            ("/metadata/timestamp.json", .page("<html>log in</html>")),
            ("/metadata/timestamp.json", .corrupt(byte: 100)),
            ("/metadata/timestamp.json", .drip(pauseMilliseconds: 100)),
            ("/metadata/timestamp.json", .status(404)), ("/metadata/2.snapshot.json", .status(404)),
            ("/metadata/2.snapshot.json", .append(bytes: 1)), ("/metadata/2.targets.json", .status(404)),
            ("/metadata/2.targets.json", .closeAfter(bytes: 50)), ("/metadata/2.root.json", .endlessChunks),
            ("/metadata/2.root.json", .status(500)),
        ])
    func refused(_ path: String, _ fault: ServerFault) throws {
        try withSite { site in
            #expect(try site.trust().status == 0)
            #expect(try site.refresh().status == 0)
            try site.repository.publishAll()
            try site.upload()
            site.server.always(path, fault)
            let targets = site.metadata.appending(path: "targets.json")
            let before = try Data(contentsOf: targets)
            let result = try site.refresh("--attempts", "1", "--stall-seconds", "1", "--total-seconds", "2")
            #expect(result.status == 1)
            #expect(!result.timedOut)
            #expect(result.errors.hasPrefix("aadc-tuf: ") && result.errors.hasSuffix("\n"))
            #expect(result.errors.count { $0 == "\n" } == 1)
            #expect(try Data(contentsOf: targets) == before)
        }
    }

    @Test("A target file that is not the signed one is not kept")
    func swapped() throws {
        try withSite { site in
            #expect(try site.trust().status == 0)
            try site.add("file", "content", served: "contemt")
            #expect(try site.download("file").status == 1)
            try site.add("longer", "content", served: "content and more")
            #expect(try site.download("longer").status == 1)
            #expect(try site.download("unknown").status == 1)
            #expect(try site.downloaded() == [])
        }
    }

    @Test(
        "The name of a target never leads out of its folder, and its address is escaped",
        arguments: ["a b", "what?", "x#y", "dir/\u{fc}.txt", "\u{1f600}", "semi;colon&and=more"])
    func names(_ name: String) throws {
        try withSite { site in
            #expect(try site.trust().status == 0)
            try site.add(name, "content")
            let result = try site.download(name)
            #expect(result.status == 0, "\(result.errors)")
            #expect(try site.downloaded().count == 1)
        }
    }

    @Test(
        "Names that mean another folder are one escaped name here",
        arguments: ["..", ".", "../x", "/etc/x", "a/../../x"])
    func escapes(_ name: String) throws {
        let local = SafeFileName.local(name)
        #expect(!local.contains("/") && local != ".." && local != ".")
    }

    @Test(
        "A wrong command line ends with 64",
        arguments: [[], ["refresh"], ["init"], ["download"], ["destroy"], ["refresh", "x"]])
    func usage(_ words: [String]) throws {
        let result = try run(builtProgram("aadc-tuf"), words, environment: plainEnvironment)
        #expect(result.status == 64)
    }

    @Test("An initial root that is not signed by its own keys is refused, and nothing is kept")
    func badRoot() throws {
        try withSite { site in
            let root = site.folder.appending(path: "root.json")
            let text = String(decoding: site.repository.firstRoot, as: UTF8.self)
            try Data(text.replacing("\"version\": 1", with: "\"version\": 2").utf8).write(to: root)
            #expect(try site.call("init", root.path).status == 1)
            #expect(try site.refresh().status == 1)
            #expect(site.server.requests.isEmpty)
        }
    }
}
