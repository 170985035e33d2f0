/// Reads tokens into the syntax of one expression.
struct Parser {
    /// Longer texts and deeper parentheses than these are refused, so that no input can exhaust the stack. Shipped rules stay
    /// below 1,000 characters and ten levels.
    static let longestText = 65_536
    static let deepestNesting = 100

    private let tokens: [Token]
    private var index = 0
    private var depth = 0

    static func parse(_ text: String) throws(ExpressionError) -> Syntax {
        guard text.utf8.count <= longestText else {
            throw ExpressionError(at: longestText, "the expression is longer than \(longestText) bytes: shorten it")
        }
        var parser = Parser(tokens: try Lexer.tokens(text))
        let syntax = try parser.expression()
        guard parser.token.kind == .end else {
            throw ExpressionError(
                at: parser.token.position,
                "expected an operator or the end of the expression, found \(parser.token.description)")
        }
        return syntax
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    // The last token is the end, and is never passed.
    private var token: Token { tokens[index] }

    private mutating func advance() {
        if index + 1 < tokens.count { index += 1 }
    }

    private mutating func take(_ symbol: Symbol) -> Bool {
        guard token.kind == .symbol(symbol) else { return false }
        advance()
        return true
    }

    private mutating func expression() throws(ExpressionError) -> Syntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else {
            throw ExpressionError(
                at: token.position, "nested deeper than \(Self.deepestNesting) levels: take the expression apart")
        }
        return try chain(.logic)
    }

    private mutating func chain(_ level: Symbol.Level) throws(ExpressionError) -> Syntax {
        let first = try operand(of: level)
        var steps: [Syntax.Step] = []
        while case .symbol(let symbol) = token.kind, symbol.level == level {
            let position = token.position
            advance()
            steps.append(Syntax.Step(symbol: symbol, position: position, operand: try operand(of: level)))
        }
        return steps.isEmpty ? first : Syntax(kind: .chain(level, first, steps), position: first.position)
    }

    private mutating func operand(of level: Symbol.Level) throws(ExpressionError) -> Syntax {
        switch level {
        case .logic: try chain(.comparison)
        case .comparison: try chain(.arithmetic)
        case .arithmetic: try primary()
        }
    }

    private mutating func primary() throws(ExpressionError) -> Syntax {
        let token = token
        advance()
        switch token.kind {
        case .text(let text): return Syntax(kind: .constant(.string(text)), position: token.position)
        case .number(let number): return Syntax(kind: .constant(.number(number)), position: token.position)
        case .attribute(let name): return Syntax(kind: .attribute(name), position: token.position)
        case .parameter(let name): return Syntax(kind: .parameter(name), position: token.position)
        case .variable(let name): return Syntax(kind: .variable(name), position: token.position)
        case .name(let name):
            guard take(.open) else { return Syntax(kind: .name(name), position: token.position) }
            return Syntax(kind: .call(name, try arguments(of: name)), position: token.position)
        case .symbol(.open):
            let inner = try expression()
            guard take(.close) else {
                throw ExpressionError(
                    at: self.token.position,
                    "expected \")\" for the \"(\" at character \(token.position), found \(self.token.description)")
            }
            return inner
        case .symbol(.minus): return try negated(token.position)
        case .symbol, .end:
            throw ExpressionError(
                at: token.position,
                "expected a value (a text, a number, an attribute, a function), found \(token.description)")
        }
    }

    private mutating func negated(_ position: Int) throws(ExpressionError) -> Syntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepestNesting else {
            throw ExpressionError(at: position, "nested deeper than \(Self.deepestNesting) levels: remove signs")
        }
        let operand = try primary()
        if case .constant(.number(let number)) = operand.kind {
            // The lexer has already read the sign of the lowest number.
            return Syntax(kind: .constant(.number(number == .min ? number : -number)), position: position)
        }
        return Syntax(kind: .negated(operand), position: position)
    }

    private mutating func arguments(of name: String) throws(ExpressionError) -> [Syntax] {
        if take(.close) { return [] }
        var arguments: [Syntax] = []
        while true {
            arguments.append(try expression())
            if take(.comma) { continue }
            if take(.close) { return arguments }
            throw ExpressionError(
                at: token.position, "expected \",\" or \")\" in the arguments of \(name), found \(token.description)")
        }
    }
}
