/// Writes a rule: as a file of its own, or into the file that it was read from.
struct RuleWriter {
    private let rule: SynchronizationRule

    static func document(_ rule: SynchronizationRule) -> ExportDocument {
        var root = ExportElement(RuleReader.root)
        RuleWriter(rule: rule).write(into: &root)
        return ExportDocument(root: root.indented())
    }

    /// The typed members win; everything else stays as it is, down to the spelling of members that did not change.
    static func merge(_ rule: SynchronizationRule, into root: inout ExportElement) {
        RuleWriter(rule: rule).write(into: &root)
    }

    private func write(into root: inout ExportElement) {
        let record = rule.record
        set(&root, "id", rule.id) { Identifier.normalized($0) == rule.id }
        set(&root, "internal-id", record.internalID)
        set(&root, "version", String(record.version)) { Int($0) == record.version }
        set(&root, "name", rule.name)
        set(&root, "description", record.description)
        set(&root, "immutable-tag", record.immutableTag)
        set(&root, "direction", rule.direction.exported)
        setFlag(&root, "disabled", rule.isDisabled)
        set(&root, "connector", rule.connector) { Identifier.normalized($0) == rule.connector }
        set(&root, "sourceObjectType", rule.sourceObjectType)
        set(&root, "targetObjectType", rule.targetObjectType)
        set(&root, "linkType", rule.linkType.exported)
        set(&root, "precedence", String(rule.precedence)) { Int($0) == rule.precedence }
        setNeighbour(&root, "precedence-after", record.precedenceAfter)
        setNeighbour(&root, "precedence-before", record.precedenceBefore)
        set(&root, "softDeleteExpiryInterval", record.softDeleteExpiryInterval)
        // The product spells this one in lower case.
        setFlag(&root, "EnablePasswordSync", record.isPasswordSyncEnabled, String(record.isPasswordSyncEnabled))
        update(&root, "attribute-mappings", writeFlows)
        update(&root, "relationshipCriteria") { list in
            Self.writeGroups(
                rule.join, into: &list, read: { try? RuleReader.condition($0) },
                make: Self.element)
        }
        update(&root, "synchronizationCriteria") { list in
            Self.writeGroups(rule.scope, into: &list, read: { try? RuleReader.clause($0) }, make: Self.element)
        }
    }

    // MARK: Members

    private func update(_ root: inout ExportElement, _ name: String, _ change: (inout ExportElement) -> Void) {
        let earlier = RuleReader.order.prefix { $0 != name }
        root.update(name, after: Array(earlier), depth: 1, change)
    }

    private func set(
        _ root: inout ExportElement, _ name: String, _ text: String, unless isSame: ((String) -> Bool)? = nil
    ) {
        update(&root, name) { element in
            if element.text != text, isSame?(element.text) != true { element.setText(text) }
        }
    }

    private func setFlag(_ root: inout ExportElement, _ name: String, _ value: Bool, _ text: String? = nil) {
        set(&root, name, text ?? value.exported) { Bool(exported: $0) == value }
    }

    private func setNeighbour(_ root: inout ExportElement, _ name: String, _ identifier: String?) {
        set(&root, name, identifier ?? RuleReader.zeroIdentifier) { text in
            let there = Identifier.normalized(text)
            return identifier == nil ? there == RuleReader.zeroIdentifier : there == identifier
        }
    }

    // MARK: Flows

    private func writeFlows(_ list: inout ExportElement) {
        var there = list.all("mapping").map { (element: $0, flow: try? RuleReader.flow($0)) }
        guard there.map(\.flow) != rule.flows else { return }
        let elements = rule.flows.map { flow in
            if let index = there.firstIndex(where: { $0.flow == flow }) { return there.remove(at: index).element }
            return Self.element(flow).indented(2)
        }
        list.setElements(elements, depth: 2)
    }

    private static func element(_ flow: AttributeFlow) -> ExportElement {
        var mapping = ExportElement("mapping", flow.isExecuteOnce ? [.init("execute-once", "true")] : [])
        var parts = [ExportElement("dest", text: flow.target)]
        func attributes(_ names: [String]) -> ExportElement {
            ExportElement("src", [], names.map { .element(ExportElement("attr", text: $0)) })
        }
        switch flow.source {
        case .direct(let name): parts.append(attributes([name]))
        case .constant(let value): parts.append(ExportElement("src", text: value))
        case .expression(let text):
            if !flow.listedSources.isEmpty { parts.append(attributes(flow.listedSources)) }
            parts.append(ExportElement("expression", text: text))
        }
        parts.append(ExportElement("valueMergeType", text: flow.mergeType.exported))
        mapping.children = parts.map { .element($0) }
        return mapping
    }

    // MARK: Conditions

    private static func writeGroups<Condition: Equatable>(
        _ groups: [[Condition]], into list: inout ExportElement, read: (ExportElement) -> Condition?,
        make: (Condition) -> ExportElement
    ) {
        var there = list.elements.map { (element: $0, group: $0.elements.map(read)) }
        guard there.map(\.group) != groups else { return }
        let elements = groups.map { group in
            if let index = there.firstIndex(where: { $0.group == group }) { return there.remove(at: index).element }
            return ExportElement("conditions", [], group.map { .element(make($0)) }).indented(2)
        }
        list.setElements(elements, depth: 2)
    }

    private static func element(_ clause: ScopeClause) -> ExportElement {
        let parts = [
            ExportElement("csAttribute", text: clause.attribute),
            ExportElement("csOperator", text: clause.operator.exportedName),
            ExportElement("csValue", text: clause.value),
        ]
        return ExportElement("scope", [], parts.map { .element($0) })
    }

    private static func element(_ condition: JoinCondition) -> ExportElement {
        var parts = [
            ExportElement("csAttribute", text: condition.connectorAttribute),
            ExportElement("ilmAttribute", text: condition.metaverseAttribute),
        ]
        if condition.isCaseSensitive {
            parts.insert(ExportElement("caseSensitive", text: condition.isCaseSensitive.exported), at: 0)
        }
        return ExportElement("condition", [], parts.map { .element($0) })
    }
}

extension ScopeClause.Operator {
    /// The product's own name, which differs from the documents' for one operator.
    var exportedName: String { self == .isNotBitSet ? "ISBITNOTSET" : rawValue }
}
