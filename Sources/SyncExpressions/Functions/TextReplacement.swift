extension TextFunctions {
    static let replace = FunctionDefinition(
        "Replace", [.one(.string), .one(.string), .one(.string)], gives: .string
    ) { (given) throws(EvaluationError) in
        let sought = withControls(try given.text(1))
        guard !sought.isEmpty else { throw given.failure("the text to replace is empty; name at least one character") }
        return .string(replacing(sought, in: try given.text(0), with: withControls(try given.text(2))))
    }

    /// `\n`, `\r` and `\t`, which literals of the language cannot write.
    private static func withControls(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        var result = text
        for (mark, control) in [("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t")] {
            result = replacing(mark, in: result, with: control)
        }
        return result
    }

    /// Unit by unit, as .NET's `Replace`: Swift's own takes a line end for one character.
    private static func replacing(_ sought: String, in text: String, with replacement: String) -> String {
        let bytes = Array(text.utf8)
        let wanted = Array(sought.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == wanted[0], bytes[index...].starts(with: wanted) {
                result.append(contentsOf: replacement.utf8)
                index += wanted.count
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    static let replaceChars = FunctionDefinition(
        "ReplaceChars", [.one(.string), .one(.string)], gives: .string
    ) { (given) throws(EvaluationError) in
        let replacements = try pattern(given)
        var result = String.UnicodeScalarView()
        for scalar in try given.text(0).unicodeScalars {
            if let replacement = replacements[scalar] {
                result.append(contentsOf: replacement.unicodeScalars)
            } else {
                result.append(scalar)
            }
        }
        return .string(String(result))
    }

    /// `a:b,c:,d,e`: pairs with a colon, or, as the documented example ends, two entries without one. Blanks count for nothing.
    private static func pattern(_ given: Arguments) throws(EvaluationError) -> [Unicode.Scalar: String] {
        let scalars = try given.text(1).unicodeScalars.filter { !UTF16Text.isBlank($0) }
        var result: [Unicode.Scalar: String] = [:]
        var waiting: String?
        func enter(_ source: String, _ target: String) throws(EvaluationError) {
            guard let scalar = source.unicodeScalars.first, source.unicodeScalars.count == 1 else {
                throw given.failure("\"\(source)\" in the pattern is not one character; expected source:target")
            }
            result[scalar] = target
        }
        for entry in scalars.split(separator: ",") {
            let parts = entry.split(separator: ":", omittingEmptySubsequences: false).map {
                String(String.UnicodeScalarView($0))
            }
            switch (parts.count, waiting) {
            case (1, nil): waiting = parts[0]
            case (1, let source?):
                try enter(source, parts[0])
                waiting = nil
            case (2, nil): try enter(parts[0], parts[1])
            default:
                let text = parts.joined(separator: ":")
                throw given.failure("\"\(text)\" in the pattern is not source:target")
            }
        }
        if let source = waiting {
            throw given.failure("\"\(source)\" in the pattern has no target; write \"\(source):\" to remove it")
        }
        return result
    }

    // The documents spell it both ways.
    static let guids: [FunctionDefinition] = ["GUID", "Guid"].map { name in
        FunctionDefinition(name, [], result: .string, isPure: false) { (_, environment) throws(EvaluationError) in
            var bytes = (0..<16).map { _ in UInt8(truncatingIfNeeded: environment.random(256)) }
            // Version 4, variant 1 (RFC 9562), in the byte order of .NET.
            bytes[7] = bytes[7] & 0x0F | 0x40
            bytes[8] = bytes[8] & 0x3F | 0x80
            return .string(GUIDText.format(bytes))
        }
    }
}
