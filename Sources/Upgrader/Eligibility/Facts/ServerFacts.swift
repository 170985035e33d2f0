import Documents
import ReleaseContract
import SyncConfiguration
import VersionCatalog

/// What is known of a server, wherever it was learnt. What is nil is not known; nothing is assumed.
public struct ServerFacts: Equatable, Sendable {
    /// Where the facts come from.
    public enum Source: Equatable, Sendable {
        /// A server below this root answered the `facts` verb.
        case server(root: String)
        /// A folder of `Get-ADSyncServerConfiguration`; written at that moment, in the server's own time.
        case export(folder: String, date: String)
        /// The printed parameters of `Get-ADSyncGlobalSettings`.
        case settings(file: String)
    }

    public static let realProduct = "azure-ad-connect"

    public var source: Source
    public var product: String?
    public var version: ProductVersion?
    /// The name that was recorded when the server was set up, and the one that its machine has.
    public var recordedName: String?
    public var actualName: String?
    public var parameters: [String: String]?
    /// Parameters whose values were cut in a printout: they are there, and not known. A name that was itself cut ends
    /// in `…`.
    public var cutParameters: Set<String> = []
    /// Whether a parameter that is not among ``parameters`` is not there; false for a part of a printout.
    public var parametersAreWhole = true
    public var account: String?
    public var serviceRunning: Bool?
    public var configurationInProgress: Bool?
    public var consoleOpen: Bool?
    public var databaseBytes: Int?
    public var databaseWritable: Bool?
    public var databaseKind: String?
    public var metaverseObjects: Int?
    public var objectsByType: [String: Int]?
    /// The metaverse types that rules can bring into being; of every other there is no object. nil where the rules
    /// are not known.
    public var possibleObjectTypes: Set<String>?
    public var connectors: [ConnectorFacts]?
    public var customRules: Int?
    public var customRuleNames: [String]?
    public var healthAgentVersion: ProductVersion?
    public var healthAgentRegistration: String?
    public var healthUploadEnabled: Bool?
    /// What was done to the rules; nil where the input has no rules.
    public var ruleChanges: [RuleChange]?
    /// Kinds of changes that may be there without showing in ``ruleChanges``.
    public var hiddenRuleChanges: Set<RuleChange.Kind> = []
    /// What may have been changed without showing, in sentences.
    public var ruleBlindSpots: [String] = []
    /// `express`, `dirsync` or `custom`.
    public var installKind: String?
    /// `passwordHash`, `pta`, `adfs`, `pingFederate` or `none`.
    public var signInMethod: String?
    public var desktopSingleSignOn: Bool?
    public var securityGroupsPresent: Bool?
    public var engineConfigurationEdited: Bool?
    public var domains: [DomainFacts]?
    public var linkedMailboxes: Int?
    public var resourceMailboxes: Int?
    public var largestGroup: Int?
    /// Measured by the orchestrator on the server's own machine.
    public var host = HostFacts()
    /// Why facts are not known, where there is more to say than that the input does not tell them.
    public var unknownBecause: [FactName.Property: String] = [:]

    public init(source: Source) { self.source = source }

    public var isLive: Bool { if case .server = source { true } else { false } }

    /// What people call the server.
    public var name: String? { actualName ?? recordedName }
}

/// What eligibility knows of one connector.
public struct ConnectorFacts: Equatable, Sendable {
    public var id: String
    public var name: String
    public var kind: Connector.Kind
    /// The account that reads a forest; nil where it is not known.
    public var account: String?

    public init(id: String, name: String, kind: Connector.Kind, account: String? = nil) {
        self.id = id
        self.name = name
        self.kind = kind
        self.account = account
    }
}

/// What eligibility knows of one domain.
public struct DomainFacts: Equatable, Sendable {
    /// The id and the name of the connector that reads it.
    public var connector: String
    public var connectorName: String
    /// The name in the DNS.
    public var name: String
    public var netbiosName: String?
    public var isDisjoint: Bool?
    public var isSelected: Bool?
    public var hasContainerFilter: Bool?

    public init(connector: String, connectorName: String, name: String) {
        self.connector = connector
        self.connectorName = connectorName
        self.name = name
    }
}

/// What the orchestrator sees of the machine itself.
public struct HostFacts: Equatable, Sendable {
    /// Free bytes where downloads, releases and generations are kept, the smallest of them.
    public var freeDiskBytes: Int?
    /// The attempt's own record can be written.
    public var attemptsWritable: Bool?
    /// The account that runs this program.
    public var userID: Int?
    /// Size of that disk, memory, and the fastest processor's speed.
    public var diskBytes: Int?
    public var memoryBytes: Int?
    public var processorMegahertz: Int?
    public var isFIPS: Bool?
    public var isIPv6Only: Bool?
    /// Folders and files of releases, database and keys that others than their owner can write.
    public var foreignWriters: [String]?
    /// How the repository answered.
    public var repositoryAccess: RepositoryAccess?
    /// The idle time after which the proxy cuts a connection, as the configuration states it.
    public var proxy: ProxyFacts?

    public init(freeDiskBytes: Int? = nil, attemptsWritable: Bool? = nil) {
        self.freeDiskBytes = freeDiskBytes
        self.attemptsWritable = attemptsWritable
    }
}

/// Whether the repository could be read, and if not, whose fault it is.
public enum RepositoryAccess: Equatable, Sendable {
    /// None is named.
    case notNamed
    /// - Parameter isEncrypted: over https, with TLS 1.2 at least.
    case reachable(isEncrypted: Bool)
    case failed(Obstacle, detail: String)

    public enum Obstacle: String, Sendable, CaseIterable {
        case nameResolution
        /// 403: something on the way forbids the address.
        case blocked
        /// 407: the proxy wants credentials.
        case proxyCredentials
        /// Encryption failed: a certificate, or something that is no TLS.
        case tls
        /// The other side has no version of TLS from 1.2 on.
        case oldTLS
        case unreachable
    }
}

public enum ProxyFacts: Equatable, Sendable {
    case none
    /// - Parameter idleSeconds: nil where nobody stated it.
    case used(idleSeconds: Int?)
}

/// The state of automatic upgrade, as the server keeps it.
public enum AutoUpgradeState: Equatable, Sendable, CustomStringConvertible {
    case enabled, suspended, disabled
    /// A value that is none of the three.
    case other(String)

    public init(_ text: String) {
        switch text {
        case "Enabled": self = .enabled
        case "Suspended": self = .suspended
        case "Disabled": self = .disabled
        default: self = .other(text)
        }
    }

    public var description: String {
        switch self {
        case .enabled: "Enabled"
        case .suspended: "Suspended"
        case .disabled: "Disabled"
        case .other(let text): text
        }
    }
}

extension ServerFacts {
    /// The facts of a running server.
    public init(report: FactsReport, root: String, host: HostFacts = HostFacts()) {
        self.init(source: .server(root: root))
        product = report.product
        version = report.version
        recordedName = report.hostName?.recorded
        actualName = report.hostName?.actual
        parameters = report.parameters
        account = report.account
        serviceRunning = report.serviceRunning
        configurationInProgress = report.configurationInProgress
        consoleOpen = report.consoleOpen
        databaseBytes = report.database?.bytes
        databaseWritable = report.database?.writable
        databaseKind = report.database?.kind
        metaverseObjects = report.objects?.metaverse
        objectsByType = report.objects?.byType
        connectors = report.connectors?.map { connector in
            let kind: Connector.Kind =
                switch connector.kind {
                case "ad": .activeDirectory
                case "cloud": .cloud
                default: .other
                }
            return ConnectorFacts(id: connector.id, name: connector.name, kind: kind)
        }
        customRules = report.customRules
        ruleChanges = report.ruleChanges
        installKind = report.installKind
        signInMethod = report.signInMethod
        desktopSingleSignOn = report.desktopSingleSignOn
        securityGroupsPresent = report.securityGroupsPresent
        engineConfigurationEdited = report.engineConfigurationEdited
        linkedMailboxes = report.objects?.linkedMailboxes
        resourceMailboxes = report.objects?.resourceMailboxes
        largestGroup = report.objects?.largestGroup
        let names = Dictionary((connectors ?? []).map { ($0.id, $0.name) }) { first, _ in first }
        domains = report.domains?.map { domain in
            var known = DomainFacts(
                connector: domain.connector, connectorName: names[domain.connector] ?? domain.connector,
                name: domain.name)
            known.netbiosName = domain.netbiosName
            known.isDisjoint = domain.isDisjoint
            known.isSelected = domain.isSelected
            known.hasContainerFilter = domain.hasContainerFilter
            return known
        }
        healthAgentVersion = report.healthAgent?.version
        healthAgentRegistration = report.healthAgent?.registration
        healthUploadEnabled = report.healthAgent?.uploadEnabled
        self.host = host
    }

    public var autoUpgradeState: AutoUpgradeState? {
        parameters?[GlobalParameter.autoUpgradeState].map { AutoUpgradeState($0) }
    }

    /// Why the system set Suspended, in its own words; nil where no reason stands.
    public var suspensionReason: String? {
        parameters?[GlobalParameter.autoUpgradeSuspensionReason].flatMap { $0.isEmpty ? nil : $0 }
    }
}
