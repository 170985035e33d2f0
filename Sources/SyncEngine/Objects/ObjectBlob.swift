/// The attributes of one object as one piece of bytes: what a store keeps in a row and what the engine keeps in memory.
///
/// Per attribute, in ascending order of the numbers: number, size of the rest in bytes, count of values, and each value with its size.
/// All are variable-length integers. The size lets a reader pass over a group's members without looking at each. A reference
/// is a value of four bytes: the number of the object it names, least significant byte first.
public struct ObjectBlob: Hashable, Sendable {
    public let bytes: [UInt8]

    /// From what a store kept.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// From attributes in any order, of which each occurs once. Attributes without values are left out.
    public init(_ attributes: [(id: AttributeID, values: [[UInt8]])]) {
        var output: [UInt8] = []
        output.reserveCapacity(attributes.reduce(0) { $0 + $1.values.reduce(8) { $0 + $1.count + 2 } })
        for attribute in attributes.sorted(by: { $0.id < $1.id }) where !attribute.values.isEmpty {
            Self.append(Int(attribute.id.rawValue), to: &output)
            let size = attribute.values.reduce(Self.width(attribute.values.count)) {
                $0 + Self.width($1.count) + $1.count
            }
            Self.append(size, to: &output)
            Self.append(attribute.values.count, to: &output)
            for value in attribute.values {
                Self.append(value.count, to: &output)
                output.append(contentsOf: value)
            }
        }
        bytes = output
    }

    public static let empty = ObjectBlob(bytes: [])

    /// The values of one attribute, none where the object does not have it.
    public func values(_ wanted: AttributeID) -> [ArraySlice<UInt8>] {
        var cursor = Cursor(bytes)
        while let (id, end) = cursor.attribute() {
            if id == wanted.rawValue { return cursor.values(upTo: end, of: bytes) }
            if id > wanted.rawValue { return [] }
            cursor.position = end
        }
        return []
    }

    public func has(_ wanted: AttributeID) -> Bool {
        var cursor = Cursor(bytes)
        while let (id, end) = cursor.attribute() {
            if id >= wanted.rawValue { return id == wanted.rawValue }
            cursor.position = end
        }
        return false
    }

    /// All attributes in ascending order of their numbers.
    public var attributes: [(id: AttributeID, values: [[UInt8]])] {
        var all: [(id: AttributeID, values: [[UInt8]])] = []
        var cursor = Cursor(bytes)
        while let (id, end) = cursor.attribute() {
            all.append((AttributeID(rawValue: id), cursor.values(upTo: end, of: bytes).map(Array.init)))
            cursor.position = end
        }
        return all
    }

    /// Whether the bytes are a whole encoding, for rows that come from a file somebody may have damaged.
    public func isWellFormed(attributeCount: Int) -> Bool {
        var cursor = Cursor(bytes)
        var last = -1
        while cursor.position < bytes.count {
            guard let (id, end) = cursor.attribute(), Int(id) > last, Int(id) < attributeCount, end <= bytes.count,
                cursor.skipValues(upTo: end)
            else { return false }
            last = Int(id)
        }
        return true
    }

    /// Where each attribute's values lie: calls the body with the attribute and the range of its count and values.
    func forEachPiece(_ body: (AttributeID, Range<Int>) -> Void) {
        var cursor = Cursor(bytes)
        while let (id, end) = cursor.attribute() {
            body(AttributeID(rawValue: id), cursor.position..<end)
            cursor.position = end
        }
    }

    /// The count and values of one attribute as they are encoded; empty where the object does not have it.
    func piece(_ wanted: AttributeID) -> ArraySlice<UInt8> {
        var cursor = Cursor(bytes)
        while let (id, end) = cursor.attribute() {
            if id == wanted.rawValue { return bytes[cursor.position..<end] }
            if id > wanted.rawValue { return [] }
            cursor.position = end
        }
        return []
    }

    /// The values in an encoded piece.
    static func values(in piece: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var values: [ArraySlice<UInt8>] = []
        forEachValue(in: piece) { values.append($0) }
        return values
    }

    static func forEachValue(in piece: ArraySlice<UInt8>, _ body: (ArraySlice<UInt8>) -> Void) {
        var position = piece.startIndex
        guard let count = variableLength(piece, &position) else { return }
        for _ in 0..<count {
            guard let size = variableLength(piece, &position), position + size <= piece.endIndex else { return }
            body(piece[position..<position + size])
            position += size
        }
    }

    /// How many values a piece has.
    static func count(in piece: ArraySlice<UInt8>) -> Int {
        var position = piece.startIndex
        return variableLength(piece, &position) ?? 0
    }

    /// The variable-length integer at a position, which is moved behind it; nil where the bytes end before it does.
    fileprivate static func variableLength<Bytes: RandomAccessCollection>(_ bytes: Bytes, _ position: inout Int) -> Int?
    where Bytes.Element == UInt8, Bytes.Index == Int {
        var (result, shift) = (0, 0)
        while position < bytes.endIndex, shift < 56 {
            let byte = bytes[position]
            position += 1
            result |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return result }
            shift += 7
        }
        return nil
    }

    fileprivate static func append(_ number: Int, to output: inout [UInt8]) {
        var rest = UInt64(number)
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(rest))
    }

    fileprivate static func width(_ number: Int) -> Int {
        var rest = UInt64(number) >> 7
        var width = 1
        while rest > 0 {
            width += 1
            rest >>= 7
        }
        return width
    }
}

/// Writes an encoding attribute by attribute, in ascending order of the numbers.
struct BlobWriter {
    private var bytes: [UInt8] = []

    mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    /// Adds an attribute with count and values as they are encoded elsewhere; nothing for an empty piece.
    mutating func append(_ id: AttributeID, piece: ArraySlice<UInt8>) {
        if piece.isEmpty { return }
        ObjectBlob.append(Int(id.rawValue), to: &bytes)
        ObjectBlob.append(piece.count, to: &bytes)
        bytes.append(contentsOf: piece)
    }

    mutating func append(_ id: AttributeID, values: [[UInt8]]) {
        if values.isEmpty { return }
        ObjectBlob.append(Int(id.rawValue), to: &bytes)
        let size = values.reduce(ObjectBlob.width(values.count)) { $0 + ObjectBlob.width($1.count) + $1.count }
        ObjectBlob.append(size, to: &bytes)
        ObjectBlob.append(values.count, to: &bytes)
        for value in values {
            ObjectBlob.append(value.count, to: &bytes)
            bytes.append(contentsOf: value)
        }
    }

    /// Count and values as they are encoded in an attribute.
    static func piece(_ values: [[UInt8]]) -> [UInt8] {
        if values.isEmpty { return [] }
        var bytes: [UInt8] = []
        ObjectBlob.append(values.count, to: &bytes)
        for value in values {
            ObjectBlob.append(value.count, to: &bytes)
            bytes.append(contentsOf: value)
        }
        return bytes
    }

    var blob: ObjectBlob { ObjectBlob(bytes: bytes) }
}

/// Walks over an encoding. Damaged bytes end the walk; they never read past the end.
private struct Cursor {
    private let bytes: [UInt8]
    var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func number() -> Int? { ObjectBlob.variableLength(bytes, &position) }

    /// The next attribute's number and where it ends; the cursor stands before the count of its values.
    mutating func attribute() -> (id: UInt16, end: Int)? {
        guard position < bytes.count, let id = number(), id <= Int(UInt16.max), let size = number(),
            position + size <= bytes.count
        else { return nil }
        return (UInt16(id), position + size)
    }

    mutating func values(upTo end: Int, of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        guard let count = number(), count <= end - position + 1 else { return [] }
        var values: [ArraySlice<UInt8>] = []
        values.reserveCapacity(count)
        for _ in 0..<count {
            guard let size = number(), position + size <= end else { return values }
            values.append(bytes[position..<position + size])
            position += size
        }
        return values
    }

    mutating func skipValues(upTo end: Int) -> Bool {
        guard let count = number(), count > 0 else { return false }
        for _ in 0..<count {
            guard let size = number(), position + size <= end else { return false }
            position += size
        }
        return position == end
    }
}

/// A reference as a value: the number of the object it names.
public enum ReferenceValue {
    public static func encode(_ object: UInt32) -> [UInt8] {
        [
            UInt8(truncatingIfNeeded: object), UInt8(truncatingIfNeeded: object >> 8),
            UInt8(truncatingIfNeeded: object >> 16), UInt8(truncatingIfNeeded: object >> 24),
        ]
    }

    public static func decode(_ value: some RandomAccessCollection<UInt8>) -> UInt32? {
        guard value.count == 4 else { return nil }
        return value.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
