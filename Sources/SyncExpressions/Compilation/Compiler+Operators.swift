extension Compiler {
    mutating func negated(_ syntax: Syntax, at position: Int) throws(ExpressionError) -> Node {
        let operand = try node(syntax)
        try check(operand, is: [.number], of: .minus, advice: "convert with CNum")
        let code = operand.code
        var node = Node(ValueType.number.multiValued(operand.type.isMultiValued), at: position) {
            context throws(EvaluationError) in
            try Operators.apply(.minus, .number(0), try code(context))
        }
        node.sources = operand.sources
        return node.folded([operand])
    }

    mutating func chain(
        _ level: Symbol.Level, _ first: Syntax, _ steps: [Syntax.Step]
    ) throws(ExpressionError) -> Node {
        let first = try node(first)
        var type = first.type
        var operands = [first]
        var compiled: [CompiledStep] = []
        for step in steps {
            let operand = try node(step.operand)
            type = try result(of: step, type, operand, isFirst: operands.count == 1 ? first : nil)
            operands.append(operand)
            compiled.append(CompiledStep(symbol: step.symbol, code: operand.code))
        }
        let isMultiValued = operands.contains { $0.type.isMultiValued }
        let type2 = type.multiValued(isMultiValued)
        let sources = Node.union(operands)
        if level == .logic {
            let node = Node(.boolean, at: first.position, Self.logic(first.code, compiled))
            return perValue(node.folded(operands), of: sources, function: compiled.first?.symbol.rawValue ?? "&&")
        }
        var node = Node(type2, at: first.position, Self.applied(first.code, compiled))
        if operands.count(where: { !$0.sources.isEmpty }) > 1 {
            return perValue(node, of: sources, function: compiled.first?.symbol.rawValue ?? "&")
        }
        node.sources = sources
        return node.folded(operands)
    }

    struct CompiledStep: Sendable {
        let symbol: Symbol
        let code: Code
    }

    /// From left to right, and the right side only where the left has not decided: shipped rules guard `Item` by it.
    private static func logic(_ first: @escaping Code, _ steps: [CompiledStep]) -> Code {
        { context throws(EvaluationError) in
            var holds = try first(context).isTrue(in: steps.first?.symbol.rawValue ?? "&&")
            for step in steps where holds == (step.symbol == .and) {
                holds = try step.code(context).isTrue(in: step.symbol.rawValue)
            }
            return .boolean(holds)
        }
    }

    private static func applied(_ first: @escaping Code, _ steps: [CompiledStep]) -> Code {
        if steps.count == 1, let step = steps.first {
            let (symbol, second) = (step.symbol, step.code)
            return { context throws(EvaluationError) in
                let value = try Operators.apply(symbol, try first(context), try second(context))
                if case .list(let values) = value { try context.charge(values.count) }
                return value
            }
        }
        return { context throws(EvaluationError) in
            var value = try first(context)
            for step in steps {
                value = try Operators.apply(step.symbol, value, try step.code(context))
                if case .list(let values) = value { try context.charge(values.count) }
            }
            return value
        }
    }

    /// The type after one step, or why its operands do not go together.
    private func result(
        of step: Syntax.Step, _ left: ValueType, _ right: Node, isFirst first: Node?
    ) throws(ExpressionError) -> ValueType {
        // What stands left is the first operand or the result of the steps so far.
        var leftNode = first ?? right
        leftNode.type = left
        switch step.symbol {
        case .and, .or:
            for node in [leftNode, right] {
                try check(node, is: [.boolean], of: step.symbol, advice: "compare it with something")
            }
            return .boolean
        case .plus, .minus, .times:
            let advice = step.symbol == .plus ? "strings are joined by &" : "convert with CNum"
            for node in [leftNode, right] { try check(node, is: [.number], of: step.symbol, advice: advice) }
            return .number
        case .concatenate:
            for node in [leftNode, right] {
                try check(node, is: [.string, .binary], of: step.symbol, advice: "convert with CStr")
            }
            try compare(step, left, right.type, advice: "convert one of them")
            return left.or(right.type).base == .nothing ? .string : left.or(right.type)
        case .equal, .notEqual:
            try compare(step, left, right.type, advice: "convert one of them (CNum, CStr, CBool, CDate)")
            return .boolean
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            try compare(step, left, right.type, advice: "convert one of them (CNum, CStr, CBool, CDate)")
            for node in [leftNode, right] {
                try check(node, is: [.number, .string, .date], of: step.symbol, advice: "it has no order")
            }
            return .boolean
        case .open, .close, .comma: return .any
        }
    }

    private func compare(
        _ step: Syntax.Step, _ left: ValueType, _ right: ValueType, advice: String
    ) throws(ExpressionError) {
        guard !left.may(be: right.base), right.base != .nothing else { return }
        throw ExpressionError(
            at: step.position,
            "\(step.symbol.rawValue) stands between \(left.base.phrase) and \(right.base.phrase); \(advice)")
    }

    private func check(
        _ node: Node, is bases: [ValueType.Base], of symbol: Symbol, advice: String
    ) throws(ExpressionError) {
        guard !bases.contains(where: { node.type.may(be: $0) }) else { return }
        let expected = bases.map(\.phrase).joined(separator: " or ")
        throw ExpressionError(
            at: node.position, "\(symbol.rawValue) expects \(expected), and this is \(node.type.base.phrase); \(advice)"
        )
    }
}
