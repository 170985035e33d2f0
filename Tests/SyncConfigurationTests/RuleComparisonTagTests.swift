import Documents
import ReleaseContract
import SyncConfiguration
import Testing

/// What the tags alone tell, where nobody knows what the standard rules contain.
struct RuleComparisonTagTests {
    @Test("A server with nothing but standard rules has no changes")
    func nothing() {
        #expect(ComparedServer().summary(.tagsOnly) == [])
    }

    @Test("An edited rule stays on beside the standard one that is switched off")
    func edited() throws {
        var server = ComparedServer()
        var standard = server.rules[2]
        standard.id = ComparedServer.identifier(700)
        standard.isDisabled = true
        standard.record.immutableTag = "Product.UserCommon.004"
        standard.precedence = 160
        server.rules.append(standard)
        server.rules[2].flows[0].source = .constant("x")
        let changes = server.changes(.tagsOnly)
        #expect(changes.map(\.kind) == [.edited])
        #expect(changes.first?.precedence == 102)
        #expect(
            changes.first?.differences == [
                RuleChange.Difference("flow givenName", standard: "attribute givenName", server: "constant \"x\"")
            ])
        #expect(changes.first?.effect.contains("This server shows the former") == true)
        // With the product's content at hand it is the same rule that is edited.
        #expect(server.summary() == ["edited User Common a.example"])
        // An edit that the tags cannot show.
        server.rules.removeLast()
        #expect(server.summary(.tagsOnly) == [])
    }

    @Test("Rules that are switched off or moved need no content to be known")
    func states() {
        var server = ComparedServer()
        server.rules[0].isDisabled = true
        server.rules[4].precedence = 99
        #expect(server.summary(.tagsOnly) == ["moved Out User Identity tenant", "disabled User Join a.example"])
    }

    @Test("A rule that another directory's connector has was deleted")
    func deleted() throws {
        var server = ComparedServer()
        server.rules.remove(at: 1)
        let change = try #require(server.changes(.tagsOnly).first)
        #expect(server.summary(.tagsOnly) == ["deleted User Join b.example"])
        #expect(change.precedence == nil)
        #expect(change.tag == "Product.UserJoin")
        #expect(change.effect.contains("a.example"))
        server.rules.append(ComparedServer.copy(ComparedServer.standard[1], named: "Copy of User Join"))
        #expect(server.summary(.tagsOnly) == ["cloned Copy of User Join b.example", "deleted User Join b.example"])
    }

    @Test("Nothing is concluded from what is missing everywhere, at the cloud, or at a directory without rules")
    func notConcluded() {
        var server = ComparedServer()
        server.rules.removeAll { $0.name == "User Join" || $0.connector == ComparedServer.cloud }
        #expect(server.summary(.tagsOnly) == [])
        server = ComparedServer()
        server.rules.removeAll { $0.connector == ComparedServer.second }
        #expect(server.summary(.tagsOnly) == [])
    }

    @Test("A directory whose schema lacks what a rule speaks of never had the rule")
    func schema() {
        func summary(_ attributes: [String], classes: [String] = ["user"]) -> [String] {
            var server = ComparedServer()
            server.rules.remove(at: 3)
            server.connectors[1].schema = DirectorySchema(
                attributes: attributes.map { AttributeSchema($0, .string) },
                classes: classes.map { ObjectClassSchema($0) })
            return server.summary(.tagsOnly)
        }
        let needed = ["isCritical", "kind", "givenName", "mail", "l", "telephonenumber"]
        #expect(summary(needed) == ["deleted User Common b.example"])
        #expect(summary(needed, classes: ["group"]) == [])
        for index in needed.indices {
            var some = needed
            some.remove(at: index)
            #expect(summary(some) == [], "without \(needed[index])")
        }
    }

    @Test("A write-back has one forest, so its rules are not missing at the others")
    func writeback() {
        var server = ComparedServer()
        let flows = [AttributeFlow("mail", .direct("mail"))]
        server.rules.append(
            ComparedServer.rule("Out Group Join", ComparedServer.first, 120, direction: .outbound, flows: flows))
        #expect(server.summary(.tagsOnly) == ["deleted Out Group Join b.example"])
        server.rules.append(
            ComparedServer.rule(
                "Out Group Write", ComparedServer.first, 121, direction: .outbound, linkType: .provision, flows: flows))
        #expect(server.summary(.tagsOnly) == [])
    }

    @Test("What cannot be seen is said")
    func blindSpots() {
        func sentences(_ server: ComparedServer, _ standard: StandardRules, _ version: ProductVersion?) -> [String] {
            RuleComparison.blindSpots(
                rules: server.rules, connectors: server.connectors, standard: standard, installed: version)
        }
        let old = ProductVersion(1, 1, 130, 0)
        var server = ComparedServer()
        let templates = StandardRules.templates(ComparedServer.standard)
        #expect(sentences(server, templates, old) == [])
        #expect(sentences(server, templates, ProductVersion(2, 4, 18, 0)).count == 1)
        #expect(sentences(server, templates, ProductVersion(2, 3, 20, 0)) == [])
        #expect(sentences(server, templates, nil).count == 1)
        #expect(sentences(server, .tagsOnly, old).count == 3)
        #expect(sentences(server, .tagsOnly, old)[2].contains("another directory's connector has it"))
        server.connectors.remove(at: 1)
        #expect(sentences(server, .tagsOnly, old)[2].contains("no second directory"))
        server.rules.append(ComparedServer.copy(ComparedServer.standard[0]))
        #expect(sentences(server, .tagsOnly, old).count == 4)
        let own = RuleComparison(
            rules: [], connectors: [], standard: .templates([]), upgrades: .restoresStandard)
        #expect(own.blindSpots == [])
    }
}
