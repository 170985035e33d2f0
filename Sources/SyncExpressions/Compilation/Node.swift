/// A compiled part of an expression.
struct Node: Sendable {
    var type: ValueType
    var code: Code
    /// How it is evaluated where its value is the whole expression's; nil where that makes no difference.
    var tailCode: TailCode?
    /// Its value, where that is known before any object is.
    var constant: Value?
    /// The multi-valued sources that it reads where one value is expected: it gives a value for each of theirs.
    var sources: [Source] = []
    /// The attribute, where it is nothing but one.
    var attribute: AttributeDescription?
    let position: Int

    init(_ type: ValueType, at position: Int, _ code: @escaping Code) {
        self.type = type
        self.position = position
        self.code = code
    }

    static func constant(_ value: Value, _ type: ValueType, at position: Int) -> Node {
        var node = Node(type, at: position) { _ in value }
        node.constant = value
        return node
    }

    /// Another node's value under a fixed attribute: `[attr]`.
    static func attribute(_ attribute: AttributeDescription, at position: Int) -> Node {
        let source = Source.attribute(attribute)
        var node: Node
        if attribute.type.isMultiValued {
            node = Node(attribute.type, at: position) { context in context.value(source) }
            node.sources = [source]
        } else {
            node = Node(attribute.type, at: position) { context in context.input.value(attribute) }
        }
        node.attribute = attribute
        node.tailCode = { _ in .attribute(attribute) }
        return node
    }

    var tail: TailCode {
        if let tailCode { return tailCode }
        let code = code
        return { context throws(EvaluationError) in .value(try code(context)) }
    }

    /// Its code where all values are wanted, even inside of what is evaluated per value.
    var wholeCode: Code {
        guard !sources.isEmpty else { return code }
        let code = code
        return { context throws(EvaluationError) in
            guard !context.bindings.isEmpty else { return try code(context) }
            var whole = context
            whole.bindings = []
            return try code(whole)
        }
    }

    /// The node evaluated once per value of its sources.
    func perValue(of sources: [Source], companions: [Source], function: String) -> Node {
        guard !sources.isEmpty else { return self }
        let code = code
        var node = Node(type.many, at: position) { context throws(EvaluationError) in
            try evaluatePerValue(sources, companions: companions, context, function: function, code)
        }
        node.sources = sources
        return node
    }

    /// A node of constants, worked out now. What cannot be is left as it is: it is each object's error.
    func folded(_ operands: [Node]) -> Node {
        guard operands.allSatisfy({ $0.constant.map(Self.isSmall) ?? false }) else { return self }
        guard let value = try? code(Context(input: NoAttributes(), environment: .none)) else { return self }
        return .constant(value, type, at: position)
    }

    /// Bounds what folding may make of constants: functions that repeat or replace multiply sizes.
    private static func isSmall(_ value: Value) -> Bool {
        switch value {
        case .string(let text): text.utf8.count <= 1024
        case .binary(let bytes): bytes.count <= 1024
        case .number(let number): number.magnitude <= 1 << 32
        case .list: false
        default: true
        }
    }

    static func union(_ nodes: [Node]) -> [Source] {
        var sources: [Source] = []
        for source in nodes.lazy.flatMap(\.sources) where !sources.contains(source) { sources.append(source) }
        return sources
    }
}

/// For what is worked out before any object is there.
private struct NoAttributes: AttributeInput {
    func value(_ attribute: AttributeDescription) -> Value { .null }
    func importedValue(_ attribute: AttributeDescription) -> Value { .null }
    func count(_ attribute: AttributeDescription) -> Int { 0 }
    func isPresent(_ attribute: AttributeDescription) -> Bool { false }
}

extension EvaluationEnvironment {
    /// Nothing that is worked out beforehand reads it.
    fileprivate static var none: EvaluationEnvironment { EvaluationEnvironment(now: DateTime(ticks: 0)) { _ in 0 } }
}

extension ValueType {
    /// What a value is that is one or the other.
    func or(_ other: ValueType) -> ValueType {
        let isMultiValued = isMultiValued || other.isMultiValued
        if base == .nothing { return ValueType(other.base, isMultiValued: isMultiValued) }
        if other.base == .nothing || base == other.base { return ValueType(base, isMultiValued: isMultiValued) }
        return ValueType(.any, isMultiValued: isMultiValued)
    }

    /// Whether a value of this type may be one of that base; `NULL` may always be.
    func may(be base: Base) -> Bool {
        self.base == base || self.base == .any || self.base == .nothing || base == .any
    }

    func multiValued(_ isMultiValued: Bool) -> ValueType {
        ValueType(base, isMultiValued: self.isMultiValued || isMultiValued)
    }
}
