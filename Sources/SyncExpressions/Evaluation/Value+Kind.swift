extension Value {
    /// What it is in an error's words.
    var kind: String {
        switch self {
        case .null: "NULL"
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .binary: "binary data"
        case .date: "a date"
        case .reference: "a reference"
        case .list: "several values"
        case .authoritativeNull: "AuthoritativeNull"
        case .ignoreThisFlow: "IgnoreThisFlow"
        }
    }

    /// Whether it may stand where a value of this base is expected. Nothing is converted silently: a string of digits is a
    /// number only through `CNum`.
    func conforms(to base: ValueType.Base) -> Bool {
        switch (self, base) {
        case (.string, .string), (.number, .number), (.boolean, .boolean), (.binary, .binary), (.date, .date),
            (.reference, .reference), (_, .any), (.null, _):
            true
        default: false
        }
    }

    /// Absent, or there and empty: what `IsNullOrEmpty` tests.
    var isNullOrEmpty: Bool { isEmpty || self == .null }

    /// There, and empty. A list of one is looked at as that one.
    var isEmpty: Bool {
        switch self {
        case .string(let text): text.isEmpty
        case .binary(let bytes): bytes.isEmpty
        case .list(let values): values.count == 1 && values[0].isEmpty
        default: false
        }
    }

    /// How it stands as a condition: `null` is false, as shipped rules ask of `CBool(NULL)` in a chain of `||` and of functions on
    /// absent attributes.
    func isTrue(in place: @autoclosure () -> String) throws(EvaluationError) -> Bool {
        switch self {
        case .boolean(let value): value
        case .null: false
        default:
            throw .failed(function: place(), "the condition is \(kind), not True or False; compare it with something")
        }
    }
}

extension ValueType.Base {
    /// With its article, as an error's words need it.
    var phrase: String {
        switch self {
        case .string: "a string"
        case .number: "a number"
        case .boolean: "a boolean"
        case .binary: "binary data"
        case .date: "a date"
        case .reference: "a reference"
        case .nothing: "NULL"
        case .any: "a value"
        }
    }
}
