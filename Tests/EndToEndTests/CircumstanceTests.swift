import Foundation
import InvariantChecker
import TestSupport
import Testing

@Suite("A server that may not be upgraded now")
struct CircumstanceTests {
    @Test("is left alone while a cycle runs on, with its pause undone")
    func longCycle() throws {
        try withContractServer(settings: [
            "ContractService.IntervalSeconds": "2", "ContractService.CycleSeconds": "600",
        ]) { server in
            try server.offer([.good], configuration: ["idleWaitSeconds": 1])
            #expect(try eventually { try server.scheduler().cycling })
            let served = server.served()?.pid
            try server.judged(status: 75, result: "UpgradeAbortedSyncOrConfigurationInProgress")
            // The same process works on the same cycle.
            #expect(server.served()?.pid == served)
            #expect(try server.scheduler() == (false, "", true))
            #expect(!server.exists("var/lib/adsync/lease.json"))
        }
    }

    @Test("keeps the pause that somebody else has made", arguments: ["another program", ""])
    func pausedByAnother(_ owner: String) throws {
        try withContractServer { server in
            try server.offer([.good])
            if owner.isEmpty {
                try server.set("Microsoft.Synchronize.SchedulerSuspended", "True")
            } else {
                try server.verb("suspend", ["--owner", owner])
            }
            try server.judged(status: 75, result: "UpgradeAbortedSchedulerSuspended")
            #expect(try server.scheduler().suspended)
            #expect(try server.scheduler().by == owner)
            try server.verb("resume", ["--owner", owner.isEmpty ? "person" : owner, "--force"])
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("is not touched while its synchronization cycle is switched off")
    func cycleDisabled() throws {
        try withContractServer(settings: ["Microsoft.Synchronize.SynchronizationSchedule": "False"]) { server in
            try server.offer([.good])
            let run = try server.judged(status: 75)
            #expect(run.errors.contains("UpgradeAbortedSyncCycleDisabled"))
            #expect(try server.setting(ContractServer.state) == "Enabled")
        }
    }

    @Test("is not touched, and not started, while its service does not run")
    func notRunning() throws {
        try withContractServer(started: false) { server in
            try server.offer([.good])
            let before = try server.tree()
            let run = try server.upgrade(["run"])
            #expect(run.status == 75)
            #expect(run.errors.contains("UpgradeAbortedServiceIsNotRunning"))
            #expect(server.attemptNames().isEmpty && server.served() == nil)
            let changed = differences(before, try server.tree())
            #expect(changed.allSatisfy { $0.hasPrefix("var/lib/aadc-upgrade") }, "\(changed)")
        }
    }

    @Test("is not touched while an administrator has switched automatic upgrade off")
    func disabled() throws {
        try withContractServer { server in
            try server.offer([.good])
            #expect(try server.upgrade(["disable"]).status == 0)
            let run = try server.judged(status: 0)
            #expect(run.output.contains("Disabled"))
            #expect(try server.verb("status").document["version"] as? String == "1.1.750.0")
            #expect(try server.upgrade(["enable"]).status == 0)
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("is enabled again and upgraded when it was Suspended and nothing stands in the way any more")
    func suspendedAndEligible() throws {
        try withContractServer(
            settings: [
                ContractServer.state: "Suspended", ContractServer.reason: "UpgradeNotSupportedCustomizedSyncRules",
            ]
        ) { server in
            try server.offer([.good])
            try server.judged(status: 0, result: "Success")
            #expect(try server.setting(ContractServer.state) == "Enabled")
            #expect(try server.setting(ContractServer.reason) == "")
        }
    }

    @Test("is Suspended with the reason for custom rules, and upgraded once they are gone")
    func customRules() throws {
        try withContractServer(settings: ["rule.4711": "a1b2"]) { server in
            try server.offer([.good])
            let run = try server.judged(status: 78)
            #expect(run.errors.contains("UpgradeNotSupportedCustomizedSyncRules"))
            #expect(try server.setting(ContractServer.state) == "Suspended")
            #expect(try server.setting(ContractServer.reason) == "UpgradeNotSupportedCustomizedSyncRules")

            // The administrator removes the rule. The service reads the settings anew for every cycle.
            let settings = server.data().appending(path: "settings")
            let lines = try String(contentsOf: settings, encoding: .utf8).split(separator: "\n")
            try Data(lines.filter { !$0.hasPrefix("rule.") }.map { "\($0)\n" }.joined().utf8).write(
                to: settings, options: .atomic)
            try server.judged(status: 0, result: "Success")
            #expect(try server.setting(ContractServer.state) == "Enabled")
        }
    }

    @Test("is Suspended with the reason when it is older than automatic upgrade supports")
    func belowFloor() throws {
        try withContractServer(installed: .belowFloor) { server in
            try server.offer([.good])
            let run = try server.judged(status: 78)
            #expect(run.errors.contains("UpgradeNotSupportedVersionBelowFloor"))
            #expect(try server.setting(ContractServer.state) == "Suspended")
            #expect(try server.setting(ContractServer.reason) == "UpgradeNotSupportedVersionBelowFloor")
            // Nothing else changes by asking again.
            try server.judged(status: 78)
        }
    }

    @Test("is upgraded in staging mode, stays in it and exports nothing")
    func staging() throws {
        try withContractServer(settings: ["Microsoft.Synchronize.StagingMode": "True"]) { server in
            try server.offer([.good])
            try server.judged(status: 0, result: "Success")
            #expect(try server.setting("Microsoft.Synchronize.StagingMode") == "True")
            #expect(try server.cloudLines().filter { $0.contains(" export ") }.isEmpty)
        }
    }
}
