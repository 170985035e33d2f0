import SyncConfiguration

/// One operator with its value, ready to be asked about an attribute's values.
struct ScopeTest {
    private let `operator`: ScopeClause.Operator
    private let text: String
    private let folded: [UInt8]
    private let alternatives: [[UInt8]]
    private let number: Int64?

    init(_ operator: ScopeClause.Operator, _ value: String) {
        self.operator = `operator`
        text = value
        folded = Array(value.lowercased().utf8)
        alternatives = value.lowercased().split(separator: ";").map { text in
            Array(text.utf8.drop { $0 == 0x20 })
        }
        number = Int64(value)
    }

    /// The name of the group that the object has to be, or must not be, a member of.
    var group: String { text }
    var asksForMembership: Bool { `operator` == .isMemberOf || `operator` == .isNotMemberOf }
    /// What `isMember` has to answer for the clause to hold.
    var wantsMember: Bool { `operator` == .isMemberOf }
    /// The operator needs no value of the attribute.
    var asksForPresence: Bool? {
        `operator` == .isNotNull ? true : `operator` == .isNull ? false : nil
    }

    /// Whether the clause holds. Of several values one has to satisfy a positive operator, and none may be what a negative one forbids.
    func holds(_ piece: ArraySlice<UInt8>) -> Bool {
        switch `operator` {
        case .isNull: piece.isEmpty
        case .isNotNull: !piece.isEmpty
        case .equal: any(piece) { compare($0) == 0 }
        case .notEqual: !any(piece) { compare($0) == 0 }
        case .lessThan: any(piece) { compare($0) < 0 }
        case .lessThanOrEqual: any(piece) { compare($0) <= 0 }
        case .greaterThan: any(piece) { compare($0) > 0 }
        case .greaterThanOrEqual: any(piece) { compare($0) >= 0 }
        case .contains: any(piece, find)
        case .notContains: !any(piece, find)
        case .startsWith: any(piece) { lowercased($0).starts(with: folded) }
        case .notStartsWith: !any(piece) { lowercased($0).starts(with: folded) }
        case .endsWith: any(piece) { lowercased($0).reversed().starts(with: folded.reversed()) }
        case .notEndsWith: !any(piece) { lowercased($0).reversed().starts(with: folded.reversed()) }
        case .isIn: any(piece) { alternatives.contains(lowercased($0)) }
        case .isNotIn: !any(piece) { alternatives.contains(lowercased($0)) }
        case .isBitSet: any(piece, isBitSet)
        case .isNotBitSet: !any(piece, isBitSet)
        case .isMemberOf, .isNotMemberOf: false
        }
    }

    private func any(_ piece: ArraySlice<UInt8>, _ isWanted: (ArraySlice<UInt8>) -> Bool) -> Bool {
        if piece.isEmpty { return false }
        var found = false
        ObjectBlob.forEachValue(in: piece) { if !found { found = isWanted($0) } }
        return found
    }

    private func lowercased(_ value: ArraySlice<UInt8>) -> [UInt8] {
        if value.allSatisfy({ $0 < 0x80 }) { return value.map(asciiFolded) }
        return Array(String(decoding: value, as: UTF8.self).lowercased().utf8)
    }

    private func find(_ value: ArraySlice<UInt8>) -> Bool {
        let bytes = lowercased(value)
        guard !folded.isEmpty, bytes.count >= folded.count else { return folded.isEmpty }
        return (0...bytes.count - folded.count).contains { bytes[$0..<$0 + folded.count].elementsEqual(folded) }
    }

    /// Negative, zero or positive, like the difference of value and text. Numbers where both sides are: the documents speak of
    /// texts, and shipped rules compare a count of members.
    private func compare(_ value: ArraySlice<UInt8>) -> Int {
        if let number, let found = decimal(value) { return found == number ? 0 : found < number ? -1 : 1 }
        let found = lowercased(value)
        return found == folded ? 0 : found.lexicographicallyPrecedes(folded) ? -1 : 1
    }

    /// All bits of the mask. AD writes its masks as signed numbers of 32 bits.
    private func isBitSet(_ value: ArraySlice<UInt8>) -> Bool {
        guard let number, let found = decimal(value) else { return false }
        return found & number == number
    }
}
