import ForestGenerator
import SyncConfiguration
import SyncEngine
import Testing

/// The standard sets as documents, and whole over a generated forest.
@Suite struct StandardRulesTests {
    private static let forest = ConnectorDefinition(id: "corp", name: "corp.example", kind: .activeDirectory)
    private static let cloud = ConnectorDefinition(id: "cloud", name: "cloud", kind: .cloud)

    private func rules(_ version: Int) throws -> [SynchronizationRule] {
        try Bench.standard(version).rules(for: [Self.forest, Self.cloud])
    }

    @Test func `the two sets differ in what they are documented to differ in`() throws {
        let (first, second) = (try rules(1), try rules(2))
        #expect(first.map(\.id) == second.map(\.id))
        var differences: [String] = []
        for (old, new) in zip(first, second) where old != new {
            let added = new.flows.filter { !old.flows.contains($0) }.map(\.target)
            differences.append("\(old.id) \(added.joined(separator: " "))")
            var same = new
            same.flows = old.flows
            #expect(same == old)
            #expect(old.flows.allSatisfy { new.flows.contains($0) })
        }
        #expect(
            differences == [
                "in-ad-user-common@corp employeeType", "in-ad-inetorgperson-common@corp employeeType",
                "in-ad-computer-join@corp cloudFiltered", "out-cloud-user-common@cloud employeeType",
            ])
    }

    @Test(arguments: [1, 2], ["user", "inetorgperson"])
    func `users join on mail or not by one of two rules that differ in nothing else`(version: Int, type: String) throws
    {
        let all = try rules(version)
        let plain = try #require(all.first { $0.id == "in-ad-\(type)-join@corp" })
        let mail = try #require(all.first { $0.id == "in-ad-\(type)-mail-join@corp" })
        #expect(!plain.isDisabled)
        #expect(mail.isDisabled)
        #expect(mail.join == plain.join + [[JoinCondition("mail", "mail")]])
        #expect((plain.scope, plain.linkType, plain.flows) == (mail.scope, mail.linkType, mail.flows))
    }

    @Test func `rules of inetOrgPerson are those of user`() throws {
        let all = try rules(2)
        for rule in all where rule.connectorObjectType == "user" && rule.connector == "corp" {
            let id = rule.id.replacing("in-ad-user-", with: "in-ad-inetorgperson-")
            let twin = try #require(all.first { $0.id == id })
            #expect(twin.connectorObjectType == "inetOrgPerson")
            #expect((twin.scope, twin.join, twin.flows) == (rule.scope, rule.join, rule.flows))
        }
    }

    /// What of a record is expected in the cloud, by the documents alone.
    private func type(_ record: LDIFRecord) -> String? {
        guard case .entry(let attributes) = record.content else { return nil }
        func texts(_ name: String) -> [String] {
            attributes.first { $0.name == name }?.values.map { String(decoding: $0, as: UTF8.self) } ?? []
        }
        switch texts("objectClass").last {
        case "user", "inetOrgPerson": return record.dn.contains(",OU=People,") ? "user" : nil
        case "contact": return texts("mail").first?.hasSuffix("@partner.example") == true ? "contact" : nil
        case "group" where record.dn.contains(",OU=Groups,"):
            let proxies = texts("proxyAddresses")
            let isMail =
                proxies.isEmpty ? !texts("mail").isEmpty : proxies.contains { $0.lowercased().hasPrefix("smtp:") }
            return isMail || texts("groupType") == ["-2147483640"] ? "group" : nil
        default: return nil
        }
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `of a varied forest exactly the people, partners and lists reach the cloud`(rules: RuleSet) throws {
        let options = ForestOptions(
            seed: 21, users: 80, groups: 200, contacts: 12, computers: 10, isVaried: true)
        let forest = try #require(options.forests.first)
        let records = forest.dump()
        let scenario = try Scenario([forest.name], rules)
        try scenario.imports(forest.name, records, isFull: true)
        #expect(scenario.errors.isEmpty)
        var expected: [String: Int] = [:]
        for record in records { if let type = type(record) { expected[type, default: 0] += 1 } }
        #expect(expected["user"] == 80)
        #expect(expected["contact"] == 12)
        #expect((expected["group"] ?? 200) < 200)
        var found: [String: Int] = [:]
        for object in scenario.cloud() where object.type != "device" { found[object.type, default: 0] += 1 }
        #expect(found == expected)
        // Resources and people who left are there too, disabled.
        #expect(scenario.cloud().contains { $0["accountEnabled"] == "False" })
        try scenario.export()
        #expect(try scenario.pending().isEmpty)
        #expect(scenario.errors.isEmpty)
    }
}
