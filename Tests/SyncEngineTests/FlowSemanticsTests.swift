import Documents
import SyncConfiguration
import SyncEngine
import Testing

/// What flows do beyond giving a value: keep one, forbid one, happen once, see what was confirmed, or fail.
@Suite("A flow") struct FlowSemanticsTests {
    private static func rule(
        _ id: String, _ precedence: Int, direction: SynchronizationRule.Direction = .inbound,
        connector: String = "corp",
        link: SynchronizationRule.LinkType = .provision, scope: [[ScopeClause]] = [], _ flows: [AttributeFlow]
    ) -> SynchronizationRule {
        SynchronizationRule(
            id: id, name: id, direction: direction, connector: connector, connectorObjectType: "user",
            metaverseObjectType: "person", linkType: link, precedence: precedence, scope: scope, flows: flows)
    }

    private static func user(_ name: String, _ more: String = "", below: String = "DC=corp") -> String {
        "dn: CN=\(name),\(below)\nobjectClass: user\ncn: \(name)\nobjectGUID: guid-\(name)\n\(more)\n"
    }

    private func set(_ bench: Bench, _ change: String) throws {
        try bench.imports("corp", "dn: CN=a,DC=corp\nchangetype: modify\n\(change)\n-\n", full: false)
        try bench.synchronize(.delta)
    }

    /// The first value of a metaverse attribute of the only object.
    private func value(_ bench: Bench, _ attribute: String) -> String? {
        var found: String?
        bench.engine.forEachMetaverseObject { object in
            let values = bench.engine.metaverseAttributes(object.id).first { $0.name == attribute }?.values
            found = values?.first.map { String(decoding: $0, as: UTF8.self) }
        }
        return found
    }

    @Test(
        "without a value lets the next rule contribute, forbids it, or leaves what was there",
        arguments: [
            ("NULL", "a"), ("AuthoritativeNull", nil), ("IgnoreThisFlow", "a"),
        ])
    func literals(_ literal: String, expected: String?) throws {
        let text = "IIF(IsPresent([title]), [title], \(literal))"
        let bench = try Bench(rules: [
            Self.rule("upper", 10, [AttributeFlow("out", .expression(text))]),
            Self.rule("lower", 20, link: .join, [AttributeFlow("out", .direct("cn"))]),
        ])
        try bench.imports("corp", Self.user("a", "title: upper\n"))
        try bench.synchronize(.full)
        #expect(value(bench, "out") == "upper")
        try set(bench, "delete: title")
        #expect(value(bench, "out") == expected)
    }

    @Test(
        "that is ignored leaves the value that was there, and one that is NULL takes it away",
        arguments: [("IgnoreThisFlow", "kept"), ("NULL", nil), ("AuthoritativeNull", nil)])
    func kept(_ literal: String, expected: String?) throws {
        let text = "IIF(IsPresent([title]), [title], \(literal))"
        let bench = try Bench(rules: [Self.rule("only", 10, [AttributeFlow("out", .expression(text))])])
        try bench.imports("corp", Self.user("a", "title: kept\n"))
        try bench.synchronize(.full)
        try set(bench, "delete: title")
        #expect(value(bench, "out") == expected)
    }

    @Test("that is executed once gives its value to a new object only", arguments: [(true, "1"), (false, "2")])
    func once(_ isOnce: Bool, expected: String) throws {
        let flow = AttributeFlow("out", .direct("title"), isExecuteOnce: isOnce)
        let bench = try Bench(rules: [Self.rule("only", 10, [flow])])
        try bench.imports("corp", Self.user("a", "title: 1\n"))
        try bench.synchronize(.full)
        try set(bench, "replace: title\ntitle: 2")
        try bench.synchronize(.full)
        #expect(value(bench, "out") == expected)
    }

    @Test("from the cloud sees what is staged, and through ImportedValue only what an import confirmed")
    func importedValue() throws {
        let bench = try Bench(rules: [
            Self.rule("in", 10, [AttributeFlow("cn", .direct("cn"))]),
            Self.rule(
                "back", 20, connector: "cloud", link: .stickyJoin,
                [
                    AttributeFlow("seen", .direct("name")),
                    AttributeFlow("confirmed", .expression("ImportedValue(\"name\")")),
                ]),
            Self.rule(
                "out", 30, direction: .outbound, connector: "cloud",
                [AttributeFlow("dn", .direct("cn")), AttributeFlow("name", .direct("cn"))]),
        ])
        try bench.imports("corp", Self.user("a"))
        try bench.synchronize(.full)
        #expect(value(bench, "seen") == "a")
        #expect(value(bench, "confirmed") == nil)
        try bench.exportAndConfirm()
        #expect(value(bench, "confirmed") == "a")
    }

    @Test("that asks for the domain gets the object's own")
    func domain() throws {
        let connectors = [ConnectorDefinition(id: "corp", name: "corp", kind: .activeDirectory), Bench.cloud]
        var schema = EngineSchema()
        schema.domains["corp"] = [
            .init(name: "DC=corp", parameters: ["Domain.FQDN": "corp"]),
            .init(name: "DC=child,DC=corp", parameters: ["Domain.FQDN": "child.corp"]),
        ]
        let flows = [AttributeFlow("cn", .direct("cn")), AttributeFlow("out", .expression("%Domain.FQDN%"))]
        let engine = try SynchronizationEngine(
            connectors: connectors, rules: [Self.rule("only", 10, flows)], schema: schema, today: Bench.today)
        let text = Self.user("a") + Self.user("b", below: "OU=x,DC=Child,DC=corp")
        let reader = LDIFReader(file: "dump", bytes: Array(text.utf8))
        try engine.beginImport(connector: "corp", full: true)
        while let record = try reader.next() { engine.importRecord(record) }
        _ = engine.finishImport()
        _ = try engine.synchronize(connector: "corp", .full)
        var found: [String] = []
        engine.forEachMetaverseObject { object in
            let values = engine.metaverseAttributes(object.id).filter { ["cn", "out"].contains($0.name) }
            found.append(
                values.flatMap(\.values).map { String(decoding: $0, as: UTF8.self) }.sorted().joined(separator: " "))
        }
        #expect(found.sorted() == ["a corp", "b child.corp"])
    }

    @Test("that fails is an error of its object, and so many of them stop the run: what was not looked at stays to be")
    func errorLimit() throws {
        let limit = SynchronizationSummary.errorLimit
        let text = "IIF(IsPresent([title]), Error(\"no title\"), [cn])"
        let bench = try Bench(rules: [Self.rule("only", 10, [AttributeFlow("out", .expression(text))])])
        let failing = (0..<limit).map { Self.user("u\($0)", "title: x\n") }.joined()
        try bench.imports("corp", Self.user("first") + failing + Self.user("last"))
        let run = try bench.synchronize(.full, only: ["corp"])[0]
        #expect(run.isStopped)
        #expect(run.errors.count == limit)
        #expect(run.errors.first?.code == .flowError)
        #expect(run.errors.first?.detail.contains("no title") == true)
        #expect(bench.engine.metaverseCount == 1)
        let last = try #require(bench.engine.object(connector: "corp", dn: "CN=last,DC=corp"))
        #expect(last.flags.contains(.pendingImport))
        #expect(last.metaverse == nil)
    }

    @Test("A scope asks for members of a group, and follows the group", arguments: [true, false])
    func membership(_ wantsMembers: Bool) throws {
        let clause = ScopeClause("dn", wantsMembers ? .isMemberOf : .isNotMemberOf, "CN=pilot,DC=corp")
        let bench = try Bench(rules: [
            Self.rule("only", 10, scope: [[clause]], [AttributeFlow("cn", .direct("cn"))])
        ])
        func linked() -> [String] {
            ["a", "b"].filter { bench.engine.object(connector: "corp", dn: "CN=\($0),DC=corp")?.metaverse != nil }
        }
        let group = "dn: CN=pilot,DC=corp\nobjectClass: group\nobjectGUID: guid-pilot\nmember: CN=a,DC=corp\n\n"
        try bench.imports("corp", Self.user("a") + Self.user("b") + group)
        try bench.synchronize(.full)
        #expect(linked() == (wantsMembers ? ["a"] : ["b"]))
        try bench.imports(
            "corp", "dn: CN=pilot,DC=corp\nchangetype: modify\nreplace: member\nmember: CN=b,DC=corp\n-\n", full: false)
        try bench.synchronize(.delta)
        #expect(linked() == (wantsMembers ? ["b"] : ["a"]))
    }
}
