import Documents
import SyncExpressions

/// One object laid open for evaluation: where each attribute's values lie. Used again for one object after the other, so that
/// looking up an attribute costs the same whatever the object has.
final class ObjectFrame: AttributeInput {
    /// Who knows the names behind references.
    unowned var engine: SynchronizationEngine?
    private let dnAttribute: AttributeID

    private(set) var dn = ""
    private var imported: [UInt8] = []
    private var staged: [UInt8] = []
    private var importedPieces = PieceTable()
    private var stagedPieces = PieceTable()
    /// Attributes that the staged side decides about; nil where nothing is staged.
    private var managed: Set<AttributeID>?

    init(dnAttribute: AttributeID) { self.dnAttribute = dnAttribute }

    /// Opens values, and over them what is staged for export and not yet confirmed.
    func open(_ blob: ObjectBlob, dn: String = "", staged overlay: ObjectBlob? = nil, managed: Set<AttributeID>? = nil)
    {
        self.dn = dn
        imported = blob.bytes
        importedPieces.open(blob)
        self.managed = overlay == nil ? nil : managed
        if let overlay {
            staged = overlay.bytes
            stagedPieces.open(overlay)
        }
    }

    /// Count and values as they are encoded; empty for an absent attribute.
    func piece(_ attribute: AttributeID) -> ArraySlice<UInt8> {
        if attribute == dnAttribute, !dn.isEmpty { return BlobWriter.piece([Array(dn.utf8)])[...] }
        if let managed {
            if let range = stagedPieces[attribute] { return staged[range] }
            if managed.contains(attribute) { return [] }
        }
        return importedPieces[attribute].map { imported[$0] } ?? []
    }

    func has(_ attribute: AttributeID) -> Bool {
        if attribute == dnAttribute, !dn.isEmpty { return true }
        if let managed {
            if stagedPieces[attribute] != nil { return true }
            if managed.contains(attribute) { return false }
        }
        return importedPieces[attribute] != nil
    }

    func hasAny(_ attributes: [AttributeID]) -> Bool {
        for attribute in attributes where has(attribute) { return true }
        return false
    }

    func values(_ attribute: AttributeID) -> [ArraySlice<UInt8>] { ObjectBlob.values(in: piece(attribute)) }

    // MARK: - For expressions

    func value(_ attribute: AttributeDescription) -> Value {
        value(piece(AttributeID(rawValue: UInt16(attribute.number))), attribute.type)
    }

    func importedValue(_ attribute: AttributeDescription) -> Value {
        let id = AttributeID(rawValue: UInt16(attribute.number))
        return value(importedPieces[id].map { imported[$0] } ?? [], attribute.type)
    }

    func count(_ attribute: AttributeDescription) -> Int {
        ObjectBlob.count(in: piece(AttributeID(rawValue: UInt16(attribute.number))))
    }

    func isPresent(_ attribute: AttributeDescription) -> Bool {
        has(AttributeID(rawValue: UInt16(attribute.number)))
    }

    private func value(_ piece: ArraySlice<UInt8>, _ type: ValueType) -> Value {
        if piece.isEmpty { return .null }
        if type.isMultiValued {
            var values: [Value] = []
            ObjectBlob.forEachValue(in: piece) { values.append(single($0, type.base)) }
            return .list(values)
        }
        var first = Value.null
        var isFirst = true
        ObjectBlob.forEachValue(in: piece) { bytes in
            if isFirst { first = single(bytes, type.base) }
            isFirst = false
        }
        return first
    }

    private func single(_ bytes: ArraySlice<UInt8>, _ base: ValueType.Base) -> Value {
        switch base {
        case .string, .date: return .string(String(decoding: bytes, as: UTF8.self))
        case .number: return decimal(bytes).map(Value.number) ?? .string(String(decoding: bytes, as: UTF8.self))
        case .boolean: return .boolean(isTrue(bytes))
        case .binary: return .binary(Array(bytes))
        case .reference:
            let object = ReferenceValue.decode(bytes) ?? 0
            return .reference(Reference(object: object, name: engine?.objects.read(object) { $0.dn } ?? ""))
        case .any, .nothing:
            return String(validating: bytes, as: UTF8.self).map(Value.string) ?? .binary(Array(bytes))
        }
    }

    /// Directories write `TRUE`, this program `True`; a number is true where it is not zero.
    private func isTrue(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count == 4 ? bytes.elementsEqual("true".utf8) { asciiFolded($0) == $1 } : bytes.elementsEqual("1".utf8)
    }
}

/// A whole number in decimal digits.
func decimal(_ bytes: ArraySlice<UInt8>) -> Int64? {
    var digits = bytes
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative { digits = digits.dropFirst() }
    guard !digits.isEmpty else { return nil }
    var result: Int64 = 0
    for byte in digits {
        guard byte >= 0x30, byte <= 0x39 else { return nil }
        let (product, tooLarge) = result.multipliedReportingOverflow(by: 10)
        let (sum, overflow) = product.subtractingReportingOverflow(Int64(byte - 0x30))
        if tooLarge || overflow { return nil }
        result = sum
    }
    if isNegative { return result }
    return result == Int64.min ? nil : -result
}

/// Where the attributes of one encoding lie, by their numbers. Opening the next one forgets the last without clearing anything.
private struct PieceTable {
    private var starts: [Int32] = []
    private var ends: [Int32] = []
    private var stamps: [UInt32] = []
    private var stamp: UInt32 = 0

    mutating func open(_ blob: ObjectBlob) {
        if stamp == UInt32.max {
            stamps = [UInt32](repeating: 0, count: stamps.count)
            stamp = 0
        }
        stamp += 1
        blob.forEachPiece { attribute, range in
            let place = Int(attribute.rawValue)
            if place >= stamps.count { grow(to: place + 64) }
            starts[place] = Int32(truncatingIfNeeded: range.lowerBound)
            ends[place] = Int32(truncatingIfNeeded: range.upperBound)
            stamps[place] = stamp
        }
    }

    private mutating func grow(to count: Int) {
        let more = count - stamps.count
        starts += [Int32](repeating: 0, count: more)
        ends += [Int32](repeating: 0, count: more)
        stamps += [UInt32](repeating: 0, count: more)
    }

    subscript(_ attribute: AttributeID) -> Range<Int>? {
        let place = Int(attribute.rawValue)
        guard place < stamps.count, stamps[place] == stamp else { return nil }
        return Int(starts[place])..<Int(ends[place])
    }
}

extension DateTime {
    /// As a directory would be told: generalized time (RFC 4517), to the second.
    var text: String {
        let milliseconds = (ticks - 621_355_968_000_000_000) / 10_000
        let text = WallTime(milliseconds: milliseconds).description
        return String(text.filter { $0.isASCII && $0.isNumber }.prefix(14)) + ".0Z"
    }
}
