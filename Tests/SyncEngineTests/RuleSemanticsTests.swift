import Documents
import SyncConfiguration
import SyncEngine
import Testing

@Suite struct RuleSemanticsTests {
    private func inbound(
        _ id: String, _ precedence: Int, connector: String = "corp", link: SynchronizationRule.LinkType = .provision,
        scope: [[ScopeClause]] = [], join: [[JoinCondition]] = [], _ flows: AttributeFlow...
    ) -> SynchronizationRule {
        SynchronizationRule(
            id: id, name: id, direction: .inbound, connector: connector, connectorObjectType: "user",
            metaverseObjectType: "person", linkType: link, precedence: precedence, scope: scope, join: join,
            flows: flows)
    }

    private func object(_ name: String, _ attributes: String) -> String {
        "dn: CN=\(name)\nobjectClass: user\nobjectGUID: guid-\(name)\n\(attributes)\n\n"
    }

    /// The metaverse's values after a full synchronization, as `attribute=value` in order.
    private func values(_ rules: [SynchronizationRule], _ imports: [(String, String)]) throws -> [[String]] {
        let bench = try Bench(forests: ["corp", "other"], rules: rules)
        for (connector, text) in imports { try bench.imports(connector, text) }
        try bench.synchronize(.full)
        var all: [[String]] = []
        bench.engine.forEachMetaverseObject { object in
            all.append(
                bench.engine.metaverseAttributes(object.id).map { "\($0.name)=\(text($0.values))" }.sorted())
        }
        return all
    }

    private func text(_ values: [[UInt8]]) -> String {
        values.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "|")
    }

    @Test(arguments: [
        ("EQUAL", "ada", "title: ADA", true), ("EQUAL", "ada", "title: bela", false), ("EQUAL", "ada", "", false),
        ("NOTEQUAL", "True", "", true), ("NOTEQUAL", "True", "title: TRUE", false),
        ("ISNULL", "", "", true), ("ISNULL", "", "title: x", false), ("ISNOTNULL", "", "title: x", true),
        ("STARTSWITH", "User_", "title: user_1", true), ("STARTSWITH", "User_", "title: x", false),
        ("NOTSTARTSWITH", "User_", "", true), ("NOTSTARTSWITH", "User_", "title: USER_1", false),
        ("ENDSWITH", "$", "title: pc$", true), ("NOTENDSWITH", "$", "title: pc$", false),
        ("CONTAINS", "@", "title: a@b", true), ("CONTAINS", "@", "title: ab", false),
        ("NOTCONTAINS", "@", "title: ab", true), ("NOTCONTAINS", "@", "", true),
        ("LESSTHAN", "50000", "title: 9", true), ("LESSTHAN", "9", "title: 50000", false),
        ("LESSTHAN_OR_EQUAL", "9", "title: 9", true), ("GREATERTHAN", "9", "title: 10", true),
        ("GREATERTHAN", "b", "title: a", false), ("GREATERTHAN_OR_EQUAL", "9", "title: 8", false),
        ("ISBITSET", "2", "title: 514", true), ("ISBITSET", "2", "title: 512", false),
        ("ISBITSET", "2147483648", "title: -2147483646", true), ("ISBITSET", "2", "", false),
        ("ISNOTBITSET", "2", "title: 512", true), ("ISBITNOTSET", "2", "title: 512", true),
        ("ISNOTBITSET", "2", "", true), ("ISNOTBITSET", "2", "title: 514", false),
        ("ISIN", "a; b", "title: B", true), ("ISIN", "a;b", "title: c", false), ("ISIN", "a;b", "", false),
        ("ISNOTIN", "a;b", "", true), ("ISNOTIN", "a;b", "title: A", false), ("ISNOTIN", "a;b", "title: c", true),
        // Of several values one is enough for a positive operator, and one too many for a negative one.
        ("EQUAL", "b", "title: a\ntitle: b", true), ("NOTEQUAL", "b", "title: a\ntitle: b", false),
    ])
    func `an operator of a scoping filter holds or not`(name: String, value: String, attribute: String, holds: Bool)
        throws
    {
        let test = try #require(ScopeClause.Operator(name: name))
        let rule = inbound("r", 1, scope: [[ScopeClause("title", test, value)]])
        #expect(try values([rule], [("corp", object("a", "cn: a\n" + attribute))]).count == (holds ? 1 : 0))
    }

    @Test(arguments: [("x: 1\ny: 1", true), ("x: 1", false), ("z: 1", true), ("w: 1", false)])
    func `groups of a scoping filter are alternatives and their clauses all hold`(attributes: String, holds: Bool)
        throws
    {
        let rule = inbound(
            "r", 1,
            scope: [[ScopeClause("x", .isNotNull), ScopeClause("y", .isNotNull)], [ScopeClause("z", .isNotNull)]])
        #expect(try values([rule], [("corp", object("a", attributes))]).count == (holds ? 1 : 0))
    }

    @Test func `the lower precedence wins, and NULL lets the next one contribute`() throws {
        let rules = [
            inbound("third", 30, AttributeFlow("title", .constant("constant")), AttributeFlow("mail", .direct("mail"))),
            inbound(
                "first", 10, link: .join, AttributeFlow("title", .direct("title")), AttributeFlow("c", .direct("c"))),
            inbound("second", 20, link: .join, AttributeFlow("title", .direct("personalTitle"))),
        ]
        let found = try values(
            rules,
            [
                (
                    "corp",
                    object("a", "title: one\npersonalTitle: two") + object("b", "personalTitle: two")
                        + object("c", "mail: x")
                )
            ])
        #expect(found == [["title=one"], ["title=two"], ["mail=x", "title=constant"]])
    }

    @Test func `a merge keeps all contributions without duplicates, and case can be ignored`() throws {
        func rules(_ type: AttributeFlow.MergeType) -> [SynchronizationRule] {
            [
                inbound("one", 10, AttributeFlow("proxyAddresses", .direct("proxyAddresses"), mergeType: type)),
                inbound(
                    "two", 20, link: .join,
                    AttributeFlow("proxyAddresses", .direct("textEncodedORAddress"), mergeType: type)),
            ]
        }
        let text = object(
            "a", "proxyAddresses: SMTP:a\nproxyAddresses: b\ntextEncodedORAddress: smtp:A\ntextEncodedORAddress: b")
        func merged(_ type: AttributeFlow.MergeType) throws -> String {
            let bench = try Bench(
                rules: rules(type) + [outbound(AttributeFlow("proxyAddresses", .direct("proxyAddresses")))])
            try bench.imports("corp", text)
            try bench.synchronize(.full)
            let add = try #require(try bench.pending().first)
            return bench.engine.wantedAll(add, "proxyAddresses").joined(separator: " ")
        }
        #expect(try merged(.update) == "SMTP:a b")
        #expect(try merged(.merge) == "SMTP:a b smtp:A")
        #expect(try merged(.mergeCaseInsensitive) == "SMTP:a b")
    }

    private func outbound(_ flows: AttributeFlow...) -> SynchronizationRule {
        SynchronizationRule(
            id: "out", name: "out", direction: .outbound, connector: "cloud", connectorObjectType: "user",
            metaverseObjectType: "person", linkType: .provision, precedence: 900,
            flows: [AttributeFlow("dn", .constant("CN=target"))] + flows)
    }

    @Test func `merge types that differ for one attribute are an error of the objects that have both rules in scope`()
        throws
    {
        let rules = [
            inbound(
                "one", 10, scope: [[ScopeClause("both", .isNotNull)]],
                AttributeFlow("a", .direct("a"), mergeType: .merge)),
            inbound("two", 20, AttributeFlow("a", .direct("b"))),
        ]
        let bench = try Bench(rules: rules)
        try bench.imports("corp", object("fine", "b: 1") + object("torn", "b: 1\nboth: x"))
        let errors = try bench.synchronize(.full)[0].errors
        #expect(errors.map(\.dn) == ["CN=torn"])
        #expect(errors.first?.code == .flowError)
        #expect(errors.first?.detail.contains("another merge type than \"two\"") == true)
        #expect(bench.engine.metaverseCount == 1)
    }

    @Test func `two rules of one precedence are refused`() {
        #expect(throws: EngineError.duplicatePrecedence(10, "one", "two")) {
            try Bench(rules: [inbound("one", 10), inbound("two", 10)])
        }
    }

    @Test(arguments: [
        // The first group matches two objects, so the second decides.
        ("employeeID: 7\nmail: b", ["a", "b+x"]),
        // The first group matches one.
        ("employeeID: 8\nmail: b", ["a", "b", "c+x"]),
        // No group matches exactly one: a new object.
        ("employeeID: 7\nmail: z", ["a", "b", "x"]),
        // No value to join with: nothing is provisioned.
        ("cn: x", ["a", "b"]),
    ])
    func `join groups are tried in order until one has exactly one match`(attributes: String, expected: [String]) throws
    {
        let source = inbound(
            "source", 10, AttributeFlow("names", .direct("displayName"), mergeType: .merge),
            AttributeFlow("employeeID", .direct("employeeID")), AttributeFlow("mail", .direct("mail")))
        let joining = inbound(
            "joining", 20, connector: "other",
            join: [[JoinCondition("employeeID", "employeeID")], [JoinCondition("mail", "mail")]],
            AttributeFlow("names", .direct("displayName"), mergeType: .merge))
        let third = expected.contains("c+x") ? object("c", "displayName: c\nemployeeID: 8\nmail: c") : ""
        let found = try values(
            [source, joining],
            [
                (
                    "corp",
                    object("a", "displayName: a\nemployeeID: 7\nmail: a")
                        + object("b", "displayName: b\nemployeeID: 7\nmail: B") + third
                ),
                ("other", object("x", attributes + "\ndisplayName: x")),
            ])
        let names = found.map { object in
            object.filter { $0.hasPrefix("names=") }.map { $0.dropFirst(6).replacing("|", with: "+") }.joined()
        }
        #expect(names.sorted() == expected)
    }

    @Test func `a condition can mind the case`() throws {
        func count(_ isCaseSensitive: Bool) throws -> Int {
            let rules = [
                inbound("source", 10, AttributeFlow("mail", .direct("mail"))),
                inbound(
                    "joining", 20, connector: "other",
                    join: [[JoinCondition("mail", "mail", isCaseSensitive: isCaseSensitive)]]),
            ]
            return try values(rules, [("corp", object("a", "mail: A@x")), ("other", object("b", "mail: a@x"))]).count
        }
        #expect(try count(false) == 1)
        #expect(try count(true) == 2)
    }

    @Test func `two objects of one directory that join the same object are an error of the second`() throws {
        let bench = try Bench(
            forests: ["corp", "other"],
            rules: [
                inbound("source", 10, AttributeFlow("mail", .direct("mail"))),
                inbound("joining", 20, connector: "other", join: [[JoinCondition("mail", "mail")]]),
            ])
        try bench.imports("corp", object("a", "mail: m"))
        try bench.imports("other", object("b", "mail: m") + object("c", "mail: m"))
        let errors = try bench.synchronize(.full).flatMap(\.errors)
        #expect(errors.map(\.code) == [.ambiguousJoin])
        #expect(errors.first?.dn == "CN=c")
    }

    @Test func `two rules with join conditions in scope are an error`() throws {
        let bench = try Bench(rules: [
            inbound("one", 10, join: [[JoinCondition("mail", "mail")]]),
            inbound("two", 20, join: [[JoinCondition("cn", "cn")]]),
        ])
        try bench.imports("corp", object("a", "mail: m\ncn: a"))
        let errors = try bench.synchronize(.full).flatMap(\.errors)
        #expect(errors.map(\.code) == [.severalJoinRules])
        #expect(bench.engine.metaverseCount == 0)
    }

    @Test func `without a rule that makes links nothing flows`() throws {
        #expect(
            try values(
                [inbound("flows", 10, link: .join, AttributeFlow("cn", .direct("cn")))],
                [("corp", object("a", "cn: a"))]
            ).isEmpty)
    }

    @Test(arguments: [(SynchronizationRule.LinkType.join, 0), (.stickyJoin, 1), (.provision, 1)])
    func `an object lives while a rule that provisions or sticks links it`(
        link: SynchronizationRule.LinkType, left: Int
    ) throws {
        let bench = try Bench(
            forests: ["corp", "other"],
            rules: [
                inbound("source", 10, AttributeFlow("mail", .direct("mail"))),
                inbound("joining", 20, connector: "other", link: link, join: [[JoinCondition("mail", "mail")]]),
            ])
        try bench.imports("corp", object("a", "mail: m"))
        try bench.imports("other", object("b", "mail: m"))
        try bench.synchronize(.full)
        #expect(bench.engine.metaverseCount == 1)
        try bench.imports("corp", "")
        try bench.synchronize(.delta)
        #expect(bench.engine.metaverseCount == left)
    }

    @Test func `a join stays when its values change later`() throws {
        let bench = try Bench(
            forests: ["corp", "other"],
            rules: [
                inbound("source", 10, AttributeFlow("mail", .direct("mail"))),
                inbound("joining", 20, connector: "other", join: [[JoinCondition("mail", "mail")]]),
            ])
        try bench.imports("corp", object("a", "mail: m"))
        try bench.imports("other", object("b", "mail: m"))
        try bench.synchronize(.full)
        try bench.imports("other", object("b", "mail: changed"))
        try bench.synchronize(.full)
        #expect(bench.engine.metaverseCount == 1)
        #expect(bench.engine.object(connector: "other", dn: "CN=b")?.inboundRule == "joining")
    }

    @Test func `a disabled rule is as if it were not there`() throws {
        var rule = inbound("r", 10)
        rule.isDisabled = true
        #expect(try values([rule], [("corp", object("a", "cn: a"))]).isEmpty)
    }

    @Test(arguments: [1, 2])
    func `the standard rules survive writing and reading, one per connector of their kind`(version: Int) throws {
        let templates = try Bench.standard(version)
        #expect(try RuleTemplates(json: templates.json, file: "again") == templates)
        let connectors =
            ["a", "b"].map { ConnectorDefinition(id: $0, name: $0, kind: .activeDirectory) } + [Bench.cloud]
        let rules = templates.rules(for: connectors)
        #expect(rules.map(\.precedence) == Array(100..<100 + rules.count))
        #expect(rules[0].id == "in-ad-user-join@a")
        #expect(rules[1].id == "in-ad-user-join@b")
        for rule in rules { #expect(try SynchronizationRule(json: rule.json, file: "rule") == rule) }
    }

    @Test(arguments: [
        ("\"operator\":\"LIKE\",\"value\":\"x\"", "rules[0].scope[0][0].operator", "an operator like EQUAL"),
        ("\"operator\":\"EQUAL\"", "rules[0].scope[0][0].value", "expected a string"),
        ("\"operator\":\"ISBITSET\",\"value\":\"two\"", "rules[0].scope[0][0].value", "a decimal mask"),
        ("\"operator\":\"ISNULL\",\"extra\":1", "rules[0].scope[0][0].extra", "not a member"),
    ])
    func `a rule file that is wrong is refused with the place`(clause: String, place: String, problem: String) {
        let text = """
            {"schema":"rules/1","rules":[{"id":"r","name":"r","direction":"inbound","connectorKind":"cloud",
            "connectorObjectType":"user","metaverseObjectType":"person","linkType":"join",
            "scope":[[{"attribute":"cn",\(clause)}]],"flows":[]}]}
            """
        let error = #expect(throws: DocumentError.self) {
            try RuleTemplates(bytes: Array(text.utf8), file: "rules.json")
        }
        #expect(error?.place == place)
        #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    }
}
