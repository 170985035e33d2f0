import Documents
import Foundation
import ReleaseContract
import SyncConfiguration
import TestSupport

/// A small server with standard rules for two directories and the cloud, to plant changes in.
struct ComparedServer {
    static let first = "{11111111-0000-0000-0000-000000000001}"
    static let second = "{22222222-0000-0000-0000-000000000002}"
    static let cloud = Connector.cloudIdentifier

    var connectors = [
        Connector(id: first, name: "a.example", category: "AD", subtype: "", version: 1),
        Connector(id: second, name: "b.example", category: "AD", subtype: "", version: 1),
        Connector(id: cloud, name: "tenant", category: "Extensible2", subtype: "", version: 1),
    ]
    var rules = standard

    /// Joins and flows for users and groups of both directories, one rule of the cloud.
    static let standard: [SynchronizationRule] = {
        var rules: [SynchronizationRule] = []
        for connector in [first, second] {
            rules.append(
                rule(
                    "User Join", connector, 100 + rules.count, linkType: .provision,
                    scope: [[ScopeClause("isCritical", .notEqual, "True"), ScopeClause("marker", .isNull)]],
                    join: [[JoinCondition("sid", "sid")], [JoinCondition("mail", "mail", isCaseSensitive: true)]],
                    flows: [AttributeFlow("filtered", .expression("IIF(IsPresent([hidden]), True, NULL)"))]))
        }
        for connector in [first, second] {
            rules.append(
                rule(
                    "User Common", connector, 100 + rules.count,
                    scope: [[ScopeClause("isCritical", .notEqual, "True")], [ScopeClause("kind", .isBitSet, "2")]],
                    flows: [
                        AttributeFlow("givenName", .direct("givenName")), AttributeFlow("type", .constant("User")),
                        AttributeFlow("mail", .expression("Trim([mail])")),
                        AttributeFlow("city", .direct("l")), AttributeFlow("phone", .direct("telephoneNumber")),
                    ]))
        }
        rules.append(
            rule(
                "Out User Identity", cloud, 100 + rules.count, direction: .outbound,
                flows: [AttributeFlow("displayName", .direct("displayName"))]))
        return rules
    }()

    /// A rule whose id and tag follow from its name.
    static func rule(
        _ name: String, _ connector: String, _ precedence: Int,
        direction: SynchronizationRule.Direction = .inbound, linkType: SynchronizationRule.LinkType = .join,
        scope: [[ScopeClause]] = [], join: [[JoinCondition]] = [], flows: [AttributeFlow] = []
    ) -> SynchronizationRule {
        var record = SynchronizationRule.Record()
        record.immutableTag = "Product.\(name.filter { $0 != " " }).003"
        record.description = "about \(name)"
        return SynchronizationRule(
            id: identifier(precedence), name: name, direction: direction, connector: connector,
            connectorObjectType: "user", metaverseObjectType: "person", linkType: linkType, precedence: precedence,
            scope: scope, join: join, flows: flows, record: record)
    }

    static func identifier(_ number: Int) -> String {
        let digits = String(number)
        return "{aaaaaaaa-0000-0000-0000-\(String(repeating: "0", count: 12 - digits.count))\(digits)}"
    }

    /// A rule that an administrator made of another: its own id, no tag, a precedence of its own.
    static func copy(
        _ rule: SynchronizationRule, named name: String? = nil, precedence: Int = 50
    ) -> SynchronizationRule {
        var copy = rule
        copy.id = identifier(900_000 + precedence)
        copy.name = name ?? rule.name
        copy.precedence = precedence
        copy.record.immutableTag = ""
        return copy
    }

    func changes(_ standard: StandardRules? = nil, installed: ProductVersion? = nil) -> [RuleChange] {
        RuleComparison.changes(
            rules: rules, connectors: connectors, standard: standard ?? .templates(Self.standard),
            installed: installed)
    }

    /// Each change in a few words: `edited User Join a.example`.
    func summary(_ standard: StandardRules? = nil) -> [String] {
        changes(standard).map { "\($0.kind.rawValue) \($0.name) \($0.connector)" }
    }
}
