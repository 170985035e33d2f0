/// One word of an expression's text.
struct Token: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case text(String)
        case number(Int64)
        /// A function, a literal such as `NULL`, or an option such as `CaseInsensitive`.
        case name(String)
        /// `[attr]`, without the brackets.
        case attribute(String)
        /// `%Domain.FQDN%`, without the signs.
        case parameter(String)
        /// `$x`, without the sign.
        case variable(String)
        case symbol(Symbol)
        case end
    }

    let kind: Kind
    /// Of its first character, from 1.
    let position: Int

    /// As an error shows it.
    var description: String {
        switch kind {
        case .text: "a text"
        case .number(let number): "the number \(number)"
        case .name(let name): name
        case .attribute(let name): "[\(name)]"
        case .parameter(let name): "%\(name)%"
        case .variable(let name): "$\(name)"
        case .symbol(let symbol): "\"\(symbol.rawValue)\""
        case .end: "the end of the expression"
        }
    }
}

enum Symbol: String, Sendable, CaseIterable {
    case open = "("
    case close = ")"
    case comma = ","
    case less = "<"
    case lessOrEqual = "<="
    case notEqual = "<>"
    case equal = "="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case concatenate = "&"
    case and = "&&"
    case or = "||"

    /// How tightly it binds, or nil where it joins no two operands.
    var level: Level? {
        switch self {
        case .open, .close, .comma: nil
        case .plus, .minus, .times, .concatenate: .arithmetic
        case .less, .lessOrEqual, .notEqual, .equal, .greater, .greaterOrEqual: .comparison
        case .and, .or: .logic
        }
    }

    /// The levels of operators, the loosest first. Inside a level operators are taken from left to right.
    ///
    /// The documents know no precedence. Shipped rules do: they write `A || [x] = "y" || B` without parentheses, which has a
    /// meaning only where comparison binds tighter than logic. `&&` and `||` are one level, and so are `+ - *` and `&`: where
    /// they are mixed, shipped rules use parentheses.
    enum Level: Int, Sendable {
        case logic, comparison, arithmetic
    }
}
