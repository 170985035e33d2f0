/// Reads `GlobalSettings/MV.xml`: who wrote the export and when, the global parameters, the metaverse's schema.
struct GlobalSettingsHandler: ElementHandler {
    static let root = "saved-mv-configuration"

    private(set) var serverName = ""
    private(set) var exportDate = ""
    private(set) var parameters: [String: String] = [:]
    private(set) var metaverse = MetaverseSchema(attributesByClass: [:], attributeTypes: 0)
    private var className = ""
    private var parameterName = ""

    mutating func begin(_ path: [String], _ attributes: [String: String]) throws(ContentProblem) -> Bool {
        switch path.last {
        case Self.root where path.count == 1:
            guard let server = attributes["server"], let date = attributes["export-date"] else {
                throw ContentProblem("expected the attributes server and export-date")
            }
            serverName = server
            exportDate = date
        case "dsml:class":
            className = try attributes.demand("id")
            metaverse.attributesByClass[className] = 0
        case "dsml:attribute":
            metaverse.attributesByClass[className, default: 0] += 1
        case "dsml:attribute-type":
            metaverse.attributeTypes += 1
        case "parameter" where path == [Self.root, "mv-data", "parameter-values", "parameter"]:
            parameterName = try attributes.demand("name")
            guard parameters[parameterName] == nil else {
                throw ContentProblem("the parameter \(parameterName) occurs twice")
            }
            return true
        default: break
        }
        return false
    }

    mutating func end(_ path: [String], _ text: String) throws(ContentProblem) {
        if path.count == 4, path[3] == "parameter", path[2] == "parameter-values" {
            parameters[parameterName] = text
        } else if path.count == 1, parameters.isEmpty {
            throw ContentProblem("expected global parameters in mv-data/parameter-values, found none")
        }
    }
}

/// Reads one `Connectors/Connector_{…}.xml`.
struct ConnectorHandler: ElementHandler {
    static let root = "ma-data"

    private(set) var connector = Connector(id: "", name: "", category: "", subtype: "", version: 0)
    private var found: Set<String> = []
    private var forest: [String: String] = [:]
    private var partition = Connector.Partition(name: "", isSelected: false)

    private static let headers: Set<String> = ["id", "name", "category", "subtype", "version"]
    private static let forestFields: Set<String> = ["forest-name", "forest-login-domain", "forest-login-user"]

    mutating func begin(_ path: [String], _ attributes: [String: String]) throws(ContentProblem) -> Bool {
        switch path.count {
        case 2: return Self.headers.contains(path[1])
        case 4 where path[1] == "private-configuration": return Self.forestFields.contains(path[3])
        case 4 where path[2] == "partition": return path[3] == "name" || path[3] == "selected"
        default: return false
        }
    }

    mutating func end(_ path: [String], _ text: String) throws(ContentProblem) {
        switch path.count {
        case 1: try finish()
        case 2 where Self.headers.contains(path[1]): try header(path[1], text)
        case 3 where path[2] == "partition":
            connector.partitions.append(partition)
            partition = Connector.Partition(name: "", isSelected: false)
        case 4 where path[1] == "private-configuration" && Self.forestFields.contains(path[3]):
            forest[path[3]] = text
        case 4 where path[2] == "partition" && path[3] == "name": partition.name = text
        case 4 where path[2] == "partition" && path[3] == "selected": partition.isSelected = text == "1"
        default: break
        }
    }

    private mutating func header(_ name: String, _ text: String) throws(ContentProblem) {
        found.insert(name)
        switch name {
        case "id": connector.id = try identifier(text)
        case "name": connector.name = text
        case "category": connector.category = text
        case "subtype": connector.subtype = text
        default: connector.version = try number(text)
        }
    }

    private mutating func finish() throws(ContentProblem) {
        if let missing = ["id", "name", "category", "version"].first(where: { !found.contains($0) }) {
            throw ContentProblem("expected the element \(missing), found none")
        }
        if let name = forest["forest-name"] {
            connector.forest = Connector.ForestAccount(
                name: name, domain: forest["forest-login-domain"] ?? "", user: forest["forest-login-user"] ?? "")
        }
    }
}

/// Reads one `SynchronizationRules/SynchronizationRule_{…}.xml`.
struct RuleHandler: ElementHandler {
    static let root = "synchronizationRule"

    private(set) var rule: SynchronizationRule?
    private var fields: [String: String] = [:]
    private var flows: [AttributeFlow] = []
    private var scope: [[ScopeClause]] = []
    private var join: [[JoinCondition]] = []
    /// The texts of the mapping, condition or clause that is open, and its source attributes.
    private var parts: [String: String] = [:]
    private var sources: [String] = []
    private var isExecuteOnce = false

    mutating func begin(_ path: [String], _ attributes: [String: String]) throws(ContentProblem) -> Bool {
        switch (path.count, path.last) {
        case (2, let name?):
            if fields[name] != nil { throw ContentProblem("the element occurs twice") }
            return true
        case (3, "mapping"):
            (parts, sources) = ([:], [])
            isExecuteOnce = attributes["execute-once"]?.lowercased() == "true"
        case (3, "conditions") where path[1] == "synchronizationCriteria": scope.append([])
        case (3, "conditions") where path[1] == "relationshipCriteria": join.append([])
        case (4, "scope"), (4, "condition"): parts = [:]
        default: return path.count > 3
        }
        return false
    }

    mutating func end(_ path: [String], _ text: String) throws(ContentProblem) {
        switch (path.count, path.last) {
        case (1, _): rule = try finished()
        case (2, let name?): fields[name] = text
        case (3, "mapping"): flows.append(try flow())
        case (4, "scope"): scope[scope.count - 1].append(try clause())
        case (4, "condition"): join[join.count - 1].append(try condition())
        case (5, "attr") where path[3] == "src": sources.append(text)
        case (4, let name?), (5, let name?): parts[name] = text
        default: break
        }
    }

    private func part(_ name: String) throws(ContentProblem) -> String {
        guard let text = parts[name] else { throw ContentProblem("expected the element \(name), found none") }
        return text
    }

    private func flow() throws(ContentProblem) -> AttributeFlow {
        let source: AttributeFlow.Source =
            if let text = parts["expression"] { .expression(text) } else if let attribute = sources.first {
                .direct(attribute)
            } else { .constant(try part("src")) }
        let name = try part("valueMergeType")
        let mergeTypes: [String: AttributeFlow.MergeType] = [
            "Update": .update, "Replace": .replace, "Merge": .merge, "MergeCaseInsensitive": .mergeCaseInsensitive,
        ]
        guard let mergeType = mergeTypes[name] else {
            throw ContentProblem(
                "expected valueMergeType to be one of \(mergeTypes.keys.sorted().joined(separator: ", ")), found \"\(name)\""
            )
        }
        return AttributeFlow(
            try part("dest"), source, mergeType: mergeType, isExecuteOnce: isExecuteOnce,
            listedSources: parts["expression"] == nil ? [] : sources)
    }

    private func clause() throws(ContentProblem) -> ScopeClause {
        let name = try part("csOperator")
        guard let known = ScopeClause.Operator(name: name) else {
            throw ContentProblem("expected csOperator to be an operator like EQUAL or ISNOTNULL, found \"\(name)\"")
        }
        return ScopeClause(try part("csAttribute"), known, parts["csValue"] ?? "")
    }

    private func condition() throws(ContentProblem) -> JoinCondition {
        JoinCondition(
            try part("csAttribute"), try part("ilmAttribute"),
            isCaseSensitive: parts["caseSensitive"]?.lowercased() == "true")
    }

    private func field(_ name: String) throws(ContentProblem) -> String {
        guard let text = fields[name] else { throw ContentProblem("expected the element \(name), found none") }
        return text
    }

    private func finished() throws(ContentProblem) -> SynchronizationRule {
        let direction: SynchronizationRule.Direction = try choice("direction")
        let (source, target) = (try field("sourceObjectType"), try field("targetObjectType"))
        var record = SynchronizationRule.Record()
        record.immutableTag = fields["immutable-tag"] ?? ""
        record.internalID = fields["internal-id"] ?? ""
        record.description = fields["description"] ?? ""
        return SynchronizationRule(
            id: try identifier(field("id")), name: try field("name"), direction: direction,
            connector: try identifier(field("connector")),
            connectorObjectType: direction == .inbound ? source : target,
            metaverseObjectType: direction == .inbound ? target : source, linkType: try choice("linkType"),
            precedence: try number(field("precedence")), isDisabled: try flag("disabled"), scope: scope, join: join,
            flows: flows, record: record)
    }

    /// Exports write the names with a capital letter.
    private func choice<Value: RawRepresentable & CaseIterable>(_ name: String) throws(ContentProblem) -> Value
    where Value.RawValue == String {
        let text = try field(name)
        guard let value = Value.allCases.first(where: { Self.capitalized($0.rawValue) == text }) else {
            let known = Value.allCases.map { Self.capitalized($0.rawValue) }.joined(separator: ", ")
            throw ContentProblem("expected \(name) to be one of \(known), found \"\(text)\"")
        }
        return value
    }

    private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    private func flag(_ name: String) throws(ContentProblem) -> Bool {
        // Exports mix the spellings True and true.
        switch try field(name).lowercased() {
        case "true": return true
        case "false": return false
        default: throw ContentProblem("expected \(name) to be True or False")
        }
    }
}

/// An identifier in braces, in the one spelling that can be compared: files mix upper and lower case.
private func identifier(_ text: String) throws(ContentProblem) -> String {
    let digits = text.dropFirst().dropLast()
    guard text.hasPrefix("{"), text.hasSuffix("}"), digits.count == 36,
        digits.allSatisfy({ $0 == "-" || ($0.isHexDigit && $0.isASCII) })
    else { throw ContentProblem("expected an identifier in braces, found \"\(text)\"") }
    return text.lowercased()
}

private func number(_ text: String) throws(ContentProblem) -> Int {
    guard let value = Int(text) else { throw ContentProblem("expected a whole number, found \"\(text)\"") }
    return value
}

extension [String: String] {
    fileprivate func demand(_ attribute: String) throws(ContentProblem) -> String {
        guard let value = self[attribute] else { throw ContentProblem("expected the attribute \(attribute)") }
        return value
    }
}
