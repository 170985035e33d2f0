import Foundation
import TestSupport
import Testing

@Suite("The contract service")
struct ContractServiceTests {
    /// The fields that docs/release-contract.md asks of a verb's answer.
    struct Answer: CustomTestStringConvertible {
        let verb: String
        let fields: [String]
        var arguments: [String] = []
        var testDescription: String { verb }
    }

    @Test(
        "answers with the contract's document",
        arguments: [
            Answer(
                verb: "facts",
                fields: [
                    "product", "version", "hostName.recorded", "hostName.actual", "parameters", "account",
                    "serviceRunning", "configurationInProgress", "consoleOpen", "database.bytes",
                    "database.writable", "database.kind", "objects.metaverse", "objects.byType.person", "connectors",
                    "customRules", "healthAgent.version", "healthAgent.registration", "healthAgent.uploadEnabled",
                ]),
            Answer(
                verb: "status",
                fields: [
                    "serving", "generation", "version", "onTrial", "scheduler.cycleEnabled", "scheduler.suspended",
                    "scheduler.suspendedBy", "scheduler.staging", "scheduler.cycleInProgress",
                    "scheduler.nextPolicy", "scheduler.intervalSeconds", "cycles.completed", "cycles.lastPolicy",
                    "cycles.lastResult", "cycles.lastEnded", "cycles.fullImportPending",
                    "cycles.fullSynchronizationPending", "exports.total",
                ]),
            Answer(verb: "health", fields: ["healthy", "checks", "measures.exportErrors", "measures.pendingExports"]),
            Answer(verb: "settings get", fields: ["parameters"]),
            Answer(
                verb: "settings set", fields: ["parameters"], arguments: ["--name", "a \"b\"", "--value", "c\\d"]),
            Answer(verb: "suspend", fields: ["suspended", "suspendedBy"], arguments: ["--owner", "A"]),
            Answer(verb: "resume", fields: ["suspended", "suspendedBy"], arguments: ["--owner", "A", "--full"]),
            Answer(verb: "wait-idle", fields: ["idle"], arguments: ["--timeout", "10"]),
            Answer(verb: "migrate", fields: ["from", "to", "steps", "fullImport", "fullSynchronization"]),
            Answer(verb: "self-test", fields: ["passed", "checks"]),
            Answer(verb: "rehearse", fields: ["changes", "errors"]),
        ])
    func answers(_ answer: Answer) throws {
        try withContractServer { server in
            let result = try server.verb(answer.verb, answer.arguments)
            #expect(result.status == 0, "\(result.errors)")
            let document = result.document
            #expect(document["schema"] as? String == "\(answer.verb.split(separator: " ")[0])/1")
            for field in answer.fields {
                let value = field.split(separator: ".").reduce(document as Any?) { inner, name in
                    (inner as? [String: Any])?[String(name)]
                }
                #expect(value != nil, "\(field) is missing: \(result.output)")
            }
        }
    }

    @Test("runs cycles, sends their operations to the cloud and stops at once")
    func cycles() throws {
        try withContractServer { server in
            try server.awaitCycles(2)
            #expect(try server.cloudLines().filter { $0.contains(" export ") }.count >= 2)
            try server.stop()
            #expect(server.served() == nil)
            #expect(try server.verb("status").document["serving"] as? Bool == false)
        }
    }

    @Test("keeps a setting with quotes and backslashes as it was given")
    func settings() throws {
        try withContractServer(started: false) { server in
            try server.verb("settings set", ["--name", "quoted", "--value", #"a "b" \ c"#])
            let parameters = try server.verb("settings get").document["parameters"] as? [String: String]
            #expect(parameters?["quoted"] == #"a "b" \ c"#)
        }
    }

    @Test("refuses a changing verb whose token is not the lease's", arguments: ["suspend", "resume", "settings set"])
    func fencing(_ verb: String) throws {
        try withContractServer { server in
            let words = verb == "settings set" ? ["--name", "n", "--value", "v"] : ["--owner", "A"]
            #expect(try server.verb(verb, words + ["--token", "7"]).status == 1)
            try server.writeLease(token: 7)
            let before = try server.verb("settings get").output
            let refused = try server.verb(verb, words + ["--token", "6"])
            #expect(refused.status == 1)
            #expect((refused.document["error"] as? String)?.contains("token 6") == true)
            #expect(try server.verb("settings get").output == before)
            #expect(try server.verb(verb, words + ["--token", "7"]).status == 0)
        }
    }

    @Test("names itself in operation.lock")
    func operationLock() throws {
        try withContractServer(started: false) { server in
            try server.verb("suspend", ["--owner", "A"])
            let lock = server.service.appending(path: "operation.lock")
            let record = try JSONSerialization.jsonObject(with: Data(contentsOf: lock)) as? [String: Any]
            #expect(record?["verb"] as? String == "suspend")
            #expect(record?["pid"] is Int && record?["startTime"] is Int && record?["bootId"] is String)
        }
    }

    @Test("stages what it exports under a lease and on trial, and sends it afterwards", arguments: ["lease", "trial"])
    func staging(_ reason: String) throws {
        try withContractServer(started: false) { server in
            let mark = server.data().appending(path: "trial.json")
            if reason == "lease" {
                try server.writeLease(token: 1)
            } else {
                try Data(#"{"schema":"trial/1","attempt":"a","since":"2026-01-01T00:00:00Z"}"#.utf8).write(to: mark)
            }
            try server.start()
            try server.awaitCycles(3)
            #expect(try server.cloudLines().isEmpty)
            let measures = try server.verb("health").document["measures"] as? [String: Int]
            #expect((measures?["pendingExports"] ?? 0) >= 3)
            try? FileManager.default.removeItem(at: mark)
            try? FileManager.default.removeItem(at: server.service.appending(path: "lease.json"))
            try server.awaitCycles(2)
            #expect(try server.cloudLines().count >= 4)
        }
    }

    @Test("leaves a pause of somebody else alone, unless it is forced")
    func ownership() throws {
        try withContractServer { server in
            #expect(try server.verb("suspend", ["--owner", "A"]).status == 0)
            #expect(try server.verb("suspend", ["--owner", "A"]).status == 0)
            let refused = try server.verb("suspend", ["--owner", "B"])
            #expect(refused.status == 75)
            #expect(refused.document["suspendedBy"] as? String == "A")
            #expect(try server.verb("resume", ["--owner", "B"]).status == 75)
            let scheduler = try server.verb("status").document["scheduler"] as? [String: Any]
            #expect(scheduler?["suspendedBy"] as? String == "A")
            #expect(try server.verb("resume", ["--owner", "B", "--force"]).status == 0)
            try server.awaitCycles(1)
        }
    }

    @Test("runs no cycle once it is suspended and idle, even if it is started so")
    func suspended() throws {
        try withContractServer { server in
            try server.verb("suspend", ["--owner", "A"])
            #expect(try server.verb("wait-idle", ["--timeout", "10"]).status == 0)
            let completed = try server.completedCycles()
            try server.stop()
            try server.start()
            #expect(try server.completedCycles() == completed)
            try server.verb("resume", ["--owner", "A"])
            try server.awaitCycles(1)
        }
    }

    @Test("says that a long cycle still runs")
    func longCycle() throws {
        try withContractServer(settings: ["ContractService.CycleSeconds": "600"]) { server in
            let running = try eventually {
                let scheduler = try server.verb("status").document["scheduler"] as? [String: Any]
                return scheduler?["cycleInProgress"] as? Bool == true
            }
            #expect(running)
            try server.verb("suspend", ["--owner", "A"])
            let wait = try server.verb("wait-idle", ["--timeout", "0"])
            #expect(wait.status == 75)
            #expect(wait.document["idle"] as? Bool == false)
            try server.stop()
            #expect(try server.verb("wait-idle", ["--timeout", "0"]).status == 0)
        }
    }

    @Test("copies its data, which the next release migrates once and the older one refuses then")
    func snapshotAndMigration() throws {
        try withContractServer { server in
            let copy = server.folder.appending(path: "copy").path
            let live = try server.verb("snapshot", ["--to", copy, "--phase", "live"]).document
            #expect((live["files"] as? [[String: Any]])?.count == 7)
            #expect(live["copiedBytes"] as? Int == live["bytes"] as? Int)
            try server.stop()
            let final = try server.verb("snapshot", ["--to", copy, "--phase", "final"]).document
            #expect((final["copiedBytes"] as? Int ?? 0) < (final["bytes"] as? Int ?? 0))
            let migrated = try server.verb("migrate", ["--data", copy], of: .good).document
            #expect(migrated["to"] as? Int == 2)
            #expect(migrated["fullImport"] as? [String] == ["ad", "cloud"])
            let again = try server.verb("migrate", ["--data", copy], of: .good).document
            #expect((again["steps"] as? [String])?.isEmpty == true)
            #expect(try server.verb("self-test", ["--data", copy], of: .good).document["passed"] as? Bool == true)
            let refused = try server.verb("migrate", ["--data", copy], of: .base)
            #expect(refused.status == 1)
        }
    }

    @Test("exports nothing before the cloud was imported again when it is resumed in full")
    func fullResume() throws {
        try withContractServer { server in
            try server.verb("suspend", ["--owner", "A"])
            try server.verb("wait-idle")
            let before = try server.cloudLines().count
            try server.verb("resume", ["--owner", "A", "--full"])
            try server.awaitCycles(2)
            #expect(try server.cloudLines()[before].contains(" import "))
        }
    }

    @Test("runs once per server")
    func oneService() throws {
        try withContractServer { server in
            let second = try server.verb("serve")
            #expect(second.status == 75)
        }
    }
}

extension ContractServer {
    /// A lease as the orchestrator writes it, of an owner that does not exist.
    func writeLease(token: Int) throws {
        let lease = """
            {
              "schema": "lease/1",
              "attempt": "a",
              "token": \(token)
            }

            """
        try Data(lease.utf8).write(to: service.appending(path: "lease.json"))
    }
}
