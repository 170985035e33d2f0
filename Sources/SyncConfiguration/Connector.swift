/// One connector: its identity, what it connects to, what it reads there.
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
    /// The attributes and classes of what it connects to.
    public var schema: DirectorySchema
    /// The attributes that are imported and exported, of all that the schema has.
    public var includedAttributes: [String]
    /// Settings of the connection, constants and parameters for rules.
    public var parameters: [Parameter]

    public init(
        id: String, name: String, category: String, subtype: String, version: Int, forest: ForestAccount? = nil,
        partitions: [Partition] = [], schema: DirectorySchema = DirectorySchema(), includedAttributes: [String] = [],
        parameters: [Parameter] = []
    ) {
        self.id = id
        self.name = name
        self.category = category
        self.subtype = subtype
        self.version = version
        self.forest = forest
        self.partitions = partitions
        self.schema = schema
        self.includedAttributes = includedAttributes
        self.parameters = parameters
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

    /// A naming context, and what of it is synchronized.
    public struct Partition: Equatable, Sendable {
        /// In braces and lower case; empty where the file has none.
        public var id: String
        /// A distinguished name in a directory.
        public var name: String
        public var isSelected: Bool
        /// The object classes that are read.
        public var objectClasses: [String]
        public var includedContainers: [String]
        public var excludedContainers: [String]
        public var parameters: [Parameter]

        public init(
            id: String = "", name: String, isSelected: Bool, objectClasses: [String] = [],
            includedContainers: [String] = [], excludedContainers: [String] = [], parameters: [Parameter] = []
        ) {
            self.id = id
            self.name = name
            self.isSelected = isSelected
            self.objectClasses = objectClasses
            self.includedContainers = includedContainers
            self.excludedContainers = excludedContainers
            self.parameters = parameters
        }
    }

    /// A named value of a connector or a partition.
    public struct Parameter: Equatable, Sendable {
        public var name: String
        public var value: String
        /// `connectivity` for the connection itself, `global` and `partition` for what rules may use.
        public var use: String
        /// Made by the product, not by an administrator.
        public var isIntrinsic: Bool
        /// Exports leave the value of these empty.
        public var isEncrypted: Bool

        public init(
            _ name: String, _ value: String, use: String, isIntrinsic: Bool = false, isEncrypted: Bool = false
        ) {
            self.name = name
            self.value = value
            self.use = use
            self.isIntrinsic = isIntrinsic
            self.isEncrypted = isEncrypted
        }
    }
}

extension Connector {
    /// The values of `%…%` in the expressions of this connector's rules, for all that do not depend on an object's domain.
    ///
    /// `Connector.ID` is the identifier in braces. An Active Directory connector's export states `Forest.FQDN`, `Forest.LDAP` and
    /// `Forest.Netbios`; where it does not, the first two are worked out of the forest's name. `Forest.Netbios` cannot be. Where exactly one
    /// partition is selected, its `Domain.…` values are here, too.
    public var ruleParameters: [String: String] {
        var values = forestParameters
        let selected = partitions.filter(\.isSelected)
        if selected.count == 1 { values.merge(selected[0].ruleParameters) { own, _ in own } }
        return values
    }

    /// The values of `%…%` for one object: those of the connector and those of the domain that the object lies in.
    ///
    /// - Parameter name: The object's distinguished name in the connector space.
    public func ruleParameters(for name: String) -> [String: String] {
        let object = name.lowercased()
        // A child domain lies below its parent's name, so the longest name is the object's own domain.
        let home = partitions.filter { object == $0.name.lowercased() || object.hasSuffix("," + $0.name.lowercased()) }
            .max { $0.name.utf8.count < $1.name.utf8.count }
        guard let home else { return ruleParameters }
        return forestParameters.merging(home.ruleParameters) { own, _ in own }
    }

    private var forestParameters: [String: String] {
        var values = ["Connector.ID": id]
        for parameter in parameters where parameter.use != "connectivity" && !parameter.isEncrypted {
            values[parameter.name] = parameter.value
        }
        if let forest, !forest.name.isEmpty {
            values["Forest.FQDN"] = values["Forest.FQDN"] ?? forest.name
            let components = forest.name.split(separator: ".").map { "DC=\($0)" }
            values["Forest.LDAP"] = values["Forest.LDAP"] ?? components.joined(separator: ",")
        }
        return values
    }
}

extension Connector.Partition {
    /// The `Domain.…` values. `Domain.Netbios` is there only where the export states it.
    public var ruleParameters: [String: String] {
        var values: [String: String] = [:]
        for parameter in parameters where parameter.use == "partition" && parameter.isIntrinsic {
            values[parameter.name] = parameter.value
        }
        let components = name.split(separator: ",")
        if !components.isEmpty, components.allSatisfy({ $0.uppercased().hasPrefix("DC=") }) {
            values["Domain.LDAP"] = values["Domain.LDAP"] ?? name
            values["Domain.FQDN"] = values["Domain.FQDN"] ?? components.map { $0.dropFirst(3) }.joined(separator: ".")
        }
        return values
    }
}
