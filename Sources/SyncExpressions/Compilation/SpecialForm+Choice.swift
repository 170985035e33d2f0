extension Compiler {
    /// `IIF(condition, a, b)`: only the branch that is taken is evaluated (shipped rules put `Error()` into the other). A condition
    /// on a multi-valued source is asked for each of its values, and so is the branch; `NULL` drops the value.
    mutating func choice(
        _ arguments: [Syntax], at position: Int, isTail: Bool
    ) throws(ExpressionError) -> Node {
        let condition = try condition(arguments[0], of: "IIF")
        let yes = try node(arguments[1], isTail: isTail)
        let no = try node(arguments[2], isTail: isTail)
        let type = yes.type.or(no.type).multiValued(condition.type.isMultiValued)
        if let constant = condition.constant {
            var taken = constant == .boolean(true) ? yes : no
            taken.type = type
            return taken
        }
        let (test, yesCode, noCode) = (condition.code, yes.code, no.code)
        var node = Node(type, at: position) { context throws(EvaluationError) in
            switch try test(context) {
            case .boolean(true): try yesCode(context)
            case .boolean(false), .null: try noCode(context)
            case .list(let conditions): try Self.choose(conditions, yesCode, noCode, context)
            case let other: try other.isTrue(in: "IIF") ? try yesCode(context) : try noCode(context)
            }
        }
        if !condition.sources.isEmpty { return perValue(node, of: condition.sources, function: "IIF") }
        node.sources = Node.union([yes, no])
        let (yesTail, noTail) = (yes.tail, no.tail)
        node.tailCode = { context throws(EvaluationError) in
            switch try test(context) {
            case .boolean(true): try yesTail(context)
            case .boolean(false), .null: try noTail(context)
            case .list(let conditions): .value(try Self.choose(conditions, yesCode, noCode, context))
            case let other: try other.isTrue(in: "IIF") ? try yesTail(context) : try noTail(context)
            }
        }
        return node
    }

    private mutating func condition(_ syntax: Syntax, of function: String) throws(ExpressionError) -> Node {
        let condition = try node(syntax)
        guard condition.type.may(be: .boolean) else {
            throw ExpressionError(
                at: condition.position,
                "a condition of \(function) must be a boolean, and this is \(condition.type.base.phrase); compare it")
        }
        return condition
    }

    /// For conditions whose values come from no source that could take turns, such as `Split`: value by value, each branch
    /// evaluated once at most.
    private static func choose(
        _ conditions: [Value], _ yes: Code, _ no: Code, _ context: Context
    ) throws(EvaluationError) -> Value {
        var yesValue: Value?
        var noValue: Value?
        var collected = Collected()
        for (index, condition) in conditions.enumerated() {
            let branch: Value
            if try condition.isTrue(in: "IIF") {
                branch = if let yesValue { yesValue } else { try yes(context) }
                yesValue = branch
            } else {
                branch = if let noValue { noValue } else { try no(context) }
                noValue = branch
            }
            var value = branch
            if case .list(let values) = branch {
                guard values.count == conditions.count else {
                    throw .differentCounts("IIF", conditions.count, values.count)
                }
                value = values[index]
            }
            if let mark = collected.add(value) { return mark }
        }
        return collected.value
    }

    /// `Switch(condition, value, …)`: documented to test every condition; the first that holds gives the value, and only that one
    /// is evaluated, so that another's `Error()` is not raised. An odd count is documented as an error when it runs.
    mutating func cases(
        _ arguments: [Syntax], at position: Int, isTail: Bool
    ) throws(ExpressionError) -> Node {
        guard !arguments.isEmpty else {
            throw ExpressionError(at: position, "Switch takes pairs of a condition and a value, and here is none")
        }
        var conditions: [Node] = []
        var values: [Node] = []
        for (index, argument) in arguments.enumerated() {
            if index.isMultiple(of: 2) {
                conditions.append(try condition(argument, of: "Switch"))
            } else {
                values.append(try node(argument, isTail: isTail))
            }
        }
        guard conditions.count == values.count else {
            let count = arguments.count
            return Node(.nothing, at: position) { _ throws(EvaluationError) in
                throw .failed(
                    function: "Switch",
                    "it has \(count) arguments; each condition needs its value, so their number is even")
            }
        }
        let isMultiValued = conditions.contains { $0.type.isMultiValued }
        let type = values.reduce(ValueType.nothing) { $0.or($1.type) }.multiValued(isMultiValued)
        let tests = conditions.map { Part(code: $0.code) }
        let branches = values.map { Branch(code: $0.code, tail: $0.tail) }
        var node = Node(type, at: position) { context throws(EvaluationError) in
            guard let index = try Self.firstTrue(tests, context) else { return .null }
            return try branches[index].code(context)
        }
        let sources = Node.union(conditions)
        if !sources.isEmpty { return perValue(node, of: sources, function: "Switch") }
        node.sources = Node.union(values)
        node.tailCode = { context throws(EvaluationError) in
            guard let index = try Self.firstTrue(tests, context) else { return .value(.null) }
            return try branches[index].tail(context)
        }
        return node
    }

    private static func firstTrue(_ tests: [Part], _ context: Context) throws(EvaluationError) -> Int? {
        var first: Int?
        for (index, test) in tests.enumerated() {
            let holds = try test.code(context).isTrue(in: "Switch")
            if holds, first == nil { first = index }
        }
        return first
    }
}
