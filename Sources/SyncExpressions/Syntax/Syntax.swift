/// An expression as it is written, before names and types are looked at.
struct Syntax: Sendable {
    indirect enum Kind: Sendable {
        case constant(Value)
        case attribute(String)
        case parameter(String)
        case variable(String)
        case name(String)
        case call(String, [Syntax])
        case negated(Syntax)
        /// Operators of one level, applied from left to right. A list, not a tree: a long chain nests no deeper than a short one.
        case chain(Symbol.Level, Syntax, [Step])
    }

    struct Step: Sendable {
        let symbol: Symbol
        let position: Int
        let operand: Syntax
    }

    let kind: Kind
    let position: Int
}
