/// What an expression's parts read while one object is evaluated. Made per evaluation and handed down, so that evaluations on
/// several threads share nothing.
struct Context {
    let input: any AttributeInput
    let environment: EvaluationEnvironment
    /// What is left of the steps that this evaluation may take; nil where the expression cannot multiply its work.
    var budget: Budget?
    /// By slot: the values of `$x` from the outermost inwards.
    var variables: [Value] = []
    /// While an expression is evaluated once per value of a multi-valued source: the value whose turn it is.
    var bindings: [Binding] = []

    struct Binding {
        let source: Source
        var value: Value
    }

    func charge(_ steps: Int) throws(EvaluationError) {
        guard let budget else { return }
        budget.left -= steps
        if budget.left < 0 {
            throw .failed(
                function: "Select, Where or a condition per value",
                "it takes more than \(Budget.most) steps: lists inside of lists are too long")
        }
    }

    func bound(_ source: Source) -> Value? {
        for binding in bindings.reversed() where binding.source == source { return binding.value }
        return nil
    }

    /// A source's value, or the one of its values whose turn it is.
    func value(_ source: Source) -> Value {
        if !bindings.isEmpty, let value = bound(source) { return value }
        switch source {
        case .attribute(let attribute): return input.value(attribute)
        case .imported(let attribute): return input.importedValue(attribute)
        case .variable(let slot): return variables[slot]
        }
    }
}

/// Bounds the work of lists evaluated inside of lists, which grows with the power of the nesting.
final class Budget {
    static let most = 1 << 21
    var left = Budget.most
}

/// Where several values can come from.
enum Source: Equatable, Sendable {
    case attribute(AttributeDescription)
    case imported(AttributeDescription)
    case variable(slot: Int)
}

typealias Code = @Sendable (_ context: Context) throws(EvaluationError) -> Value

/// Code as a list holds it. A closure put into a list as it is would be called through a chain of adapters.
struct Part: Sendable {
    let code: Code
}

/// Like `Code`, for a part whose value is the whole expression's.
typealias TailCode = @Sendable (_ context: Context) throws(EvaluationError) -> CompiledExpression.Result

/// Like `Part`, with the code for both places.
struct Branch: Sendable {
    let code: Code
    let tail: TailCode
}

/// Evaluates once per value of the sources that have several here, and collects what comes out; `null` is left out.
///
/// Sources that have several values must have equally many, and take turns together. Companions are variables that were made of the
/// sources: they take turns too, where none of their values was left out on the way.
func evaluatePerValue(
    _ sources: [Source], companions: [Source], _ context: Context, function: String,
    _ evaluate: (Context) throws(EvaluationError) -> Value
) throws(EvaluationError) -> Value {
    var lists: [(source: Source, values: [Value])] = []
    for source in sources {
        if case .list(let values) = context.value(source) { lists.append((source, values)) }
    }
    guard let count = lists.first?.values.count else { return try evaluate(context) }
    if let other = lists.first(where: { $0.values.count != count }) {
        throw .differentCounts(function, count, other.values.count)
    }
    for companion in companions where !sources.contains(companion) {
        if case .list(let values) = context.value(companion), values.count == count {
            lists.append((companion, values))
        }
    }
    var collected = Collected()
    var inner = context
    let own = context.bindings.count
    inner.bindings += lists.map { Context.Binding(source: $0.source, value: .null) }
    for index in 0..<count {
        try context.charge(1)
        for (turn, list) in lists.enumerated() { inner.bindings[own + turn].value = list.values[index] }
        if let mark = collected.add(try evaluate(inner)) { return mark }
    }
    return collected.value
}

/// The values that come out of several evaluations.
struct Collected {
    private var values: [Value] = []

    /// A mark (`IgnoreThisFlow`, `AuthoritativeNull`) holds for the whole flow, not for one value; it is given back.
    mutating func add(_ value: Value) -> Value? {
        switch value {
        case .null: return nil
        case .list(let more): values += more
        case .ignoreThisFlow, .authoritativeNull: return value
        default: values.append(value)
        }
        return nil
    }

    var value: Value { values.isEmpty ? .null : .list(values) }
}

extension EvaluationError {
    static func differentCounts(_ function: String, _ one: Int, _ other: Int) -> EvaluationError {
        .failed(
            function: function,
            "its operands have \(one) and \(other) values: give it one value beside several, or equally many")
    }
}
