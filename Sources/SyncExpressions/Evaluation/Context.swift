/// What an expression's parts read while one object is evaluated. Made per evaluation and handed down, so that evaluations on
/// several threads share nothing.
struct Context {
    let input: any AttributeInput
    let environment: EvaluationEnvironment
    /// By slot: the values of `$x` from the outermost inwards.
    var variables: [Value] = []
    /// While an expression is evaluated once per value of a multi-valued source: the value whose turn it is.
    var bindings: [Binding] = []

    struct Binding {
        let source: Source
        let value: Value
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

/// Where several values can come from.
enum Source: Equatable, Sendable {
    case attribute(AttributeDescription)
    case imported(AttributeDescription)
    case variable(slot: Int)
}

typealias Code = @Sendable (_ context: Context) throws(EvaluationError) -> Value

/// Like `Code`, for a part whose value is the whole expression's.
typealias TailCode = @Sendable (_ context: Context) throws(EvaluationError) -> CompiledExpression.Result

/// Evaluates once per value of the sources that have several here, and collects what comes out; `null` is left out.
///
/// Sources that have several values must have equally many, and take turns together. Companions are variables that were made of the
/// sources: they take turns too, where none of their values was left out on the way.
func perValue(
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
    for index in 0..<count {
        inner.bindings = context.bindings + lists.map { Context.Binding(source: $0.source, value: $0.values[index]) }
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
