import ReleaseContract
import SyncConfiguration
import VersionCatalog

extension ServerFacts {
    /// The facts that an exported configuration holds.
    ///
    /// An export has the configuration and no objects. What the configuration rules out is known all the same: where
    /// no rule brings objects of a type into the metaverse there are none, and where no connector reads the attribute
    /// that tells mailboxes apart, no rule sees a linked or a resource mailbox. The other direction stays unknown.
    /// The parameters' feature switches are not asked for that: the rules decide.
    public init(configuration: ServerConfiguration, folder: String) {
        self.init(source: .export(folder: folder, date: configuration.exportDate))
        product = Self.realProduct
        version = configuration.version
        if version == nil { unknownBecause[.version] = Self.versionReason(configuration) }
        recordedName = configuration.serverName
        parameters = configuration.parameters
        connectors = configuration.connectors.map {
            ConnectorFacts(id: $0.id, name: $0.name, kind: $0.kind, account: $0.forest?.user)
        }
        customRuleNames = configuration.customRules.map(\.name)
        customRules = configuration.customRules.count
        learnRules(configuration)
        domains = configuration.connectors.flatMap(DomainFacts.domains)
        possibleObjectTypes = configuration.possibleObjectTypes
        if !configuration.readsMailboxKinds {
            linkedMailboxes = 0
            resourceMailboxes = 0
        }
        learnSignIn()
    }

    /// What the standard rules of a real version contain is not known, so their tags are all there is to compare
    /// with. An edited or a deleted one need not show then.
    private mutating func learnRules(_ configuration: ServerConfiguration) {
        let comparison = RuleComparison(
            rules: configuration.rules, connectors: configuration.connectors, standard: .tagsOnly,
            installed: configuration.version)
        ruleChanges = comparison.changes
        ruleBlindSpots = comparison.blindSpots
        hiddenRuleChanges = [.edited, .deleted]
    }

    private static func versionReason(_ configuration: ServerConfiguration) -> String {
        let name = GlobalParameter.serverConfigurationVersion
        guard let text = configuration.parameters[name] else { return "\(name) is not among the parameters" }
        return "\(name) is \"\(text)\", which is no version"
    }
}

extension DomainFacts {
    /// The domains of a connector's forest; none for connectors to anything else.
    ///
    /// Configuration, schema and the zones of the DNS are naming contexts, too, and no domains.
    static func domains(of connector: Connector) -> [DomainFacts] {
        guard connector.kind == .activeDirectory else { return [] }
        return connector.partitions.compactMap { partition in
            guard let name = partition.domainName else { return nil }
            var domain = DomainFacts(connector: connector.id, connectorName: connector.name, name: name)
            domain.isSelected = partition.isSelected
            domain.hasContainerFilter = partition.hasContainerFilter
            domain.netbiosName = partition.parameter("Domain.Netbios")
            domain.isDisjoint = partition.isDisjoint(domain: name)
            return domain
        }
    }
}

extension Connector.Partition {
    private static let dnsZones: Set<String> = ["domaindnszones", "forestdnszones"]

    /// The name in the DNS of a partition that is a domain.
    var domainName: String? {
        var labels: [String] = []
        for part in name.split(separator: ",", omittingEmptySubsequences: false) {
            let component = part.drop { $0 == " " }
            guard component.lowercased().hasPrefix("dc="), component.count > 3 else { return nil }
            labels.append(String(component.dropFirst(3)))
        }
        guard let first = labels.first, !Self.dnsZones.contains(first.lowercased()) else { return nil }
        return labels.joined(separator: ".")
    }

    /// Something is left out, or only a part is taken. Without a filter nothing is excluded, and the domain itself is
    /// included.
    var hasContainerFilter: Bool {
        let whole = name.lowercased()
        return !excludedContainers.isEmpty || includedContainers.contains { !$0.isEmpty && $0.lowercased() != whole }
    }

    func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// A domain controller whose name lies outside of its domain shows a disjoint namespace. One inside proves
    /// nothing of the others.
    func isDisjoint(domain: String) -> Bool? {
        guard let controller = parameter("last-dc")?.lowercased(), let dot = controller.firstIndex(of: "."),
            // An address has no domain.
            controller.contains(where: \.isLetter), !controller.contains(":")
        else {
            return nil
        }
        return controller[controller.index(after: dot)...] == domain.lowercased() ? nil : true
    }
}

extension ServerConfiguration {
    /// The metaverse types of which the rules can make objects: an enabled rule provisions them from a class that its
    /// connector reads.
    var possibleObjectTypes: Set<String> {
        let byId = Dictionary(connectors.map { ($0.id, $0) }) { first, _ in first }
        let makers = rules.filter { rule in
            guard rule.direction == .inbound, rule.linkType == .provision, !rule.isDisabled else { return false }
            return byId[rule.connector]?.reads(rule.connectorObjectType) ?? true
        }
        return Set(makers.map(\.metaverseObjectType))
    }

    /// Whether any forest is read with the attribute that tells kinds of mailboxes apart.
    var readsMailboxKinds: Bool {
        connectors.contains { connector in
            guard connector.kind == .activeDirectory else { return false }
            // A connector without a list of attributes does not say what it reads.
            return connector.includedAttributes.isEmpty
                || connector.includedAttributes.contains { $0.lowercased() == "msexchrecipienttypedetails" }
        }
    }
}

extension Connector {
    /// Whether a selected partition reads a class; true for one that does not say which it reads.
    func reads(_ objectClass: String) -> Bool {
        partitions.contains { partition in
            partition.isSelected
                && (partition.objectClasses.isEmpty
                    || partition.objectClasses.contains { $0.lowercased() == objectClass.lowercased() })
        }
    }
}
