import Documents
import ReleaseContract
import SyncConfiguration
import Testing
import VersionCatalog

@testable import Upgrader

struct EligibilityConditionTests {
    /// Makes one condition fail.
    struct Defect: Sendable, CustomTestStringConvertible {
        let reason: String
        /// The first version in which it blocks no more.
        var lifted: ProductVersion?
        let spoil: @Sendable (inout ServerFacts) -> Void

        var testDescription: String { reason }
    }

    static func parameter(_ name: String, _ value: String) -> @Sendable (inout ServerFacts) -> Void {
        { $0.parameters?[name] = value }
    }

    static let widened = ProductVersion(1, 1, 561, 0)
    static let writeback = "Microsoft.OptionalFeature."

    static let defects = [
        Defect(reason: "VersionBelowFloor") { $0.version = ProductVersion(1, 1, 749, 9) },
        Defect(reason: "ServerRenamed") { $0.actualName = "sync02" },
        Defect(reason: "CloudConnectorMissing") { $0.connectors?.removeAll { $0.kind == .cloud } },
        Defect(reason: "NonLocalDbInstall") { $0.databaseKind = "remote" },
        Defect(reason: "LocalDbSizeExceeded") { $0.databaseBytes = 8 << 30 },
        Defect(reason: "AADHealthUploadDisabled") { $0.healthUploadEnabled = false },
        Defect(reason: "CustomizedSyncRules", lifted: ProductVersion(2, 2, 1, 0)) { $0.customRules = 1 },
        Defect(reason: "StagingModeEnabled", lifted: widened, spoil: parameter(GlobalParameter.stagingMode, "True")),
        Defect(reason: "MetaverseSizeExceeeded", lifted: widened) { $0.metaverseObjects = 100_001 },
        Defect(reason: "MultiForestSetup", lifted: widened) {
            $0.connectors?.append(ConnectorFacts(id: "{2}", name: "second", kind: .activeDirectory, account: "MSOL_2"))
        },
        Defect(reason: "NonMsolAccount", lifted: widened) { $0.connectors?[0].account = "reader" },
        Defect(
            reason: "DeviceWritebackEnabled", lifted: widened, spoil: parameter(writeback + "DeviceWriteBack", "true")),
        Defect(
            reason: "GroupWritebackEnabled", lifted: widened, spoil: parameter(writeback + "GroupWriteBack", "True")),
        Defect(reason: "UserWritebackEnabled", lifted: widened, spoil: parameter(writeback + "UserWriteBack", "TRUE")),
        Defect(reason: "SyncCycleDisabled", spoil: parameter(GlobalParameter.synchronizationSchedule, "False")),
        Defect(reason: "SyncOrConfigurationInProgress") { $0.configurationInProgress = true },
        Defect(reason: "SyncExeInUse") { $0.consoleOpen = true },
        Defect(reason: "ServiceIsNotRunning") { $0.serviceRunning = false },
        Defect(reason: "InsufficientDatabasePermissions") { $0.databaseWritable = false },
        Defect(reason: "InsufficientDiskSpace") { $0.host.freeDiskBytes = 599 },
        Defect(reason: "CouldNotSetUpgradeMarker") { $0.host.attemptsWritable = false },
    ]

    /// No input tells these yet.
    static let untold = [
        "TLSVersionIncorrect", "InvalidPersistedState", "AdfsSignInMethod", "PtaSignInMethod",
        "NotConfiguredSignInMethod", "SecurityGroupsNotPresent",
    ]

    @Test("Every condition of the catalog is tried by a test, or listed as one that no input tells")
    func complete() throws {
        let conditions = try BuiltInCatalog.conditions().conditions
        let checked = conditions.filter { $0.stage == .check }.map(\.code.reason)
        #expect(Set(checked) == Set(Self.defects.map(\.reason) + Self.untold))
        for condition in conditions where condition.stage == .check {
            #expect(condition.blocksWhen != nil, "\(condition.code)")
        }
    }

    private func result(_ reason: String, _ facts: ServerFacts) throws -> ConditionResult {
        let condition = try #require(try BuiltInCatalog.conditions().conditions.first { $0.code.reason == reason })
        // Some conditions concern one product only; the product decides nothing else here.
        let product = condition.remedies["adsync"] == nil ? ServerFacts.realProduct : "adsync"
        return Eligibility.evaluate(condition, facts: facts, product: product, requiredDiskBytes: 400)
    }

    @Test("A condition passes on a good server and fails with evidence and remedy on a bad one", arguments: defects)
    func bothSides(_ defect: Defect) throws {
        // In the last version before it was lifted, and well above the floor where it never was.
        let version =
            defect.lifted.map { ProductVersion($0.major, $0.minor, $0.build - 1, 0) } ?? ProductVersion(2, 6, 0, 0)
        var facts = EligibilityFacts.live(version)
        #expect(try result(defect.reason, facts).outcome == .pass)

        defect.spoil(&facts)
        let failed = try result(defect.reason, facts)
        #expect(failed.outcome == .fail)
        #expect(!failed.evidence.isEmpty)
        #expect(failed.remedy != nil)
        guard let lifted = defect.lifted else { return }
        facts.version = lifted
        let after = try result(defect.reason, facts)
        #expect(after.outcome == .notApplicable)
        #expect(after.evidence == "lifted in \(lifted)")
        #expect(after.remedy == nil)
    }

    @Test("Limits are exact")
    func limits() throws {
        var facts = EligibilityFacts.live(ProductVersion(1, 1, 500, 0))
        facts.metaverseObjects = 100_000
        #expect(try result("MetaverseSizeExceeeded", facts).outcome == .pass)
        facts.databaseBytes = 8 << 30 - 1
        #expect(try result("LocalDbSizeExceeded", facts).outcome == .pass)
        facts.databaseBytes = 100
        facts.host.freeDiskBytes = 600
        #expect(try result("InsufficientDiskSpace", facts).outcome == .pass)
        facts.version = ProductVersion(1, 1, 750, 0)
        #expect(try result("VersionBelowFloor", facts).outcome == .pass)
    }

    @Test("A parameter that is neither True nor False is not judged")
    func unreadable() throws {
        var facts = EligibilityFacts.live()
        facts.parameters?[GlobalParameter.synchronizationSchedule] = "perhaps"
        #expect(try result("SyncCycleDisabled", facts).outcome == .unknown)
    }

    @Test("What no input tells is unknown where it applies", arguments: untold)
    func unknownHere(_ reason: String) throws {
        let facts = EligibilityFacts.export(ProductVersion(1, 1, 130, 0))
        let found = try result(reason, facts)
        #expect(found.outcome == .unknown)
        #expect(found.evidence.hasPrefix("an export does not tell"))
    }
}
