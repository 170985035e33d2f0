/// A function with the parameters of one call: maps it over lists, keeps `null` from it, and checks what it is given.
struct FunctionCall: Sendable {
    let function: FunctionDefinition
    /// One per argument of this call.
    let parameters: [FunctionDefinition.Parameter]

    /// One or two arguments are by far the most frequent and have a form of their own.
    func code(_ parts: [Part]) -> Code {
        switch parts.count {
        case 1: oneArgument(parts[0].code)
        case 2: twoArguments(parts[0].code, parts[1].code)
        default:
            { context throws(EvaluationError) in
                var values: [Value] = []
                values.reserveCapacity(parts.count)
                for part in parts { values.append(try part.code(context)) }
                return try call(values, context)
            }
        }
    }

    private func oneArgument(_ code: @escaping Code) -> Code {
        let givesNull = function.nulls == .giveNull && !parameters[0].isOptional
        return { context throws(EvaluationError) in
            let value = try code(context)
            if givesNull, case .null = value { return .null }
            return try call([value], context)
        }
    }

    private func twoArguments(_ first: @escaping Code, _ second: @escaping Code) -> Code {
        let givesNull = function.nulls == .giveNull && !parameters[0].isOptional
        return { context throws(EvaluationError) in
            let value = try first(context)
            if givesNull, case .null = value { return .null }
            return try call([value, try second(context)], context)
        }
    }

    /// Calls the function once, or once per value where lists stand in places of one value.
    func call(_ values: [Value], _ context: Context) throws(EvaluationError) -> Value {
        var count: Int?
        for (index, value) in values.enumerated() {
            guard case .list(let list) = value, !parameters[index].type.isMultiValued else { continue }
            if let count, count != list.count { throw .differentCounts(function.name, count, list.count) }
            count = list.count
        }
        guard let count else { return try callOnce(values, context) }
        try context.charge(count)
        var collected = Collected()
        for turn in 0..<count {
            var arguments = values
            for (index, value) in values.enumerated() where !parameters[index].type.isMultiValued {
                if case .list(let list) = value { arguments[index] = list[turn] }
            }
            if let mark = collected.add(try callOnce(arguments, context)) { return mark }
        }
        return collected.value
    }

    private func callOnce(
        _ values: [Value], _ context: Context
    ) throws(EvaluationError) -> Value {
        var arguments = values
        for index in arguments.indices {
            let (value, parameter) = (arguments[index], parameters[index])
            switch value {
            case .null:
                if function.nulls == .giveNull, !parameter.isOptional { return .null }
            case .list(let list):
                try context.charge(list.count)
                for value in list where !value.conforms(to: parameter.type.base) { throw wrong(value, index) }
            default:
                guard value.conforms(to: parameter.type.base) else { throw wrong(value, index) }
                // Its type was not known before: a list of one.
                if parameter.type.isMultiValued { arguments[index] = .list([value]) }
            }
        }
        if arguments.count > 1, sizes(arguments) > Self.largestProduct {
            throw .failed(function: function.name, "its arguments are too long together")
        }
        return try function.body(arguments, context.environment)
    }

    /// Functions that replace or join make as much as the product of their arguments.
    private static let largestProduct = 1 << 28

    private func sizes(_ arguments: [Value]) -> Int {
        let first = Self.size(arguments[0])
        guard first > 4096 else { return 0 }
        var most = 1
        for argument in arguments.dropFirst() { most = max(most, Self.size(argument)) }
        return first.multipliedReportingOverflow(by: most).partialValue
    }

    private static func size(_ value: Value) -> Int {
        switch value {
        case .string(let text): text.utf8.count
        case .list(let values): values.count
        default: 1
        }
    }

    private func wrong(_ value: Value, _ index: Int) -> EvaluationError {
        let expected = parameters[index].type.base.phrase
        return .failed(function: function.name, "argument \(index + 1) must be \(expected), and this is \(value.kind)")
    }
}
