/// A function with the parameters of one call: maps it over lists, keeps `null` from it, and checks what it is given.
struct FunctionCall: Sendable {
    let function: FunctionDefinition
    /// One per argument of this call.
    let parameters: [FunctionDefinition.Parameter]

    /// One or two arguments are by far the most frequent and have a form of their own.
    func code(_ codes: [Code]) -> Code {
        switch codes.count {
        case 1: oneArgument(codes[0])
        case 2: twoArguments(codes[0], codes[1])
        default:
            { context throws(EvaluationError) in
                var values: [Value] = []
                values.reserveCapacity(codes.count)
                for code in codes { values.append(try code(context)) }
                return try call(values, context.environment)
            }
        }
    }

    private func oneArgument(_ code: @escaping Code) -> Code {
        let givesNull = function.nulls == .giveNull && !parameters[0].isOptional
        return { context throws(EvaluationError) in
            let value = try code(context)
            if givesNull, case .null = value { return .null }
            return try call([value], context.environment)
        }
    }

    private func twoArguments(_ first: @escaping Code, _ second: @escaping Code) -> Code {
        let givesNull = function.nulls == .giveNull && !parameters[0].isOptional
        return { context throws(EvaluationError) in
            let value = try first(context)
            if givesNull, case .null = value { return .null }
            return try call([value, try second(context)], context.environment)
        }
    }

    /// Calls the function once, or once per value where lists stand in places of one value.
    func call(_ values: [Value], _ environment: EvaluationEnvironment) throws(EvaluationError) -> Value {
        var count: Int?
        for (index, value) in values.enumerated() {
            guard case .list(let list) = value, !parameters[index].type.isMultiValued else { continue }
            if let count, count != list.count { throw .differentCounts(function.name, count, list.count) }
            count = list.count
        }
        guard let count else { return try callOnce(values, environment) }
        var collected = Collected()
        for turn in 0..<count {
            var arguments = values
            for (index, value) in values.enumerated() where !parameters[index].type.isMultiValued {
                if case .list(let list) = value { arguments[index] = list[turn] }
            }
            if let mark = collected.add(try callOnce(arguments, environment)) { return mark }
        }
        return collected.value
    }

    private func callOnce(
        _ values: [Value], _ environment: EvaluationEnvironment
    ) throws(EvaluationError) -> Value {
        var arguments = values
        for index in arguments.indices {
            let (value, parameter) = (arguments[index], parameters[index])
            switch value {
            case .null:
                if function.nulls == .giveNull, !parameter.isOptional { return .null }
            case .list(let list):
                for value in list where !value.conforms(to: parameter.type.base) { throw wrong(value, index) }
            default:
                guard value.conforms(to: parameter.type.base) else { throw wrong(value, index) }
                // Its type was not known before: a list of one.
                if parameter.type.isMultiValued { arguments[index] = .list([value]) }
            }
        }
        return try function.body(arguments, environment)
    }

    private func wrong(_ value: Value, _ index: Int) -> EvaluationError {
        let expected = parameters[index].type.base.phrase
        return .failed(function: function.name, "argument \(index + 1) must be \(expected), and this is \(value.kind)")
    }
}
