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
    let metaverseTypes: [String]

    init(_ db: Database) throws {
        connectors = try Connectors.all(db)
        parameters = try Parameters.all(db)
        rules = try RuleStore.all(db)
        metaverseTypes = Set(rules.map(\.rule.metaverseObjectType)).subtracting(["*"]).sorted()
    }

    /// Writes into a folder that is empty or does not exist; answers the paths below it.
    func write(to folder: String, hostName: String, now: WallTime) throws -> [String] {
        if let content = try DurableFiles.list(folder), !content.isEmpty {
            throw ServiceError(.usage, "\(folder): there is something in this folder; name a new one")
        }
        var files = ["GlobalSettings/MV.xml": settings(hostName: hostName, now: now)]
        for connector in connectors { files["Connectors/Connector_\(connector.id).xml"] = text(connector) }
        for stored in rules {
            files["SynchronizationRules/SynchronizationRule_\(Self.identifier(stored.rule.id)).xml"] = text(stored)
        }
        for (path, text) in files.sorted(by: { $0.key < $1.key }) {
            let target = "\(folder)/\(path)"
            try DurableFiles.makeFolders(DurableFiles.folder(of: target))
            try DurableFiles.replace(target, Array(text.utf8), mode: 0o644)
        }
        return files.keys.sorted()
    }

    /// Rules are known by text here and by GUID there.
    static func identifier(_ id: String) -> String { NewServer.identifier("rule \(id)") }

    private func settings(hostName: String, now: WallTime) -> String {
        var xml = XMLText()
        xml.open("saved-mv-configuration", [("server", hostName), ("export-date", now.description)])
        xml.open("mv-data")
        xml.open("schema")
        xml.open("dsml:dsml", [("xmlns:dsml", "http://www.dsml.org/DSML")])
        xml.open("dsml:directory-schema")
        for type in metaverseTypes {
            xml.open("dsml:class", [("id", type), ("type", "structural")])
            xml.element("dsml:name", type)
            for target in targets(type) {
                xml.open("dsml:attribute", [("ref", "#\(target)"), ("required", "false")])
                xml.close("dsml:attribute")
            }
            xml.close("dsml:class")
        }
        xml.close("dsml:directory-schema")
        xml.close("dsml:dsml")
        xml.close("schema")
        xml.open("parameter-values")
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
            xml.element("parameter", value, [("name", name), ("type", "string"), ("use", "SynchronizationGlobal")])
        }
        xml.close("parameter-values")
        xml.close("mv-data")
        xml.close("saved-mv-configuration")
        return xml.text
    }

    private func targets(_ type: String) -> [String] {
        let inbound = rules.map(\.rule).filter { $0.direction == .inbound && $0.metaverseObjectType == type }
        return Set(inbound.flatMap { $0.flows.map(\.target) }).sorted()
    }

    private func text(_ connector: Connector) -> String {
        var xml = XMLText()
        xml.open("ma-data")
        xml.element("format-version", "1")
        xml.element("id", connector.id)
        xml.element("name", connector.name)
        xml.element("category", connector.kind == .cloud ? "Extensible2" : "AD")
        xml.element("subtype", connector.kind == .cloud ? "Windows Azure Active Directory (Microsoft)" : "")
        xml.element("version", "1")
        if connector.kind == .activeDirectory {
            xml.open("private-configuration")
            xml.open("adma-configuration")
            xml.element("forest-name", connector.name)
            xml.close("adma-configuration")
            xml.close("private-configuration")
        }
        xml.open("parameter-values")
        for (name, value) in connector.settings.sorted(by: { $0.key < $1.key }) {
            xml.element("parameter", value, [("name", name)])
        }
        xml.close("parameter-values")
        xml.close("ma-data")
        return xml.text
    }

    private func text(_ stored: StoredRule) -> String {
        let rule = stored.rule
        var xml = XMLText()
        xml.open("synchronizationRule")
        xml.element("id", Self.identifier(rule.id))
        xml.element("name", rule.name)
        xml.element("immutable-tag", stored.origin == .standard ? "adsync.\(rule.id).\(stored.digest.short)" : "")
        xml.element("direction", rule.direction == .inbound ? "Inbound" : "Outbound")
        xml.element("disabled", rule.isDisabled ? "True" : "False")
        xml.element("connector", rule.connector)
        let types = [rule.connectorObjectType, rule.metaverseObjectType]
        xml.element("sourceObjectType", rule.direction == .inbound ? types[0] : types[1])
        xml.element("targetObjectType", rule.direction == .inbound ? types[1] : types[0])
        xml.element("linkType", Self.word(rule.linkType))
        xml.element("precedence", String(rule.precedence))
        xml.open("attribute-mappings")
        for flow in rule.flows { mapping(flow, &xml) }
        xml.close("attribute-mappings")
        criteria("relationshipCriteria", "condition", rule.join, &xml) { condition in
            rule.direction == .inbound
                ? [("csAttribute", condition.connectorAttribute), ("ilmAttribute", condition.metaverseAttribute)]
                : [("ilmAttribute", condition.metaverseAttribute), ("csAttribute", condition.connectorAttribute)]
        }
        criteria("synchronizationCriteria", "scope", rule.scope, &xml) { clause in
            [
                ("csAttribute", clause.attribute), ("csOperator", clause.operator.rawValue), ("csValue", clause.value),
            ]
        }
        xml.close("synchronizationRule")
        return xml.text
    }

    private func mapping(_ flow: AttributeFlow, _ xml: inout XMLText) {
        xml.open("mapping")
        xml.element("dest", flow.target)
        switch flow.source {
        case .constant(let value): xml.element("src", value)
        case .direct(let attribute):
            xml.open("src")
            xml.element("attr", attribute)
            xml.close("src")
        case .expression(let text): xml.element("expression", text)
        }
        let merge = flow.mergeType.rawValue
        xml.element("valueMergeType", merge.prefix(1).uppercased() + merge.dropFirst())
        xml.close("mapping")
    }

    private func criteria<Element>(
        _ name: String, _ item: String, _ groups: [[Element]], _ xml: inout XMLText,
        _ members: (Element) -> [(String, String)]
    ) {
        xml.open(name)
        for group in groups {
            xml.open("conditions")
            for element in group {
                xml.open(item)
                for (name, value) in members(element) { xml.element(name, value) }
                xml.close(item)
            }
            xml.close("conditions")
        }
        xml.close(name)
    }

    private static func word(_ type: SynchronizationRule.LinkType) -> String {
        switch type {
        case .join: "Join"
        case .provision: "Provision"
        case .stickyJoin: "StickyJoin"
        }
    }
}

/// XML written element by element, indented.
struct XMLText {
    private(set) var text = ""
    private var depth = 0

    mutating func open(_ name: String, _ attributes: [(String, String)] = []) {
        line("<\(name)\(Self.attributes(attributes))>")
        depth += 1
    }

    mutating func close(_ name: String) {
        depth -= 1
        line("</\(name)>")
    }

    mutating func element(_ name: String, _ value: some StringProtocol, _ attributes: [(String, String)] = []) {
        line("<\(name)\(Self.attributes(attributes))>\(Self.escaped(value))</\(name)>")
    }

    private mutating func line(_ content: String) {
        text += String(repeating: "  ", count: depth) + content + "\n"
    }

    private static func attributes(_ list: [(String, String)]) -> String {
        list.map { " \($0.0)=\"\(escaped($0.1))\"" }.joined()
    }

    private static func escaped(_ value: some StringProtocol) -> String {
        var output = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
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
