import Documents
import Foundation
import ReleaseContract
import SyncConfiguration
import TestSupport
import Testing

/// What was done to rules whose standard content is known.
struct RuleComparisonTests {
    /// One change to one rule, and what has to be said about it.
    struct Edit: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let index: Int
        let edit: @Sendable (inout SynchronizationRule) -> Void
        let expected: [RuleChange.Difference]

        init(
            _ name: String, rule index: Int = 2, _ expected: [RuleChange.Difference],
            _ edit: @escaping @Sendable (inout SynchronizationRule) -> Void
        ) {
            testDescription = name
            self.index = index
            self.expected = expected
            self.edit = edit
        }
    }

    private static func difference(_ field: String, _ standard: String?, _ server: String?) -> RuleChange.Difference {
        .init(field, standard: standard, server: server)
    }

    static let edits: [Edit] = [
        Edit("name", [difference("name", "User Common", "Ours")]) { $0.name = "Ours" },
        Edit("description", [difference("description", "about User Common", nil)]) { $0.record.description = "" },
        Edit("types", [difference("object types", "user to person", "contact to person")]) {
            $0.connectorObjectType = "contact"
        },
        Edit("link type", [difference("link type", "join", "stickyJoin")]) { $0.linkType = .stickyJoin },
        Edit("soft delete", [difference("soft delete interval", "00:00:00", "01:00:00")]) {
            $0.record.softDeleteExpiryInterval = "01:00:00"
        },
        Edit("password", [difference("password synchronization", "off", "on")]) {
            $0.record.isPasswordSyncEnabled = true
        },
        Edit("clause", [difference("scope, group 1", #"isCritical NOTEQUAL "True""#, #"isCritical EQUAL "False""#)]) {
            $0.scope[0][0] = ScopeClause("isCritical", .equal, "False")
        },
        Edit(
            "clause added",
            [difference("scope, group 2", #"kind ISBITSET "2""#, #"kind ISBITSET "2" and mail ISNOTNULL"#)]
        ) { $0.scope[1].append(ScopeClause("mail", .isNotNull)) },
        Edit("group added", [difference("scope, group 3", nil, "mail ISNULL")]) {
            $0.scope.append([ScopeClause("mail", .isNull)])
        },
        Edit("group removed", [difference("scope, group 1", #"isCritical NOTEQUAL "True""#, nil)]) {
            $0.scope.removeFirst()
        },
        Edit("join", rule: 0, [difference("join, group 1", "sid = sid", "sid = sid and mail = mail")]) {
            $0.join[0].append(JoinCondition("mail", "mail"))
        },
        Edit("join case", rule: 0, [difference("join, group 2", "mail = mail (case-sensitive)", "mail = mail")]) {
            $0.join[1][0].isCaseSensitive = false
        },
        Edit(
            "join order", rule: 0,
            [
                difference("join, group 1", "sid = sid", "mail = mail (case-sensitive)"),
                difference("join, group 2", "mail = mail (case-sensitive)", "sid = sid"),
            ]
        ) { $0.join.reverse() },
        Edit("join removed", rule: 0, [difference("join, group 2", "mail = mail (case-sensitive)", nil)]) {
            $0.join.removeLast()
        },
        Edit("flow source", [difference("flow givenName", "attribute givenName", "constant \"x\"")]) {
            $0.flows[0].source = .constant("x")
        },
        Edit("expression", [difference("flow mail", "expression Trim([mail])", "expression LCase([mail])")]) {
            $0.flows[2].source = .expression("LCase([mail])")
        },
        Edit("merge type", [difference("flow mail, merge type", "update", "merge")]) { $0.flows[2].mergeType = .merge },
        Edit("once", [difference("flow mail, executed once", "off", "on")]) { $0.flows[2].isExecuteOnce = true },
        Edit("flow removed", [difference("flow city", "attribute l", nil)]) { $0.flows.remove(at: 3) },
        Edit("flow added", [difference("flow zip", nil, "attribute postalCode, merge type merge, executed once")]) {
            $0.flows.append(AttributeFlow("zip", .direct("postalCode"), mergeType: .merge, isExecuteOnce: true))
        },
        Edit("second flow", [difference("flow city (2)", nil, "constant \"Bonn\"")]) {
            $0.flows.append(AttributeFlow("city", .constant("Bonn")))
        },
        Edit(
            "several",
            [
                difference("link type", "join", "provision"), difference("scope, group 3", nil, "mail ISNULL"),
                difference("flow givenName", "attribute givenName", nil),
                difference("flow zip", nil, "attribute postalCode"),
            ]
        ) {
            $0.linkType = .provision
            $0.scope.append([ScopeClause("mail", .isNull)])
            $0.flows[0] = AttributeFlow("zip", .direct("postalCode"))
        },
    ]

    @Test("An edited rule is told field by field", arguments: edits)
    func edited(_ edit: Edit) throws {
        var server = ComparedServer()
        edit.edit(&server.rules[edit.index])
        let changes = server.changes()
        #expect(changes.map(\.kind) == [.edited])
        #expect(changes.first?.differences == edit.expected)
        #expect(changes.first?.tag == RuleTag.stem(ComparedServer.standard[edit.index].record.immutableTag))
        #expect(changes.first?.connector == "a.example")
        #expect(changes.first?.precedence == ComparedServer.standard[edit.index].precedence)
    }

    @Test("What was added to the standard shows as missing, and the other way round", arguments: edits)
    func editedBackwards(_ edit: Edit) throws {
        var templates = ComparedServer.standard
        edit.edit(&templates[edit.index])
        let change = try #require(ComparedServer().changes(.templates(templates)).first)
        let mirrored = change.differences.map {
            RuleChange.Difference($0.field, standard: $0.server, server: $0.standard)
        }
        #expect(Set(mirrored.map(\.field)) == Set(edit.expected.map(\.field)))
        for difference in edit.expected { #expect(mirrored.contains(difference)) }
    }

    @Test(
        "What says nothing is no edit: the order of clauses, groups of a scope and flows, line breaks, listed sources")
    func noEdits() {
        var server = ComparedServer()
        server.rules[0].scope[0].reverse()
        server.rules[2].scope.reverse()
        server.rules[2].flows.reverse()
        server.rules[2].flows[2].listedSources = ["mail"]
        server.rules[2].flows[2].source = .expression("Trim(\r\n[mail]\n)")
        server.rules[3].record.version = 7
        server.rules[3].record.internalID = "{x}"
        server.rules[3].record.precedenceAfter = ComparedServer.identifier(1)
        server.rules[3].precedence = 180
        #expect(server.summary() == [])
    }

    @Test("A rule that is switched off, gone, moved, or on where it comes switched off")
    func states() throws {
        var server = ComparedServer()
        server.rules[0].isDisabled = true
        server.rules[2].precedence = 42
        server.rules.remove(at: 3)
        #expect(
            server.summary() == [
                "moved User Common a.example", "disabled User Join a.example", "deleted User Common b.example",
            ])
        let changes = server.changes()
        #expect(changes.map(\.precedence) == [42, 100, nil])
        #expect(changes[0].differences == [Self.difference("precedence", "102", "42")])
        #expect(changes[1].differences.isEmpty)

        var templates = ComparedServer.standard
        templates[1].isDisabled = true
        let on = try #require(ComparedServer().changes(.templates(templates)).first)
        #expect(on.kind == .edited)
        #expect(on.differences == [Self.difference("switched on", "no", "yes")])
        #expect(on.effect == "It stays switched on.")
        server = ComparedServer()
        server.rules[1].isDisabled = true
        #expect(server.summary(.templates(templates)) == [])
    }

    @Test("One rule can be edited, switched off and moved at once")
    func everything() {
        var server = ComparedServer()
        server.rules[4].isDisabled = true
        server.rules[4].precedence = 7
        server.rules[4].flows.removeAll()
        #expect(
            server.summary() == [
                "edited Out User Identity tenant", "disabled Out User Identity tenant",
                "moved Out User Identity tenant",
            ])
        #expect(server.changes().map(\.isOfCloud) == [true, true, true])
    }

    @Test("Rules of the cloud come first, then inbound ones, then by precedence")
    func order() {
        var server = ComparedServer()
        for index in server.rules.indices { server.rules[index].isDisabled = true }
        server.rules.append(
            ComparedServer.copy(
                ComparedServer.rule("Own", ComparedServer.first, 3, direction: .outbound), precedence: 3))
        #expect(
            server.summary() == [
                "disabled Out User Identity tenant", "disabled User Join a.example", "disabled User Join b.example",
                "disabled User Common a.example", "disabled User Common b.example", "added Own a.example",
            ])
    }

    @Test("Rules are matched by id without a tag, and by tag with another id and content version")
    func matching() {
        var server = ComparedServer()
        var templates = ComparedServer.standard
        for index in templates.indices { templates[index].record.immutableTag = "" }
        #expect(server.summary(.templates(templates)) == [])
        templates = ComparedServer.standard
        for index in server.rules.indices {
            server.rules[index].id = ComparedServer.identifier(500 + index)
            server.rules[index].record.immutableTag = "\(RuleTag.stem(templates[index].record.immutableTag)).017"
        }
        #expect(server.summary(.templates(templates)) == [])
    }

    @Test("A tag that the version does not have is no edit of any rule")
    func unknownTag() throws {
        var server = ComparedServer()
        server.rules[2].record.immutableTag = "Product.Older.001"
        server.rules[2].id = ComparedServer.identifier(77)
        #expect(server.summary() == ["added User Common a.example", "deleted User Common a.example"])
        let added = try #require(server.changes().first)
        #expect(added.tag == "Product.Older")
        #expect(added.effect.contains("Product.Older.001"))
    }

    @Test(
        "The number at a tag's end is the version of the content",
        arguments: [
            ("Microsoft.InfromADUserJoin.003", "Microsoft.InfromADUserJoin"), ("A.B", "A.B"), ("A.", "A."), ("", ""),
            ("7", "7"), ("A.1x", "A.1x"), ("A.１", "A.１"), ("A.001.002", "A.001"),
        ])
    func stems(_ tag: String, _ stem: String) {
        #expect(RuleTag.stem(tag) == stem)
    }

    @Test("Attributes are all that the rule names, on either side, also inside expressions")
    func attributes() throws {
        var server = ComparedServer()
        server.rules[2].flows = [
            AttributeFlow(
                "out",
                .expression(
                    #"IIF(IsPresent([a-b]), "[no] \" [neither]" & [c], ImportedValue("d")) & ValueCount( "e") & Len("f")"#
                )),
            AttributeFlow("broken", .expression("[open & \"open")),
        ]
        let change = try #require(server.changes().first)
        #expect(change.attributes == ["a-b", "broken", "c", "d", "e", "isCritical", "kind", "out"])
    }

    @Test("The same rules in any order have the same changes")
    func permutations() {
        var server = ComparedServer()
        server.rules[0].isDisabled = true
        server.rules[3].flows.removeAll()
        server.rules.append(ComparedServer.copy(ComparedServer.standard[0], named: "Copy of User Join"))
        server.rules.append(ComparedServer.copy(ComparedServer.standard[2], named: "x", precedence: 51))
        for standard in [StandardRules.templates(ComparedServer.standard), .tagsOnly] {
            let expected = server.changes(standard)
            var generator = SeededGenerator(seed: 7)
            for _ in 0..<20 {
                var other = server
                other.rules.shuffle(using: &generator)
                other.connectors.shuffle(using: &generator)
                #expect(other.changes(standard) == expected)
            }
        }
    }

    @Test("A change is the same after it was written and read")
    func document() throws {
        var server = ComparedServer()
        server.rules[2].flows.removeFirst()
        server.rules[3].isDisabled = true
        var report = FactsReport()
        report.ruleChanges = server.changes()
        #expect(report.ruleChanges?.count == 2)
        let read = try FactsReport(bytes: report.json.compact, file: "facts.json")
        #expect(read.ruleChanges == report.ruleChanges)
    }
}
