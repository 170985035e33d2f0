import Documents
import Foundation
import LinuxHost
import ReleaseContract
import ServiceStore
import TestSupport
import Testing

/// What the releases in `Releases/` do, by their content alone.
@Suite("releases")
struct ReleaseTests {
    private static let versions = [
        "1.1.750.0", "1.1.819.0", "1.1.880.0", "1.1.882.0", "1.2.65.0", "1.2.67.0", "1.4.18.0",
    ]

    /// Runs a file of a release with the environment of the contract.
    private func run(_ program: Program, _ path: String, _ arguments: [String] = [], data: String = "") throws -> Int {
        var environment = Invocation.cleanEnvironment
        environment["AADC_ROOT"] = program.root
        environment["AADC_RELEASE"] = program.release.path
        environment["AADC_DATA"] = data
        environment["AADC_GENERATION"] = "1"
        let completion = try ChildProcess.run(
            Invocation(
                program: program.release.appending(path: path).path, arguments: arguments, environment: environment),
            timeoutSeconds: 60, clock: SystemClock())
        guard case .exited(let status) = completion.end else { return -1 }
        return status
    }

    /// A stopped server that was taken to another release, by hand.
    private func upgraded(_ server: ProgramServer, to version: String) throws -> Program {
        let program = try server.newer(version)
        let data = server.test.server.layout.data(1)
        let migrated = try program.call("migrate", "--data", data)
        guard migrated.status == 0 else { throw ServiceError(.failed, migrated.diagnostics) }
        let link = server.test.server.layout.releaseLink(1)
        try DurableFiles.replaceLink(
            link, target: ServerLayout.releaseLinkTarget(try #require(ProductVersion(version))))
        return program
    }

    @Test(arguments: versions) func `every verb has its command, and each command its program`(version: String) throws {
        try withTemporaryFolder { folder in
            let release = try ReleaseFolder.assemble(version, below: folder, program: true)
            let recipe = try #require(try DurableFiles.read(release.appending(path: "release.json").path))
            let json = try JSONParser.parse(recipe)
            for verb in ControlVerb.allCases {
                let argv = try #require(json["commands"]?[verb.rawValue]?["argv"]?.array?.first?.string)
                #expect(DurableFiles.exists(release.appending(path: argv).path))
            }
            let installed = try InstalledRelease(folder: release.path)
            #expect(installed.version.description == version)
            let epoch = try installed.epoch()
            #expect(json["dataSchema"]?["writes"]?.integer == epoch)
        }
    }

    @Test(arguments: ["1.1.819.0", "1.4.18.0"]) func `a good release passes its tests after an upgrade`(version: String)
        throws
    {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder)
            #expect(try run(server.program, "tests/pre/10-health") == 0)
            let program = try upgraded(server, to: version)
            _ = try program.whileServing(folder.appending(path: "serve.log")) { () throws in
                #expect(try run(program, "tests/post/10-self-test", data: server.test.server.layout.data(1)) == 0)
                #expect(try run(program, "tests/post/20-serving") == 0)
            }
            #expect(try run(program, "tests/post/20-serving") == 1)
        }
    }

    @Test func `the exported configuration of 1.1.819.0 has digests of its files`() throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder)
            let program = try upgraded(server, to: "1.1.819.0")
            let target = folder.appending(path: "export").path
            #expect(try run(program, "bin/export-config", ["--root", program.root, "--to", target]) == 0)
            let sums = try #require(try DurableFiles.read("\(target)/SHA256SUMS"))
            #expect(String(decoding: sums, as: UTF8.self).contains("./GlobalSettings/MV.xml"))
        }
    }

    @Test func `1.1.880.0 cannot migrate`() throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder)
            let answer = try server.newer("1.1.880.0").call("migrate", "--data", server.test.server.layout.data(1))
            #expect(answer.status == 1)
            #expect(answer.json["error"]?.string?.contains("no such column") == true)
        }
    }

    @Test func `1.1.882.0 fails its first start and passes its second`() throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder)
            let program = try upgraded(server, to: "1.1.882.0")
            #expect(try run(program, "bin/serve", ["--root", program.root, "--format", "json"]) != 0)
            let log = folder.appending(path: "serve.log")
            let process = try ChildProcess.startDetached(
                Invocation(
                    program: program.release.appending(path: "bin/serve").path,
                    arguments: ["--root", program.root, "--format", "json"]), log: log.path)
            defer { _ = try? ChildProcess.stop(process, graceSeconds: 30, clock: SystemClock()) }
            try program.wait(upTo: 30) { try program.call("status").json["serving"] == true }
        }
    }

    @Test func `1.2.65.0 fails its post-test`() throws {
        try withTemporaryFolder { folder in
            let program = try upgraded(try ProgramServer(folder), to: "1.2.65.0")
            #expect(try run(program, "tests/post/30-rules") == 1)
        }
    }

    @Test func `1.4.18.0 would delete devices without a certificate of their own`() throws {
        try withTemporaryFolder { folder in
            let guid = Data(repeating: 3, count: 16)
            let computer = """
                dn: CN=Computer,DC=contoso,DC=example
                objectClass: top
                objectClass: computer
                objectGUID:: \(guid.base64EncodedString())
                objectSid:: \((Data([1, 5]) + guid).base64EncodedString())
                displayName: Computer
                userAccountControl: 4096
                userCertificate:: \(Data("no certificate of this computer".utf8).base64EncodedString())

                """
            let server = try ProgramServer(folder)
            try server.test.dump(Person.crowd(3), extra: [computer])
            try server.test.settle()
            #expect(try server.test.cloudLog().contains("add device accepted"))
            let program = try upgraded(server, to: "1.4.18.0")
            let rehearsal = try program.call("rehearse", "--data", server.test.server.layout.data(1))
            let changes = try RehearseReport(json: rehearsal.json, file: "rehearse").changes
            #expect(changes.contains(RehearseReport.Change(objectType: "device", operation: "delete", count: 1)))
        }
    }
}
