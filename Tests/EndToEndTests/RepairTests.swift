import Foundation
import InvariantChecker
import TestSupport
import Testing

@Suite("Repair")
struct RepairTests {
    @Test("finishes an interrupted attempt, says beforehand what it would do, and harms nothing the second time")
    func interrupted() throws {
        try withContractServer { server in
            try server.offer([.good], configuration: ["leaseSeconds": 7200])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            try server.killed(at: intent("postTesting"))

            let left = try server.tree()
            let dry = try server.upgrade(["repair", "--dry-run"])
            #expect(dry.errors.contains("would: finish attempt \(server.attemptNames()[0])"), "\(dry.errors)")
            let changed = differences(left, try server.tree())
            #expect(changed.allSatisfy { $0.hasSuffix("/run.lock") }, "\(changed)")

            for _ in 1...2 {
                let repaired = try server.upgrade(["repair"])
                #expect(repaired.status == 0, "\(repaired.output)\(repaired.errors)")
                #expect(server.attemptNames().count == 1)
                #expect(server.result() == "UpgradeFailedRollbackSuccess-Interrupted")
                #expect(checker.violations(since: before).isEmpty)
            }
        }
    }

    @Test("changes nothing on a server that needs no repair")
    func nothing() throws {
        try withContractServer(settings: ["ContractService.IntervalSeconds": "1800"]) { server in
            try server.offer([.good])
            let before = try server.tree()
            for _ in 1...2 {
                try server.judged(["repair"], status: 0)
                #expect(differences(before, try server.tree()).allSatisfy(isOwn))
            }
        }
    }

    @Test("lifts the pause that a dead attempt has left")
    func pauseOfAttempt() throws {
        try withContractServer { server in
            try server.offer([.preTestFails])
            try server.judged(status: 75, result: "UpgradeAbortedPreTestFailed")
            try server.verb("suspend", ["--owner", server.attemptNames()[0]])

            let dry = try server.upgrade(["repair", "--dry-run"])
            #expect(dry.errors.contains("would: lift the pause (\(server.attemptNames()[0]))"), "\(dry.errors)")
            #expect(try server.scheduler().suspended)
            #expect(try server.upgrade(["repair"]).status == 0)
            #expect(try !server.scheduler().suspended)
            try server.awaitCycles(1)
        }
    }

    @Test("leaves the pause that a person has made, unless it is told otherwise")
    func pauseOfPerson() throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.set("Microsoft.Synchronize.SchedulerSuspended", "True")
            let kept = try server.judged(["repair"], status: 75)
            #expect(kept.errors.contains("--resume"))
            #expect(try server.upgrade(["repair", "--resume"]).status == 0)
            #expect(try !server.scheduler().suspended)
            try server.awaitCycles(1)
        }
    }

    @Test("enables a server that was Suspended for a reason that has gone, and no other")
    func suspended() throws {
        try withContractServer(
            settings: [
                ContractServer.state: "Suspended", ContractServer.reason: "UpgradeNotSupportedCustomizedSyncRules",
                "rule.4711": "a1b2",
            ]
        ) { server in
            try server.offer([.good])
            let kept = try server.judged(["repair"], status: 78)
            #expect(kept.errors.contains("UpgradeNotSupportedCustomizedSyncRules"))
            #expect(try server.setting(ContractServer.state) == "Suspended")
            let settings = server.data().appending(path: "settings")
            let lines = try String(contentsOf: settings, encoding: .utf8).split(separator: "\n")
            try Data(lines.filter { !$0.hasPrefix("rule.") }.map { "\($0)\n" }.joined().utf8).write(
                to: settings, options: .atomic)
            try server.judged(["repair"], status: 0)
            #expect(try server.setting(ContractServer.state) == "Enabled")
        }
    }
}
