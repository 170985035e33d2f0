/// An expression, checked and compiled once, evaluated for many objects.
///
/// ```swift
/// let expression = try CompiledExpression("IIF(IsPresent([mail]), Trim([mail]), NULL)", names: names, parameters: ["Domain.FQDN": "a.test"])
/// let result = try expression.evaluate(object, environment)
/// ```
public struct CompiledExpression: Sendable {
    /// What a flow contributes.
    public enum Result: Equatable, Sendable {
        /// The attribute's own values, all of them, untouched: none of them was looked at.
        case attribute(AttributeDescription)
        case value(Value)
    }

    public let text: String
    public let type: ValueType
    /// Attributes that it names, each once, in the order of their first place in the text.
    public let attributes: [AttributeDescription]

    // let program: …
}
