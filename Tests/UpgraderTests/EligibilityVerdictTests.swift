import Documents
import ReleaseContract
import SyncConfiguration
import Testing
import VersionCatalog

@testable import Upgrader

struct EligibilityVerdictTests {
    @Test("A running server that is well is eligible, and nothing of it is unknown")
    func eligible() throws {
        let report = try EligibilityFacts.evaluate(EligibilityFacts.live())
        #expect(report.verdict == .eligible)
        #expect(report.permitsRun)
        #expect(report.unknowns.isEmpty)
        #expect(report.notes.isEmpty)
    }

    @Test("Suspended does not block by itself at the floor or above, and says so")
    func suspended() throws {
        var facts = EligibilityFacts.live(ProductVersion(1, 1, 750, 0))
        facts.parameters?[GlobalParameter.autoUpgradeState] = "Suspended"
        facts.parameters?[GlobalParameter.autoUpgradeSuspensionReason] = "UpgradeNotSupportedStagingModeEnabled"
        let report = try EligibilityFacts.evaluate(facts)
        #expect(report.verdict == .eligible)
        #expect(report.permitsRun)
        #expect(report.notes.count == 1)
        #expect(report.notes[0].contains("UpgradeNotSupportedStagingModeEnabled"))
        #expect(report.notes[0].contains("does not block by itself"))
    }

    @Test(
        "Below the floor nothing is upgraded automatically, whatever the state says",
        arguments: ["Enabled", "Suspended"])
    func belowFloor(_ state: String) throws {
        var facts = EligibilityFacts.live(ProductVersion(1, 1, 749, 0))
        facts.parameters?[GlobalParameter.autoUpgradeState] = state
        let report = try EligibilityFacts.evaluate(facts)
        #expect(report.verdict == .notSupported(.notSupported("VersionBelowFloor")))
        #expect(report.verdict.exitStatus == 78)
        #expect(!report.permitsRun)
        #expect(report.notes.contains { $0.contains("does not cure it") } == (state == "Suspended"))
    }

    @Test("Disabled is evaluated, and run does nothing")
    func disabled() throws {
        var facts = EligibilityFacts.live()
        facts.parameters?[GlobalParameter.autoUpgradeState] = "Disabled"
        let report = try EligibilityFacts.evaluate(facts)
        #expect(report.verdict == .eligible)
        #expect(report.isDisabled)
        #expect(!report.permitsRun)
        #expect(report.notes.contains { $0.contains("Disabled") })
    }

    @Test(
        "A server of the real product is told of its own cmdlets, never of this program's commands",
        arguments: ["Suspended", "Disabled"])
    func cmdlets(_ state: String) throws {
        var facts = EligibilityFacts.export()
        facts.parameters?[GlobalParameter.autoUpgradeState] = state
        let note = try #require(try EligibilityFacts.evaluate(facts).notes.first)
        #expect(note.contains(state))
        #expect(note.contains("Set-ADSyncAutoUpgrade"))
        #expect(!note.contains("`"))
    }

    /// Takes one thing that eligibility must know away from a running server.
    struct Gap: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let forget: @Sendable (inout ServerFacts) -> Void

        init(_ name: String, _ forget: @escaping @Sendable (inout ServerFacts) -> Void) {
            testDescription = name
            self.forget = forget
        }
    }

    static let gaps = [
        Gap("product") { $0.product = nil },
        Gap("version") { $0.version = nil },
        Gap("recorded name") { $0.recordedName = nil },
        Gap("actual name") { $0.actualName = nil },
        Gap("all parameters") { $0.parameters = nil },
        Gap("state") { $0.parameters?[GlobalParameter.autoUpgradeState] = nil },
        Gap("strange state") { $0.parameters?[GlobalParameter.autoUpgradeState] = "On" },
        Gap("schedule") { $0.parameters?[GlobalParameter.synchronizationSchedule] = nil },
        Gap("service") { $0.serviceRunning = nil },
        Gap("configuration") { $0.configurationInProgress = nil },
        Gap("console") { $0.consoleOpen = nil },
        Gap("database size") { $0.databaseBytes = nil },
        Gap("database writable") { $0.databaseWritable = nil },
        Gap("database kind") { $0.databaseKind = nil },
        Gap("custom rules") { $0.customRules = nil },
        Gap("health upload") { $0.healthUploadEnabled = nil },
        Gap("free disk") { $0.host.freeDiskBytes = nil },
        Gap("marker") { $0.host.attemptsWritable = nil },
    ]

    @Test("What is unknown on a running server closes the gate", arguments: gaps)
    func unknown(_ gap: Gap) throws {
        var facts = EligibilityFacts.live()
        gap.forget(&facts)
        let report = try EligibilityFacts.evaluate(facts)
        #expect(report.verdict == .aborted(.aborted("FactUnknown")))
        #expect(report.verdict.exitStatus == 75)
        #expect(!report.permitsRun)
    }

    @Test("A release that does not say what disk it needs cannot be judged")
    func unknownNeed() throws {
        let release = OfferedRelease(product: "adsync", version: ProductVersion(3, 0, 0, 0), channels: ["stable"])
        let decision = ReleaseDecision(outcome: .release(release), passedOver: [])
        let report = try EligibilityFacts.evaluate(EligibilityFacts.live(), decision)
        #expect(report.verdict == .aborted(.aborted("FactUnknown")))
    }

    @Test("Without a published repository a running server is not eligible, and the reason says so")
    func noRepository() throws {
        let report = try EligibilityFacts.evaluate(EligibilityFacts.live(), nil)
        #expect(report.verdict == .aborted(.aborted("FactUnknown")))
        #expect(report.reason.contains("no published repository is named"))
    }

    @Test("An export on which nothing fails is conditional, never eligible")
    func conditional() throws {
        let report = try EligibilityFacts.evaluate(EligibilityFacts.export())
        #expect(report.verdict == .conditional)
        #expect(report.verdict.exitStatus == 0)
        #expect(!report.unknowns.isEmpty)
        #expect(report.unknowns.allSatisfy { $0.remedy != nil })
        #expect(!report.permitsRun)
    }

    @Test("An export whose version is not known is conditional, and says what is missing")
    func noVersion() throws {
        var facts = EligibilityFacts.export()
        facts.version = nil
        let report = try EligibilityFacts.evaluate(facts, nil)
        #expect(report.verdict == .conditional)
        #expect(report.unknowns.contains { $0.code == .notSupported("VersionBelowFloor") })
    }

    @Test("A configuration that is not supported is answered before a temporary obstacle")
    func order() throws {
        var facts = EligibilityFacts.live()
        facts.serviceRunning = false
        #expect(try EligibilityFacts.evaluate(facts).verdict == .aborted(.aborted("ServiceIsNotRunning")))
        facts.customRules = 3
        #expect(try EligibilityFacts.evaluate(facts).verdict == .notSupported(.notSupported("CustomizedSyncRules")))
    }

    @Test("A failure is answered before what is unknown")
    func failureFirst() throws {
        var facts = EligibilityFacts.live()
        facts.consoleOpen = nil
        facts.serviceRunning = false
        #expect(try EligibilityFacts.evaluate(facts).verdict == .aborted(.aborted("ServiceIsNotRunning")))
    }

    @Test("With nothing newer the server is up to date, and a release that cannot be had is not called that")
    func decisions() throws {
        let facts = EligibilityFacts.live()
        let none = ReleaseDecision(outcome: .upToDate, passedOver: [])
        #expect(try EligibilityFacts.evaluate(facts, none).verdict == .upToDate)
        let later = ReleaseDecision(outcome: .unavailable(.aborted("ReleaseWithheld"), "failed"), passedOver: [])
        let withheld = try EligibilityFacts.evaluate(facts, later)
        #expect(withheld.verdict == .aborted(.aborted("ReleaseWithheld")))
        #expect(withheld.reason == "failed")
        let never = ReleaseDecision(outcome: .unavailable(.notSupported("NoUpgradePath"), "old"), passedOver: [])
        #expect(try EligibilityFacts.evaluate(facts, never).verdict == .notSupported(.notSupported("NoUpgradePath")))
    }

    @Test("The facts verb's answer becomes the facts of a server")
    func fromReport() throws {
        var answer = FactsReport()
        answer.product = "adsync"
        answer.version = ProductVersion(1, 1, 880, 0)
        answer.hostName = FactsReport.HostName(recorded: "a", actual: "b")
        answer.parameters = [GlobalParameter.autoUpgradeState: "Disabled"]
        answer.database = FactsReport.Database(bytes: 5, writable: true, kind: "local")
        answer.connectors = [FactsReport.Connector(id: "{1}", name: "n", kind: "cloud", objects: 1)]
        let facts = ServerFacts(report: answer, root: "/r", host: HostFacts(freeDiskBytes: 7))
        #expect(facts.isLive)
        #expect(facts.autoUpgradeState == .disabled)
        #expect(facts.connectors?.map(\.kind) == [.cloud])
        #expect((facts.recordedName, facts.actualName) == ("a", "b"))
        #expect((facts.databaseBytes, facts.host.freeDiskBytes) == (5, 7))
        #expect(facts.serviceRunning == nil)
    }
}
