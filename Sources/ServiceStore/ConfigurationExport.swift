import Documents
import GRDB
import LinuxHost
import SyncConfiguration
import SyncEngine

/// Writes a server's configuration in the folder shape of `Get-ADSyncServerConfiguration`, so that what reads a real server's
/// export reads this one too.
struct ConfigurationExport {
    let connectors: [Connector]
    let parameters: [String: String]
    let rules: [StoredRule]

    init(_ db: Database) throws {
        connectors = try Connectors.all(db)
        parameters = try Parameters.all(db)
        rules = try RuleStore.all(db)
    }

    /// Writes into a folder that is empty or does not exist; answers the paths below it.
    func write(to folder: String, hostName: String, now: WallTime) throws -> [String] {
        if let content = try DurableFiles.list(folder), !content.isEmpty {
            throw ServiceError(.usage, "\(folder): there is something in this folder; name a new one")
        }
        let documents = try ExportFolder.documents(of: configuration(hostName: hostName, now: now))
        for document in documents.sorted(by: { $0.path < $1.path }) {
            let target = "\(folder)/\(document.path)"
            try DurableFiles.makeFolders(DurableFiles.folder(of: target))
            try DurableFiles.replace(target, document.bytes, mode: 0o644)
        }
        return documents.map(\.path).sorted()
    }

    /// Rules are known by text here and by GUID there; one that came from there keeps its own.
    static func identifier(_ id: String) -> String {
        let isIdentifier = id.hasPrefix("{") && id.hasSuffix("}") && id.utf8.count == 38
        return isIdentifier ? id : NewServer.identifier("rule \(id)")
    }

    func configuration(hostName: String, now: WallTime) -> ServerConfiguration {
        ServerConfiguration(
            serverName: hostName, exportDate: now.description, parameters: parameters, metaverse: metaverse,
            connectors: connectors.map(exported), rules: rules.map(exported))
    }

    /// The classes that rules make and the attributes that they fill there, with their well-known types.
    private var metaverse: DirectorySchema {
        var targets: [String: Set<String>] = [:]
        for rule in rules.map(\.rule) where rule.direction == .inbound && rule.metaverseObjectType != "*" {
            targets[rule.metaverseObjectType, default: []].formUnion(rule.flows.map(\.target))
        }
        let names = Set(targets.values.joined()).sorted()
        return DirectorySchema(
            attributes: names.map(Self.attribute),
            classes: targets.sorted { $0.key < $1.key }.map { name, attributes in
                ObjectClassSchema(name, members: attributes.sorted().map { .init($0) })
            })
    }

    private static func attribute(_ name: String) -> AttributeSchema {
        let type = AttributeTypes.wellKnown.type(name)
        let syntax: AttributeSchema.Syntax =
            switch type.kind {
            case .text: .string
            case .integer: .integer
            case .boolean: .boolean
            case .binary: .binary
            case .reference: .reference
            }
        return AttributeSchema(name, syntax, isMultiValued: type.isMultiValued)
    }

    private func exported(_ connector: Connector) -> SyncConfiguration.Connector {
        let isCloud = connector.kind == .cloud
        return SyncConfiguration.Connector(
            id: connector.id, name: connector.name, category: isCloud ? "Extensible2" : "AD",
            subtype: isCloud ? "Windows Azure Active Directory (Microsoft)" : "", version: 1,
            forest: isCloud ? nil : .init(name: connector.name, domain: "", user: ""),
            parameters: connector.settings.sorted { $0.key < $1.key }.map { name, value in
                .init(name, value, use: "connectivity")
            })
    }

    /// A standard rule carries a tag that follows from its content, as the product's do.
    private func exported(_ stored: StoredRule) -> SynchronizationRule {
        var rule = stored.rule
        if stored.origin == .standard { rule.record.immutableTag = "adsync.\(rule.id).\(stored.digest.short)" }
        rule.id = Self.identifier(rule.id)
        if rule.record.internalID.isEmpty { rule.record.internalID = rule.id }
        return rule
    }
}

extension Server {
    /// Writes the configuration of the server into a new folder.
    public func exportConfiguration(to folder: String) throws -> JSONValue {
        let export = try open().read { db in try ConfigurationExport(db) }
        let files = try export.write(to: folder, hostName: try Self.hostName(), now: clock.now())
        return ["schema": "export-config/1", "folder": .string(folder), "files": .array(files.map { .string($0) })]
    }
}
