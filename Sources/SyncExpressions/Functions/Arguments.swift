/// What a function's body was given, read with the errors that name the function.
struct Arguments {
    let function: String
    let values: [Value]

    /// Whether an optional argument was left out; one that is there but absent (`NULL`) counts as left out.
    func isMissing(_ index: Int) -> Bool { index >= values.count || values[index] == .null }

    /// `null` where fewer arguments were given.
    subscript(index: Int) -> Value { index < values.count ? values[index] : .null }

    func failure(_ problem: String) -> EvaluationError { .failed(function: function, problem) }

    func text(_ index: Int) throws(EvaluationError) -> String {
        guard case .string(let text) = self[index] else { throw wrong(index, "a string") }
        return text
    }

    func number(_ index: Int) throws(EvaluationError) -> Int64 {
        guard case .number(let number) = self[index] else { throw wrong(index, "a number") }
        return number
    }

    func boolean(_ index: Int) throws(EvaluationError) -> Bool {
        guard case .boolean(let boolean) = self[index] else { throw wrong(index, "True or False") }
        return boolean
    }

    func bytes(_ index: Int) throws(EvaluationError) -> [UInt8] {
        guard case .binary(let bytes) = self[index] else { throw wrong(index, "a binary value") }
        return bytes
    }

    func date(_ index: Int) throws(EvaluationError) -> DateTime {
        guard case .date(let date) = self[index] else { throw wrong(index, "a date") }
        return date
    }

    func reference(_ index: Int) throws(EvaluationError) -> Reference {
        guard case .reference(let reference) = self[index] else { throw wrong(index, "a reference") }
        return reference
    }

    /// The values of a list; a single value is a list of one and `null` a list of none.
    func list(_ index: Int) -> [Value] {
        switch self[index] {
        case .list(let values): values
        case .null: []
        case let value: [value]
        }
    }

    /// One of a few words, such as `vbTextCompare`. They are compared without case.
    func word<Word: CaseIterable & RawRepresentable<String>>(
        _ index: Int, default missing: Word
    ) throws(EvaluationError) -> Word {
        if isMissing(index) { return missing }
        let text = try text(index)
        if let word = Word.allCases.first(where: { $0.rawValue.lowercased() == text.lowercased() }) { return word }
        throw wrong(index, Word.allCases.map(\.rawValue).joined(separator: " or "))
    }

    func wrong(_ index: Int, _ expected: String) -> EvaluationError {
        failure("argument \(index + 1) is \(self[index].summary), expected \(expected)")
    }
}

extension Value {
    /// For messages: the type, and the value where it is short.
    var summary: String {
        switch self {
        case .null: "absent"
        case .string(let text): text.utf8.count <= 60 ? "the string \"\(text)\"" : "a string of \(text.utf16.count)"
        case .number(let number): "the number \(number)"
        case .boolean(let boolean): boolean ? "True" : "False"
        case .binary(let bytes): "a binary value of \(bytes.count) bytes"
        case .date: "a date"
        case .reference: "a reference"
        case .list(let values): "a list of \(values.count) values"
        case .authoritativeNull: "AuthoritativeNull"
        case .ignoreThisFlow: "IgnoreThisFlow"
        }
    }
}

extension FunctionDefinition {
    /// A function of its arguments alone.
    init(
        _ name: String, _ parameters: [Parameter], gives result: ValueType, nulls: NullArguments = .giveNull,
        _ body: @escaping @Sendable (Arguments) throws(EvaluationError) -> Value
    ) {
        self.init(name, parameters, result: result, nulls: nulls) { (values, _) throws(EvaluationError) in
            try body(Arguments(function: name, values: values))
        }
    }

    /// A function of one string.
    static func ofText(_ name: String, _ body: @escaping @Sendable (String) -> String) -> FunctionDefinition {
        FunctionDefinition(name, [.one(.string)], gives: .string) { (given) throws(EvaluationError) in
            .string(body(try given.text(0)))
        }
    }
}
