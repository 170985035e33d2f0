/// What is written like a function and is none: its arguments are not all evaluated, or not as values.
enum SpecialForm: String, CaseIterable, Sendable {
    case choice = "IIF"
    case cases = "Switch"
    case map = "Select"
    case filter = "Where"
    case named = "With"
    case error = "Error"
    case imported = "ImportedValue"
    case valueCount = "ValueCount"
    case isPresent = "IsPresent"
    case isNull = "IsNull"
    case isNullOrEmpty = "IsNullOrEmpty"
    case isEmpty = "IsEmpty"
}

extension Compiler {
    mutating func special(
        _ form: SpecialForm, _ arguments: [Syntax], at position: Int, isTail: Bool
    ) throws(ExpressionError) -> Node {
        let count =
            switch form {
            case .choice, .map, .filter, .named: 3
            case .cases: arguments.count
            case .error, .imported, .valueCount, .isPresent, .isNull, .isNullOrEmpty, .isEmpty: 1
            }
        guard arguments.count == count else {
            throw ExpressionError(
                at: position,
                "\(form.rawValue) takes \(count) argument\(count == 1 ? "" : "s"), not \(arguments.count)")
        }
        switch form {
        case .choice: return try choice(arguments, at: position, isTail: isTail)
        case .cases: return try cases(arguments, at: position, isTail: isTail)
        case .map: return try map(arguments, at: position)
        case .filter: return try filter(arguments, at: position)
        case .named: return try named(arguments, at: position, isTail: isTail)
        case .error: return try error(arguments[0], at: position)
        case .imported: return try imported(arguments[0], at: position)
        case .valueCount: return try valueCount(arguments[0], at: position)
        case .isPresent, .isNull, .isNullOrEmpty, .isEmpty: return try presence(form, arguments[0], at: position)
        }
    }

    /// `Error(text)`: an error on the object, with the author's words.
    private mutating func error(_ argument: Syntax, at position: Int) throws(ExpressionError) -> Node {
        let text = try node(argument)
        guard text.type.may(be: .string) else {
            throw ExpressionError(at: text.position, "Error takes one string, and this is a \(text.type)")
        }
        let code = text.code
        var node = Node(.nothing, at: position) { context throws(EvaluationError) in
            switch try code(context) {
            case .string(let text): throw .raised(text)
            case .null: throw .raised("")
            case let other: throw .failed(function: "Error", "its text is \(other.kind), not a string")
            }
        }
        node.sources = text.sources
        return node
    }

    /// `ImportedValue("attr")`: what an import has confirmed, while `[attr]` also sees what is staged.
    private mutating func imported(_ argument: Syntax, at position: Int) throws(ExpressionError) -> Node {
        let attribute = try quotedAttribute(argument, of: .imported)
        let source = Source.imported(attribute)
        var node: Node
        if attribute.type.isMultiValued {
            node = Node(attribute.type, at: position) { context in context.value(source) }
            node.sources = [source]
        } else {
            node = Node(attribute.type, at: position) { context in context.input.importedValue(attribute) }
        }
        return node
    }

    /// `ValueCount("attr")`: how many values, 0 for none, without loading any.
    private mutating func valueCount(_ argument: Syntax, at position: Int) throws(ExpressionError) -> Node {
        let attribute = try quotedAttribute(argument, of: .valueCount)
        return Node(.number, at: position) { context in .number(Int64(context.input.count(attribute))) }
    }

    private mutating func quotedAttribute(
        _ argument: Syntax, of form: SpecialForm
    ) throws(ExpressionError) -> AttributeDescription {
        if case .constant(.string(let name)) = argument.kind { return try attribute(name, at: argument.position) }
        let name = if case .attribute(let name) = argument.kind { name } else { "mail" }
        throw ExpressionError(
            at: argument.position,
            "\(form.rawValue) takes the attribute's name between quotes, such as \(form.rawValue)(\"\(name)\")")
    }

    /// `IsPresent` and its kin look at the whole attribute, never per value, and load values only where an empty text would matter.
    private mutating func presence(
        _ form: SpecialForm, _ argument: Syntax, at position: Int
    ) throws(ExpressionError) -> Node {
        let argument = try node(argument)
        if let attribute = argument.attribute {
            return Node(.boolean, at: position, Self.presence(form, attribute))
        }
        let code = argument.wholeCode
        let node = Node(.boolean, at: position) { context throws(EvaluationError) in
            let value = try code(context)
            switch form {
            case .isNull: return .boolean(value == .null)
            case .isEmpty: return .boolean(value.isEmpty)
            case .isNullOrEmpty: return .boolean(value.isNullOrEmpty)
            default: return .boolean(!value.isNullOrEmpty)
            }
        }
        return node.folded([argument])
    }

    private static func presence(_ form: SpecialForm, _ attribute: AttributeDescription) -> Code {
        let mayBeEmpty = attribute.type.may(be: .string) && !attribute.type.isMultiValued
        switch (form, mayBeEmpty) {
        case (.isNull, _), (.isNullOrEmpty, false):
            return { context in .boolean(!context.input.isPresent(attribute)) }
        case (.isEmpty, true): return { context in .boolean(context.input.value(attribute).isEmpty) }
        case (.isEmpty, false): return { _ in .boolean(false) }
        case (.isNullOrEmpty, true):
            return { context in
                .boolean(!context.input.isPresent(attribute) || context.input.value(attribute).isNullOrEmpty)
            }
        case (_, false): return { context in .boolean(context.input.isPresent(attribute)) }
        case (_, true):
            return { context in
                .boolean(context.input.isPresent(attribute) && !context.input.value(attribute).isNullOrEmpty)
            }
        }
    }
}
