import Documents

/// Attributes by name, compared without case by writing them in one spelling.
public typealias CloudAttributes = [String: [String]]

/// An object of the cloud directory.
public struct CloudObject: Equatable, Sendable {
    /// The directory's own name for the object, for ever.
    public var number: Int
    public var dn: String
    public var type: String
    public var attributes: CloudAttributes

    public var anchor: String { "Object_\(number)" }
    public var sourceAnchor: String? { attributes["sourceAnchor"]?.first }
}

/// One operation as it is sent to the cloud directory.
public struct CloudOperation: Equatable, Sendable {
    public enum Kind: String, Sendable { case add, update, delete }

    public struct Change: Equatable, Sendable {
        public let attribute: String
        public let removed: [String]
        public let added: [String]

        public init(attribute: String, removed: [String], added: [String]) {
            self.attribute = attribute
            self.removed = removed
            self.added = added
        }
    }

    public let kind: Kind
    public let type: String
    public let dn: String
    public let changes: [Change]

    public init(kind: Kind, type: String, dn: String, changes: [Change]) {
        self.kind = kind
        self.type = type
        self.dn = dn
        self.changes = changes
    }

    /// The values after the changes.
    func applied(to old: CloudAttributes) -> CloudAttributes {
        var attributes = old
        for change in changes {
            var values = (attributes[change.attribute] ?? []).filter { !change.removed.contains($0) }
            values += change.added.filter { !values.contains($0) }
            attributes[change.attribute] = values.isEmpty ? nil : values
        }
        return attributes
    }
}

/// What the cloud directory answered.
public enum CloudAnswer: Equatable, Sendable {
    case accepted
    /// The object is refused; the code is the service's.
    case refused(code: String, detail: String)
    /// Nothing more is taken now.
    case throttled
}

extension CloudAttributes {
    var json: JSONValue { .object(mapValues { .array($0.map { .string($0) }) }) }

    init(json: JSONValue) {
        self = (json.object ?? [:]).mapValues { ($0.array ?? []).compactMap(\.string) }
    }

    /// Addresses in the spelling in which they are compared.
    var addresses: [String] { (self["proxyAddresses"] ?? []).map { $0.lowercased() } }
    var principalName: String? { self["userPrincipalName"]?.first?.lowercased() }
}
