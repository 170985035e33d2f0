import Documents
import ReleaseContract
import SyncConfiguration

/// What is known of a server, wherever it was learnt. What is nil is not known; nothing is assumed.
public struct ServerFacts: Equatable, Sendable {
    /// Where the facts come from.
    public enum Source: Equatable, Sendable {
        /// A server below this root answered the `facts` verb.
        case server(root: String)
        /// A folder of `Get-ADSyncServerConfiguration`; written at that moment, in the server's own time.
        case export(folder: String, date: String)
    }

    public static let realProduct = "azure-ad-connect"

    public var source: Source
    public var product: String?
    public var version: ProductVersion?
    /// The name that was recorded when the server was set up, and the one that its machine has.
    public var recordedName: String?
    public var actualName: String?
    public var parameters: [String: String]?
    public var account: String?
    public var serviceRunning: Bool?
    public var configurationInProgress: Bool?
    public var consoleOpen: Bool?
    public var databaseBytes: Int?
    public var databaseWritable: Bool?
    public var databaseKind: String?
    public var metaverseObjects: Int?
    public var objectsByType: [String: Int]?
    public var connectors: [ConnectorFacts]?
    public var customRules: Int?
    public var customRuleNames: [String]?
    public var healthAgentVersion: ProductVersion?
    public var healthAgentRegistration: String?
    public var healthUploadEnabled: Bool?
    /// Measured by the orchestrator on the server's own machine.
    public var host = HostFacts()

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

/// What the orchestrator sees of the machine itself.
public struct HostFacts: Equatable, Sendable {
    /// Free bytes where downloads, releases and generations are kept, the smallest of them.
    public var freeDiskBytes: Int?
    /// The attempt's own record can be written.
    public var attemptsWritable: Bool?

    public init(freeDiskBytes: Int? = nil, attemptsWritable: Bool? = nil) {
        self.freeDiskBytes = freeDiskBytes
        self.attemptsWritable = attemptsWritable
    }
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
        healthAgentVersion = report.healthAgent?.version
        healthAgentRegistration = report.healthAgent?.registration
        healthUploadEnabled = report.healthAgent?.uploadEnabled
        self.host = host
    }

    /// The facts that an exported configuration holds.
    public init(configuration: ServerConfiguration, folder: String) {
        self.init(source: .export(folder: folder, date: configuration.exportDate))
        product = Self.realProduct
        version = configuration.version
        recordedName = configuration.serverName
        parameters = configuration.parameters
        connectors = configuration.connectors.map {
            ConnectorFacts(id: $0.id, name: $0.name, kind: $0.kind, account: $0.forest?.user)
        }
        customRuleNames = configuration.customRules.map(\.name)
        customRules = configuration.customRules.count
    }

    public var autoUpgradeState: AutoUpgradeState? {
        parameters?[GlobalParameter.autoUpgradeState].map { AutoUpgradeState($0) }
    }

    /// Why the system set Suspended, in its own words; nil where no reason stands.
    public var suspensionReason: String? {
        parameters?[GlobalParameter.autoUpgradeSuspensionReason].flatMap { $0.isEmpty ? nil : $0 }
    }
}
