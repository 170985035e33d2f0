import Foundation
import Glibc
import InvariantChecker
import TestSupport
import Testing

@Suite("Bad input")
struct BadInputTests {
    /// What a person gives the program, and how it must end. `ROOT` and `FOLDER` stand for the server's folders.
    struct Input: CustomTestStringConvertible {
        let name: String
        let arguments: [String]
        let status: Int
        /// All of them are in the one line.
        let words: [String]
        /// Written before: files below the server's folder.
        var files: [String: String] = [:]
        var testDescription: String { name }
    }

    private static let configuration = "root/etc/aadc-upgrade/config.d/10-own.json"

    @Test(
        "ends in one line that names it, and leaves the server as it is",
        arguments: [
            Input(
                name: "a named catalog that is not JSON", arguments: ["run", "--catalog", "FOLDER/bad"], status: 65,
                words: ["FOLDER/bad/metadata/timestamp.json", "line 1, column 1"],
                files: ["bad/metadata/timestamp.json": "<html>"]),
            Input(
                name: "a configured catalog that is not JSON", arguments: ["run"], status: 75,
                words: ["repository/metadata/timestamp.json", "line 1, column 1"],
                files: ["repository/metadata/timestamp.json": "<html>"]),
            Input(
                name: "a catalog that is not there", arguments: ["run", "--catalog", "FOLDER/none"], status: 66,
                words: ["FOLDER/none"]),
            Input(
                name: "a version that nobody offers", arguments: ["run", "--target", "1.1.999.0"], status: 75,
                words: ["UpgradeAbortedTargetNotOffered", "1.1.999.0"]),
            Input(
                name: "an older version", arguments: ["run", "--target", "1.1.740.0"], status: 75,
                words: ["UpgradeAbortedTargetOlderThanInstalled", "1.1.740.0"]),
            Input(
                name: "a configuration that is not JSON", arguments: ["run"], status: 65,
                words: [configuration, "line 1, column 12"], files: [configuration: #"{"schema": }"#]),
            Input(
                name: "a setting that does not exist", arguments: ["run"], status: 65,
                words: [configuration, "leaseSecond", "leaseSeconds"],
                files: [configuration: #"{"schema": "upgrader-config/1", "leaseSecond": 5}"#]),
            Input(
                name: "a setting out of its range", arguments: ["run"], status: 65,
                words: [configuration, "leaseSeconds", "from 1 to 86400", "found 0"],
                files: [configuration: #"{"schema": "upgrader-config/1", "leaseSeconds": 0}"#]),
            Input(
                name: "a root that is not there", arguments: ["run", "--root", "FOLDER/none"], status: 66,
                words: ["FOLDER/none", "no such folder"]),
            Input(
                name: "an export that is not there", arguments: ["check", "--export", "FOLDER/none"], status: 66,
                words: ["FOLDER/none"]),
            Input(
                name: "an attempt that never was", arguments: ["why", "yesterday"], status: 66,
                words: ["yesterday", "history"]),
        ])
    func oneLine(_ input: Input) throws {
        try withContractServer(settings: ["ContractService.IntervalSeconds": "1800"]) { server in
            try server.offer([.good])
            for (path, text) in input.files {
                let file = server.folder.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(text.utf8).write(to: file)
            }
            func placed(_ text: String) -> String { text.replacing("FOLDER", with: server.folder.path) }
            let own =
                input.arguments.contains { ["--root", "--export"].contains($0) } ? [] : ["--root", server.root.path]
            let before = try server.tree()
            let result = try run(builtProgram("aadc-upgrade"), input.arguments.map(placed) + own)
            #expect(result.status == input.status, "\(result.output)\(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1 && result.output.isEmpty, "\(result.errors)")
            for word in input.words { #expect(result.errors.contains(placed(word)), "\(result.errors)") }
            let changed = differences(before, try server.tree()).filter {
                !isOwn($0) && $0 != "var/lib/aadc-upgrade/verdicts.jsonl"
            }
            #expect(changed.isEmpty, "\(changed)")
            #expect(server.attemptNames().isEmpty)
        }
    }

    @Test("that is no version is a usage error")
    func usage() throws {
        try withContractServer { server in
            try server.offer([.good])
            #expect(try server.judged(["run", "--target", "newest"], status: 64).errors.contains("newest"))
        }
    }

    @Test("such as a root that may not be written ends with 77")
    func unwritable() throws {
        try withContractServer(settings: ["ContractService.IntervalSeconds": "1800"]) { server in
            try server.offer([.good])
            let state = server.root.appending(path: "var/lib/aadc-upgrade").path
            defer { chmod(state, 0o755) }
            let before = try server.tree()
            chmod(state, 0o555)
            // Whoever may do everything has to become somebody else first.
            let program = builtProgram("aadc-upgrade").path
            let words = ["run", "--root", server.root.path]
            let result =
                getuid() == 0
                ? try run(
                    URL(filePath: "/usr/bin/setpriv"),
                    ["--reuid", "65534", "--regid", "65534", "--clear-groups", program] + words)
                : try run(URL(filePath: program), words)
            chmod(state, 0o755)
            #expect(result.status == 77, "\(result.output)\(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1)
            #expect(result.errors.contains(state))
            #expect(differences(before, try server.tree()).isEmpty)
        }
    }
}
