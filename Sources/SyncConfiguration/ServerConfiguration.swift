import Documents

/// The configuration of a synchronization server, wherever it was read from.
public struct ServerConfiguration: Equatable, Sendable {
    /// The server's own name, as it wrote it.
    public var serverName: String
    /// When the configuration was written, in the server's words (local time, no zone is stated).
    public var exportDate: String
    /// Global parameters by their full names, such as `Microsoft.Synchronize.StagingMode`.
    public var parameters: [String: String]
    public var metaverse: MetaverseSchema
    public var connectors: [Connector]
    /// In order of direction and precedence.
    public var rules: [SynchronizationRule]

    public init(
        serverName: String, exportDate: String, parameters: [String: String], metaverse: MetaverseSchema,
        connectors: [Connector], rules: [SynchronizationRule]
    ) {
        self.serverName = serverName
        self.exportDate = exportDate
        self.parameters = parameters
        self.metaverse = metaverse
        self.connectors = connectors
        self.rules = rules
    }

    /// The version that wrote the configuration; nil where the server does not say or says something else than a version.
    public var version: ProductVersion? {
        parameters[GlobalParameter.serverConfigurationVersion].flatMap { ProductVersion($0) }
    }

    /// Rules that the product did not make.
    public var customRules: [SynchronizationRule] { rules.filter(\.isCustom) }
}

/// Names of the global parameters that this project reads.
public enum GlobalParameter {
    public static let serverConfigurationVersion = "Microsoft.Synchronize.ServerConfigurationVersion"
    public static let autoUpgradeState = "Microsoft.OptionalFeature.AutoUpgradeState"
    public static let autoUpgradeSuspensionReason = "Microsoft.OptionalFeature.AutoUpgradeSuspensionReason"
    public static let synchronizationSchedule = "Microsoft.Synchronize.SynchronizationSchedule"
    public static let schedulerSuspended = "Microsoft.Synchronize.SchedulerSuspended"
    public static let stagingMode = "Microsoft.Synchronize.StagingMode"
}

/// The metaverse's object classes and attributes, as far as sizes go.
public struct MetaverseSchema: Equatable, Sendable {
    /// How many attributes each class refers to, by the class's name.
    public var attributesByClass: [String: Int]
    /// How many attribute types are defined.
    public var attributeTypes: Int

    public init(attributesByClass: [String: Int], attributeTypes: Int) {
        self.attributesByClass = attributesByClass
        self.attributeTypes = attributeTypes
    }
}

/// One connector: its identity, and what it connects to.
public struct Connector: Equatable, Sendable {
    /// What stands at the other end.
    public enum Kind: String, Sendable {
        case activeDirectory, cloud, other
    }

    /// The identity of the cloud connector on every server.
    public static let cloudIdentifier = "{b891884f-051e-4a83-95af-2544101c9083}"

    /// In braces and lower case, whatever the file's spelling.
    public var id: String
    public var name: String
    public var category: String
    public var subtype: String
    /// How often its configuration was changed.
    public var version: Int
    /// Where an Active Directory connector signs in; nil for other kinds.
    public var forest: ForestAccount?
    public var partitions: [Partition]

    public init(
        id: String, name: String, category: String, subtype: String, version: Int, forest: ForestAccount? = nil,
        partitions: [Partition] = []
    ) {
        self.id = id
        self.name = name
        self.category = category
        self.subtype = subtype
        self.version = version
        self.forest = forest
        self.partitions = partitions
    }

    public var kind: Kind {
        if id == Self.cloudIdentifier { return .cloud }
        return category == "AD" ? .activeDirectory : .other
    }

    /// The forest and the account that reads it.
    public struct ForestAccount: Equatable, Sendable {
        public var name: String
        public var domain: String
        public var user: String

        public init(name: String, domain: String, user: String) {
            self.name = name
            self.domain = domain
            self.user = user
        }
    }

    /// A naming context, and whether it is synchronized.
    public struct Partition: Equatable, Sendable {
        public var name: String
        public var isSelected: Bool

        public init(name: String, isSelected: Bool) {
            self.name = name
            self.isSelected = isSelected
        }
    }
}
