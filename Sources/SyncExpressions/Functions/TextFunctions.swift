/// Functions on strings. Lengths and places are UTF-16 units, places count from 1, and 0 is "not found".
enum TextFunctions {
    static let all: [FunctionDefinition] =
        cases + cuts + places + paddings + [len, replace, replaceChars, word] + guids

    private static let cases: [FunctionDefinition] = [
        .ofText("LCase", UTF16Text.lower),
        .ofText("UCase", UTF16Text.upper),
        .ofText("PCase", properCase),
        .ofText("Trim") { UTF16Text.trimmed($0) },
        .ofText("LTrim") { UTF16Text.trimmed($0, end: false) },
        .ofText("RTrim") { UTF16Text.trimmed($0, start: false) },
    ]

    /// The first character after each space in upper case and the rest in lower case, as documented; other blanks separate nothing.
    private static func properCase(_ text: String) -> String {
        text.unicodeScalars.split(separator: " ", omittingEmptySubsequences: false).map { word in
            guard let first = word.first else { return "" }
            return UTF16Text.upper(String(first)) + UTF16Text.lower(String(word.dropFirst()))
        }.joined(separator: " ")
    }

    // MARK: Parts

    private static let cuts: [FunctionDefinition] = [
        FunctionDefinition("Left", [.one(.string), .one(.number)], gives: .string, nulls: .arePassed, left),
        FunctionDefinition("Right", [.one(.string), .one(.number)], gives: .string, nulls: .arePassed, right),
        // Shipped rules take parts of binary values too.
        FunctionDefinition(
            "Mid", [.one(.any), .one(.number), .one(.number).optional], gives: .any, nulls: .arePassed, mid),
    ]

    private static func left(_ given: Arguments) throws(EvaluationError) -> Value {
        guard given[0] != .null else { return .string("") }
        guard given[1] != .null else { return .null }
        let text = try given.text(0)
        let count = try given.number(1)
        return .string(count < 0 ? text : UTF16Text.slice(text, from: 0, count: Int(count)))
    }

    private static func right(_ given: Arguments) throws(EvaluationError) -> Value {
        guard given[0] != .null else { return .string("") }
        guard given[1] != .null else { return .null }
        let text = try given.text(0)
        let count = try given.number(1)
        return .string(count < 0 || count >= text.utf16.count ? text : UTF16Text.suffix(text, Int(count)))
    }

    private static func mid(_ given: Arguments) throws(EvaluationError) -> Value {
        guard given[0] != .null else { return .string("") }
        guard given[1] != .null else { return .null }
        let start = try given.number(1)
        let count = given.isMissing(2) ? Int64.max : try given.number(2)
        switch given[0] {
        case .string(let text):
            if count == 0 { return .string("") }
            guard start > 0, start <= text.utf16.count, count > 0 else { return .string(text) }
            return .string(UTF16Text.slice(text, from: Int(start) - 1, count: Int(count)))
        case .binary(let bytes):
            if count == 0 { return .binary([]) }
            guard start > 0, start <= bytes.count, count > 0 else { return .binary(bytes) }
            return .binary(Array(bytes[(Int(start) - 1)...].prefix(Int(count))))
        default: throw given.wrong(0, "a string or a binary value")
        }
    }

    private static let len = FunctionDefinition("Len", [.one(.any)], gives: .number, nulls: .arePassed) {
        (given) throws(EvaluationError) in
        switch given[0] {
        case .null: .number(0)
        case .string(let text): .number(Int64(text.utf16.count))
        case .binary(let bytes): .number(Int64(bytes.count))
        default: throw given.wrong(0, "a string or a binary value")
        }
    }

    // MARK: Places

    private static let searched: [FunctionDefinition.Parameter] = [
        .one(.string), .one(.string), .one(.number).optional, .one(.string).optional,
    ]

    private static let places: [FunctionDefinition] =
        [FunctionDefinition("InStr", searched, gives: .number, nulls: .arePassed, inStr)]
        + ["InStrRev", "InstrRev"].map {
            FunctionDefinition($0, searched, gives: .number, nulls: .arePassed, inStrRev)
        }

    private static func inStr(_ given: Arguments) throws(EvaluationError) -> Value {
        guard given[0] != .null, given[1] != .null else { return .number(0) }
        let text = try given.text(0)
        let sought = try given.text(1)
        let comparison = try given.word(3, default: UTF16Text.Comparison.vbBinaryCompare)
        if given.isMissing(2), comparison == .vbBinaryCompare {
            guard let offset = text.isEmpty ? nil : UTF16Text.offset(of: sought, in: text) else { return .number(0) }
            let place = text.utf8.index(text.startIndex, offsetBy: offset)
            return .number(Int64(text.utf16.distance(from: text.startIndex, to: place) + 1))
        }
        let start = given.isMissing(2) ? 1 : try given.number(2)
        guard start >= 1 else { throw given.wrong(2, "a place from 1 on") }
        // As VB's function, whose constants this one takes: beyond the end there is nothing, not even an empty text.
        guard start <= text.utf16.count else { return .number(0) }
        let place = UTF16Text.find(sought, in: text, from: Int(start) - 1, backwards: false, comparison)
        return .number(Int64(place ?? -1) + 1)
    }

    private static func inStrRev(_ given: Arguments) throws(EvaluationError) -> Value {
        guard given[0] != .null, given[1] != .null else { return .number(0) }
        let text = try given.text(0)
        let sought = try given.text(1)
        let comparison = try given.word(3, default: UTF16Text.Comparison.vbBinaryCompare)
        let length = Int64(text.utf16.count)
        var start = given.isMissing(2) ? length : try given.number(2)
        if start == -1 { start = length }
        guard start >= 1 || length == 0 else { throw given.wrong(2, "a place from 1 on, or -1 for the end") }
        guard length > 0, start <= length else { return .number(0) }
        if sought.isEmpty { return .number(start) }
        let place = UTF16Text.find(sought, in: text, from: Int(start), backwards: true, comparison)
        return .number(Int64(place ?? -1) + 1)
    }

    // MARK: Paddings

    /// Far above any attribute; a wrong length shall not take the machine's memory.
    private static let longest: Int64 = 1 << 20

    private static let paddings: [FunctionDefinition] = [
        padding("PadLeft") { text, filling in filling + text },
        padding("PadRight") { text, filling in text + filling },
    ]

    private static func padding(
        _ name: String, _ join: @escaping @Sendable (String, String) -> String
    ) -> FunctionDefinition {
        FunctionDefinition(
            name, [.one(.string), .one(.number), .one(.string)], gives: .string, nulls: .arePassed
        ) { (given) throws(EvaluationError) in
            let filling = try given.text(2)
            guard filling.utf16.count == 1 else { throw given.wrong(2, "one character") }
            guard given[0] != .null else { return .string("") }
            guard given[1] != .null else { return .null }
            let text = try given.text(0)
            let length = try given.number(1)
            guard length <= longest else { throw given.wrong(1, "a length up to \(longest)") }
            let missing = Int(length) - text.utf16.count
            return .string(missing > 0 ? join(text, String(repeating: filling, count: missing)) : text)
        }
    }

    // MARK: Words

    private static let word = FunctionDefinition(
        "Word", [.one(.string), .one(.number), .one(.string)], gives: .string, nulls: .arePassed
    ) { (given) throws(EvaluationError) in
        guard given[0] != .null, given[1] != .null else { return .string("") }
        let text = try given.text(0)
        let number = try given.number(1)
        let delimiters = given[2] == .null ? [] : Set(try given.text(2).unicodeScalars)
        guard number >= 1 else { return .string("") }
        // Two delimiters side by side have an empty word between them, as String.Split has it.
        let words = text.unicodeScalars.split(omittingEmptySubsequences: false) { delimiters.contains($0) }
        return .string(number <= words.count ? String(words[Int(number) - 1]) : "")
    }
}
