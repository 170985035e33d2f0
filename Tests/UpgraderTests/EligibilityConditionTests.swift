import Documents
import Foundation
import ReleaseContract
import SyncConfiguration
import TestSupport
import Testing
import VersionCatalog

@testable import Upgrader

struct EligibilityConditionTests {
    /// Makes one condition fail.
    struct Defect: Sendable, CustomTestStringConvertible {
        let reason: String
        /// The first version in which it blocks no more.
        var lifted: ProductVersion?
        /// The outcome on a good server.
        var passes: ConditionResult.Outcome = .pass
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
        Defect(reason: "TLSVersionIncorrect", spoil: unreachable(.oldTLS)),
        Defect(reason: "InvalidPersistedState") { $0.installKind = "custom" },
        Defect(reason: "AdfsSignInMethod", lifted: ProductVersion(1, 3, 20, 0)) { $0.signInMethod = "adfs" },
        Defect(reason: "PtaSignInMethod", lifted: ProductVersion(2, 0, 3, 0)) { $0.signInMethod = "pta" },
        Defect(reason: "NotConfiguredSignInMethod", lifted: ProductVersion(2, 0, 3, 0)) { $0.signInMethod = "none" },
        Defect(reason: "SecurityGroupsNotPresent") { $0.securityGroupsPresent = false },
        Defect(reason: "DuplicateConnectors") { facts in
            var again = DomainFacts(connector: "{2}", connectorName: "second", name: "EXAMPLE.org")
            again.isSelected = true
            facts.domains?.append(again)
        },
        Defect(reason: "DottedNetbiosName") { $0.domains?[0].netbiosName = "EX.AMPLE" },
        Defect(reason: "DisjointNamespace") { $0.domains?[0].isDisjoint = true },
        Defect(reason: "Ipv6Only") { $0.host.isIPv6Only = true },
        Defect(reason: "NameNotResolved", spoil: unreachable(.nameResolution)),
        Defect(reason: "UrlBlocked", spoil: unreachable(.blocked)),
        Defect(reason: "ProxyCredentialsRequired", spoil: unreachable(.proxyCredentials)),
        Defect(reason: "EncryptionFailed", spoil: unreachable(.tls)),
        Defect(reason: "CannotConnect", spoil: unreachable(.unreachable)),
        Defect(reason: "ProxyIdleTimeout", passes: .notApplicable) { $0.host.proxy = .used(idleSeconds: 299) },
        Defect(reason: "InsecurePermissions") { $0.host.foreignWriters = ["var/lib/adsync/gen/1/data/keys"] },
        Defect(reason: "WrongAccount") { $0.host.userID = 1000 },
    ]

    static func unreachable(_ obstacle: RepositoryAccess.Obstacle) -> @Sendable (inout ServerFacts) -> Void {
        {
            $0.host.repositoryAccess = .failed(
                obstacle, detail: "https://example.org/catalog.json: \(obstacle.rawValue)")
        }
    }

    @Test("Every condition of the catalog is tried by this test")
    func complete() throws {
        let conditions = try BuiltInCatalog.conditions().conditions
        let checked = conditions.filter { $0.stage == .check }.map(\.code.reason)
        #expect(Set(checked) == Set(Self.defects.map(\.reason)))
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
        #expect(try result(defect.reason, facts).outcome == defect.passes)

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

    @Test("A proxy is asked for its idle time, and 300 seconds are enough")
    func proxies() throws {
        var facts = EligibilityFacts.live()
        #expect(try result("ProxyIdleTimeout", facts).evidence == "no proxy is in use")
        facts.host.proxy = .used(idleSeconds: 300)
        #expect(try result("ProxyIdleTimeout", facts).outcome == .pass)
        facts.host.proxy = .used(idleSeconds: nil)
        #expect(try result("ProxyIdleTimeout", facts).outcome == .unknown)
    }

    @Test("Both names of a renamed server are said, and case does not count")
    func renamed() throws {
        var facts = EligibilityFacts.live()
        #expect(try result("ServerRenamed", facts).outcome == .pass)
        facts.actualName = "sync02"
        #expect(try result("ServerRenamed", facts).evidence == "set up as sync01, now sync02")
    }

    @Test("Root may operate any service; an account that nobody told is not guessed")
    func accounts() throws {
        var facts = EligibilityFacts.live()
        facts.host.userID = 0
        #expect(try result("WrongAccount", facts).outcome == .pass)
        facts.account = "NT SERVICE"
        #expect(try result("WrongAccount", facts).outcome == .unknown)
    }

    @Test("A domain that two connectors name but only one reads is read once")
    func deselected() throws {
        var facts = EligibilityFacts.live()
        var again = DomainFacts(connector: "{2}", connectorName: "second", name: "example.org")
        again.isSelected = false
        again.netbiosName = "EXAMPLE"
        facts.domains?.append(again)
        #expect(try result("DuplicateConnectors", facts).outcome == .pass)
    }

    @Test("A condition that no input of this kind tells is unknown, with what is missing")
    func unknownHere() throws {
        let facts = EligibilityFacts.export(ProductVersion(1, 1, 130, 0))
        for reason in ["AdfsSignInMethod", "InvalidPersistedState", "SecurityGroupsNotPresent", "TLSVersionIncorrect"] {
            let found = try result(reason, facts)
            #expect(found.outcome == .unknown)
            #expect(found.evidence.hasPrefix("an export does not tell"))
        }
    }

    @Test("What binds only automatic upgrade is what people are told to do by hand")
    func attended() throws {
        for condition in try BuiltInCatalog.conditions().conditions where condition.isAutomaticOnly {
            #expect(condition.code.kind == .notSupported, "\(condition.code)")
        }
        let binding = try BuiltInCatalog.conditions().conditions.filter { !$0.isAutomaticOnly }.map(\.code.reason)
        for reason in ["DuplicateConnectors", "CloudConnectorMissing", "ServerRenamed", "InsufficientDiskSpace"] {
            #expect(binding.contains(reason), "\(reason)")
        }
    }
}

struct ResultCodeDocumentTests {
    @Test("docs/result-codes.md has every condition with its range and whom it binds, and no other")
    func conditions() throws {
        let path = packageFolder.appending(path: "docs/result-codes.md")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").map(String.init)
        let checked = try BuiltInCatalog.conditions().conditions.filter { $0.stage == .check }
        let expected = checked.map { condition in
            let range = condition.liftedIn.map { "below \($0)" } ?? "always"
            let product = condition.remedies.count == 2 ? "both" : "`\(condition.remedies.keys.first ?? "")`"
            let attended = condition.isAutomaticOnly ? "free" : "bound"
            return "| `\(condition.code)` | \(condition.title) | \(range) | \(product) | \(attended) |"
        }
        let table = lines.drop { !$0.hasPrefix("| code | condition |") }.dropFirst(2).prefix { $0.hasPrefix("|") }
        #expect(Array(table) == expected)
    }
}
