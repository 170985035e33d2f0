/// What values an attribute has.
public struct AttributeSchema: Equatable, Sendable {
    public enum Syntax: String, Sendable, CaseIterable {
        case string, integer, boolean, binary, reference
    }

    public var name: String
    public var syntax: Syntax
    public var isMultiValued: Bool
    /// The syntax in the file's words, an object identifier.
    public var syntaxIdentifier: String
    /// Whether the metaverse keeps an index of the values.
    public var isIndexed: Bool

    public init(
        _ name: String, _ syntax: Syntax, isMultiValued: Bool = false, syntaxIdentifier: String? = nil,
        isIndexed: Bool = false
    ) {
        self.name = name
        self.syntax = syntax
        self.isMultiValued = isMultiValued
        self.syntaxIdentifier = syntaxIdentifier ?? syntax.identifier
        self.isIndexed = isIndexed
    }
}

extension AttributeSchema.Syntax {
    private static let known: [String: Self] = [
        ldap + "27": .integer, activeDirectory + "906": .integer, ldap + "7": .boolean, ldap + "5": .binary,
        ldap + "40": .binary, activeDirectory + "907": .binary, ldap + "12": .reference,
        activeDirectory + "1221": .reference,
    ]
    private static let ldap = "1.3.6.1.4.1.1466.115.121.1."
    private static let activeDirectory = "1.2.840.113556.1.4."

    /// The kind of values behind an LDAP syntax.
    ///
    /// The five syntaxes of the metaverse (15, 27, 7, 5, 12) are stated by the exports. The others occur in an Active Directory's schema.
    /// Times and names of many kinds are texts; large integers are integers; a name with binary data or text beside it (903, 904) is a
    /// text, because it is no reference by itself; an OR name (1221) is a reference, as the metaverse's attributes of the same names are.
    /// An unknown syntax is a text.
    public init(identifier: String) {
        self = Self.known[identifier] ?? .string
    }

    /// The metaverse's syntax for the kind.
    public var identifier: String {
        switch self {
        case .string: Self.ldap + "15"
        case .integer: Self.ldap + "27"
        case .boolean: Self.ldap + "7"
        case .binary: Self.ldap + "5"
        case .reference: Self.ldap + "12"
        }
    }
}

/// One class of objects: which attributes it may have.
public struct ObjectClassSchema: Equatable, Sendable {
    /// That a class has an attribute.
    public struct Member: Equatable, Sendable {
        public var attribute: String
        public var isRequired: Bool
        /// Part of what identifies the object in its directory.
        public var isAnchor: Bool

        public init(_ attribute: String, isRequired: Bool = false, isAnchor: Bool = false) {
            self.attribute = attribute
            self.isRequired = isRequired
            self.isAnchor = isAnchor
        }
    }

    public var name: String
    /// `structural`, `abstract` or `auxiliary`.
    public var type: String
    /// The class whose attributes this one has, too.
    public var superior: String?
    /// The attributes that the class itself names.
    public var members: [Member]
    /// What the directory adds to objects of the class: more attributes, and whole auxiliary classes.
    public var contentRule: ContentRule?

    public init(
        _ name: String, type: String = "structural", superior: String? = nil, members: [Member] = [],
        contentRule: ContentRule? = nil
    ) {
        self.name = name
        self.type = type
        self.superior = superior
        self.members = members
        self.contentRule = contentRule
    }

    public struct ContentRule: Equatable, Sendable {
        public var members: [Member]
        public var auxiliaryClasses: [String]

        public init(members: [Member], auxiliaryClasses: [String]) {
            self.members = members
            self.auxiliaryClasses = auxiliaryClasses
        }
    }
}

/// The attributes and classes of the metaverse or of a connected directory.
///
/// Names are found in any case, as directories compare them.
public struct DirectorySchema: Equatable, Sendable {
    public let attributes: [AttributeSchema]
    public let classes: [ObjectClassSchema]
    private let attributeIndex: [String: Int]
    private let classIndex: [String: Int]

    public init(attributes: [AttributeSchema] = [], classes: [ObjectClassSchema] = []) {
        self.attributes = attributes
        self.classes = classes
        attributeIndex = Self.index(attributes.map(\.name))
        classIndex = Self.index(classes.map(\.name))
    }

    private static func index(_ names: [String]) -> [String: Int] {
        var index = Dictionary<String, Int>(minimumCapacity: names.count)
        for (place, name) in names.enumerated() where index[name.lowercased()] == nil {
            index[name.lowercased()] = place
        }
        return index
    }

    public func attribute(_ name: String) -> AttributeSchema? {
        attributeIndex[name.lowercased()].map { attributes[$0] }
    }

    public func objectClass(_ name: String) -> ObjectClassSchema? { classIndex[name.lowercased()].map { classes[$0] } }

    /// Every attribute that objects of a class may have: its own, those of the classes above it, and what the directory adds. Nil where
    /// there is no such class.
    public func attributes(of className: String) -> [AttributeSchema]? {
        guard objectClass(className) != nil else { return nil }
        var waiting = [className]
        var seen: Set<String> = []
        var names: Set<String> = []
        var result: [AttributeSchema] = []
        while let next = waiting.popLast() {
            guard seen.insert(next.lowercased()).inserted, let found = objectClass(next) else { continue }
            for member in found.members + (found.contentRule?.members ?? []) {
                guard names.insert(member.attribute.lowercased()).inserted, let attribute = attribute(member.attribute)
                else { continue }
                result.append(attribute)
            }
            waiting += [found.superior].compactMap { $0 } + (found.contentRule?.auxiliaryClasses ?? [])
        }
        return result
    }

    /// How many attributes each class names itself, by the class's name.
    public var attributesByClass: [String: Int] {
        Dictionary(classes.map { ($0.name, $0.members.count) }, uniquingKeysWith: { first, _ in first })
    }
}
