import SyncConfiguration
import VersionCatalog

extension ServerFacts {
    /// Facts about the domains that the connectors read.
    func domainFact(_ property: FactName.Property) -> Fact {
        switch property {
        case .deselectedDomains: deselectedDomains
        case .containerFilters:
            domains("domains with a filter of containers", "the filters of containers", \.hasContainerFilter) {
                $0 == true
            }
        case .dottedNetbiosNames:
            domains("NetBIOS names with a dot", "the NetBIOS names of the domains", \.netbiosName) {
                $0?.contains(".") == true
            }
        case .disjointNamespaces:
            domains("domains with a disjoint namespace", "whether a namespace is disjoint", \.isDisjoint) { $0 == true }
        case .singleLabelDomains:
            domains("domains with a single label", "the domains", { $0.name }) { $0?.contains(".") == false }
        default: duplicateDomains
        }
    }

    private var deselectedDomains: Fact {
        guard let domains else { return notTold("which domains are selected") }
        let names = domains.filter { $0.isSelected == false }.map(\.name)
        if names.isEmpty, domains.contains(where: { $0.isSelected == nil }) {
            return notTold("which domains are selected")
        }
        let list = names.isEmpty ? "" : ": " + names.joined(separator: ", ")
        return .known(.number(names.count), evidence: "\(names.count) domains that are not selected\(list)")
    }

    /// Counts the domains for which something holds, of those that are read; one that does not tell leaves the whole
    /// unknown, unless it holds for another.
    private func domains<Value>(
        _ what: String, _ missing: String, _ value: (DomainFacts) -> Value?, _ holds: (Value?) -> Bool
    ) -> Fact {
        guard let domains = domains?.filter({ $0.isSelected != false }) else { return notTold(missing) }
        let found = domains.filter { holds(value($0)) }.map(\.name)
        if found.isEmpty, domains.contains(where: { value($0) == nil }) { return notTold(missing) }
        let list = found.isEmpty ? "" : ": " + found.joined(separator: ", ")
        return .known(.number(found.count), evidence: "\(found.count) \(what)\(list)")
    }

    private var duplicateDomains: Fact {
        guard let domains else { return notTold("the domains of the connectors") }
        // What is not selected is not read, and one connector may name a domain once more as a naming context.
        let readers = Dictionary(grouping: domains.filter { $0.isSelected != false }) { $0.name.lowercased() }
        let twice = readers.mapValues { Set($0.map(\.connectorName)) }.filter { $0.value.count > 1 }
        let names = twice.keys.sorted().map { "\($0) by \((twice[$0] ?? []).sorted().joined(separator: " and "))" }
        let evidence = names.isEmpty ? "every domain has one connector" : "read twice: " + names.joined(separator: "; ")
        return .known(.number(names.count), evidence: evidence)
    }
}
