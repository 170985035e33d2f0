/// The number that stands for an attribute's name in an object's encoding.
public struct AttributeID: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static func < (left: AttributeID, right: AttributeID) -> Bool { left.rawValue < right.rawValue }
}

/// How values of an attribute are compared and stored.
public enum AttributeKind: String, Sendable {
    /// Compared without case.
    case text
    /// A whole number, stored as decimal digits.
    case integer
    /// Stored as a directory wrote it; `TRUE` and `True` are the same.
    case boolean
    /// Compared byte by byte.
    case binary
    /// Names another object; stored as that object's number in the connector space, so that a rename costs nothing.
    case reference
}

/// What the schema of a directory, or of the metaverse, says of an attribute.
public struct AttributeType: Equatable, Sendable {
    public var kind: AttributeKind
    public var isMultiValued: Bool

    public init(_ kind: AttributeKind, isMultiValued: Bool = false) {
        self.kind = kind
        self.isMultiValued = isMultiValued
    }
}

/// The names of all attributes that any object has, each with its number and its type in each space. Names are compared without case.
///
/// A store keeps `names` in order beside the objects: an object's encoding means nothing without it.
public struct AttributeTable: Equatable, Sendable {
    /// Numbers have 16 bits.
    public static let capacity = Int(UInt16.max)

    public private(set) var names: [String] = []
    private var folded: [String] = []
    private var numbers: [String: AttributeID] = [:]

    /// The table that a store kept; an empty one for a new store.
    public init(names: [String] = []) {
        for name in names { _ = id(name) }
    }

    /// The number of a name, given out now if it has none. Options other than `;binary` are part of the name.
    public mutating func id(_ name: String) -> AttributeID {
        if let known = numbers[name] { return known }
        let bare = name.hasSuffix(";binary") ? String(name.dropLast(7)) : name
        let folded = bare.lowercased()
        if let known = numbers[folded] {
            numbers[name] = known
            return known
        }
        precondition(names.count < Self.capacity, "the caller has to ask hasRoom for names from outside")
        let new = AttributeID(rawValue: UInt16(names.count))
        names.append(bare)
        self.folded.append(folded)
        numbers[folded] = new
        numbers[name] = new
        return new
    }

    /// Whether all these names have numbers or can get them.
    public func hasRoom(for wanted: [String]) -> Bool {
        names.count + wanted.count <= Self.capacity || names.count + wanted.count { known($0) == nil } <= Self.capacity
    }

    public func known(_ name: String) -> AttributeID? { numbers[name] ?? numbers[name.lowercased()] }
    public func name(_ id: AttributeID) -> String { names[Int(id.rawValue)] }
    /// The name in lower case.
    func foldedName(_ id: AttributeID) -> String { folded[Int(id.rawValue)] }
}
