import Documents
import Foundation
import ReleaseContract
import SyncConfiguration
import TestSupport
import Testing

/// The standard sets of `adsync`, whose rules have ids and no tags.
struct RuleComparisonTemplateTests {
    private static let connectors = [
        ConnectorDefinition(id: "1", name: "corp.example", kind: .activeDirectory),
        ConnectorDefinition(id: "2", name: "sales.example", kind: .activeDirectory),
        ConnectorDefinition(id: "3", name: "cloud", kind: .cloud),
    ]

    private func rules(_ version: Int) throws -> [SynchronizationRule] {
        let file = packageFolder.appending(path: "catalog/rules/standard-\(version).json")
        return try RuleTemplates(bytes: Array(Data(contentsOf: file)), file: file.path).rules(for: Self.connectors)
    }

    private func changes(_ rules: [SynchronizationRule], _ standard: [SynchronizationRule]) -> [RuleChange] {
        RuleComparison(
            rules: rules, connectors: Self.connectors.map { RuleConnector($0) }, standard: .templates(standard),
            upgrades: .restoresStandard
        ).changes
    }

    @Test("A set compared with itself has no changes", arguments: [1, 2])
    func same(_ version: Int) throws {
        #expect(changes(try rules(version), try rules(version)) == [])
    }

    @Test("The second set differs from the first in what it is documented to differ in, and the other way round")
    func sets() throws {
        let (first, second) = (try rules(1), try rules(2))
        func summary(_ changes: [RuleChange]) -> [String] {
            changes.map { change in
                "\(change.kind.rawValue) \(change.tag) \(change.connector) "
                    + change.differences.map { "\($0.field):\($0.server == nil ? "gone" : "there")" }.joined(
                        separator: " ")
            }
        }
        func expected(_ what: String) -> [String] {
            var lines = ["edited out-cloud-user-common cloud flow employeeType:\(what)"]
            for (tag, field) in [
                ("in-ad-user-common", "employeeType"), ("in-ad-inetorgperson-common", "employeeType"),
                ("in-ad-computer-join", "cloudFiltered"),
            ] {
                for connector in ["corp.example", "sales.example"] {
                    lines.append("edited \(tag) \(connector) flow \(field):\(what)")
                }
            }
            return lines
        }
        #expect(summary(changes(second, first)).sorted() == expected("there").sorted())
        #expect(summary(changes(first, second)).sorted() == expected("gone").sorted())
    }

    @Test("The wizard's choice between two rules shows as one that is off and one that is on")
    func choice() throws {
        let standard = try rules(1)
        var server = standard
        for (id, isDisabled) in [("in-ad-user-join@1", true), ("in-ad-user-mail-join@1", false)] {
            let place = try #require(server.firstIndex { $0.id == id })
            server[place].isDisabled = isDisabled
        }
        let found = changes(server, standard)
        #expect(found.map(\.kind) == [.disabled, .edited])
        #expect(found.map(\.tag) == ["in-ad-user-join", "in-ad-user-mail-join"])
        #expect(found.last?.differences == [RuleChange.Difference("switched on", standard: "no", server: "yes")])
    }

    @Test("A rule that was added with content of its own, and one that was copied")
    func custom() throws {
        let standard = try rules(2)
        var copy = try #require(standard.first { $0.id == "in-ad-group-join@2" })
        copy.id = "ours"
        copy.precedence = 10
        let own = SynchronizationRule(
            id: "own", name: "Own", direction: .outbound, connector: "3", connectorObjectType: "user",
            metaverseObjectType: "person", linkType: .join, precedence: 11,
            flows: [AttributeFlow("extensionAttribute1", .constant("x"))])
        let found = changes(standard + [copy, own], standard)
        #expect(found.map(\.kind) == [.added, .cloned])
        #expect(found.map(\.tag) == ["", "in-ad-group-join"])
        #expect(found.map(\.isOfCloud) == [true, false])
        #expect(found.last?.connector == "sales.example")
    }
}
