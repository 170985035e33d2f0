import ReleaseContract

/// The rules of two servers: those that only one has, those with other content, and their order.
struct ServerRules {
    typealias Row = ServerComparison.Row

    /// A rule with what is the same on both servers in place of its connector's identifier.
    private struct Entry {
        let rule: SynchronizationRule
        let connector: String

        var name: String { "\(rule.direction.rawValue) \(connector) \(rule.name)" }
        /// nil where the rule has no tag.
        var tag: String? {
            rule.isCustom
                ? nil : "\(rule.direction.rawValue) \(connector) \(RuleTag.stem(rule.record.immutableTag))"
        }

        var label: String { "\(rule.name) (\(rule.direction.rawValue), \(connector))" }
        var summary: String {
            let flows = rule.flows.count == 1 ? "1 flow" : "\(rule.flows.count) flows"
            return "precedence \(rule.precedence), \(flows)\(rule.isDisabled ? ", switched off" : "")"
        }
    }

    private typealias Pair = (left: Entry, right: Entry)

    private(set) var rows: [Row] = []
    private(set) var precedences = ServerComparison.Section(.precedences, [])

    init(_ left: [SynchronizationRule], _ right: [SynchronizationRule], _ connectors: ConnectorPairs) {
        var lefts = Self.entries(left, connectors.names(\.left))
        var rights = Self.entries(right, connectors.names(\.right))
        var pairs = Self.match(&lefts, &rights, by: \.name)
        pairs += Self.match(&lefts, &rights, by: \.tag)

        var found: [(label: String, rows: [Row])] = []
        for entry in lefts { found.append((entry.label, [Row("rule \(entry.label)", entry.summary, nil)])) }
        for entry in rights { found.append((entry.label, [Row("rule \(entry.label)", nil, entry.summary)])) }
        for pair in pairs { found.append((Self.label(pair), Self.differences(pair))) }
        rows = found.sorted { left, right in
            left.label != right.label
                ? left.label < right.label : Self.sortKey(left.rows).lexicographicallyPrecedes(Self.sortKey(right.rows))
        }.flatMap(\.rows)
        precedences = Self.precedences(pairs)
    }

    private static func entries(_ rules: [SynchronizationRule], _ names: [String: String]) -> [Entry] {
        rules.map { rule in
            Entry(rule: neutral(rule, names), connector: names[rule.connector] ?? rule.connector)
        }.sorted { ($0.rule.precedence, $0.rule.id) < ($1.rule.precedence, $1.rule.id) }
    }

    /// Expressions, constants and conditions may name a connector by its identifier, which is another one on each server.
    private static func neutral(_ rule: SynchronizationRule, _ names: [String: String]) -> SynchronizationRule {
        func neutral(_ text: String) -> String {
            guard text.utf8.contains(UInt8(ascii: "{")) else { return text }
            return names.sorted { $0.key < $1.key }.reduce(text) { text, name in
                text.replacing(name.key, with: "{\(name.value)}")
                    .replacing(name.key.uppercased(), with: "{\(name.value)}")
            }
        }
        var result = rule
        for place in result.flows.indices {
            switch result.flows[place].source {
            case .direct: break
            case .constant(let text): result.flows[place].source = .constant(neutral(text))
            case .expression(let text): result.flows[place].source = .expression(neutral(text))
            }
        }
        for group in result.scope.indices {
            for clause in result.scope[group].indices {
                result.scope[group][clause].value = neutral(result.scope[group][clause].value)
            }
        }
        return result
    }

    // MARK: Matching

    /// Takes out of both lists what belongs together by a key. Where several have one key, those of the same content go together first,
    /// then those of the same identifier, then those that are both on or both off, then whatever is left in order of precedence.
    private static func match(
        _ lefts: inout [Entry], _ rights: inout [Entry], by key: (Entry) -> String?
    ) -> [Pair] {
        var pairs: [Pair] = []
        var waiting: [String: [Int]] = [:]
        for (place, entry) in rights.enumerated() {
            if let key = key(entry) { waiting[key, default: []].append(place) }
        }
        var groups: [String: [Int]] = [:]
        for (place, entry) in lefts.enumerated() { if let key = key(entry) { groups[key, default: []].append(place) } }
        var taken: (Set<Int>, Set<Int>) = ([], [])
        for (key, group) in groups {
            guard let others = waiting[key] else { continue }
            let isClear = group.count == 1 && others.count == 1
            for isGood in isClear ? [isAny] : [isEqual, hasSameID, hasSameState, isAny] {
                for place in group where !taken.0.contains(place) {
                    guard
                        let other = others.first(where: {
                            !taken.1.contains($0) && isGood(lefts[place], rights[$0])
                        })
                    else { continue }
                    taken.0.insert(place)
                    taken.1.insert(other)
                    pairs.append((lefts[place], rights[other]))
                }
            }
        }
        lefts = lefts.indices.filter { !taken.0.contains($0) }.map { lefts[$0] }
        rights = rights.indices.filter { !taken.1.contains($0) }.map { rights[$0] }
        return pairs
    }

    private static func isEqual(_ left: Entry, _ right: Entry) -> Bool {
        hasSameState(left, right) && RuleDifferences(left.rule, right.rule).found.isEmpty
    }
    private static func hasSameID(_ left: Entry, _ right: Entry) -> Bool { left.rule.id == right.rule.id }
    private static func hasSameState(_ left: Entry, _ right: Entry) -> Bool {
        left.rule.isDisabled == right.rule.isDisabled
    }
    private static func isAny(_ left: Entry, _ right: Entry) -> Bool { true }

    // MARK: Differences

    private static func label(_ pair: Pair) -> String { min(pair.left.label, pair.right.label) }

    private static func sortKey(_ rows: [Row]) -> [String] {
        // The two sides of a row in an order that does not depend on which is which.
        rows.map { "\($0.what) \([$0.left ?? "", $0.right ?? ""].sorted().joined(separator: " "))" }
    }

    private static func differences(_ pair: Pair) -> [Row] {
        let (left, right) = (pair.left.rule, pair.right.rule)
        let owner = label(pair)
        var rows: [Row] = []
        if left.isDisabled != right.isDisabled {
            rows.append(Row(of: owner, "switched on", left.isDisabled ? "no" : "yes", right.isDisabled ? "no" : "yes"))
        }
        let tags = [left, right].map { $0.isCustom ? nil : $0.record.immutableTag }
        if tags[0] != tags[1] { rows.append(Row(of: owner, "tag", tags[0], tags[1])) }
        let found = RuleDifferences(left, right).found.enumerated().sorted { one, other in
            (one.element.rank, one.element.key, one.offset) < (other.element.rank, other.element.key, other.offset)
        }
        rows += found.map(\.element.difference).map { Row(of: owner, $0.field, $0.standard, $0.server) }
        return rows
    }

    // MARK: Order

    private static func precedences(_ pairs: [Pair]) -> ServerComparison.Section {
        let rows = pairs.filter { $0.left.rule.precedence != $0.right.rule.precedence }
            .map { pair in
                Row("rule \(label(pair))", String(pair.left.rule.precedence), String(pair.right.rule.precedence))
            }
            .sorted { ($0.what, sortKey([$0])[0]) < ($1.what, sortKey([$1])[0]) }
        guard !rows.isEmpty else { return ServerComparison.Section(.precedences, []) }
        let isReordered = SynchronizationRule.Direction.allCases.contains { direction in
            ranksDiffer(pairs.filter { $0.left.rule.direction == direction })
        }
        return ServerComparison.Section(
            .precedences, counts: isReordered,
            note: isReordered
                ? "Some rules rank in another order, so other values may win."
                : "Only the numbers differ: rules that both servers have rank in the same order.", rows)
    }

    /// Whether two rules rank one way on the left and the other way on the right.
    private static func ranksDiffer(_ pairs: [Pair]) -> Bool {
        let ranks = pairs.map { ($0.left.rule.precedence, $0.right.rule.precedence) }.sorted { $0 < $1 }
        var highest = Int.min
        var place = 0
        while place < ranks.count {
            // Rules with one number do not rank among themselves.
            let same = ranks[place...].prefix { $0.0 == ranks[place].0 }
            if same.contains(where: { $0.1 < highest }) { return true }
            highest = max(highest, same.map(\.1).max() ?? highest)
            place = same.endIndex
        }
        return false
    }
}
