/// What the operators do to two values. `null` on both sides is left to each operator.
enum Operators {
    /// Texts longer than this are refused by `&`, so that a rule cannot fill the memory by doubling.
    static let longestText = 1 << 20

    static func apply(_ symbol: Symbol, _ left: Value, _ right: Value) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.list(let lefts), .list(let rights)):
            guard lefts.count == rights.count else {
                throw .differentCounts(symbol.rawValue, lefts.count, rights.count)
            }
            var collected = Collected()
            for (left, right) in zip(lefts, rights) { _ = collected.add(try apply(symbol, left, right)) }
            return collected.value
        case (.list(let lefts), _):
            var collected = Collected()
            for left in lefts { _ = collected.add(try apply(symbol, left, right)) }
            return collected.value
        case (_, .list(let rights)):
            var collected = Collected()
            for right in rights { _ = collected.add(try apply(symbol, left, right)) }
            return collected.value
        default: return try scalar(symbol, left, right)
        }
    }

    private static func scalar(_ symbol: Symbol, _ left: Value, _ right: Value) throws(EvaluationError) -> Value {
        switch symbol {
        case .concatenate: try concatenate(left, right)
        case .plus, .minus, .times: try calculate(symbol, left, right)
        case .equal: .boolean(try equal(symbol, left, right))
        case .notEqual: .boolean(try !equal(symbol, left, right))
        case .less, .lessOrEqual, .greater, .greaterOrEqual: .boolean(try ordered(symbol, left, right))
        // Not reached: logic decides before both sides are known.
        case .and, .or, .open, .close, .comma: .null
        }
    }

    /// `&`: `null` beside a value is nothing at all; two `null` are `null` (both as in VBA). Binary data follows binary data: a
    /// shipped rule builds keys so.
    static func concatenate(_ left: Value, _ right: Value) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.string(let left), .string(let right)):
            guard left.utf8.count + right.utf8.count <= longestText else {
                throw .failed(function: "&", "the text would be longer than \(longestText) bytes")
            }
            return .string(left + right)
        case (.binary(let left), .binary(let right)):
            guard left.count + right.count <= longestText else {
                throw .failed(function: "&", "the data would be longer than \(longestText) bytes")
            }
            return .binary(left + right)
        case (.null, .string), (.null, .binary), (.null, .null): return right
        case (.string, .null), (.binary, .null): return left
        default:
            throw .failed(function: "&", "it joins strings, not \(left.kind) and \(right.kind); convert with CStr")
        }
    }

    /// `+ - *` on 64-bit numbers; `null` makes the result `null`.
    static func calculate(_ symbol: Symbol, _ left: Value, _ right: Value) throws(EvaluationError) -> Value {
        switch (left, right) {
        case (.number(let left), .number(let right)):
            let (result, isTooLarge) =
                switch symbol {
                case .plus: left.addingReportingOverflow(right)
                case .minus: left.subtractingReportingOverflow(right)
                default: left.multipliedReportingOverflow(by: right)
                }
            guard !isTooLarge else {
                throw .failed(
                    function: symbol.rawValue, "\(left) \(symbol.rawValue) \(right) does not fit into 64 bits")
            }
            return .number(result)
        case (.null, .number), (.number, .null), (.null, .null): return .null
        default:
            throw .failed(
                function: symbol.rawValue,
                "it calculates with numbers, not \(left.kind) and \(right.kind); convert with CNum")
        }
    }

    /// Texts are equal when every character is (documents lower-case both sides where case should not matter), without any Unicode
    /// normalization, as .NET's operator compares. `null` equals only `null`.
    static func equal(_ symbol: Symbol, _ left: Value, _ right: Value) throws(EvaluationError) -> Bool {
        switch (left, right) {
        case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.number(let left), .number(let right)): return left == right
        case (.boolean(let left), .boolean(let right)): return left == right
        case (.date(let left), .date(let right)): return left == right
        case (.binary(let left), .binary(let right)): return left == right
        case (.reference(let left), .reference(let right)): return names(left, sameAs: right)
        case (.null, .null): return true
        case (.null, _), (_, .null): return false
        default: throw .incomparable(symbol, left, right)
        }
    }

    /// Two references are equal when they are the same object, or, where one names no known object, by name without case, as
    /// directories compare names.
    private static func names(_ left: Reference, sameAs right: Reference) -> Bool {
        if left.object != 0, right.object != 0 { return left.object == right.object }
        return left.name.lowercased().utf8.elementsEqual(right.name.lowercased().utf8)
    }

    /// `< <= > >=` on numbers, dates and texts (by UTF-16 units, .NET's ordinal order). False where a side is `null`.
    static func ordered(_ symbol: Symbol, _ left: Value, _ right: Value) throws(EvaluationError) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): return holds(symbol, left < right, left == right)
        case (.date(let left), .date(let right)): return holds(symbol, left < right, left == right)
        case (.string(let left), .string(let right)):
            return holds(
                symbol, left.utf16.lexicographicallyPrecedes(right.utf16), left.utf8.elementsEqual(right.utf8))
        case (.null, _), (_, .null): return false
        default: throw .incomparable(symbol, left, right)
        }
    }

    private static func holds(_ symbol: Symbol, _ isLess: Bool, _ isEqual: Bool) -> Bool {
        switch symbol {
        case .less: isLess
        case .lessOrEqual: isLess || isEqual
        case .greater: !isLess && !isEqual
        default: !isLess
        }
    }
}

extension EvaluationError {
    fileprivate static func incomparable(_ symbol: Symbol, _ left: Value, _ right: Value) -> EvaluationError {
        .failed(
            function: symbol.rawValue,
            "cannot compare \(left.kind) with \(right.kind); convert one of them (CNum, CStr, CBool, CDate)")
    }
}
