import Foundation
import SyncConfiguration
import SyncEngine
import TestSupport
import Testing

extension RuleSet {
    /// The rules of a real server's export, with those of its one forest repeated for every forest of the scenario as the installer does:
    /// rule by rule, in the order of the forests. nil where the export is not beside the package.
    static let exported: RuleSet? = exported(joiningOnMail: false)
    static let exportedJoiningOnMail: RuleSet? = exported(joiningOnMail: true)

    /// At most this many members have the groups of the export's server.
    static let exportedMemberLimit = 50_000

    private static let configuration = Result { try realExport.map { try ExportFolder(path: $0.path).read() } }

    private static func exported(joiningOnMail: Bool) -> RuleSet? {
        guard realExport != nil else { return nil }
        let name = "exported\(joiningOnMail ? ", users join on mail" : "")"
        return RuleSet(name, schema: schema) { connectors in
            let read = try configuration.get()
            let configuration = try #require(read)
            let kinds = Dictionary(uniqueKeysWithValues: configuration.connectors.map { ($0.id, $0.definition.kind) })
            var rules: [SynchronizationRule] = []
            for rule in configuration.rules.sorted(by: { $0.precedence < $1.precedence }) {
                for connector in connectors where connector.kind == kinds[rule.connector] {
                    var copy = rule
                    copy.id += "@\(connector.id)"
                    copy.connector = connector.id
                    copy.precedence = RuleTemplates.firstStandardPrecedence + rules.count
                    if joiningOnMail, joinsUsers(copy) { copy.join.append([JoinCondition("mail", "mail")]) }
                    rules.append(copy)
                }
            }
            return rules
        }
    }

    private static func joinsUsers(_ rule: SynchronizationRule) -> Bool {
        rule.direction == .inbound && !rule.join.isEmpty && rule.linkType == .provision
            && ["user", "inetOrgPerson"].contains(rule.connectorObjectType)
    }

    @Sendable private static func schema(_ connectors: [ConnectorDefinition]) throws -> EngineSchema {
        let read = try configuration.get()
        let configuration = try #require(read)
        let exported = EngineSchema(configuration)
        var schema = EngineSchema(metaverse: exported.metaverse)
        for connector in connectors {
            let origin = try #require(configuration.connectors.first { $0.definition.kind == connector.kind })
            schema.connectors[connector.id] = exported.connectors[origin.id]
        }
        return schema
    }
}
