import Documents

/// What a connector speaks to.
public enum ConnectorKind: String, Sendable, CaseIterable {
    case activeDirectory
    case cloud

    /// The attribute that says in every import which object it is.
    public var anchorAttribute: String {
        switch self {
        case .activeDirectory: "objectGUID"
        case .cloud: "cloudAnchor"
        }
    }
}

/// A connector as the engine sees it.
public struct ConnectorDefinition: Equatable, Sendable {
    /// Unique; a GUID in practice.
    public let id: String
    public let name: String
    public let kind: ConnectorKind

    public init(id: String, name: String, kind: ConnectorKind) {
        self.id = id
        self.name = name
        self.kind = kind
    }
}

/// The rules that a release brings (`rules/1`), written once per kind of connector.
public struct RuleTemplates: Document, Equatable {
    public static let schemaName = "rules"

    /// One rule for every connector of a kind.
    public struct Template: Equatable, Sendable {
        public let connectorKind: ConnectorKind
        /// Without connector and precedence.
        let rule: SynchronizationRule
    }

    /// Where standard rules begin; lower numbers are the administrator's own.
    public static let firstStandardPrecedence = 100

    /// In the order of their precedence.
    public let templates: [Template]
    public var unknown: [String: JSONValue] = [:]

    public init(fields: inout FieldReader) throws(DocumentError) {
        var templates: [Template] = []
        for var rule in try fields.objects("rules") {
            let kind: ConnectorKind = try rule.choice("connectorKind")
            let template = Template(connectorKind: kind, rule: try SynchronizationRule(fields: &rule, connector: ""))
            if templates.contains(where: { $0.rule.id == template.rule.id }) {
                throw rule.failure("id", "the rule \"\(template.rule.id)\" is there twice")
            }
            templates.append(template)
        }
        self.templates = templates
    }

    public var members: [String: JSONValue] {
        [
            "rules": .array(
                templates.map { template in
                    var rule = template.rule.json.object ?? [:]
                    rule["connector"] = nil
                    rule["precedence"] = nil
                    rule["connectorKind"] = .string(template.connectorKind.rawValue)
                    return .object(rule)
                })
        ]
    }

    /// The rules of a server: for each template, one rule per connector of its kind, in the order in which the connectors were
    /// added. A rule's id is the template's and the connector's, so that it stays the same over releases.
    public func rules(for connectors: [ConnectorDefinition]) -> [SynchronizationRule] {
        var rules: [SynchronizationRule] = []
        for template in templates {
            for connector in connectors where connector.kind == template.connectorKind {
                var rule = template.rule
                rule.id = "\(rule.id)@\(connector.id)"
                rule.connector = connector.id
                rule.precedence = Self.firstStandardPrecedence + rules.count
                rules.append(rule)
            }
        }
        return rules
    }
}
