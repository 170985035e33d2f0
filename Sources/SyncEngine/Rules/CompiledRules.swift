import SyncConfiguration
import SyncExpressions

/// Rules with names replaced by numbers and texts by programs.
struct CompiledRules {
    /// An object, like everything that is asked for every evaluated object: a copy of its many parts would cost more than the question.
    final class Rule: Sendable {
        /// The number of the rule's id.
        let number: UInt16
        let source: SynchronizationRule
        let connector: Int
        let connectorType: UInt16
        /// nil for any type (`*`), which only a rule that creates nothing may have.
        let metaverseType: UInt16?
        let scope: [[Clause]]
        let join: [[Condition]]
        /// Places in `flows`.
        let flows: [Int]
        /// Whether the rule makes a link, or only adds flows to one.
        let makesLinks: Bool
        let keepsAlive: Bool

        init(
            number: UInt16, source: SynchronizationRule, connector: Int, connectorType: UInt16, metaverseType: UInt16?,
            scope: [[Clause]], join: [[Condition]], flows: [Int]
        ) {
            self.number = number
            self.source = source
            self.connector = connector
            self.connectorType = connectorType
            self.metaverseType = metaverseType
            self.scope = scope
            self.join = join
            self.flows = flows
            makesLinks = !join.isEmpty || source.linkType != .join
            keepsAlive = source.linkType != .join
        }

        var isInbound: Bool { source.direction == .inbound }
        /// Whether the rule is about metaverse objects of this type.
        func fits(_ type: UInt16?) -> Bool { type != nil && (metaverseType == nil || metaverseType == type) }
    }

    final class Clause: Sendable {
        let attribute: AttributeID
        let source: ScopeClause
        let test: ScopeTest

        init(attribute: AttributeID, source: ScopeClause, test: ScopeTest) {
            self.attribute = attribute
            self.source = source
            self.test = test
        }
    }

    struct Condition {
        let connectorAttribute: AttributeID
        let metaverseAttribute: AttributeID
        let folds: Bool
    }

    final class Flow: Sendable {
        enum Source: Sendable {
            case direct(AttributeID, AttributeKind)
            case constant([UInt8])
            case expression(CompiledExpression)
            /// The parameters differ by the domain that the object lies in; the last one is for any other.
            case domainExpression([(domain: String, expression: CompiledExpression)])
        }

        let rule: Int
        let ruleName: String
        let connector: Int
        let target: AttributeID
        let targetType: AttributeType
        let source: Source
        let mergeType: AttributeFlow.MergeType
        let isExecuteOnce: Bool
        /// Where the object has none of these the flow contributes nothing, and need not be asked; nil where that is not certain.
        let needed: [AttributeID]?

        init(
            rule: Int, ruleName: String, connector: Int, target: AttributeID, targetType: AttributeType,
            source: Source, mergeType: AttributeFlow.MergeType, isExecuteOnce: Bool, needed: [AttributeID]?
        ) {
            self.rule = rule
            self.ruleName = ruleName
            self.connector = connector
            self.target = target
            self.targetType = targetType
            self.source = source
            self.mergeType = mergeType
            self.isExecuteOnce = isExecuteOnce
            self.needed = needed
        }

        /// Attributes of references that it may copy.
        var references: [AttributeID] {
            switch source {
            case .direct(let attribute, let kind): kind == .reference ? [attribute] : []
            case .constant: []
            case .domainExpression: []
            case .expression(let expression):
                expression.attributes.filter { $0.type.base == .reference }.map {
                    AttributeID(rawValue: UInt16($0.number))
                }
            }
        }
    }

    /// By precedence.
    private(set) var rules: [Rule] = []
    private(set) var flows: [Flow] = []
    /// Metaverse attributes that inbound joins look for, and whether any of these minds no case.
    private(set) var joinAttributes: [AttributeID: Bool] = [:]
    /// Connectors with a rule whose scope asks for membership in a group.
    private(set) var membershipConnectors: Set<Int> = []
    private var inbound: [Key: [Int]] = [:]
    private var outbound: [Key: [Int]] = [:]
    private var managed: [Key: Set<AttributeID>] = [:]
    private var referenceSources: [Key: [AttributeID: AttributeID]] = [:]
    private var indexes: [UInt16: Int] = [:]

    private struct Key: Hashable {
        let connector: Int
        let type: UInt16
    }

    init(_ compiler: inout RuleCompiler) throws(EngineError) {
        for rule in try compiler.enabled() {
            let index = rules.count
            let first = flows.count
            for flow in rule.flows { flows.append(try compiler.flow(flow, of: rule, at: index)) }
            rules.append(try compiler.rule(rule, flows: Array(first..<flows.count)))
        }
        for (index, rule) in rules.enumerated() {
            indexes[rule.number] = index
            let type = rule.isInbound ? rule.connectorType : rule.metaverseType ?? 0
            let key = Key(connector: rule.connector, type: type)
            if rule.isInbound {
                inbound[key, default: []].append(index)
                for condition in rule.join.joined() {
                    joinAttributes[condition.metaverseAttribute, default: false] =
                        joinAttributes[condition.metaverseAttribute] == true || condition.folds
                }
            } else {
                outbound[key, default: []].append(index)
                let target = Key(connector: rule.connector, type: rule.connectorType)
                managed[target, default: []].formUnion(rule.flows.map { flows[$0].target })
            }
            if rule.scope.joined().contains(where: { $0.test.asksForMembership }) {
                membershipConnectors.insert(rule.connector)
            }
        }
        findReferenceSources()
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

    /// The one metaverse attribute that fills this attribute of references in target objects, whichever rules are in scope; nil
    /// where it depends on the rules.
    func referenceSource(connector: Int, type: UInt16, target: AttributeID) -> AttributeID? {
        referenceSources[Key(connector: connector, type: type)]?[target]
    }

    /// Whether outbound rules add their values of this attribute to what the directory has.
    func isMerged(_ attribute: AttributeID, _ connector: Int, _ type: UInt16) -> Bool {
        flows.contains { flow in
            let rule = rules[flow.rule]
            return flow.target == attribute && !flow.mergeType.takesOne && !rule.isInbound
                && rule.connector == connector && rule.connectorType == type
        }
    }

    private mutating func findReferenceSources() {
        var all: [Key: [AttributeID: Set<AttributeID>]] = [:]
        for flow in flows where !rules[flow.rule].isInbound && flow.targetType.kind == .reference {
            let rule = rules[flow.rule]
            all[Key(connector: rule.connector, type: rule.connectorType), default: [:]][flow.target, default: []]
                .formUnion(flow.references)
        }
        for (key, targets) in all {
            for (target, sources) in targets where sources.count == 1 {
                referenceSources[key, default: [:]][target] = sources.first
            }
        }
    }
}
