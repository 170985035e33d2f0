extension Compiler {
    /// `Select($x, values, function of $x)`: each value's result, without the nulls.
    mutating func map(_ arguments: [Syntax], at position: Int) throws(ExpressionError) -> Node {
        let name = try variableName(arguments[0], of: .map)
        let list = try node(arguments[1])
        let slot = nextSlot
        let body = try node(arguments[2], with: name, ValueType(list.type.base))
        hasLoops = true
        let (listCode, bodyCode) = (list.wholeCode, body.code)
        return Node(body.type.many, at: position) { context throws(EvaluationError) in
            var collected = Collected()
            var inner = context
            for value in Self.values(try listCode(context)) {
                try context.charge(1)
                inner.setVariable(slot, value)
                _ = collected.add(try bodyCode(inner))
            }
            return collected.value
        }
    }

    /// `Where($x, values, condition on $x)`: the values for which it holds.
    mutating func filter(_ arguments: [Syntax], at position: Int) throws(ExpressionError) -> Node {
        let name = try variableName(arguments[0], of: .filter)
        let list = try node(arguments[1])
        let slot = nextSlot
        let condition = try node(arguments[2], with: name, ValueType(list.type.base))
        guard condition.type.may(be: .boolean), !condition.type.isMultiValued else {
            throw ExpressionError(
                at: condition.position,
                "the condition of Where must be one boolean, and this is a \(condition.type); compare it")
        }
        hasLoops = true
        let (listCode, test) = (list.wholeCode, condition.code)
        return Node(list.type.many, at: position) { context throws(EvaluationError) in
            var collected = Collected()
            var inner = context
            for value in Self.values(try listCode(context)) {
                try context.charge(1)
                inner.setVariable(slot, value)
                if try test(inner).isTrue(in: "Where") { _ = collected.add(value) }
            }
            return collected.value
        }
    }

    /// `With($v, sub-expression, expression)`: the sub-expression is evaluated once, before the expression.
    mutating func named(
        _ arguments: [Syntax], at position: Int, isTail: Bool
    ) throws(ExpressionError) -> Node {
        let name = try variableName(arguments[0], of: .named)
        let part = try node(arguments[1])
        let slot = nextSlot
        let body = try node(arguments[2], with: name, part.type, part.sources, isTail: isTail)
        let (partCode, bodyCode, bodyTail) = (part.code, body.code, body.tail)
        var node = Node(body.type, at: position) { context throws(EvaluationError) in
            var inner = context
            inner.setVariable(slot, try partCode(context))
            return try bodyCode(inner)
        }
        node.tailCode = { context throws(EvaluationError) in
            var inner = context
            inner.setVariable(slot, try partCode(context))
            return try bodyTail(inner)
        }
        // Whoever takes turns outside cannot see the variable, but what it was made of.
        let own = Source.variable(slot: slot)
        var sources = body.sources.filter { $0 != own }
        if sources.count != body.sources.count {
            for source in part.sources where !sources.contains(source) { sources.append(source) }
        }
        node.sources = sources
        return node
    }

    private func variableName(_ syntax: Syntax, of form: SpecialForm) throws(ExpressionError) -> String {
        if case .variable(let name) = syntax.kind { return name }
        throw ExpressionError(
            at: syntax.position, "the first argument of \(form.rawValue) names a variable, such as $item")
    }

    private static func values(_ value: Value) -> [Value] {
        switch value {
        case .null: []
        case .list(let values): values
        default: [value]
        }
    }
}

extension Context {
    /// Slots are filled from the outermost inwards, so the next one is always the first that is free, or its own again.
    mutating func setVariable(_ slot: Int, _ value: Value) {
        if slot < variables.count { variables[slot] = value } else { variables.append(value) }
    }
}
