import Documents
import GRDB
import SyncConfiguration
import SyncEngine

/// The domains that the connectors of directories read. Only the head of each dump is looked at.
enum ConnectorDomains {
    /// The setting with a domain's NetBIOS name, where it is not the first label of its name in the DNS.
    static let netbiosSetting = "netbios-name"
    /// The setting that says whether the machines of the domain have another DNS suffix than its name: `True` or `False`.
    static let disjointSetting = "disjoint-namespace"

    /// nil where a directory cannot be read, so that nobody takes its domains for none.
    static func read(_ db: Database, _ connectors: [Connector]) throws -> [JSONValue]? {
        var domains: [JSONValue] = []
        for connector in connectors where connector.kind == .activeDirectory {
            let sql = "SELECT partition FROM watermarks WHERE connector = ?"
            let known = try String.fetchAll(db, sql: sql, arguments: [connector.id])
            guard let names = names(connector, known: known) else { return nil }
            domains += names.map { describe($0, connector) }
        }
        return domains
    }

    /// Sorted. A directory that nobody has imported from and that has no dump yet has no domains.
    private static func names(_ connector: Connector, known: [String]) -> [String]? {
        guard let folder = try? DirectoryFolder(path: connector.path, known: known) else { return nil }
        var names: Set<String> = []
        for partition in folder.partitions {
            guard let reader = try? LDIFReader.open(partition.dump) else {
                if known.isEmpty { continue }
                return nil
            }
            guard let record = try? reader.next() else { return nil }
            if let name = dnsName(record.dn) { names.insert(name) }
        }
        return names.sorted()
    }

    /// The components of the domain at the end of a distinguished name, as the DNS writes them; nil where it has none.
    static func dnsName(_ dn: String) -> String? {
        let parts = DistinguishedName.parts(DistinguishedName.normalized(dn))
        let labels = parts.reversed().prefix { $0.hasPrefix("dc=") }.reversed().map { $0.dropFirst(3) }
        return labels.isEmpty ? nil : labels.joined(separator: ".")
    }

    private static func describe(_ name: String, _ connector: Connector) -> JSONValue {
        // As a domain is named unless somebody chooses another name.
        let usual = name.prefix { $0 != "." }.prefix(15).uppercased()
        let netbios = connector.settings[netbiosSetting, default: ""]
        return [
            "connector": .string(connector.id), "name": .string(name),
            "netbiosName": .string(netbios.isEmpty ? usual : netbios),
            "disjoint": .bool(connector.settings[disjointSetting] == "True"),
            // All that lies in the folder is read.
            "selected": true, "containerFilter": false,
        ]
    }
}
