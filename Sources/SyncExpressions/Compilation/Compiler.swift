/// Checks names and types of a parsed expression and makes closures of it.
struct Compiler {
    private let names: any AttributeNames
    private let parameters: [String: String]
    private(set) var attributes: [AttributeDescription] = []
    /// Whether parts of it are evaluated once per value, so that nesting multiplies the work.
    var hasLoops = false
    /// The variables in scope, outermost first; a variable's slot is its place.
    private var variables: [(name: String, type: ValueType, sources: [Source])] = []

    /// Literals that are written as a bare word.
    static let words: [String: (value: Value, type: ValueType)] = [
        "True": (.boolean(true), .boolean), "False": (.boolean(false), .boolean), "NULL": (.null, .nothing),
        "CRLF": (.string("\r\n"), .string),
    ]

    /// Words that say something about the whole flow.
    static let marks: [String: Value] = ["IgnoreThisFlow": .ignoreThisFlow, "AuthoritativeNull": .authoritativeNull]

    /// The options that the documents write as bare words; functions get them as strings, and take them between quotes as well.
    static let options: Set<String> = [
        "CaseSensitive", "CaseInsensitive", "vbTextCompare", "vbBinaryCompare", "Unicode", "ASCII", "UTF8", "DC",
    ]

    init(names: some AttributeNames, parameters: [String: String]) {
        self.names = names
        self.parameters = parameters
    }

    /// - Parameter isTail: whether its value is the whole expression's, so that a mark may stand here.
    mutating func node(_ syntax: Syntax, isTail: Bool = false) throws(ExpressionError) -> Node {
        switch syntax.kind {
        case .constant(let value):
            let type: ValueType = if case .number = value { .number } else { .string }
            return .constant(value, type, at: syntax.position)
        case .attribute(let name):
            return .attribute(try attribute(name, at: syntax.position), at: syntax.position)
        case .parameter(let name):
            guard let value = parameters[name] else { throw unknownParameter(name, at: syntax.position) }
            return .constant(.string(value), .string, at: syntax.position)
        case .variable(let name): return try variable(name, at: syntax.position)
        case .name(let name): return try word(name, at: syntax.position, isTail: isTail)
        case .call(let name, let arguments):
            if let form = SpecialForm(rawValue: name) {
                return try special(form, arguments, at: syntax.position, isTail: isTail)
            }
            return try call(name, arguments, at: syntax.position)
        case .negated(let operand): return try negated(operand, at: syntax.position)
        case .chain(let level, let first, let steps): return try chain(level, first, steps)
        }
    }

    mutating func attribute(_ name: String, at position: Int) throws(ExpressionError) -> AttributeDescription {
        guard let attribute = names.attribute(name) else {
            throw ExpressionError(
                at: position,
                "unknown attribute \(name): the object type of the rule's source has none of this name (case matters)")
        }
        if !attributes.contains(attribute) { attributes.append(attribute) }
        return attribute
    }

    /// Compiles a part in which one more variable may be named.
    mutating func node(
        _ syntax: Syntax, with variable: String, _ type: ValueType, _ sources: [Source] = [], isTail: Bool = false
    ) throws(ExpressionError) -> Node {
        variables.append((variable, type, sources))
        defer { variables.removeLast() }
        return try node(syntax, isTail: isTail)
    }

    /// Evaluates a node once per value of the sources, and of the variables that were made of them.
    mutating func perValue(_ node: Node, of sources: [Source], function: String) -> Node {
        if !sources.isEmpty { hasLoops = true }
        let companions = variables.indices.filter { slot in
            !variables[slot].sources.isEmpty && variables[slot].sources.allSatisfy(sources.contains)
        }
        return node.perValue(of: sources, companions: companions.map { .variable(slot: $0) }, function: function)
    }

    /// The slot of the next variable.
    var nextSlot: Int { variables.count }

    private func variable(_ name: String, at position: Int) throws(ExpressionError) -> Node {
        guard let slot = variables.lastIndex(where: { $0.name == name }) else {
            let known = Names.suggestion(for: name, among: variables.map(\.name)).map { "; did you mean $\($0)?" }
            throw ExpressionError(
                at: position,
                "unknown variable $\(name)\(known ?? ": only Select, Where and With give names to values")")
        }
        let type = variables[slot].type
        let source = Source.variable(slot: slot)
        let isOne = !type.isMultiValued && type.base != .any
        var node = Node(type, at: position) { context in
            isOne ? context.variables[slot] : context.value(source)
        }
        if type.isMultiValued { node.sources = [source] }
        return node
    }

    private func word(_ name: String, at position: Int, isTail: Bool) throws(ExpressionError) -> Node {
        if let word = Self.words[name] { return .constant(word.value, word.type, at: position) }
        if let mark = Self.marks[name] {
            guard isTail else {
                throw ExpressionError(
                    at: position,
                    "\(name) can only be the value of the whole expression or a branch of it, not an operand or an argument"
                )
            }
            // Not a constant: nothing may calculate with it.
            return Node(.nothing, at: position) { _ in mark }
        }
        if Self.options.contains(name) { return .constant(.string(name), .string, at: position) }
        if FunctionLibrary.functions[name] != nil || SpecialForm(rawValue: name) != nil {
            throw ExpressionError(at: position, "\(name) is a function: expected \"(\" after it")
        }
        let words = Array(Self.words.keys) + Array(Self.marks.keys) + Array(Self.options)
        let advice = Names.suggestion(for: name, among: words).map { "did you mean \($0)?" }
        throw ExpressionError(
            at: position,
            "unknown name \(name); \(advice ?? "an attribute stands in brackets and a text in quotes")")
    }

    private func unknownParameter(_ name: String, at position: Int) -> ExpressionError {
        let known = parameters.keys.sorted()
        if let suggestion = Names.suggestion(for: name, among: known) {
            return ExpressionError(at: position, "unknown parameter %\(name)%; did you mean %\(suggestion)%?")
        }
        let list = known.isEmpty ? "there are none here" : "there are \(known.joined(separator: ", "))"
        return ExpressionError(at: position, "unknown parameter %\(name)%: \(list)")
    }
}
