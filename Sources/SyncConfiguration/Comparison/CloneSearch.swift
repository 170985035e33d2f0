/// Finds the standard rule that a rule of the administrator's own was copied from.
///
/// A copy keeps direction, connector and both object types: only standard rules with the same four are candidates. Of those, one is the
/// original if
/// 1. the copy's name has the whole name of the original in it and at least one piece of content (a flow, a group of the scope or of the
///    join) is the same, or
/// 2. both have the same join (not an empty one), scope and link type: of two rules that join in the same way one must stand for the
///    other, because only one may apply to an object, or
/// 3. at least 60 % of the flows of the longer one are in both, and scope or join are the same.
/// Of several originals the one with the longest common name wins, then the one with more common flows, then the one
/// with the lowest precedence.
struct CloneSearch {
    /// Of a hundred flows of the longer rule.
    static let leastCommonFlows = 60

    private struct Place: Hashable {
        let direction: SynchronizationRule.Direction
        let connector: String
        let connectorType: String
        let metaverseType: String

        init(_ rule: SynchronizationRule) {
            direction = rule.direction
            connector = rule.connector
            connectorType = rule.connectorObjectType
            metaverseType = rule.metaverseObjectType
        }
    }

    /// What is compared of a rule, made once per rule.
    private struct Shape {
        let rule: SynchronizationRule
        let name: String
        let flows: Set<FlowIdentity>
        let scope: [[String]]
        let join: [[String]]

        init(_ rule: SynchronizationRule) {
            self.rule = rule
            name = rule.name.lowercased()
            flows = Set(rule.flows.map(FlowIdentity.init))
            scope = RuleText.scopeKey(rule)
            join = RuleText.joinKey(rule)
        }
    }

    private let candidates: [Place: [SynchronizationRule]]
    private var shapes: [Place: [Shape]] = [:]

    init(standard: [SynchronizationRule]) {
        let sorted = standard.sorted { ($0.precedence, $0.id) < ($1.precedence, $1.id) }
        candidates = Dictionary(grouping: sorted, by: Place.init)
    }

    /// The original of a rule; nil where it is no copy.
    mutating func original(of rule: SynchronizationRule) -> SynchronizationRule? {
        let place = Place(rule)
        guard let rules = candidates[place] else { return nil }
        let known = shapes[place] ?? rules.map(Shape.init)
        shapes[place] = known
        let copy = Shape(rule)
        var best: (rank: (Int, Int), rule: SynchronizationRule)?
        for shape in known {
            guard let rank = Self.rank(copy, shape) else { continue }
            if let there = best, there.rank >= rank { continue }
            best = (rank, shape.rule)
        }
        return best?.rule
    }

    /// How well a rule fits as original; nil where it is none.
    private static func rank(_ copy: Shape, _ original: Shape) -> (Int, Int)? {
        let common = copy.flows.intersection(original.flows).count
        let longer = max(copy.flows.count, original.flows.count)
        let share = longer == 0 ? 100 : common * 100 / longer
        let hasSameScope = copy.scope == original.scope
        let hasSameJoin = copy.join == original.join

        let isNamed = !original.name.isEmpty && copy.name.contains(original.name)
        let isAlike =
            common > 0 || !Set(copy.scope).isDisjoint(with: original.scope)
            || !Set(copy.join).isDisjoint(with: original.join)
            // Nothing in either: all of it is the same.
            || (hasSameScope && hasSameJoin && longer == 0)
        if isNamed, isAlike { return (original.name.utf8.count, share) }
        if hasSameJoin, !copy.join.isEmpty, hasSameScope, copy.rule.linkType == original.rule.linkType {
            return (0, share)
        }
        if longer > 0, common * 100 >= leastCommonFlows * longer, hasSameScope || hasSameJoin { return (0, share) }
        return nil
    }
}
