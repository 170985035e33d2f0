/// Where something stands in a script, counted from 1.
struct ScriptPlace: Equatable, Sendable {
    var line = 1
    var column = 1
}

/// A script that this program does not understand, and where.
struct ScriptProblem: Error, Equatable {
    let place: ScriptPlace
    let problem: String

    init(_ problem: String, _ place: ScriptPlace) {
        self.problem = problem
        self.place = place
    }
}

struct ScriptToken: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        /// A line's end or a semicolon.
        case separator
        case end
        case pipe, comma, assign
        /// `@(`
        case openList
        case open, close
        /// `[` directly after a variable.
        case openIndex
        case closeIndex
        /// The name behind the hyphen.
        case parameter(String)
        case variable(String)
        case word(String)
        case text(String)
        case number(Int)
    }

    var kind: Kind
    var place: ScriptPlace

    /// How errors name it.
    var words: String {
        switch kind {
        case .separator: "the end of the line"
        case .end: "the end of the script"
        case .pipe: "|"
        case .comma: ","
        case .assign: "="
        case .openList: "@("
        case .open: "("
        case .close: ")"
        case .openIndex: "["
        case .closeIndex: "]"
        case .parameter(let name): "-\(name)"
        case .variable(let name): "$\(name)"
        case .word(let text): text
        case .text(let text): "'\(text.count > 40 ? text.prefix(40) + "…" : text)'"
        case .number(let number): String(number)
        }
    }
}

/// Takes a script of the rules editor apart: the part of PowerShell that such scripts use.
///
/// As there, typographic quotes and dashes stand for the plain ones: scripts pass through word processors and web pages.
struct ScriptLexer {
    private let characters: [Character]
    private var index = 0
    private var place = ScriptPlace()
    private var tokens: [ScriptToken] = []

    static let singleQuotes: Set<Character> = ["'", "\u{2018}", "\u{2019}", "\u{201A}", "\u{201B}"]
    private static let doubleQuotes: Set<Character> = ["\"", "\u{201C}", "\u{201D}", "\u{201E}"]
    private static let dashes: Set<Character> = ["-", "\u{2013}", "\u{2014}", "\u{2015}"]

    static func tokens(of text: String) throws(ScriptProblem) -> [ScriptToken] {
        var lexer = ScriptLexer(text)
        while lexer.index < lexer.characters.count { try lexer.next() }
        lexer.add(.end, lexer.place)
        return lexer.tokens
    }

    private init(_ text: String) {
        characters = Array(text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...])
    }

    private func peek(_ distance: Int = 0) -> Character? {
        index + distance < characters.count ? characters[index + distance] : nil
    }

    @discardableResult
    private mutating func take() -> Character {
        let character = characters[index]
        index += 1
        if character.isNewline {
            place.line += 1
            place.column = 1
        } else {
            place.column += 1
        }
        return character
    }

    private mutating func add(_ kind: ScriptToken.Kind, _ start: ScriptPlace) {
        tokens.append(ScriptToken(kind: kind, place: start))
    }

    private mutating func next() throws(ScriptProblem) {
        let start = place
        guard let character = peek() else { return }
        if character.isNewline || character == ";" {
            take()
            return add(.separator, start)
        }
        if character.isWhitespace {
            take()
        } else if character == "`" {
            try continuation()
        } else if character == "#" {
            while let next = peek(), !next.isNewline { _ = next; take() }
        } else if character == "<", peek(1) == "#" {
            try blockComment()
        } else if Self.singleQuotes.contains(character) {
            add(.text(try quoted(Self.singleQuotes, isLiteral: true)), start)
        } else if Self.doubleQuotes.contains(character) {
            add(.text(try quoted(Self.doubleQuotes, isLiteral: false)), start)
        } else if character == "@", let quote = peek(1), Self.singleQuotes.contains(quote) {
            add(.text(try hereString(Self.singleQuotes, isLiteral: true)), start)
        } else if character == "@", let quote = peek(1), Self.doubleQuotes.contains(quote) {
            add(.text(try hereString(Self.doubleQuotes, isLiteral: false)), start)
        } else if character == "@", peek(1) == "(" {
            take()
            take()
            add(.openList, start)
        } else if character == "$" {
            try variable(start)
        } else if let kind = Self.marks[character] {
            take()
            add(kind, start)
        } else if Self.dashes.contains(character), let letter = peek(1), letter.isLetter {
            take()
            add(.parameter(name()), start)
            // -Name:value
            if peek() == ":" { take() }
        } else {
            try word(start)
        }
    }

    private static let marks: [Character: ScriptToken.Kind] = [
        "|": .pipe, ",": .comma, "=": .assign, "(": .open, ")": .close,
    ]

    // MARK: Space

    private mutating func continuation() throws(ScriptProblem) {
        let start = place
        take()
        // What a page leaves behind the mark is white space that nobody sees; PowerShell would not go on, and nobody means that.
        while let next = peek(), next.isWhitespace, !next.isNewline { _ = next; take() }
        guard let next = peek() else { return }
        guard next.isNewline else { throw ScriptProblem("expected the end of the line after `", start) }
        take()
    }

    private mutating func blockComment() throws(ScriptProblem) {
        let start = place
        while peek() != nil {
            if peek() == "#", peek(1) == ">", place != start {
                take()
                take()
                return
            }
            take()
        }
        throw ScriptProblem("a comment without an end; expected #>", start)
    }

    // MARK: Words

    private mutating func name() -> String {
        var name = ""
        while let next = peek(), next.isLetter || next.isNumber || next == "_" {
            name.append(next)
            take()
        }
        return name
    }

    private mutating func variable(_ start: ScriptPlace) throws(ScriptProblem) {
        take()
        let name = name()
        guard !name.isEmpty else {
            throw ScriptProblem("expected a variable's name after $; expressions in scripts are not evaluated", start)
        }
        add(.variable(name), start)
        guard peek() == "[" else { return }
        add(.openIndex, place)
        take()
        let digits = place
        var text = ""
        while let next = peek(), next.isASCII, next.isNumber {
            text.append(next)
            take()
        }
        guard let number = Int(text), peek() == "]" else {
            throw ScriptProblem("expected a number and ], as in $\(name)[0]", digits)
        }
        add(.number(number), digits)
        add(.closeIndex, place)
        take()
    }

    private mutating func word(_ start: ScriptPlace) throws(ScriptProblem) {
        var text = ""
        while let next = peek(), next.isLetter || next.isNumber || "-_.:\\*/".contains(next) {
            text.append(next)
            take()
        }
        guard !text.isEmpty else {
            let found = peek().map(String.init) ?? ""
            throw ScriptProblem(
                "expected a command, a parameter or a value, found \(found); other PowerShell than the rules editor "
                    + "writes is not understood", start)
        }
        if let number = Int(text) { add(.number(number), start) } else { add(.word(text), start) }
    }

    // MARK: Texts

    private mutating func quoted(_ quotes: Set<Character>, isLiteral: Bool) throws(ScriptProblem) -> String {
        let start = place
        take()
        var text = ""
        while let next = peek() {
            if quotes.contains(next) {
                take()
                guard let second = peek(), quotes.contains(second) else { return text }
                text.append(second)
                take()
            } else if isLiteral {
                text.append(take())
            } else {
                try expandable(into: &text)
            }
        }
        throw ScriptProblem("a text without an end; expected a closing quotation mark", start)
    }

    /// One character of a text in double quotes.
    private mutating func expandable(into text: inout String) throws(ScriptProblem) {
        let start = place
        let character = take()
        switch character {
        case "`":
            guard let next = peek() else { throw ScriptProblem("expected a character after `", start) }
            take()
            let escapes: [Character: String] = [
                "n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\u{7}", "b": "\u{8}", "f": "\u{C}", "v": "\u{B}",
                "e": "\u{1B}",
            ]
            if !next.isNewline { text += escapes[next] ?? String(next) }
        case "$":
            if let next = peek(), next.isLetter || next == "_" || next == "(" || next == "{" {
                throw ScriptProblem(
                    "a variable or an expression inside a text in double quotes; write the text in single quotes, or "
                        + "` before the $", start)
            }
            text.append(character)
        default: text.append(character)
        }
    }

    /// A text between lines that begin it and end it.
    private mutating func hereString(_ quotes: Set<Character>, isLiteral: Bool) throws(ScriptProblem) -> String {
        let start = place
        take()
        take()
        while let next = peek(), next.isWhitespace, !next.isNewline { _ = next; take() }
        guard let next = peek(), next.isNewline else {
            throw ScriptProblem("expected the end of the line after the beginning of a text of several lines", start)
        }
        take()
        var text = ""
        while let next = peek() {
            if place.column == 1, quotes.contains(next), peek(1) == "@" {
                take()
                take()
                // The last line end belongs to the mark.
                if text.last?.isNewline == true { text.removeLast() }
                return text
            }
            if isLiteral { text.append(take()) } else { try expandable(into: &text) }
        }
        throw ScriptProblem(
            "a text of several lines without an end; expected its mark at the beginning of a line", start)
    }
}
