import Documents
import ReleaseContract
import SyncConfiguration
import VersionCatalog

@testable import Upgrader

/// Facts of servers that are well in every respect, for tests to make worse.
enum EligibilityFacts {
    static let root = "/srv/example"

    /// A running `adsync` server that may be upgraded.
    static func live(_ version: ProductVersion = ProductVersion(1, 1, 880, 0)) -> ServerFacts {
        var facts = ServerFacts(source: .server(root: root))
        facts.product = "adsync"
        facts.version = version
        facts.recordedName = "sync01"
        facts.actualName = "SYNC01"
        facts.parameters = [
            GlobalParameter.autoUpgradeState: "Enabled",
            GlobalParameter.synchronizationSchedule: "True",
            GlobalParameter.stagingMode: "False",
        ]
        facts.serviceRunning = true
        facts.configurationInProgress = false
        facts.consoleOpen = false
        facts.databaseBytes = 100
        facts.databaseWritable = true
        facts.databaseKind = "local"
        facts.metaverseObjects = 1000
        facts.connectors = [
            ConnectorFacts(id: "{1}", name: "example.org", kind: .activeDirectory, account: "MSOL_1"),
            ConnectorFacts(id: Connector.cloudIdentifier, name: "cloud", kind: .cloud),
        ]
        facts.customRules = 0
        facts.healthUploadEnabled = true
        facts.host = HostFacts(freeDiskBytes: 1000, attemptsWritable: true)
        return facts
    }

    /// What an export tells of a server of the real product that is well.
    static func export(_ version: ProductVersion = ProductVersion(2, 5, 79, 0)) -> ServerFacts {
        var facts = live(version)
        facts.source = .export(folder: "export", date: "2020-01-02 03:04:05.678")
        facts.product = ServerFacts.realProduct
        facts.actualName = nil
        facts.serviceRunning = nil
        facts.configurationInProgress = nil
        facts.consoleOpen = nil
        facts.databaseBytes = nil
        facts.databaseWritable = nil
        facts.databaseKind = nil
        facts.metaverseObjects = nil
        facts.healthUploadEnabled = nil
        facts.host = HostFacts()
        return facts
    }

    /// A release that needs 400 bytes for itself; with two copies of the data that is 600.
    static let newer = ReleaseDecision(
        outcome: .release(
            OfferedRelease(
                product: "adsync", version: ProductVersion(3, 0, 0, 0), channels: ["stable"], requiredDiskBytes: 400)),
        passedOver: [])

    static func evaluate(_ facts: ServerFacts, _ decision: ReleaseDecision? = newer) throws -> EligibilityReport {
        Eligibility.evaluate(
            facts: facts, conditions: try BuiltInCatalog.conditions().conditions, decision: decision,
            live: facts.isLive)
    }
}
