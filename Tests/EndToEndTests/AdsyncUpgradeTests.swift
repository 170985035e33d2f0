import Foundation
import InvariantChecker
import TestSupport
import Testing

private typealias Version = AdsyncReleases.Version

@Suite("An upgrade of a living adsync server")
struct AdsyncUpgradeTests {
    static let threshold = "Microsoft.OptionalFeature.ExportDeletionThresholdValue"

    @Test("keeps what the administrator made and the health agent's registration, and brings what is new")
    func keepsSettings() throws {
        try withAdsyncServer { server in
            try server.set(Self.threshold, "77")
            try server.set("Microsoft.Synchronize.RunHistoryPurgeInterval", "3.00:00:00")
            try server.adsync("rule", "disable", try server.rule("out-cloud-user-exchange"))
            try server.adsync("rule", "remove", try server.rule("in-ad-contact-filter"))
            try server.awaitCycles(2)
            let agent = try server.healthAgent()
            try server.offer([.good])
            let checker = try server.checker()
            let before = try checker.record()

            let run = try server.upgrade(["run", "--wait"])
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            #expect(server.result() == "Success")
            let violations = checker.violations(
                since: before, run: .init(exitStatus: run.status), settlingSeconds: 20)
            #expect(violations.isEmpty, "\(run.output)\(run.errors)")

            #expect(try server.version() == Version.good.rawValue)
            #expect(try server.settings()[Self.threshold] == "77")
            let rules = try server.rules()
            #expect(rules[try server.rule("out-cloud-user-exchange")]?.isDisabled == true)
            // A standard rule that was deleted comes back, as the real product has it.
            #expect(rules.keys.contains { $0.hasPrefix("in-ad-contact-filter@") })
            #expect(rules.keys.contains { $0.hasPrefix("out-cloud-user-employee-type@") })
            #expect(agent.version == "3.1.2.0")
            #expect(try server.healthAgent() == (version: "3.1.5.0", registration: agent.registration))
        }
    }

    @Test("does not begin while there is a rule of the administrator's own, and begins by itself when it is gone")
    func customRule() throws {
        try withAdsyncServer { server in
            let custom = try server.addCustomRule()
            try server.awaitCycles(2)
            try server.offer([.good])
            let digest = try server.rules()[custom]?.digest
            let refused = try server.upgrade(["run", "--wait"])
            #expect(refused.status == 78, "\(refused.output)\(refused.errors)")
            #expect(
                try server.settings()["Microsoft.OptionalFeature.AutoUpgradeSuspensionReason"]
                    == "UpgradeNotSupportedCustomizedSyncRules")
            #expect(try server.version() == Version.base.rawValue && server.attemptNames().isEmpty)
            #expect(try server.rules()[custom]?.digest == digest)
            let users = try server.cloudObjects().values.filter { $0.hasPrefix("user ") }
            #expect(users.count == 150 && users.allSatisfy { $0.contains(#""title":["Chosen by a custom rule"]"#) })

            try server.adsync("rule", "remove", custom)
            let run = try server.upgrade(["run", "--wait"])
            #expect(run.status == 0 && server.result() == "Success", "\(run.output)\(run.errors)")
            #expect(try server.settings()["Microsoft.OptionalFeature.AutoUpgradeState"] == "Enabled")
        }
    }

    /// A release, and how the upgrade to it must end.
    struct Case: CustomTestStringConvertible, Sendable {
        let release: AdsyncReleases.Version
        let status: Int
        let result: String
        var active: AdsyncReleases.Version { status == 0 ? release : .base }
        var agent: String { status == 0 ? "3.1.5.0" : "3.1.2.0" }
        var testDescription: String { "\(release) (\(result))" }
    }

    @Test(
        "ends whole, whatever the release does",
        arguments: [
            Case(release: .migrationFails, status: 75, result: "UpgradeAbortedRehearsalMigrationFailed"),
            Case(release: .secondStartWorks, status: 0, result: "Success"),
            Case(release: .postTestFails, status: 10, result: "UpgradeFailedRollbackSuccess-PostTestFailed"),
            Case(release: .secondCycleFails, status: 10, result: "UpgradeFailedRollbackSuccess-ObservationHealth"),
        ])
    func ends(_ item: Case) throws {
        try withAdsyncServer { server in
            try server.offer([item.release])
            let agent = try server.healthAgent()
            let sent = try server.cloudOperations().count
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.upgrade(["run", "--wait"])
            #expect(run.status == item.status, "\(run.output)\(run.errors)")
            #expect(server.result() == item.result)
            let violations = checker.violations(
                since: before, run: .init(exitStatus: run.status), settlingSeconds: 20)
            #expect(violations.isEmpty, "\(run.output)\(run.errors)")
            #expect(try server.version() == item.active.rawValue)
            #expect(try server.healthAgent() == (version: item.agent, registration: agent.registration))
            // What the release did to the cloud, seen from there: only one that resumed has sent anything.
            let hasResumed = server.time("result", "resuming") != nil
            #expect(try (server.cloudOperations().count > sent) == hasResumed)
            if item.status == 10 {
                let again = try server.upgrade(["run"])
                #expect(again.status == 75 && server.attemptNames().count == 1, "\(again.output)\(again.errors)")
                #expect("\(again.output)\(again.errors)".contains("UpgradeAbortedReleaseWithheld"))
            }
        }
    }

    @Test("that is rolled back after the cloud took exports converges to what the old release makes of the forest")
    func converges() throws {
        try withAdsyncServer { server in
            try server.offer([.secondCycleFails])
            let log = server.folder.appending(path: "run.log")
            let sent = try server.cloudOperations().count
            let pid = try start(
                builtProgram("aadc-upgrade"), ["run", "--wait", "--root", server.root.path], output: log, errors: log)
            // The forest changes as soon as the new release is there: its first cycle sends that, and the old data has
            // never heard of it.
            #expect(eventually(withinSeconds: 60) { server.activeGeneration() == 2 })
            try server.change(1)
            #expect(try awaitEnd(pid, milliseconds: 120_000) == 10)
            let resumed = try #require(server.time("result", "resuming"))
            let back = try #require(server.time("intent", "rollingBack"))
            let exported = try server.cloudOperations().dropFirst(sent)
            #expect(exported.contains { $0.time > resumed && $0.time < back && $0.operation == "add" })
            #expect(exported.contains { $0.time > resumed && $0.time < back && $0.operation == "delete" })
            try server.awaitCycles(3)

            try withAdsyncServer { twin in
                try twin.change(1)
                try twin.awaitCycles(3)
                let (ours, theirs) = (try server.cloudObjects(), try twin.cloudObjects())
                #expect(Set(ours.keys) == Set(theirs.keys))
                // No rule of the old release has to do with this attribute, so none of its exports takes it away again.
                let stranger = /"employeeType":\["\w+"\],?/
                #expect(ours.mapValues { $0.replacing(stranger, with: "") } == theirs)
            }
            #expect(try server.cloudOperations().allSatisfy { $0.result == "accepted" })
        }
    }

    @Test("to 1.4.18.0 is told beforehand how many devices it deletes, and deletes exactly those")
    func devicesAreCounted() throws {
        try withAdsyncServer { server in
            try server.offer([.deletesDevices])
            let sent = try server.cloudOperations().count
            let run = try server.upgrade(["run", "--wait"])
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            let rehearsed = try server.rehearsedChanges()["device delete"] ?? 0
            let lines = run.errors.split(separator: "\n").map(String.init)
            let told = try #require(lines.firstIndex { $0.contains("\(rehearsed) device delete") }, "\(run.errors)")
            let paused = try #require(lines.firstIndex { $0.contains("pausing") })
            #expect(rehearsed > 0 && told < paused)
            let deleted = try server.cloudOperations().dropFirst(sent).filter { $0.operation == "delete" }
            #expect(deleted.count == rehearsed && deleted.allSatisfy { $0.objectType == "device" })
        }
    }

    @Test("that deletes more than the administrator's threshold allows deletes nothing and is rolled back")
    func deletionThreshold() throws {
        try withAdsyncServer { server in
            try server.set(Self.threshold, "2")
            try server.offer([.deletesDevices])
            let checker = try server.checker()
            let before = try checker.record()
            let sent = try server.cloudOperations().count
            let run = try server.upgrade(["run", "--wait"])
            #expect(try (server.rehearsedChanges()["device delete"] ?? 0) > 2)
            #expect(run.status == 10, "\(run.output)\(run.errors)")
            #expect(server.result() == "UpgradeFailedRollbackSuccess-ObservationHealth")
            let violations = checker.violations(
                since: before, run: .init(exitStatus: run.status), settlingSeconds: 20)
            #expect(violations.isEmpty, "\(run.output)\(run.errors)")
            #expect(try server.settings()[Self.threshold] == "2")
            try server.awaitCycles(2)
            #expect(try server.cloudOperations().count == sent)
            #expect(try server.measures()["pendingDeletes"] == 0)
        }
    }
}
