import Documents
import ReleaseContract
import SyncConfiguration
import Testing
import VersionCatalog

@testable import Upgrader

/// Why a server is Suspended.
struct SuspensionCauseTests {
    static func causes(
        _ reason: String, attempts: SuspensionCause.Attempts = .init(), _ change: (inout ServerFacts) -> Void = { _ in }
    ) throws -> [SuspensionCause] {
        var facts = EligibilityFacts.live()
        facts.parameters?[GlobalParameter.autoUpgradeState] = "Suspended"
        facts.parameters?[GlobalParameter.autoUpgradeSuspensionReason] = reason
        change(&facts)
        return SuspensionCause.causes(of: try EligibilityFacts.evaluate(facts), attempts: attempts)
    }

    @Test(
        "The recorded reason is told apart by what holds now",
        arguments: [
            (
                "UpgradeNotSupportedCustomizedSyncRules",
                SuspensionCause.noLongerHolds(.notSupported("CustomizedSyncRules"))
            ),
            ("UpgradeAbortedSyncExeInUse", .temporaryAbort(.aborted("SyncExeInUse"))),
            (
                "UpgradeFailedRollbackFailed-PostTestFailed",
                .failedUpgrade(.rollbackFailed("PostTestFailed"))
            ),
            ("PreUpgradeFailure", .otherReason("PreUpgradeFailure")), ("", .noReason),
        ])
    func recorded(_ reason: String, _ cause: SuspensionCause) throws {
        #expect(try Self.causes(reason) == [cause])
    }

    @Test("A condition that still holds is named, and the recorded reason that is one of them not twice")
    func stillHolds() throws {
        let both = try Self.causes("UpgradeNotSupportedCustomizedSyncRules") {
            $0.customRules = 1
            $0.databaseKind = "remote"
        }
        #expect(both == [.stillHolds([.notSupported("NonLocalDbInstall"), .notSupported("CustomizedSyncRules")])])
    }

    @Test("Below 1.1.750.0 the old defect comes first")
    func oldDefect() throws {
        let version = ProductVersion(1, 1, 647, 0)
        let causes = try Self.causes("") { $0.version = version }
        #expect(causes == [.oldDefect(version), .noReason])
    }

    @Test("Attempts that were cut off or cannot be read are named")
    func attempts() throws {
        let attempts = SuspensionCause.Attempts(interrupted: "a", unreadable: "b")
        #expect(
            try Self.causes("", attempts: attempts) == [.interruptedAttempt("a"), .unreadableAttempt("b"), .noReason])
    }

    @Test("A server that is not Suspended has no cause")
    func enabled() throws {
        let causes = try Self.causes("UpgradeAbortedX") { $0.parameters?[GlobalParameter.autoUpgradeState] = "Enabled" }
        #expect(causes.isEmpty)
    }

    @Test("Eligible means that every condition passes; the disk's need may be open only where there is no release")
    func eligible() throws {
        var facts = EligibilityFacts.live()
        let none = try EligibilityFacts.evaluate(facts, ReleaseDecision(outcome: .upToDate, passedOver: []))
        #expect(!none.unknowns.isEmpty)
        #expect(Repair.isEligible(none))
        #expect(try Repair.isEligible(EligibilityFacts.evaluate(facts)))
        facts.consoleOpen = nil
        #expect(try !Repair.isEligible(EligibilityFacts.evaluate(facts)))
        facts.consoleOpen = true
        #expect(try !Repair.isEligible(EligibilityFacts.evaluate(facts)))
    }
}
