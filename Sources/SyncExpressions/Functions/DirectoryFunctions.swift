/// Functions on distinguished names.
///
/// Values come out as they are written, escapes included: rules find replication conflicts by the text `\0ACNF:`, which is a line feed
/// and `CNF:` once it is unescaped, and what is taken from a name can be put into another.
enum DirectoryFunctions {
    static let all = [dnComponent, dnComponentRev, escapeDNComponent]

    /// Beyond the last component there is nothing.
    private static let dnComponent = FunctionDefinition(
        "DNComponent", [.one(.reference), .one(.number)], gives: .string
    ) { (given) throws(EvaluationError) in
        try component(given, of: components(try given.reference(0).name))
    }

    enum Option: String, CaseIterable {
        case none = ""
        case withoutDomain = "DC"
    }

    private static let dnComponentRev = FunctionDefinition(
        "DNComponentRev", [.one(.reference), .one(.number), .one(.string).optional], gives: .string
    ) { (given) throws(EvaluationError) in
        var parts = components(try given.reference(0).name)
        if try given.word(2, default: Option.none) == .withoutDomain {
            parts.removeAll { $0.type.lowercased() == "dc" }
        }
        return try component(given, of: parts.reversed())
    }

    private static func component(
        _ given: Arguments, of parts: [(type: String, value: String)]
    ) throws(EvaluationError) -> Value {
        let place = try given.number(1)
        guard place >= 1 else { throw given.wrong(1, "a place from 1 on") }
        return place <= parts.count ? .string(parts[Int(place) - 1].value) : .null
    }

    /// Split at commas that are not escaped, each part at its first equals sign.
    static func components(_ name: String) -> [(type: String, value: String)] {
        var parts: [(type: String, value: String)] = []
        var part: [UInt8] = []
        var equals: Int?
        var isEscaped = false
        func add() {
            let type = equals.map { part[..<$0] } ?? []
            let value = equals.map { part[($0 + 1)...] } ?? part[...]
            parts.append((trimmed(type), trimmed(value)))
        }
        for byte in name.utf8 {
            if byte == UInt8(ascii: ","), !isEscaped {
                add()
                part = []
                equals = nil
                continue
            }
            if byte == UInt8(ascii: "="), !isEscaped, equals == nil { equals = part.count }
            part.append(byte)
            isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        if !part.isEmpty || !parts.isEmpty { add() }
        return parts
    }

    /// Without the spaces around it; one that is escaped at the end stays.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let space = UInt8(ascii: " ")
        var rest = bytes.drop { $0 == space }
        while rest.last == space {
            let backslashes = rest.dropLast().reversed().prefix { $0 == UInt8(ascii: "\\") }.count
            guard backslashes.isMultiple(of: 2) else { break }
            rest.removeLast()
        }
        return String(decoding: rest, as: UTF8.self)
    }

    /// `cn=Doe, Jane` to `cn=Doe\, Jane`. Without an attribute's name before an equals sign all of it is value.
    private static let escapeDNComponent = FunctionDefinition.ofText("EscapeDNComponent") { text in
        let bytes = Array(text.utf8)
        let nameEnd = bytes.firstIndex(of: UInt8(ascii: "=")).flatMap { isTypeName(bytes[..<$0]) ? $0 + 1 : nil } ?? 0
        return String(decoding: bytes[..<nameEnd], as: UTF8.self) + escaped(bytes[nameEnd...])
    }

    private static func isTypeName(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, isLetter(first) || isDigit(first) else { return false }
        return bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// RFC 4514, and as Active Directory does it the equals sign too; control characters as their hexadecimal code.
    private static func escaped(_ value: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        for (offset, byte) in value.enumerated() {
            let isOuterBlank = byte == UInt8(ascii: " ") && (offset == 0 || offset == value.count - 1)
            if byte < 0x20 {
                result.append(UInt8(ascii: "\\"))
                result.append(contentsOf: Hexadecimal.digits(byte, "0123456789ABCDEF"))
            } else {
                let isSpecial = ",+\"\\<>;=".utf8.contains(byte) || (offset == 0 && byte == UInt8(ascii: "#"))
                if isSpecial || isOuterBlank { result.append(UInt8(ascii: "\\")) }
                result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
