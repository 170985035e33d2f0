/// One line of a script: a command with its parameters, or a value, and the variable that it is kept in.
struct ScriptStatement: Equatable, Sendable {
    indirect enum Value: Equatable, Sendable {
        case text(String)
        case number(Int)
        case variable(String, index: Int?)
        case list([Placed])
    }

    struct Placed: Equatable, Sendable {
        var value: Value
        var place: ScriptPlace
    }

    struct Parameter: Equatable, Sendable {
        var name: String
        /// Nil for a switch.
        var value: Placed?
        var place: ScriptPlace
    }

    enum Action: Equatable, Sendable {
        case command(String, [Parameter], positional: [Placed])
        case value(Placed)
    }

    var target: String?
    var action: Action
    var place: ScriptPlace
}

/// Puts tokens together.
struct ScriptParser {
    private let tokens: [ScriptToken]
    private var index = 0

    static func statements(of text: String) throws(ScriptProblem) -> [ScriptStatement] {
        var parser = ScriptParser(tokens: try ScriptLexer.tokens(of: text))
        var statements: [ScriptStatement] = []
        while true {
            while parser.current.kind == .separator { parser.index += 1 }
            if parser.current.kind == .end { return statements }
            statements.append(try parser.statement())
        }
    }

    /// The last token is the end, and nothing goes past it.
    private var current: ScriptToken { tokens[min(index, tokens.count - 1)] }

    private func fail(_ expected: String) -> ScriptProblem {
        ScriptProblem("expected \(expected), found \(current.words)", current.place)
    }

    private mutating func statement() throws(ScriptProblem) -> ScriptStatement {
        let place = current.place
        var target: String?
        if case .variable(let name) = current.kind {
            index += 1
            guard current.kind == .assign else { throw fail("= after $\(name)") }
            index += 1
            target = name
        }
        let action: ScriptStatement.Action
        if case .word(let name) = current.kind, name.contains("-") {
            index += 1
            action = try command(name)
        } else if target != nil {
            action = .value(try value())
        } else {
            throw fail("a command like New-ADSyncRule")
        }
        try outNull()
        guard current.kind == .separator || current.kind == .end else { throw fail("the end of the line") }
        return ScriptStatement(target: target, action: action, place: place)
    }

    private mutating func command(_ name: String) throws(ScriptProblem) -> ScriptStatement.Action {
        var parameters: [ScriptStatement.Parameter] = []
        var positional: [ScriptStatement.Placed] = []
        while true {
            switch current.kind {
            case .parameter(let name):
                let place = current.place
                index += 1
                let value = beginsValue ? try value() : nil
                parameters.append(ScriptStatement.Parameter(name: name, value: value, place: place))
            case .separator, .end, .pipe: return .command(name, parameters, positional: positional)
            default: positional.append(try value())
            }
        }
    }

    /// Only what throws the output away may follow: anything else would do something with the rule.
    private mutating func outNull() throws(ScriptProblem) {
        guard current.kind == .pipe else { return }
        index += 1
        guard case .word(let name) = current.kind, name.lowercased() == "out-null" else {
            throw fail("Out-Null after |")
        }
        index += 1
    }

    private var beginsValue: Bool {
        switch current.kind {
        case .text, .number, .variable, .openList, .open, .word: true
        default: false
        }
    }

    /// A value, or several with commas between them.
    private mutating func value() throws(ScriptProblem) -> ScriptStatement.Placed {
        let first = try single(depth: 0)
        guard current.kind == .comma else { return first }
        var items = [first]
        while current.kind == .comma {
            index += 1
            while current.kind == .separator { index += 1 }
            items.append(try single(depth: 0))
        }
        return ScriptStatement.Placed(value: .list(items), place: first.place)
    }

    private mutating func single(depth: Int) throws(ScriptProblem) -> ScriptStatement.Placed {
        let token = current
        guard depth < 8 else { throw ScriptProblem("lists inside lists inside lists", token.place) }
        switch token.kind {
        case .text(let text), .word(let text):
            index += 1
            return ScriptStatement.Placed(value: .text(text), place: token.place)
        case .number(let number):
            index += 1
            return ScriptStatement.Placed(value: .number(number), place: token.place)
        case .variable(let name):
            index += 1
            guard current.kind == .openIndex else {
                return ScriptStatement.Placed(value: .variable(name, index: nil), place: token.place)
            }
            index += 1
            guard case .number(let position) = current.kind else { throw fail("a number") }
            index += 1
            guard current.kind == .closeIndex else { throw fail("]") }
            index += 1
            return ScriptStatement.Placed(value: .variable(name, index: position), place: token.place)
        case .openList, .open:
            index += 1
            return ScriptStatement.Placed(value: .list(try items(depth: depth)), place: token.place)
        default: throw fail("a value")
        }
    }

    /// The rest of a list; line ends and commas separate.
    private mutating func items(depth: Int) throws(ScriptProblem) -> [ScriptStatement.Placed] {
        var items: [ScriptStatement.Placed] = []
        while true {
            while current.kind == .separator { index += 1 }
            if current.kind == .close {
                index += 1
                return items
            }
            if !items.isEmpty {
                guard current.kind == .comma else { throw fail(", or )") }
                index += 1
                while current.kind == .separator { index += 1 }
            }
            items.append(try single(depth: depth + 1))
        }
    }
}
