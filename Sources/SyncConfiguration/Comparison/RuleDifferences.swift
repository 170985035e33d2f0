import ReleaseContract

/// Two rules that are meant to be the same, field by field. Precedence and being disabled are the caller's.
struct RuleDifferences {
    struct Found {
        /// By this and the key the order does not depend on which of the two rules is the first.
        let rank: Int
        let key: String
        let difference: RuleChange.Difference
    }

    private(set) var found: [Found] = []

    /// In the rule's own order: what describes it, scope, join, flows as the standard rule has them, then those that only the server has.
    static func between(
        _ standard: SynchronizationRule, _ server: SynchronizationRule
    ) -> [RuleChange.Difference] {
        RuleDifferences(standard, server).found.map(\.difference)
    }

    init(_ standard: SynchronizationRule, _ server: SynchronizationRule) {
        compare("name", standard.name, server.name)
        compare("description", standard.record.description, server.record.description)
        compare("object types", RuleText.types(standard), RuleText.types(server))
        compare("link type", standard.linkType.rawValue, server.linkType.rawValue)
        compare(
            "soft delete interval", standard.record.softDeleteExpiryInterval, server.record.softDeleteExpiryInterval)
        compare(
            "password synchronization", Self.word(standard.record.isPasswordSyncEnabled),
            Self.word(server.record.isPasswordSyncEnabled))
        // Most rules are as they came, which is cheap to see.
        if standard.scope != server.scope { compareScopes(standard.scope, server.scope) }
        if standard.join != server.join { compareJoins(standard.join, server.join) }
        if standard.flows != server.flows { compareFlows(standard.flows, server.flows) }
    }

    private static func word(_ isOn: Bool) -> String { isOn ? "on" : "off" }

    private mutating func compare(_ field: String, _ standard: String, _ server: String) {
        guard standard != server else { return }
        add(0, "", field, standard.isEmpty ? nil : standard, server.isEmpty ? nil : server)
    }

    private mutating func add(_ rank: Int, _ key: String, _ field: String, _ standard: String?, _ server: String?) {
        found.append(Found(rank: rank, key: key, difference: .init(field, standard: standard, server: server)))
    }

    // MARK: Scope and join

    /// Groups are alternatives: those that both rules have are the same wherever they stand, the others are held against each other in turn.
    private mutating func compareScopes(_ standard: [[ScopeClause]], _ server: [[ScopeClause]]) {
        var there: [[String]: Int] = [:]
        for group in server { there[RuleText.key(group), default: 0] += 1 }
        var removed: [Int] = []
        for (place, group) in standard.enumerated() {
            let key = RuleText.key(group)
            if let count = there[key], count > 0 { there[key] = count - 1 } else { removed.append(place) }
        }
        var added: [Int] = []
        // From the end, so that of equal groups the first count as the common ones.
        for (place, group) in server.enumerated().reversed() {
            let key = RuleText.key(group)
            if let count = there[key], count > 0 {
                there[key] = count - 1
                added.insert(place, at: 0)
            }
        }
        for index in 0..<max(removed.count, added.count) {
            let old = index < removed.count ? removed[index] : nil
            let new = index < added.count ? added[index] : nil
            let number = min(old ?? Int.max, new ?? Int.max) + 1
            add(
                1, "", "scope, group \(number)", old.map { RuleText.scopeGroup(standard[$0]) },
                new.map { RuleText.scopeGroup(server[$0]) })
        }
    }

    /// Groups are tried in turn, so the place of a group counts.
    private mutating func compareJoins(_ standard: [[JoinCondition]], _ server: [[JoinCondition]]) {
        for index in 0..<max(standard.count, server.count) {
            let old = index < standard.count ? standard[index] : nil
            let new = index < server.count ? server[index] : nil
            guard old.map({ RuleText.key($0) }) != new.map({ RuleText.key($0) }) else { continue }
            add(2, "", "join, group \(index + 1)", old.map(RuleText.joinGroup), new.map(RuleText.joinGroup))
        }
    }

    // MARK: Flows

    private mutating func compareFlows(_ standard: [AttributeFlow], _ server: [AttributeFlow]) {
        let old = Self.byTarget(standard)
        let new = Self.byTarget(server)
        for target in old.targets + new.targets.filter({ old.flows[$0] == nil }) {
            let before = old.flows[target] ?? []
            let after = new.flows[target] ?? []
            for index in 0..<max(before.count, after.count) {
                // A rule with two flows into one attribute is no good one, but it may be there.
                let field = index == 0 ? "flow \(target)" : "flow \(target) (\(index + 1))"
                compareFlow(
                    field, target, index < before.count ? before[index] : nil, index < after.count ? after[index] : nil)
            }
        }
    }

    private mutating func compareFlow(
        _ field: String, _ target: String, _ standard: AttributeFlow?, _ server: AttributeFlow?
    ) {
        guard let standard, let server else {
            add(3, target, field, standard.map(RuleText.flow), server.map(RuleText.flow))
            return
        }
        if !FlowIdentity.isSame(standard.source, server.source) {
            add(3, target, field, RuleText.source(standard.source), RuleText.source(server.source))
        }
        if standard.mergeType != server.mergeType {
            add(3, target, "\(field), merge type", standard.mergeType.rawValue, server.mergeType.rawValue)
        }
        if standard.isExecuteOnce != server.isExecuteOnce {
            add(
                3, target, "\(field), executed once", Self.word(standard.isExecuteOnce),
                Self.word(server.isExecuteOnce))
        }
    }

    private static func byTarget(_ flows: [AttributeFlow]) -> (targets: [String], flows: [String: [AttributeFlow]]) {
        var targets: [String] = []
        var grouped: [String: [AttributeFlow]] = Dictionary(minimumCapacity: flows.count)
        for flow in flows {
            if grouped[flow.target] == nil { targets.append(flow.target) }
            grouped[flow.target, default: []].append(flow)
        }
        return (targets, grouped)
    }
}
