import SyncExpressions

/// A small object with attributes of every type, whose values a test gives.
struct Example: AttributeNames, AttributeInput, Sendable {
    static let types: [(name: String, type: ValueType)] = [
        ("name", .string), ("other", .string), ("number", .number), ("second", .number), ("flag", .boolean),
        ("bytes", .binary), ("manager", .reference), ("texts", .string.many), ("more", .string.many),
        ("keys", .binary.many), ("members", .reference.many), ("numbers", .number.many), ("unknown", .any),
        ("extension-attribute 1", .string),
    ]

    private var values: [Value] = Self.types.map { _ in .null }
    /// Where it differs from the values.
    private var imported: [Int: Value] = [:]
    /// Told of every attribute whose values are made.
    private var seen: (@Sendable (String) -> Void)?

    init(_ given: [String: Value] = [:], imported: [String: Value] = [:], seen: (@Sendable (String) -> Void)? = nil) {
        for (index, attribute) in Self.types.enumerated() {
            if let value = given[attribute.name] { values[index] = value }
            if let value = imported[attribute.name] { self.imported[index] = value }
        }
        self.seen = seen
    }

    func attribute(_ name: String) -> AttributeDescription? {
        guard let index = Self.types.firstIndex(where: { $0.name == name }) else { return nil }
        return AttributeDescription(number: index, type: Self.types[index].type)
    }

    func value(_ attribute: AttributeDescription) -> Value {
        seen?(Self.types[attribute.number].name)
        return values[attribute.number]
    }

    func importedValue(_ attribute: AttributeDescription) -> Value {
        imported[attribute.number] ?? values[attribute.number]
    }

    func count(_ attribute: AttributeDescription) -> Int {
        switch values[attribute.number] {
        case .null: 0
        case .list(let list): list.count
        default: 1
        }
    }

    func isPresent(_ attribute: AttributeDescription) -> Bool { values[attribute.number] != .null }

    static let parameters = ["Domain.FQDN": "corp.example.test", "Connector.ID": "{1}"]

    /// Midnight before 2026-03-04, and no chance.
    static let environment = EvaluationEnvironment(now: DateTime(ticks: 639_081_792_000_000_000)) { _ in 0 }

    static func compile(_ text: String) throws(ExpressionError) -> CompiledExpression {
        try CompiledExpression(text, names: Example(), parameters: parameters)
    }

    func result(_ text: String) throws -> CompiledExpression.Result {
        try Self.compile(text).evaluate(self, Self.environment)
    }

    /// The value; an attribute's own where it is one.
    func evaluate(_ text: String) throws -> Value {
        switch try result(text) {
        case .value(let value): value
        case .attribute(let attribute): value(attribute)
        }
    }
}
