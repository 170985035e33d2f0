/// A value of the expression language.
///
/// Numbers are 64-bit integers and texts are measured in UTF-16 units, as in the product, which is a .NET program. Lists hold
/// values of one type; a list without elements does not occur: an attribute without values is `null`.
public enum Value: Equatable, Sendable {
    /// Absent: the flow contributes nothing, and a lower-ranked rule may.
    case null
    case string(String)
    case number(Int64)
    case boolean(Bool)
    case binary([UInt8])
    case date(DateTime)
    case reference(Reference)
    /// A multi-valued attribute or the result of a function on one.
    case list([Value])
    /// Empty, and no lower-ranked rule may fill the attribute.
    case authoritativeNull
    /// As if the flow were not there: the value that the target has stays.
    case ignoreThisFlow
}

/// A value that names an object.
public struct Reference: Hashable, Sendable {
    /// The number that whoever owns the objects gave it; 0 for a name that no object is known by.
    public let object: UInt32
    /// The distinguished name.
    public let name: String

    public init(object: UInt32 = 0, name: String) {
        self.object = object
        self.name = name
    }
}

/// A point in time as .NET counts it: 100-nanosecond ticks since 0001-01-01 00:00 UTC.
public struct DateTime: Hashable, Comparable, Sendable {
    public let ticks: Int64

    public init(ticks: Int64) { self.ticks = ticks }
    public static func < (left: DateTime, right: DateTime) -> Bool { left.ticks < right.ticks }
}

/// What the type checker knows of a value before it is there.
public struct ValueType: Equatable, Sendable, CustomStringConvertible {
    public enum Base: String, Sendable {
        case string, number, boolean, binary, date, reference
        /// `NULL` and what has no value (`Error`).
        case nothing
        /// Not known: checked when evaluated.
        case any
    }

    public var base: Base
    public var isMultiValued: Bool

    public init(_ base: Base, isMultiValued: Bool = false) {
        self.base = base
        self.isMultiValued = isMultiValued
    }

    public static let any = ValueType(.any)
    public static let nothing = ValueType(.nothing)
    public static let string = ValueType(.string)
    public static let number = ValueType(.number)
    public static let boolean = ValueType(.boolean)
    public static let binary = ValueType(.binary)
    public static let date = ValueType(.date)
    public static let reference = ValueType(.reference)
    public var many: ValueType { ValueType(base, isMultiValued: true) }

    public var description: String { isMultiValued ? "multi-valued \(base.rawValue)" : base.rawValue }
}
