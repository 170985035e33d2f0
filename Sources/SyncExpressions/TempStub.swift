extension CompiledExpression {
    public init(_ text: String, names: some AttributeNames, parameters: [String: String]) throws(ExpressionError) {
        throw ExpressionError(at: 1, "not yet")
    }
    public func evaluate(_ input: any AttributeInput, _ environment: EvaluationEnvironment) throws(EvaluationError)
        -> Result
    { throw .raised("not yet") }
}
