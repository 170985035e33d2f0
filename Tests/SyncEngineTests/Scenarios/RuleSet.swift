import Documents
import Foundation
import SyncConfiguration
import SyncEngine
import TestSupport
import Testing

/// Rules that a scenario runs over, for whatever connectors it has.
struct RuleSet: Sendable, CustomTestStringConvertible {
    let testDescription: String
    typealias Rules = @Sendable ([ConnectorDefinition]) throws -> [SynchronizationRule]
    typealias Schema = @Sendable ([ConnectorDefinition]) throws -> EngineSchema
    private let makeSchema: Schema
    private let make: Rules

    init(_ name: String, schema: @escaping Schema = { _ in EngineSchema() }, _ make: @escaping Rules) {
        testDescription = name
        makeSchema = schema
        self.make = make
    }

    func rules(for connectors: [ConnectorDefinition]) throws -> [SynchronizationRule] { try make(connectors) }
    func schema(for connectors: [ConnectorDefinition]) throws -> EngineSchema { try makeSchema(connectors) }

    /// The project's own rules. Users join on security identifiers, or on mail too: which of two rules is switched on says so.
    static func standard(_ version: Int = 2, joiningOnMail: Bool = false) -> RuleSet {
        RuleSet("standard-\(version)\(joiningOnMail ? ", users join on mail" : "")") { connectors in
            try (version == 1 ? first : second).get().rules(for: connectors).map { rule in
                var rule = rule
                switch rule.id.prefix(while: { $0 != "@" }) {
                case "in-ad-user-join", "in-ad-inetorgperson-join": rule.isDisabled = joiningOnMail
                case "in-ad-user-mail-join", "in-ad-inetorgperson-mail-join": rule.isDisabled = !joiningOnMail
                default: break
                }
                return rule
            }
        }
    }

    private static let first = Result { try Bench.standard(1) }
    private static let second = Result { try Bench.standard(2) }

    /// What scenarios run over where users join on security identifiers only.
    static let joiningOnIdentifiers = [standard(1), standard(2)] + [exported].compactMap { $0 }
    /// What scenarios run over where users join on mail too.
    static let joiningOnMail =
        [standard(1, joiningOnMail: true), standard(2, joiningOnMail: true)] + [exportedJoiningOnMail].compactMap { $0 }

    /// The same rules with some of them changed.
    func changing(_ name: String, _ change: @escaping @Sendable (inout SynchronizationRule) -> Void) -> RuleSet {
        let make = make
        return RuleSet("\(testDescription), \(name)", schema: makeSchema) { connectors in
            try make(connectors).map { rule in
                var rule = rule
                change(&rule)
                return rule
            }
        }
    }

    /// With another limit of a group's members, so that a test of it has few.
    func limitingMembers(from standard: Int, to limit: Int) -> RuleSet {
        changing("at most \(limit) members") { rule in
            for group in rule.scope.indices {
                for clause in rule.scope[group].indices where rule.scope[group][clause].attribute == "memberCount" {
                    rule.scope[group][clause].value = String(limit)
                }
            }
            for place in rule.flows.indices {
                if case .expression(let text) = rule.flows[place].source, rule.flows[place].target == "member" {
                    rule.flows[place].source = .expression(text.replacing("> \(standard)", with: "> \(limit)"))
                }
            }
        }
    }
}
