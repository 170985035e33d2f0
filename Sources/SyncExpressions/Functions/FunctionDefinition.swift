/// One function of the language: what it takes, what it gives, and its body.
///
/// The compiler evaluates the arguments, maps a function over a list where a parameter takes one value and a multi-valued
/// attribute stands there, and hands `null` only to functions that say they take it (others give `null` for it).
struct FunctionDefinition: Sendable {
    struct Parameter: Sendable {
        let type: ValueType
        let isOptional: Bool

        static func one(_ base: ValueType.Base) -> Parameter { Parameter(type: ValueType(base), isOptional: false) }
        static func many(_ base: ValueType.Base) -> Parameter {
            Parameter(type: ValueType(base, isMultiValued: true), isOptional: false)
        }
        var optional: Parameter { Parameter(type: type, isOptional: true) }
    }

    enum NullArguments: Sendable {
        /// `null` in a parameter that is not optional makes the result `null`, and the body never sees it.
        case giveNull
        /// The body decides.
        case arePassed
    }

    typealias Body =
        @Sendable (_ arguments: [Value], _ environment: EvaluationEnvironment) throws(EvaluationError) -> Value

    let name: String
    let parameters: [Parameter]
    /// Whether the last parameter may be repeated.
    let isVariadic: Bool
    let result: ValueType
    let nulls: NullArguments
    /// Whether equal arguments always give equal results, so that a call of constants may be worked out once.
    let isPure: Bool
    let body: Body

    init(
        _ name: String, _ parameters: [Parameter], isVariadic: Bool = false, result: ValueType,
        nulls: NullArguments = .giveNull, isPure: Bool = true, body: @escaping Body
    ) {
        self.name = name
        self.parameters = parameters
        self.isVariadic = isVariadic
        self.result = result
        self.nulls = nulls
        self.isPure = isPure
        self.body = body
    }
}
