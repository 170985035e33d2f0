import SyncConfiguration

/// Rules with names replaced by numbers, ordered so that the first contribution to an attribute is the one that wins.
struct CompiledRules {
    struct Rule {
        /// The number of the rule's id.
        let number: UInt16
        let source: SynchronizationRule
        let connector: Int
        let connectorType: UInt16
        /// nil for any type (`*`), which only a rule that creates nothing may have.
        let metaverseType: UInt16?
        let scope: [[Clause]]
        let join: [[Condition]]
        /// Numbers of its flows.
        var flows: [UInt16] = []

        /// Whether the rule makes a link, or only adds flows to one.
        var makesLinks: Bool { !join.isEmpty || source.linkType != .join }
        var keepsAlive: Bool { source.linkType != .join }

        /// Whether the rule is about metaverse objects of this type.
        func fits(_ type: UInt16?) -> Bool { type != nil && (metaverseType == nil || metaverseType == type) }
    }

    struct Clause {
        let attribute: AttributeID
        let kind: AttributeKind
        let test: ScopeTest
    }

    struct Condition {
        let connectorAttribute: AttributeID
        let metaverseAttribute: AttributeID
        let folds: Bool
    }

    struct Flow {
        enum Source {
            case direct(AttributeID)
            case constant([UInt8])
            case transform(Transform, [AttributeID])
        }

        let rule: Int
        let target: AttributeID
        let source: Source
        let mergeType: AttributeFlow.MergeType
    }

    /// By precedence.
    private(set) var rules: [Rule] = []
    /// By target attribute, then by precedence.
    private(set) var flows: [Flow] = []
    /// Metaverse attributes that joins look for.
    private(set) var joinAttributes: [AttributeID] = []
    private var inbound: [Key: [Int]] = [:]
    private var outbound: [Key: [Int]] = [:]
    private var managed: [Key: Set<AttributeID>] = [:]
    private var indexes: [UInt16: Int] = [:]

    private struct Key: Hashable {
        let connector: Int
        let type: UInt16
    }

    init(
        _ source: [SynchronizationRule], connectors: [ConnectorDefinition], attributes: inout AttributeTable,
        types: inout StringTable, ruleNames: inout StringTable
    ) throws(EngineError) {
        let enabled = source.filter { !$0.isDisabled }.sorted { $0.precedence < $1.precedence }
        try Self.check(enabled)
        for rule in enabled {
            guard let connector = connectors.firstIndex(where: { $0.id == rule.connector }) else {
                throw .unknownRuleConnector(rule: rule.name, connector: rule.connector)
            }
            rules.append(
                Rule(
                    number: ruleNames.number(rule.id), source: rule, connector: connector,
                    connectorType: types.number(rule.connectorObjectType),
                    metaverseType: rule.metaverseObjectType == "*" ? nil : types.number(rule.metaverseObjectType),
                    scope: rule.scope.map { $0.map { Self.compile($0, &attributes) } },
                    join: rule.join.map { $0.map { Self.compile($0, &attributes) } }))
        }
        try compileFlows(&attributes)
        for (index, rule) in rules.enumerated() {
            indexes[rule.number] = index
            let isInbound = rule.source.direction == .inbound
            let key = Key(
                connector: rule.connector, type: isInbound ? rule.connectorType : rule.metaverseType ?? 0)
            if isInbound {
                inbound[key, default: []].append(index)
            } else {
                outbound[key, default: []].append(index)
                let target = Key(connector: rule.connector, type: rule.connectorType)
                managed[target, default: []].formUnion(rule.flows.map { flows[Int($0)].target })
            }
        }
        joinAttributes = Set(rules.flatMap { $0.join.joined().map(\.metaverseAttribute) }).sorted()
    }

    /// Rules for objects of a type in a connector space, by precedence.
    func inbound(connector: Int, type: UInt16) -> [Int] { inbound[Key(connector: connector, type: type)] ?? [] }
    /// Rules for metaverse objects of a type towards a connector space, by precedence.
    func outbound(connector: Int, type: UInt16) -> [Int] { outbound[Key(connector: connector, type: type)] ?? [] }
    /// Attributes that rules fill in a target object of a type.
    func managed(connector: Int, type: UInt16) -> Set<AttributeID> {
        managed[Key(connector: connector, type: type)] ?? []
    }
    /// The rule with this number, unless it is disabled or belonged to an older rule set.
    func rule(number: UInt16) -> Rule? { indexes[number].map { rules[$0] } }

    private static func check(_ rules: [SynchronizationRule]) throws(EngineError) {
        var ids: Set<String> = []
        for rule in rules where !ids.insert(rule.id).inserted { throw .duplicateRule(rule.id) }
        for rule in rules where rule.metaverseObjectType == "*" {
            if rule.linkType == .provision || rule.direction == .outbound { throw .anyTypeNotAllowed(rule.name) }
        }
        for (rule, next) in zip(rules, rules.dropFirst()) where rule.precedence == next.precedence {
            throw .duplicatePrecedence(rule.precedence, rule.name, next.name)
        }
    }

    private mutating func compileFlows(_ attributes: inout AttributeTable) throws(EngineError) {
        for (index, rule) in rules.enumerated() {
            for flow in rule.source.flows {
                flows.append(
                    Flow(
                        rule: index, target: attributes.id(flow.target), source: Self.compile(flow.source, &attributes),
                        mergeType: flow.mergeType))
            }
        }
        flows.sort { ($0.target, $0.rule) < ($1.target, $1.rule) }
        precondition(flows.count < Int(UInt16.max), "more than 65,534 attribute flows")
        for (number, flow) in flows.enumerated() { rules[flow.rule].flows.append(UInt16(number)) }
        for (flow, next) in zip(flows, flows.dropFirst())
        where flow.target == next.target && flow.mergeType != next.mergeType && sameTarget(flow, next) {
            throw .mixedMergeTypes(
                attribute: attributes.name(flow.target), rules[flow.rule].source.name, rules[next.rule].source.name)
        }
    }

    private func sameTarget(_ one: Flow, _ other: Flow) -> Bool {
        let (one, other) = (rules[one.rule], rules[other.rule])
        guard one.source.direction == other.source.direction else { return false }
        return one.source.direction == .inbound
            ? one.metaverseType == other.metaverseType
            : one.connector == other.connector && one.connectorType == other.connectorType
    }

    private static func compile(_ clause: ScopeClause, _ attributes: inout AttributeTable) -> Clause {
        let id = attributes.id(clause.attribute)
        return Clause(attribute: id, kind: attributes.kind(id), test: ScopeTest(clause.operator, clause.value))
    }

    private static func compile(_ condition: JoinCondition, _ attributes: inout AttributeTable) -> Condition {
        let connectorAttribute = attributes.id(condition.connectorAttribute)
        let isText = attributes.kind(connectorAttribute) == .text
        return Condition(
            connectorAttribute: connectorAttribute, metaverseAttribute: attributes.id(condition.metaverseAttribute),
            folds: isText && !condition.isCaseSensitive)
    }

    private static func compile(_ source: AttributeFlow.Source, _ attributes: inout AttributeTable) -> Flow.Source {
        switch source {
        case .direct(let attribute): .direct(attributes.id(attribute))
        case .constant(let text): .constant(Array(text.utf8))
        case .transform(let transform, let sources): .transform(transform, sources.map { attributes.id($0) })
        case .expression(let text): .constant(Array(text.utf8))
        }
    }
}
