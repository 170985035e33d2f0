import Documents
import Foundation
import TestSupport
import Testing

/// Runs the real program.
struct EligibilityCommandTests {
    private func check(_ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
        try withTemporaryFolder { folder in
            // Files instead of pipes: nothing to drain, nothing to block.
            let (outFile, errFile) = (folder.appending(path: "out"), folder.appending(path: "err"))
            for file in [outFile, errFile] { try Data().write(to: file) }
            let process = Process()
            process.executableURL = builtProgram("aadc-upgrade")
            process.arguments = ["check"] + arguments
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = try FileHandle(forWritingTo: outFile)
            process.standardError = try FileHandle(forWritingTo: errFile)
            try process.run()
            process.waitUntilExit()
            return (
                process.terminationStatus, try String(contentsOf: outFile, encoding: .utf8),
                try String(contentsOf: errFile, encoding: .utf8)
            )
        }
    }

    @Test("A missing export ends in one line and 66")
    func missing() throws {
        try withTemporaryFolder { folder in
            let result = try check(["--export", folder.appending(path: "none").path])
            #expect(result.status == 66)
            #expect(result.output.isEmpty)
            #expect(result.errors.split(separator: "\n").count == 1)
            #expect(result.errors.contains("no such folder"))
        }
    }

    @Test("A folder that is no export ends in one line and 65")
    func empty() throws {
        try withTemporaryFolder { folder in
            let result = try check(["--export", folder.path])
            #expect(result.status == 65)
            #expect(result.errors.split(separator: "\n").count == 1)
            #expect(result.errors.contains("GlobalSettings/MV.xml"))
        }
    }

    @Test(
        "A wrong use of the command ends with 64",
        arguments: [["--format", "pdf", "--export", "x"], ["--exprt", "x"], ["--export", "x", "--root", "/x"]])
    func usage(_ arguments: [String]) throws {
        #expect(try check(arguments).status == 64)
    }

    @Test(
        "The real export exits by its verdict, as text and as a document",
        .enabled(if: realExport != nil, "the real export does not lie beside this package"))
    func real() throws {
        let folder = try #require(realExport).path
        let text = try check(["--export", folder])
        #expect(text.status == 78)
        #expect(text.output.hasPrefix("NOT SUPPORTED"))
        #expect(text.errors.isEmpty)
        let document = try check(["--export", folder, "--format", "json"])
        #expect(document.status == 78)
        let json = try JSONParser.parse(document.output)
        #expect(json["schema"]?.string == "eligibility/1")
        #expect(json["code"]?.string == "UpgradeNotSupportedVersionBelowFloor")
    }
}
