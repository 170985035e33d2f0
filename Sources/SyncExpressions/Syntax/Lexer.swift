/// Cuts an expression's text into tokens.
///
/// White space and line ends separate; `//` begins a comment up to the end of its line (the documents annotate an example so, and
/// no operator is spelled `/`). In a text between quotes, `\\` is one backslash (shipped rules search `"\\0ACNF:"` for the `\0ACNF:` of a
/// name), `\"` and, as in VBA, `""` are one quote; a backslash before anything else stands for itself, so that `Replace` sees
/// the `\n` that it understands. A hexadecimal number is the value of a 64-bit number, as .NET parses it: `&H80000000` is
/// 2147483648 and not VBA's negative 32-bit number, for recipient types use that bit as a value; sixteen digits may set the sign.
struct Lexer {
    private let characters: [Unicode.Scalar]
    private var index = 0

    private init(_ text: String) { characters = Array(text.unicodeScalars) }

    static func tokens(_ text: String) throws(ExpressionError) -> [Token] {
        var lexer = Lexer(text)
        var tokens: [Token] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
        index + distance < characters.count ? characters[index + distance] : nil
    }

    private mutating func skipBlanks() {
        while let character = peek() {
            if character.properties.isWhitespace || character == "\u{FEFF}" {
                index += 1
            } else if character == "/", peek(1) == "/" {
                while let character = peek(), character != "\n", character != "\r" { index += 1 }
            } else {
                return
            }
        }
    }

    private mutating func next() throws(ExpressionError) -> Token {
        skipBlanks()
        let position = index + 1
        guard let character = peek() else { return Token(kind: .end, position: position) }
        let kind: Token.Kind
        switch character {
        case "\"": kind = .text(try text(position))
        case "[": kind = .attribute(try name(until: "]", position, "an attribute's name, such as [mail]"))
        case "%": kind = .parameter(try name(until: "%", position, "a parameter's name, such as %Domain.FQDN%"))
        case "$": kind = .variable(try variable(position))
        case "0"..."9": kind = .number(try decimal(position))
        case "&" where Self.isHexadecimalMark(peek(1)) && Self.digit(peek(2)) != nil:
            kind = .number(try hexadecimal(position))
        case _ where Self.isNameStart(character): kind = .name(word())
        default: kind = .symbol(try symbol(character, position))
        }
        return Token(kind: kind, position: position)
    }

    private mutating func text(_ position: Int) throws(ExpressionError) -> String {
        var result = String.UnicodeScalarView()
        index += 1
        while let character = peek() {
            index += 1
            switch (character, peek()) {
            case ("\\", "\\"?), ("\\", "\""?), ("\"", "\""?):
                result.append(character == "\\" ? (peek() ?? character) : character)
                index += 1
            case ("\"", _): return String(result)
            default: result.append(character)
            }
        }
        throw ExpressionError(
            at: position, "this text has no end: close it with a quote (a quote inside is written \\\")")
    }

    private mutating func name(until end: Unicode.Scalar, _ position: Int, _ what: String) throws(ExpressionError)
        -> String
    {
        index += 1
        let start = index
        while let character = peek(), character != end, character != "\n", character != "\r" { index += 1 }
        guard peek() == end else { throw ExpressionError(at: position, "expected \(what), closed with \(end)") }
        let name = string(start..<index)
        index += 1
        guard !name.isEmpty else { throw ExpressionError(at: position, "expected \(what)") }
        return name
    }

    private mutating func variable(_ position: Int) throws(ExpressionError) -> String {
        index += 1
        let name = word()
        guard !name.isEmpty else {
            throw ExpressionError(at: position, "expected a variable's name after $, such as $item")
        }
        return name
    }

    /// Letters, digits, `_` and inner points.
    private mutating func word() -> String {
        let start = index
        while let character = peek(), Self.isNameStart(character) || ("0"..."9").contains(character) { index += 1 }
        return string(start..<index)
    }

    private mutating func decimal(_ position: Int) throws(ExpressionError) -> Int64 {
        let start = index
        while let character = peek(), ("0"..."9").contains(character) { index += 1 }
        if peek() == ".", let after = peek(1), ("0"..."9").contains(after) {
            throw ExpressionError(at: position, "numbers are whole: write it without a fraction")
        }
        // The parser puts the sign before it, and the lowest number has no positive twin.
        let digits = string(start..<index)
        if let number = Int64(digits) { return number }
        let isNegated = start > 0 && characters[start - 1] == "-"
        if isNegated, let number = Int64("-" + digits) { return number }
        throw ExpressionError(at: position, "\(digits) is too large: a number has 64 bits")
    }

    private mutating func hexadecimal(_ position: Int) throws(ExpressionError) -> Int64 {
        index += 2
        let start = index
        while Self.digit(peek()) != nil { index += 1 }
        let digits = string(start..<index)
        guard let pattern = UInt64(digits, radix: 16) else {
            throw ExpressionError(at: position, "&H\(digits) is too large: a number has 64 bits")
        }
        return Int64(bitPattern: pattern)
    }

    private mutating func symbol(_ character: Unicode.Scalar, _ position: Int) throws(ExpressionError) -> Symbol {
        if let second = peek(1), let symbol = Symbol(rawValue: "\(character)\(second)") {
            index += 2
            return symbol
        }
        if let symbol = Symbol(rawValue: String(character)) {
            index += 1
            return symbol
        }
        let advice =
            switch character {
            case "\u{201C}", "\u{201D}", "\u{201E}", "'", "\u{2018}", "\u{2019}", "\u{AB}", "\u{BB}":
                "texts stand between straight double quotes"
            case "!": "\"not equal\" is <>, and \"not\" is = False"
            case "/": "there is no division"
            case "|": "\"or\" is ||"
            case "\u{2013}", "\u{2014}", "\u{2212}": "use the hyphen for minus"
            default: "remove it, or put it into a text between quotes"
            }
        throw ExpressionError(at: position, "the character \(Self.shown(character)) has no meaning here: \(advice)")
    }

    private func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: characters[range])
        return String(view)
    }

    private static func shown(_ character: Unicode.Scalar) -> String {
        let code = String(character.value, radix: 16, uppercase: true)
        return character.properties.generalCategory == .control || character.value == 0
            ? "U+\(code)" : "\(character) (U+\(code))"
    }

    private static func isNameStart(_ character: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(character) || ("A"..."Z").contains(character) || character == "_"
    }

    private static func isHexadecimalMark(_ character: Unicode.Scalar?) -> Bool { character == "H" || character == "h" }

    private static func digit(_ character: Unicode.Scalar?) -> Int? {
        character.flatMap { $0.isASCII ? Character($0).hexDigitValue : nil }
    }
}
