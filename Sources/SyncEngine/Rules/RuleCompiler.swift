import SyncConfiguration
import SyncExpressions

/// Turns rules into programs: names into numbers, texts into expressions that are checked against the types of their space.
struct RuleCompiler {
    let rules: [SynchronizationRule]
    let connectors: [ConnectorDefinition]
    let schema: EngineSchema
    let environment: EvaluationEnvironment
    var attributes: AttributeTable
    var types = StringTable()
    var ruleNames = StringTable()
    /// The same text in many rules is compiled once.
    private var expressions: [String: CompiledExpression] = [:]

    init(
        _ rules: [SynchronizationRule], connectors: [ConnectorDefinition], schema: EngineSchema,
        environment: EvaluationEnvironment, attributes: AttributeTable
    ) {
        self.environment = environment
        self.rules = rules
        self.connectors = connectors
        self.schema = schema
        self.attributes = attributes
    }

    /// The rules that are not disabled, by precedence.
    func enabled() throws(EngineError) -> [SynchronizationRule] {
        let enabled = rules.filter { !$0.isDisabled }.sorted { ($0.precedence, $0.id) < ($1.precedence, $1.id) }
        var ids: Set<String> = []
        for rule in enabled where !ids.insert(rule.id).inserted { throw .duplicateRule(rule.id) }
        for rule in enabled where rule.metaverseObjectType == "*" {
            if rule.linkType == .provision || rule.direction == .outbound { throw .anyTypeNotAllowed(rule.name) }
        }
        for (rule, next) in zip(enabled, enabled.dropFirst()) where rule.precedence == next.precedence {
            // Until 2.0.3.0 the product let outbound rules of different connectors share a number.
            if rule.direction == .outbound, next.direction == .outbound, rule.connector != next.connector { continue }
            throw .duplicatePrecedence(rule.precedence, rule.name, next.name)
        }
        return enabled
    }

    private func connector(of rule: SynchronizationRule) throws(EngineError) -> Int {
        guard let connector = connectors.firstIndex(where: { $0.id == rule.connector }) else {
            throw .unknownRuleConnector(rule: rule.name, connector: rule.connector)
        }
        return connector
    }

    mutating func rule(_ rule: SynchronizationRule, flows: [Int]) throws(EngineError) -> CompiledRules.Rule {
        let connector = try connector(of: rule)
        var scope: [[CompiledRules.Clause]] = []
        for group in rule.scope {
            scope.append(
                group.map { clause in
                    CompiledRules.Clause(
                        attribute: attributes.id(clause.attribute), source: clause,
                        test: ScopeTest(clause.operator, clause.value))
                })
        }
        let join = rule.join.map { group in group.map { condition($0, connectors[connector].id) } }
        return CompiledRules.Rule(
            number: ruleNames.number(rule.id), source: rule, connector: connector,
            connectorType: types.number(rule.connectorObjectType),
            metaverseType: rule.metaverseObjectType == "*" ? nil : types.number(rule.metaverseObjectType),
            scope: scope, join: join, flows: flows)
    }

    private mutating func condition(_ condition: JoinCondition, _ connector: String) -> CompiledRules.Condition {
        let kind = type(condition.connectorAttribute, in: connector).kind
        return CompiledRules.Condition(
            connectorAttribute: attributes.id(condition.connectorAttribute),
            metaverseAttribute: attributes.id(condition.metaverseAttribute),
            folds: kind != .binary && kind != .reference && !condition.isCaseSensitive)
    }

    /// The type of a name in a connector space, or in the metaverse.
    private mutating func type(_ name: String, in connector: String?) -> AttributeType {
        let id = attributes.id(name)
        return schema.types(of: connector).type(folded: attributes.foldedName(id))
    }

    // MARK: - Flows

    mutating func flow(_ flow: AttributeFlow, of rule: SynchronizationRule, at index: Int) throws(EngineError)
        -> CompiledRules.Flow
    {
        let place = try connector(of: rule)
        let connector = connectors[place].id
        let (from, to) = rule.direction == .inbound ? (connector, nil) : (nil, connector)
        let source: CompiledRules.Flow.Source
        switch flow.source {
        case .direct(let name): source = .direct(attributes.id(name), type(name, in: from).kind)
        case .constant(let text): source = .constant(Array(text.utf8))
        case .expression(let text):
            do {
                source = try expressions(text, from: from, connector: connectors[place])
            } catch {
                throw .badExpression(rule: rule.name, attribute: flow.target, "\(error)")
            }
        }
        return CompiledRules.Flow(
            rule: index, ruleName: rule.name, connector: place, target: attributes.id(flow.target),
            targetType: type(flow.target, in: to), source: source, mergeType: flow.mergeType,
            isExecuteOnce: flow.isExecuteOnce, needed: flow.isExecuteOnce ? nil : needed(by: source))
    }

    /// An expression that gives nothing to an object without any of its attributes is not asked about such objects, which most are for
    /// most flows. What time it is stays the same as long as these rules are compiled.
    private func needed(by source: CompiledRules.Flow.Source) -> [AttributeID]? {
        switch source {
        case .direct(let attribute, _): return [attribute]
        case .constant, .domainExpression: return nil
        case .expression(let expression):
            guard !expression.attributes.isEmpty,
                let result = try? expression.evaluate(AbsentAttributes(), environment)
            else { return nil }
            if case .value(let value) = result, value != .null { return nil }
            return expression.attributes.map { AttributeID(rawValue: UInt16($0.number)) }
        }
    }

    /// One program, or one per domain where the text asks for the domain and there are several.
    private mutating func expressions(_ text: String, from space: String?, connector: ConnectorDefinition)
        throws(ExpressionError) -> CompiledRules.Flow.Source
    {
        let common = schema.parameters(of: connector)
        let domains = schema.domains[connector.id] ?? []
        guard space != nil, domains.count > 1, text.contains("%Domain.") else {
            return .expression(try expression(text, from: space, connector: connector, common))
        }
        var variants: [(domain: String, expression: CompiledExpression)] = []
        for domain in domains.sorted(by: { $0.name.utf8.count > $1.name.utf8.count }) {
            let parameters = common.merging(domain.parameters) { $1 }
            variants.append(
                (
                    DistinguishedName.normalized(domain.name),
                    try expression(text, from: space, connector: connector, parameters, variant: domain.name)
                ))
        }
        variants.append(("", try expression(text, from: space, connector: connector, common)))
        return .domainExpression(variants)
    }

    private mutating func expression(
        _ text: String, from space: String?, connector: ConnectorDefinition, _ parameters: [String: String],
        variant: String = ""
    ) throws(ExpressionError) -> CompiledExpression {
        let key = "\(space ?? "")\u{0}\(connector.id)\u{0}\(variant)\u{0}\(text)"
        if let known = expressions[key] { return known }
        let names = SpaceNames(attributes: attributes, types: schema.types(of: space))
        let compiled = try CompiledExpression(text, names: names, parameters: parameters)
        attributes = names.attributes
        expressions[key] = compiled
        return compiled
    }
}

/// An object that has no attributes.
private struct AbsentAttributes: AttributeInput {
    func value(_ attribute: AttributeDescription) -> Value { .null }
    func importedValue(_ attribute: AttributeDescription) -> Value { .null }
    func count(_ attribute: AttributeDescription) -> Int { 0 }
    func isPresent(_ attribute: AttributeDescription) -> Bool { false }
}

/// The names of one space for the expression compiler; those that have no number yet get one.
private final class SpaceNames: AttributeNames {
    private(set) var attributes: AttributeTable
    private let types: AttributeTypes

    init(attributes: AttributeTable, types: AttributeTypes) {
        self.attributes = attributes
        self.types = types
    }

    func attribute(_ name: String) -> AttributeDescription? {
        let isName = name == "dn"
        guard isName || types.has(folded: name.lowercased()), attributes.hasRoom(for: [name]) else { return nil }
        let id = attributes.id(name)
        let type = isName ? AttributeType(.text) : types.type(folded: attributes.foldedName(id))
        return AttributeDescription(
            number: Int(id.rawValue), type: ValueType(type.kind.base, isMultiValued: type.isMultiValued))
    }
}

extension AttributeKind {
    var base: ValueType.Base {
        switch self {
        case .text: .string
        case .integer: .number
        case .boolean: .boolean
        case .binary: .binary
        case .reference: .reference
        }
    }
}

/// What is known of the attributes and parameters of a server's spaces.
public struct EngineSchema: Sendable {
    public var metaverse: AttributeTypes
    /// By connector; one that is not here has the well-known types.
    public var connectors: [String: AttributeTypes]
    /// What `%…%` stands for in a connector's rules, beside `Connector.ID` and what follows from the connector's name.
    public var parameters: [String: [String: String]]
    /// The domains of a connector's forest by their distinguished names, with the parameters that differ between them.
    public var domains: [String: [Domain]] = [:]

    public struct Domain: Equatable, Sendable {
        public let name: String
        public let parameters: [String: String]

        public init(name: String, parameters: [String: String]) {
            self.name = name
            self.parameters = parameters
        }
    }

    public init(
        metaverse: AttributeTypes = .wellKnown, connectors: [String: AttributeTypes] = [:],
        parameters: [String: [String: String]] = [:]
    ) {
        self.metaverse = metaverse
        self.connectors = connectors
        self.parameters = parameters
    }

    func types(of connector: String?) -> AttributeTypes {
        connector.map { connectors[$0] ?? .wellKnown } ?? metaverse
    }

    /// A connector to a forest is named like it, as the installer does; the forest's root stands for its domains.
    func parameters(of connector: ConnectorDefinition) -> [String: String] {
        let labels = connector.name.split(separator: ".")
        let path = labels.map { "DC=\($0)" }.joined(separator: ",")
        let short = labels.first.map { $0.uppercased() } ?? ""
        var all = ["Connector.ID": connector.id]
        for area in ["Domain", "Forest"] {
            all["\(area).FQDN"] = connector.name
            all["\(area).LDAP"] = path
            all["\(area).Netbios"] = short
        }
        return all.merging(parameters[connector.id] ?? [:]) { $1 }
    }
}
