import Documents
import ReleaseContract

/// What was done to the rules of a server, compared with the product's own.
public struct RuleComparison: Equatable, Sendable {
    /// Rules of the cloud's connector first, then by direction and precedence.
    public private(set) var changes: [RuleChange] = []
    /// What may have been changed without showing here, in sentences.
    public let blindSpots: [String]

    /// The changes of a server whose connectors are known from its export.
    ///
    /// - Parameter installed: The version on the server; says which defects and which habits of upgrades are its own.
    public static func changes(
        rules: [SynchronizationRule], connectors: [Connector], standard: StandardRules, installed: ProductVersion?
    ) -> [RuleChange] {
        RuleComparison(rules: rules, connectors: connectors, standard: standard, installed: installed).changes
    }

    public init(
        rules: [SynchronizationRule], connectors: [Connector], standard: StandardRules, installed: ProductVersion?
    ) {
        self.init(
            rules: rules, connectors: connectors.map(RuleConnector.init), standard: standard,
            upgrades: .documented(installed: installed))
    }

    public init(
        rules: [SynchronizationRule], connectors: [RuleConnector], standard: StandardRules, upgrades: UpgradeBehavior
    ) {
        let matching = RuleMatching(rules: rules, connectors: connectors, standard: standard)
        let effects = RuleEffects(upgrades: upgrades)
        blindSpots = RuleBlindSpots.sentences(
            connectors: connectors, standard: standard, upgrades: upgrades, hasCustom: !matching.custom.isEmpty)
        var builder = ChangeBuilder(connectors: connectors, matching: matching, effects: effects)
        for group in matching.groups { builder.judge(group) }
        for rule in matching.unknown { builder.add(.added, rule, effect: effects.unknownTag(rule)) }
        builder.judgeCustom(matching.custom)
        changes = builder.changes.sorted(by: Self.before)
    }

    private static func before(_ left: RuleChange, _ right: RuleChange) -> Bool {
        if left.isOfCloud != right.isOfCloud { return left.isOfCloud }
        let first = (left.direction, left.precedence ?? Int.max, left.name, left.connector, left.tag)
        let second = (right.direction, right.precedence ?? Int.max, right.name, right.connector, right.tag)
        if first != second { return first < second }
        return place(left.kind) < place(right.kind)
    }

    private static func place(_ kind: RuleChange.Kind) -> Int {
        RuleChange.Kind.allCases.firstIndex(of: kind) ?? RuleChange.Kind.allCases.count
    }
}

/// Makes changes of what was matched.
private struct ChangeBuilder {
    private let connectors: [String: RuleConnector]
    private let effects: RuleEffects
    private var clones: CloneSearch
    /// By id of the standard rule: what became of it on the server.
    private var states: [String: RuleEffects.OriginalState] = [:]
    /// The lowest precedence of all standard rules on the server.
    private let firstPrecedence: Int?
    private(set) var changes: [RuleChange] = []

    init(connectors: [RuleConnector], matching: RuleMatching, effects: RuleEffects) {
        self.connectors = Dictionary(connectors.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.effects = effects
        clones = CloneSearch(standard: matching.groups.map(\.reference))
        firstPrecedence = matching.groups.compactMap { $0.primary?.precedence }.min()
    }

    mutating func judge(_ group: RuleMatching.Group) {
        guard let rule = group.primary else {
            states[group.reference.id] = .deleted
            let effect = effects.deleted(group.reference, seenAt: group.seenAt.map { connectors[$0]?.name ?? $0 })
            return add(.deleted, group.reference, effect: effect)
        }
        states[group.reference.id] = rule.isDisabled || group.isPair ? .disabled : .enabled

        var differences: [RuleChange.Difference] = []
        if let standard = group.standard { differences = RuleDifferences.between(standard, rule) }
        let isEdited = !differences.isEmpty || (group.isPair && group.template == nil)
        if let template = group.template, template.isDisabled, !rule.isDisabled {
            let difference = RuleChange.Difference("switched on", standard: "no", server: "yes")
            add(
                .edited, rule, differences: [difference] + differences,
                effect: isEdited ? effects.edited(isPair: group.isPair) : effects.switchedOn)
        } else if isEdited {
            add(.edited, rule, differences: differences, effect: effects.edited(isPair: group.isPair))
        }
        if rule.isDisabled, group.template?.isDisabled != true { add(.disabled, rule, effect: effects.disabled) }
        if rule.precedence < RuleTemplates.firstStandardPrecedence {
            let standard = group.template.map { String($0.precedence) }
            add(
                .moved, rule,
                differences: [.init("precedence", standard: standard, server: String(rule.precedence))],
                effect: effects.moved(rule.precedence, isFirst: rule.precedence == firstPrecedence))
        }
        // In a pair that is an edited rule and its standard, what is switched off beside it is the product's.
        guard !(group.isPair && isEdited) else { return }
        for copy in group.others { addClone(copy, of: group.template ?? rule) }
    }

    mutating func judgeCustom(_ rules: [SynchronizationRule]) {
        for rule in rules {
            if let original = clones.original(of: rule) {
                addClone(rule, of: original)
            } else {
                add(.added, rule, effect: effects.added(rule))
            }
        }
    }

    private mutating func addClone(_ rule: SynchronizationRule, of original: SynchronizationRule) {
        let differences = RuleDifferences.between(original, rule)
        let effect = effects.cloned(original: states[original.id] ?? .enabled)
        add(.cloned, rule, tag: RuleMatching.tag(of: original), differences: differences, effect: effect)
    }

    mutating func add(
        _ kind: RuleChange.Kind, _ rule: SynchronizationRule, tag: String? = nil,
        differences: [RuleChange.Difference] = [], effect: String
    ) {
        let connector = connectors[rule.connector]
        let isOwn = kind == .added && rule.isCustom
        changes.append(
            RuleChange(
                kind: kind, name: rule.name, direction: rule.direction.rawValue,
                connector: connector?.name ?? rule.connector, isOfCloud: connector?.kind == .cloud,
                precedence: kind == .deleted ? nil : rule.precedence,
                tag: tag ?? (isOwn ? "" : RuleMatching.tag(of: rule)), attributes: RuleAttributes.all(of: rule),
                differences: differences, effect: effect))
    }
}
