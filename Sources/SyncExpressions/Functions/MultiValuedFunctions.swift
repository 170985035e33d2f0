/// Functions on lists. Places count from 1.
enum MultiValuedFunctions {
    static let all = [contains, count, item, itemOrNull, join, removeDuplicates, split]

    enum Case: String, CaseIterable {
        case sensitive = "CaseSensitive"
        case insensitive = "CaseInsensitive"
    }

    /// Strings are searched for a part, references for the whole name.
    private static let contains = FunctionDefinition(
        "Contains", [.many(.any), .one(.string), .one(.string).optional], gives: .number, nulls: .arePassed
    ) { (given) throws(EvaluationError) in
        guard given[0] != .null, given[1] != .null else { return .number(0) }
        let isSensitive = try given.word(2, default: Case.sensitive) == .sensitive
        let sought = isSensitive ? try given.text(1) : UTF16Text.upper(try given.text(1))
        for (index, value) in given.list(0).enumerated() {
            let isFound: Bool
            switch value {
            case .string(let text): isFound = UTF16Text.holds(isSensitive ? text : UTF16Text.upper(text), sought)
            case .reference(let reference):
                let name = isSensitive ? reference.name : UTF16Text.upper(reference.name)
                isFound = OrdinalText(text: name) == OrdinalText(text: sought)
            default: throw given.wrong(0, "strings or references")
            }
            if isFound { return .number(Int64(index) + 1) }
        }
        return .number(0)
    }

    private static let count = FunctionDefinition("Count", [.many(.any)], gives: .number, nulls: .arePassed) {
        .number(Int64($0.list(0).count))
    }

    private static let item = FunctionDefinition(
        "Item", [.many(.any), .one(.number)], gives: .any, nulls: .arePassed
    ) { (given) throws(EvaluationError) in
        if let value = try value(given) { return value }
        throw given.failure("there is no value \(try given.number(1)) among \(given.list(0).count)")
    }

    private static let itemOrNull = FunctionDefinition(
        "ItemOrNull", [.many(.any), .one(.number)], gives: .any, nulls: .arePassed
    ) { (given) throws(EvaluationError) in given[1] == .null ? .null : try value(given) ?? .null }

    private static func value(_ given: Arguments) throws(EvaluationError) -> Value? {
        let values = given.list(0)
        let place = try given.number(1)
        return place >= 1 && place <= values.count ? values[Int(place) - 1] : nil
    }

    private static let join = FunctionDefinition(
        "Join", [.many(.any), .one(.string).optional], gives: .string
    ) { (given) throws(EvaluationError) in
        let delimiter = given.isMissing(1) ? (given.values.count > 1 ? "" : " ") : try given.text(1)
        var texts: [String] = []
        for value in given.list(0) {
            guard let text = ConversionFunctions.text(of: value) else { throw given.wrong(0, "a list of strings") }
            texts.append(text)
        }
        return .string(texts.joined(separator: delimiter))
    }

    /// The first of equal values stays. Strings that differ in case are different values, as they are to .NET.
    private static let removeDuplicates = FunctionDefinition(
        "RemoveDuplicates", [.many(.any)], gives: ValueType.any.many
    ) {
        given in
        var seenTexts: Set<OrdinalText> = []
        var seenBytes: Set<[UInt8]> = []
        var kept: [Value] = []
        for value in given.list(0) {
            let isNew =
                switch value {
                case .string(let text): seenTexts.insert(OrdinalText(text: text)).inserted
                case .reference(let reference): seenTexts.insert(OrdinalText(text: reference.name)).inserted
                case .binary(let bytes): seenBytes.insert(bytes).inserted
                default: !kept.contains(value)
                }
            if isNew { kept.append(value) }
        }
        return .list(kept)
    }

    /// Empty parts are kept. With a limit the last part holds what is left, as String.Split has it.
    private static let split = FunctionDefinition(
        "Split", [.one(.string), .one(.string), .one(.number).optional], gives: ValueType.string.many
    ) { (given) throws(EvaluationError) in
        let text = try given.text(0)
        let delimiter = try given.text(1).unicodeScalars
        guard let scalar = delimiter.first, delimiter.count == 1 else { throw given.wrong(1, "one character") }
        let limit = given.isMissing(2) ? Int64.max : try given.number(2)
        guard limit >= 1 else { throw given.wrong(2, "a limit from 1 on") }
        let parts = text.unicodeScalars.split(
            separator: scalar, maxSplits: Int(limit - 1), omittingEmptySubsequences: false)
        return .list(parts.map { .string(String($0)) })
    }
}
