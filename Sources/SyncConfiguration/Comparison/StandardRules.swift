import Documents

/// What the product's own rules are, as far as that is known.
public enum StandardRules: Equatable, Sendable {
    /// The rules that the installed version brings, for this server's connectors.
    case templates([SynchronizationRule])
    /// Their content is not known. The server's own rules tell by their tags which of them are standard ones.
    case tagsOnly
}

/// What an upgrade does to rules that were changed.
public enum UpgradeBehavior: Equatable, Sendable {
    /// As the product's documents say. It depends on the version, and they do not agree about edited rules.
    case documented(installed: ProductVersion?)
    /// Every standard rule becomes what the new release says, and one that is switched off stays so: `adsync`.
    case restoresStandard
}

/// What a comparison of rules asks of a connector.
public struct RuleConnector: Equatable, Sendable {
    public var id: String
    public var name: String
    public var kind: Connector.Kind
    /// What the connected directory has; nil where that is not known.
    public var schema: DirectorySchema?

    public init(id: String, name: String, kind: Connector.Kind, schema: DirectorySchema? = nil) {
        self.id = id
        self.name = name
        self.kind = kind
        self.schema = schema
    }

    public init(_ connector: Connector) {
        let schema = connector.schema
        self.init(
            id: connector.id, name: connector.name, kind: connector.kind,
            schema: schema.attributes.isEmpty && schema.classes.isEmpty ? nil : schema)
    }

    public init(_ connector: ConnectorDefinition) {
        self.init(
            id: connector.id, name: connector.name, kind: connector.kind == .cloud ? .cloud : .activeDirectory)
    }

    /// Whether the directory can have what a rule speaks of; true where that is not known.
    func suits(_ rule: SynchronizationRule) -> Bool {
        guard let schema else { return true }
        if !schema.classes.isEmpty, schema.objectClass(rule.connectorObjectType) == nil { return false }
        // A distinguished name is no attribute of every directory's schema, and every object has one.
        return RuleAttributes.connectorSide(of: rule).allSatisfy {
            $0.lowercased() == "dn" || schema.attribute($0) != nil
        }
    }
}

/// The name by which the product knows its own rules across versions: `Microsoft.InfromADUserJoin.003`.
public enum RuleTag {
    /// The tag without its last part where that is a number, which is the version of the content.
    public static func stem(_ tag: String) -> String {
        guard number(tag) != nil, let point = tag.lastIndex(of: ".") else { return tag }
        return String(tag[..<point])
    }

    /// The version of the content; nil where the tag has none.
    static func number(_ tag: String) -> Int? {
        guard let point = tag.lastIndex(of: ".") else { return nil }
        let digits = tag[tag.index(after: point)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits)
    }
}
