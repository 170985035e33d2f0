extension Compiler {
    mutating func call(_ name: String, _ arguments: [Syntax], at position: Int) throws(ExpressionError) -> Node {
        guard let function = FunctionLibrary.functions[name] else { throw Self.unknownFunction(name, at: position) }
        try Self.checkCount(arguments.count, of: function, at: position)
        var nodes: [Node] = []
        var isMapped = false
        for (index, argument) in arguments.enumerated() {
            let parameter = function.parameter(index)
            let node = try node(argument)
            try Self.check(node, parameter, index, of: function)
            if !parameter.type.isMultiValued, node.type.isMultiValued { isMapped = true }
            nodes.append(node)
        }
        let parameters = arguments.indices.map { function.parameter($0) }
        let mapped = zip(nodes, parameters).filter { !$1.type.isMultiValued && !$0.sources.isEmpty }.map(\.0)
        let parts = zip(nodes, parameters).map { Part(code: $1.type.isMultiValued ? $0.wholeCode : $0.code) }
        let type = function.result.multiValued(isMapped)
        var node = Node(type, at: position, FunctionCall(function: function, parameters: parameters).code(parts))
        if mapped.count > 1 { return perValue(node, of: Node.union(mapped), function: name) }
        node.sources = Node.union(mapped)
        return function.isPure ? node.folded(nodes) : node
    }

    private static func unknownFunction(_ name: String, at position: Int) -> ExpressionError {
        let known = Array(FunctionLibrary.functions.keys) + SpecialForm.allCases.map(\.rawValue)
        let advice = Names.suggestion(for: name, among: known).map { "; did you mean \($0)?" }
        return ExpressionError(at: position, "unknown function \(name)\(advice ?? "")")
    }

    private static func checkCount(
        _ count: Int, of function: FunctionDefinition, at position: Int
    ) throws(ExpressionError) {
        let least = function.parameters.count { !$0.isOptional }
        let most = function.isVariadic ? Int.max : function.parameters.count
        guard count < least || count > most else { return }
        let expected =
            switch (least, most) {
            case (_, Int.max): "\(least) or more"
            case (least, _) where least == most: "\(least)"
            default: "\(least) to \(most)"
            }
        throw ExpressionError(
            at: position, "\(function.name) takes \(expected) argument\(expected == "1" ? "" : "s"), not \(count)")
    }

    private static func check(
        _ node: Node, _ parameter: FunctionDefinition.Parameter, _ index: Int, of function: FunctionDefinition
    ) throws(ExpressionError) {
        let (actual, expected) = (node.type, parameter.type)
        guard actual.may(be: expected.base) else {
            throw ExpressionError(
                at: node.position,
                "argument \(index + 1) of \(function.name) must be \(expected.base.phrase), and this is \(actual.base.phrase)"
            )
        }
    }
}

extension FunctionDefinition {
    /// The parameter at a place; the last one may be repeated.
    func parameter(_ index: Int) -> Parameter { parameters[min(index, parameters.count - 1)] }
}
