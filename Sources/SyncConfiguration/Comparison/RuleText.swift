/// Parts of a rule as people read them, and the keys by which parts are told to be the same.
enum RuleText {
    static func clause(_ clause: ScopeClause) -> String {
        let head = "\(clause.attribute) \(clause.operator.rawValue)"
        return clause.operator.needsValue ? "\(head) \"\(clause.value)\"" : head
    }

    static func scopeGroup(_ group: [ScopeClause]) -> String { group.map(clause).joined(separator: " and ") }

    static func condition(_ condition: JoinCondition) -> String {
        let pair = "\(condition.connectorAttribute) = \(condition.metaverseAttribute)"
        return condition.isCaseSensitive ? "\(pair) (case-sensitive)" : pair
    }

    static func joinGroup(_ group: [JoinCondition]) -> String { group.map(condition).joined(separator: " and ") }

    static func source(_ source: AttributeFlow.Source) -> String {
        switch source {
        case .direct(let attribute): "attribute \(attribute)"
        case .constant(let value): "constant \"\(value)\""
        case .expression(let text): "expression \(text)"
        }
    }

    static func flow(_ flow: AttributeFlow) -> String {
        var text = source(flow.source)
        if flow.mergeType != .update { text += ", merge type \(flow.mergeType.rawValue)" }
        if flow.isExecuteOnce { text += ", executed once" }
        return text
    }

    static func types(_ rule: SynchronizationRule) -> String {
        "\(rule.sourceObjectType) to \(rule.targetObjectType)"
    }

    /// The clauses of a group all hold, so their order says nothing.
    static func key(_ group: [ScopeClause]) -> [String] { group.map(clause).sorted() }
    static func key(_ group: [JoinCondition]) -> [String] { group.map(condition).sorted() }

    /// Groups of a scope are alternatives, so neither does theirs. Groups of a join are tried in turn.
    static func scopeKey(_ rule: SynchronizationRule) -> [[String]] {
        rule.scope.map { key($0) }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    static func joinKey(_ rule: SynchronizationRule) -> [[String]] { rule.join.map { key($0) } }
}

/// What makes two flows the same. The sources that an export lists beside an expression follow from it and are left out; line breaks in an
/// expression are no change (the product reports none for them since 1.1.614.0).
struct FlowIdentity: Hashable {
    private let target: String
    private let kind: Int
    private let text: String
    private let mergeType: String
    private let isExecuteOnce: Bool

    init(_ flow: AttributeFlow) {
        target = flow.target
        (kind, text) = Self.source(flow.source)
        mergeType = flow.mergeType.rawValue
        isExecuteOnce = flow.isExecuteOnce
    }

    static func isSame(_ left: AttributeFlow.Source, _ right: AttributeFlow.Source) -> Bool {
        source(left) == source(right)
    }

    private static func source(_ source: AttributeFlow.Source) -> (Int, String) {
        switch source {
        case .direct(let attribute): (0, attribute)
        case .constant(let value): (1, value)
        case .expression(let text): (2, text.contains(where: \.isNewline) ? text.filter { !$0.isNewline } : text)
        }
    }
}
