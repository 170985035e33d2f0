/// An expression, checked and compiled once, evaluated for many objects.
///
/// ```swift
/// let expression = try CompiledExpression(
///     "IIF(IsPresent([mail]), Trim([mail]), NULL)", names: names, parameters: ["Domain.FQDN": "a.test"])
/// let result = try expression.evaluate(object, environment)
/// ```
///
/// The text becomes a tree of closures; nothing of the text is looked at when an object is evaluated. Evaluations share nothing and
/// may run on several threads at once.
public struct CompiledExpression: Sendable {
    /// What a flow contributes.
    public enum Result: Equatable, Sendable {
        /// The attribute's own values, all of them, untouched: none of them was looked at. Also where it has none.
        case attribute(AttributeDescription)
        case value(Value)
    }

    public let text: String
    public let type: ValueType
    /// Attributes that it names, each once, in the order of their first place in the text.
    public let attributes: [AttributeDescription]

    private let program: TailCode
    private let hasLoops: Bool

    /// - Parameters:
    ///   - names: the attributes of the rule's source.
    ///   - parameters: what `%Domain.FQDN%` and its like stand for, without the signs.
    public init(
        _ text: String, names: some AttributeNames, parameters: [String: String]
    ) throws(ExpressionError) {
        var compiler = Compiler(names: names, parameters: parameters)
        let node = try compiler.node(try Parser.parse(text), isTail: true)
        self.text = text
        type = node.type
        attributes = compiler.attributes
        program = node.tail
        hasLoops = compiler.hasLoops
    }

    public func evaluate(
        _ input: any AttributeInput, _ environment: EvaluationEnvironment
    ) throws(EvaluationError) -> Result {
        try program(Context(input: input, environment: environment, budget: hasLoops ? Budget() : nil))
    }
}
