import Foundation
import InvariantChecker
import TestSupport
import Testing

@Suite("An upgrade of the contract service")
struct UpgradeTests {
    /// A release, and how the upgrade to it must end.
    struct Case: CustomTestStringConvertible {
        let release: PublishedReleases.Version
        let status: Int
        let result: String
        var active: PublishedReleases.Version { status == 0 ? release : .base }
        var testDescription: String { "\(release) (\(result))" }
    }

    @Test(
        "ends whole, whatever the release does",
        arguments: [
            Case(release: .good, status: 0, result: "Success"),
            Case(release: .secondStartWorks, status: 0, result: "Success"),
            Case(release: .ignoresTermination, status: 0, result: "Success"),
            Case(release: .preTestFails, status: 75, result: "UpgradeAbortedPreTestFailed"),
            Case(release: .migrationFails, status: 75, result: "UpgradeAbortedRehearsalMigrationFailed"),
            Case(release: .selfTestFails, status: 75, result: "UpgradeAbortedRehearsalSelfTestFailed"),
            Case(release: .migrationHangs, status: 75, result: "UpgradeAbortedVerbTimedOut"),
            Case(release: .pausedMigrationFails, status: 75, result: "UpgradeAbortedMigrationFailed"),
            Case(
                release: .startFails, status: 10,
                result: "UpgradeFailedRollbackSuccess-ServiceCanNotBeStarted"),
            Case(release: .postTestFails, status: 10, result: "UpgradeFailedRollbackSuccess-PostTestFailed"),
            Case(release: .healthHangs, status: 10, result: "UpgradeFailedRollbackSuccess-VerbTimedOut"),
            Case(release: .undeclaredSetting, status: 10, result: "UpgradeFailedRollbackSuccess-SettingsChanged"),
            Case(release: .exportsFail, status: 10, result: "UpgradeFailedRollbackSuccess-ObservationHealth"),
        ])
    func ends(_ item: Case) throws {
        try withContractServer { server in
            try server.offer([item.release])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.upgrade(["run", "--wait"])
            #expect(run.status == item.status, "\(run.output)\(run.errors)")
            #expect(server.result() == item.result)
            #expect(try server.verb("status").document["version"] as? String == item.active.rawValue)
            let violations = checker.violations(since: before, run: .init(exitStatus: run.status))
            #expect(violations.isEmpty, "\(run.output)\(run.errors)")
        }
    }
}
