import Documents
import SyncConfiguration
import SyncEngine
import TestSupport
import Testing

/// One object explained, against what the rules say that it must be.
@Suite struct PreviewTests {
    private let bench: Bench

    init() throws {
        bench = try Bench(rules: SmallRules.people)
        let texts = [
            SmallRules.person(
                "Anna", "mail: anna@x\ntitle: Boss\nemployeeID: 7\ngivenName: Ann\nuserPrincipalName: anna@corp"),
            SmallRules.person("Bela", "mail: bela@x\nmanager: CN=Anna,DC=corp\nsAMAccountName: twin"),
            SmallRules.person("Clara", "mail: clara@x\ncity: Atlantis\nsAMAccountName: twin"),
            SmallRules.person("Guest", "mail: guest@x\nemployeeType: Guest\ntitle: Chief"),
            SmallRules.person("Nobody", "title: x"),
        ]
        try bench.imports("corp", texts.joined())
        try bench.synchronize(.full)
    }

    private func preview(_ name: String) throws -> ObjectPreview {
        try bench.engine.preview(named: "CN=\(name),DC=corp")
    }

    private func contributions(_ name: String, _ attribute: String) throws -> [ObjectPreview.Contribution] {
        let found = try preview(name).attributes.first { $0.name == attribute }
        return try #require(found).contributions
    }

    @Test func `rules are listed by precedence, in scope or with the clause that fails and the value that it found`()
        throws
    {
        let guest = try preview("Guest")
        #expect(guest.rules.map(\.name) == ["in join", "in common", "in mailbox"])
        #expect(guest.rules.map(\.precedence) == [1, 2, 3])
        #expect(guest.rules.map(\.isInScope) == [false, true, true])
        #expect(guest.rules[0].reasons == ["group 1: employeeType NOTEQUAL guest: it is Guest"])
        #expect(guest.link == "not linked: no rule that links is in scope")
        #expect(guest.attributes.isEmpty && guest.targets.isEmpty)
        let anna = try preview("Anna")
        #expect(
            anna.rules[2].reasons == [
                "group 1: mailNickname ISNOTNULL: it is absent", "group 2: title EQUAL Chief: it is Boss",
            ])
    }

    @Test func `every group of join conditions says what it found`() throws {
        #expect(
            try preview("Anna").rules[0].joins == [
                "employeeID = employeeID: metaverse object 1 (Anna)", "mail = mail: metaverse object 1 (Anna)",
            ])
        #expect(
            try preview("Nobody").rules[0].joins == [
                "employeeID = employeeID: no value to compare", "mail = mail: no value to compare",
            ])
    }

    @Test(arguments: [
        ("Anna", "title", [ObjectPreview.Contribution.Kind.values, .values], [["Boss"], ["Staff"]], [true, false]),
        ("Bela", "title", [.null, .values], [[], ["Staff"]], [false, true]),
        ("Bela", "company", [.authoritativeNull, .values], [[], ["Contoso"]], [true, false]),
        ("Bela", "department", [.ignoreThisFlow, .values], [[], ["All"]], [false, true]),
        ("Bela", "manager", [.values], [["Anna (CN=Anna,DC=corp)"]], [true]),
        ("Anna", "nickname", [.notDue], [[]], [false]),
    ])
    func `contributors are told with what they give and who wins`(
        name: String, attribute: String, kinds: [ObjectPreview.Contribution.Kind], outcomes: [[String]], wins: [Bool]
    ) throws {
        let found = try contributions(name, attribute)
        #expect(found.map(\.kind) == kinds)
        #expect(found.map(\.outcome) == outcomes)
        #expect(found.map(\.wins) == wins)
        #expect(found.map(\.precedence) == found.map(\.precedence).sorted())
        #expect(found.allSatisfy { $0.source == "corp: CN=\(name),DC=corp" })
    }

    @Test func `the winner is the value that the attribute has`() throws {
        for name in ["Anna", "Bela"] {
            let all = try preview(name).attributes
            #expect(all.count > 5)
            for attribute in all where attribute.name != "nickname" {
                let winning = attribute.contributions.filter(\.wins).flatMap(\.outcome)
                #expect(attribute.values.map(\.line) == winning, "\(name) \(attribute.name)")
            }
        }
        let nickname = try preview("Anna").attributes.first { $0.name == "nickname" }
        #expect(nickname?.values == [.text("Ann")], "given once, when the object was made")
    }

    @Test func `the target has its rules, contributors and pending export`() throws {
        let anna = try preview("Bela")
        let target = try #require(anna.targets.first)
        #expect(anna.targets.count == 1)
        #expect(target.dn == "CN=bela@x")
        #expect(target.rules.map(\.name) == ["out user"])
        #expect(target.rules[0].isInScope)
        #expect(target.attributes.first { $0.name == "dn" }?.values == [.text("CN=bela@x")])
        let export = try #require(target.export)
        #expect(export.operation == .add)
        let manager = export.changes.first { $0.attribute == "manager" }
        #expect(manager?.added == [.reference(dn: "CN=anna@x", name: "Anna")])
    }

    @Test func `an object that failed says which flow fails`() throws {
        let clara = try preview("Clara")
        #expect(clara.link == "not linked: \"in join\" would make a metaverse object")
        #expect(clara.rules[0].isInScope)
        let city = try contributions("Clara", "city")
        #expect(city.map(\.kind) == [.error])
        #expect(city[0].outcome == ["no such city"])
        #expect(try contributions("Clara", "title").map(\.wins) == [false, true], "the others are told, too")
        #expect(try preview("Nobody").link == "not linked: \"in join\" finds no metaverse object and makes none")
    }

    @Test func `a name that one object has finds it, whatever the cloud calls its own`() throws {
        #expect(try bench.engine.preview(named: "ANNA@corp").dn == "CN=Anna,DC=corp")
        #expect(try bench.engine.preview(named: "anna@x").dn == "CN=Anna,DC=corp")
        #expect(try bench.engine.preview(named: "anna@x", connector: "cloud").dn == "CN=anna@x")
        #expect(try bench.engine.preview(named: "cn=anna, dc=corp").dn == "CN=Anna,DC=corp")
    }

    @Test func `a name that several objects have, or none, is refused`() throws {
        let several = #expect(throws: PreviewError.self) { try bench.engine.preview(named: "twin") }
        #expect(several?.description.contains("CN=Bela,DC=corp in corp") == true)
        #expect(several?.description.contains("CN=Clara,DC=corp in corp") == true)
        #expect(throws: PreviewError.noObject("nemo")) { try bench.engine.preview(named: "nemo") }
        #expect(throws: EvaluationInputError.self) { try bench.engine.preview(named: "twin", connector: "nowhere") }
    }

    @Test func `a preview changes nothing`() throws {
        _ = bench.engine.takeStoreChanges()
        let pending = try bench.pending()
        let before = bench.engine.takeAll()
        bench.engine.forEachObject(connector: "corp") { _ = bench.engine.preview(object: $0.id) }
        bench.engine.forEachObject(connector: "cloud") { _ = bench.engine.preview(object: $0.id) }
        #expect(bench.engine.takeStoreChanges().isEmpty)
        #expect(try bench.pending() == pending)
        #expect(bench.engine.takeAll() == before)
    }

    @Test func `the text marks winners, and the document is as recorded`() throws {
        let preview = try preview("Bela")
        #expect(preview.lines.contains("        * 2 in common (corp: CN=Bela,DC=corp): Staff"))
        #expect(preview.lines.contains("        - 1 in join (corp: CN=Bela,DC=corp): NULL"))
        #expect(goldenDifference("preview.json", String(decoding: preview.json.pretty, as: UTF8.self)) == nil)
    }
}
