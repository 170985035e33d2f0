import Documents

/// What an administrator did to one synchronization rule, compared with the product's own rules.
public struct RuleChange: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A rule of the administrator's own.
        case added
        /// A standard rule whose content is not the product's any more.
        case edited
        /// A standard rule that is switched off.
        case disabled
        /// A standard rule that is not there.
        case deleted
        /// A rule of the administrator's own that began as a copy of a standard one.
        case cloned
        /// A standard rule whose precedence lies below the first that standard rules have.
        case moved
    }

    /// One member of a rule, as the product has it and as the server has it; nil where one of them lacks it.
    public struct Difference: Equatable, Sendable {
        /// `scope`, `join`, `link type`, `flow proxyAddresses`, …
        public var field: String
        public var standard: String?
        public var server: String?

        public init(_ field: String, standard: String?, server: String?) {
            self.field = field
            self.standard = standard
            self.server = server
        }
    }

    public var kind: Kind
    public var name: String
    /// `inbound` or `outbound`.
    public var direction: String
    /// The connector's name.
    public var connector: String
    /// Whether the rule belongs to the cloud connector: those are read first.
    public var isOfCloud: Bool
    /// nil for a deleted rule.
    public var precedence: Int?
    /// The standard rule's tag without its number: its own, or that of the rule it was copied from. Empty where neither is known.
    public var tag: String
    /// The attributes that the rule reads or writes, sorted.
    public var attributes: [String]
    /// Edited and cloned rules: what is different, in the rule's own order. Empty where the product's content is not known.
    public var differences: [Difference]
    /// What an upgrade does to it, in a sentence.
    public var effect: String
    public var unknown: [String: JSONValue] = [:]

    public init(
        kind: Kind, name: String, direction: String, connector: String, isOfCloud: Bool, precedence: Int?, tag: String,
        attributes: [String] = [], differences: [Difference] = [], effect: String
    ) {
        self.kind = kind
        self.name = name
        self.direction = direction
        self.connector = connector
        self.isOfCloud = isOfCloud
        self.precedence = precedence
        self.tag = tag
        self.attributes = attributes
        self.differences = differences
        self.effect = effect
    }

    init(_ reader: FieldReader) throws(DocumentError) {
        var fields = reader
        kind = try fields.parsed("kind", "the kind of a change", { Kind(rawValue: $0) })
        name = try fields.string("name")
        direction = try fields.string("direction")
        connector = try fields.string("connector")
        isOfCloud = try fields.bool("cloud")
        precedence = try fields.optionalInteger("precedence")
        tag = try fields.string("tag")
        attributes = try fields.strings("attributes")
        differences = []
        for var element in try fields.objects("differences") {
            differences.append(
                Difference(
                    try element.string("field"), standard: try element.optionalString("standard"),
                    server: try element.optionalString("server")))
        }
        effect = try fields.string("effect")
        unknown = fields.unknown
    }

    public var json: JSONValue {
        var members = unknown
        members["kind"] = .string(kind.rawValue)
        members["name"] = .string(name)
        members["direction"] = .string(direction)
        members["connector"] = .string(connector)
        members["cloud"] = .bool(isOfCloud)
        members["precedence"] = precedence.map { JSONValue($0) }
        members["tag"] = .string(tag)
        members["attributes"] = .array(attributes.map(JSONValue.string))
        members["differences"] = .array(
            differences.map { difference in
                var one: [String: JSONValue] = ["field": .string(difference.field)]
                one["standard"] = difference.standard.map(JSONValue.string)
                one["server"] = difference.server.map(JSONValue.string)
                return .object(one)
            })
        members["effect"] = .string(effect)
        return .object(members)
    }
}
