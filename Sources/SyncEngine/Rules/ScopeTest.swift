import SyncConfiguration

/// One operator with its value, ready to be asked about an attribute's values.
struct ScopeTest {
    private let `operator`: ScopeClause.Operator
    private let text: String
    private let number: Int64?

    init(_ operator: ScopeClause.Operator, _ value: String) {
        self.operator = `operator`
        text = value.lowercased()
        number = Int64(value)
    }

    /// Whether the clause holds. Of several values one has to satisfy a positive operator, and none may be what a negative one forbids.
    func holds(_ values: [ArraySlice<UInt8>]) -> Bool {
        switch `operator` {
        case .isNull: values.isEmpty
        case .isNotNull: !values.isEmpty
        case .equal: values.contains { compare($0) == 0 }
        case .notEqual: !values.contains { compare($0) == 0 }
        case .lessThan: values.contains { compare($0) < 0 }
        case .lessThanOrEqual: values.contains { compare($0) <= 0 }
        case .greaterThan: values.contains { compare($0) > 0 }
        case .greaterThanOrEqual: values.contains { compare($0) >= 0 }
        case .contains: values.contains { find($0) }
        case .notContains: !values.contains { find($0) }
        case .startsWith: values.contains { folded($0).hasPrefix(text) }
        case .notStartsWith: !values.contains { folded($0).hasPrefix(text) }
        case .endsWith: values.contains { folded($0).hasSuffix(text) }
        case .notEndsWith: !values.contains { folded($0).hasSuffix(text) }
        case .isBitSet: values.contains { isBitSet($0) }
        case .isIn: values.contains { text.split(separator: ";").contains(folded($0)[...]) }
        case .isNotIn: !values.contains { text.split(separator: ";").contains(folded($0)[...]) }
        case .isMemberOf: false
        case .isNotMemberOf: true
        case .isNotBitSet: !values.contains { isBitSet($0) }
        }
    }

    private func folded(_ value: ArraySlice<UInt8>) -> String { String(decoding: value, as: UTF8.self).lowercased() }

    private func find(_ value: ArraySlice<UInt8>) -> Bool {
        let (bytes, wanted) = (Array(folded(value).utf8), Array(text.utf8))
        guard !wanted.isEmpty, bytes.count >= wanted.count else { return wanted.isEmpty }
        return (0...bytes.count - wanted.count).contains { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }

    /// Negative, zero or positive, like the difference of value and text.
    private func compare(_ value: ArraySlice<UInt8>) -> Int {
        if let number, let found = Int64(String(decoding: value, as: UTF8.self)) {
            return found == number ? 0 : found < number ? -1 : 1
        }
        let found = folded(value)
        return found == text ? 0 : found < text ? -1 : 1
    }

    /// All bits of the mask. AD writes its masks as signed numbers of 32 bits.
    private func isBitSet(_ value: ArraySlice<UInt8>) -> Bool {
        guard let number, let found = Int64(String(decoding: value, as: UTF8.self)) else { return false }
        return found & number == number
    }
}
