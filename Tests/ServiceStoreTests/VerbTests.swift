import Documents
import Foundation
import LinuxHost
import ReleaseContract
import ServiceStore
import SyncConfiguration
import TestSupport
import Testing

@Suite("verbs of the release contract")
struct VerbTests {
    @Test func `the reports keep to their schemas`() throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder)
            #expect(try server.program.call("cycle").status == 0)
            let facts = try FactsReport(json: server.program.call("facts").json, file: "facts")
            #expect(facts.unknown.isEmpty)
            #expect(facts.objects?.metaverse == 3)
            #expect(facts.connectors?.count == 2)
            #expect(facts.hostName?.recorded == facts.hostName?.actual)
            let status = try StatusReport(json: server.program.call("status").json, file: "status")
            #expect((status.cyclesCompleted, status.exportsTotal) == (1, 3))
            #expect(!status.serving)
            let health = try HealthReport(json: server.program.call("health").json, file: "health")
            #expect(health.healthy)
            #expect(health.measures["exportErrors"] == 0)
        }
    }

    @Test func `a renamed server is told by both names`() throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder)
            try server.test.execute("UPDATE state SET value = 'elsewhere' WHERE name = 'hostName'")
            let health = try HealthReport(json: server.program.call("health").json, file: "health")
            let check = health.checks.first { $0.name == "host-name" }
            #expect(check?.status == .failed)
            #expect(check?.detail.contains("elsewhere") == true)
            #expect(check?.detail.contains(try Server.hostName()) == true)
        }
    }

    @Test func `a pause belongs to its owner`() throws {
        try withTemporaryFolder { folder in
            let program = try ProgramServer(folder).program
            #expect(try program.call("suspend", "--owner", "A").json["suspendedBy"] == "A")
            #expect(try program.call("suspend", "--owner", "A").status == 0)
            let foreign = try program.call("suspend", "--owner", "B")
            #expect(foreign.status == 75)
            #expect(foreign.json["suspendedBy"] == "A")
            #expect(try program.call("resume", "--owner", "B").status == 75)
            #expect(try program.call("status").json["scheduler"]?["suspended"] == true)
            #expect(try program.call("cycle").status == 75)
            #expect(try program.call("resume", "--owner", "A").json["suspended"] == false)
            #expect(try program.call("status").json["scheduler"]?["suspended"] == false)
        }
    }

    @Test func `somebody without a name is somebody else, and force lifts that too`() throws {
        try withTemporaryFolder { folder in
            let program = try ProgramServer(folder).program
            #expect(try program.call("suspend", "--owner", "A").status == 0)
            _ = try program.call("settings set", "--name", Parameter.suspended, "--value", "True")
            #expect(try program.call("suspend", "--owner", "A").status == 75)
            #expect(try program.call("resume", "--owner", "A").status == 75)
            #expect(try program.call("resume", "--owner", "A", "--force").status == 0)
        }
    }

    @Test(arguments: [
        ("suspend", ["--owner", "A"]), ("resume", ["--owner", "A"]),
        ("settings set", ["--name", "Microsoft.A.B", "--value", "1"]),
    ])
    func `a verb whose token is old changes nothing`(verb: String, arguments: [String]) throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder)
            let before = try server.program.call("settings get").json
            try server.lease(token: 2)
            let stale = try server.program.call(verb, arguments + ["--token", "1"])
            #expect(stale.status == 1)
            #expect(stale.json["error"]?.string?.contains("taken over") == true)
            #expect(try server.program.call("settings get").json == before)
            #expect(try server.program.call(verb, arguments + ["--token", "2"]).status == 0)
        }
    }

    @Test func `settings have parameters, connectors and custom rules, and a wrong value is refused`() throws {
        try withTemporaryFolder { folder in
            let program = try ProgramServer(folder).program
            let settings = try SettingsReport(json: program.call("settings get").json, file: "settings").parameters
            #expect(settings[Parameter.deletionThresholdValue] == "500")
            #expect(settings.keys.contains { $0.hasPrefix("connector.{") && $0.hasSuffix("}.path") })
            let refused = try program.call("settings set", "--name", Parameter.cycleEnabled, "--value", "perhaps")
            #expect(refused.status == 64)
            #expect(refused.json["error"]?.string?.contains("True or False") == true)
        }
    }

    @Test func `the service serves, takes no second beside it, and ends when asked`() throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder, parameters: [Parameter.timeInterval: "00:00:01"])
            let log = folder.appending(path: "serve.log")
            let ended = try server.program.whileServing(log) {
                try server.program.wait(upTo: 60) {
                    try server.program.call("status").json["cycles"]?["completed"]?.integer ?? 0 >= 2
                }
                #expect(try server.program.call("status").json["serving"] == true)
                #expect(try server.program.call("serve").status == 75)
                // The service's own account of itself is not a running cycle.
                #expect(try server.program.call("wait-idle", "--timeout", "30").status == 0)
            }
            #expect(ended)
            #expect(!DurableFiles.exists(server.test.server.layout.serviceProcess))
            #expect(try server.test.cloudLog().count == 3)
        }
    }

    @Test func `a cycle that runs elsewhere is waited for and never doubled`() throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder)
            let lock = try CycleLock(server: server.test.server, policy: .delta)
            let busy = try server.program.call("cycle")
            #expect(busy.status == 75)
            let waiting = try server.program.call("wait-idle", "--timeout", "0")
            #expect(waiting.status == 75)
            #expect(waiting.json["idle"] == false)
            release(lock)
            #expect(try server.program.call("wait-idle", "--timeout", "0").status == 0)
            #expect(try server.program.call("cycle").status == 0)
        }
    }

    private func release(_ lock: consuming CycleLock) {}

    @Test func `an exported configuration is read like a real one`() throws {
        try withTemporaryFolder { folder in
            let program = try ProgramServer(folder).program
            let target = folder.appending(path: "export").path
            #expect(try program.call("export-config", "--to", target).status == 0)
            let configuration = try ExportFolder(path: target).read()
            #expect(configuration.version == ProductVersion("1.1.750.0"))
            #expect(configuration.connectors.count == 2)
            #expect(configuration.rules.count == 33)
            #expect(configuration.customRules.isEmpty)
            #expect(try program.call("export-config", "--to", target).status == 64)
        }
    }

    @Test func `a folder without a server is one clear line`() throws {
        try withTemporaryFolder { folder in
            let release = try ReleaseFolder.assemble("1.1.750.0", below: folder, program: true)
            let answer = try Program(root: folder.path, release: release).call("status")
            #expect(answer.status == 1)
            #expect(answer.json["error"]?.string?.contains("adsync init") == true)
        }
    }
}
