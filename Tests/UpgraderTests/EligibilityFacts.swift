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
        facts.account = "uid 990"
        facts.installKind = "express"
        facts.signInMethod = "passwordHash"
        facts.securityGroupsPresent = true
        facts.ruleChanges = []
        var domain = DomainFacts(connector: "{1}", connectorName: "example.org", name: "example.org")
        domain.netbiosName = "EXAMPLE"
        domain.isDisjoint = false
        domain.isSelected = true
        domain.hasContainerFilter = false
        facts.domains = [domain]
        facts.host = HostFacts(freeDiskBytes: 1000, attemptsWritable: true)
        facts.host.userID = 990
        facts.host.foreignWriters = []
        facts.host.repositoryAccess = .reachable(isEncrypted: true)
        facts.host.proxy = ProxyFacts.none
        facts.host.isIPv6Only = false
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
        facts.account = nil
        facts.installKind = nil
        facts.signInMethod = nil
        facts.securityGroupsPresent = nil
        facts.domains?[0].isDisjoint = nil
        facts.host = HostFacts()
        return facts
    }

    /// A release that needs 400 bytes for itself; with two copies of the data that is 600.
    static let newer = ReleaseDecision(
        outcome: .release(
            OfferedRelease(
                product: "adsync", version: ProductVersion(3, 0, 0, 0), channels: ["stable"], requiredDiskBytes: 400)),
        passedOver: [])

    /// The report of the built-in release history, on a day when it was complete.
    static func judge(_ facts: ServerFacts, accepting risks: Set<String> = []) throws -> EligibilityReport {
        try CheckReport(EligibilityQuestion(today: today, acceptedRisks: risks)).report(facts)
    }

    static let today = ReleaseDate(WallTime(milliseconds: 1_790_000_000_000))

    static func evaluate(_ facts: ServerFacts, _ decision: ReleaseDecision? = newer) throws -> EligibilityReport {
        Eligibility.evaluate(
            facts: facts, conditions: try BuiltInCatalog.conditions().conditions,
            advice: try BuiltInCatalog.advice().advice, decision: decision, live: facts.isLive)
    }
}
