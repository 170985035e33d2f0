import Documents
import ReleaseContract
import SyncConfiguration
import Testing

/// Which rules of the administrator's own began as copies.
struct RuleComparisonCloneTests {
    private static let join = ComparedServer.standard[0]
    private static let common = ComparedServer.standard[2]

    private func kinds(_ rule: SynchronizationRule, _ standard: StandardRules? = nil) -> [RuleChange.Kind] {
        var server = ComparedServer()
        server.rules.append(rule)
        return server.changes(standard).map(\.kind)
    }

    static let copies: [SynchronizationRule] = {
        var renamed = ComparedServer.copy(common, named: "Ours")
        renamed.record.description = ""
        var threeOfFive = ComparedServer.copy(common, named: "Ours")
        threeOfFive.flows[0].source = .constant("x")
        threeOfFive.flows[1].mergeType = .merge
        var more = ComparedServer.copy(common, named: "Ours")
        for name in ["p", "q", "r"] { more.flows.append(AttributeFlow(name, .direct(name))) }
        var joinOnly = ComparedServer.copy(join, named: "Ours")
        joinOnly.flows = [AttributeFlow("own", .direct("own"))]
        var named = ComparedServer.copy(common, named: "Copy of user common (2020)")
        named.flows.removeLast(4)
        named.scope.removeAll()
        var namedByScope = ComparedServer.copy(common, named: "User Common - Cloned")
        namedByScope.flows.removeAll()
        return [ComparedServer.copy(common), renamed, threeOfFive, more, joinOnly, named, namedByScope]
    }()

    @Test(
        "A copy is known by its name and anything of its content, by its join and scope, or by 60 % of its flows",
        arguments: copies, [StandardRules.templates(ComparedServer.standard), .tagsOnly])
    func cloned(_ rule: SynchronizationRule, _ standard: StandardRules) throws {
        #expect(kinds(rule, standard) == [.cloned])
    }

    static let others: [SynchronizationRule] = {
        var twoOfFive = ComparedServer.copy(common, named: "Ours")
        twoOfFive.flows.removeLast(3)
        var longer = ComparedServer.copy(common, named: "Ours")
        for name in ["p", "q", "r", "s"] { longer.flows.append(AttributeFlow(name, .direct(name))) }
        var otherScope = ComparedServer.copy(common, named: "Ours")
        otherScope.scope = []
        otherScope.join = [[JoinCondition("x", "x")]]
        var otherLink = ComparedServer.copy(join, named: "Ours")
        otherLink.linkType = .stickyJoin
        otherLink.flows = []
        var onlyName = ComparedServer.copy(common, named: "User Common for Bonn")
        onlyName.flows = [AttributeFlow("own", .direct("own"))]
        onlyName.scope = [[ScopeClause("city", .equal, "Bonn")]]
        var otherType = ComparedServer.copy(common)
        otherType.connectorObjectType = "contact"
        var otherDirection = ComparedServer.copy(common)
        otherDirection.direction = .outbound
        var otherConnector = ComparedServer.copy(common)
        otherConnector.connector = ComparedServer.cloud
        return [twoOfFive, longer, otherScope, otherLink, onlyName, otherType, otherDirection, otherConnector]
    }()

    @Test(
        "Too little in common is a rule of its own", arguments: others,
        [StandardRules.templates(ComparedServer.standard), .tagsOnly])
    func added(_ rule: SynchronizationRule, _ standard: StandardRules) {
        #expect(kinds(rule, standard) == [.added])
    }

    @Test("A copy has the original's tag, and is told from it field by field")
    func differences() throws {
        var server = ComparedServer()
        server.rules[2].isDisabled = true
        var copy = ComparedServer.copy(Self.common, named: "User Common (copy)")
        copy.flows[3].source = .direct("postalCity")
        server.rules.append(copy)
        let changes = server.changes()
        #expect(changes.map(\.kind) == [.cloned, .disabled])
        #expect(changes.map(\.tag) == ["Product.UserCommon", "Product.UserCommon"])
        #expect(
            changes[0].differences == [
                RuleChange.Difference("name", standard: "User Common", server: "User Common (copy)"),
                RuleChange.Difference("flow city", standard: "attribute l", server: "attribute postalCity"),
            ])
    }

    @Test("Of several originals the one with the longest name wins, then the one with more flows, then the first")
    func ambiguous() throws {
        var longer = ComparedServer.rule(
            "User Common from Exchange", ComparedServer.first, 110, scope: Self.common.scope,
            flows: Array(Self.common.flows.prefix(4)))
        let templates = ComparedServer.standard + [longer]
        func tag(_ name: String) throws -> String {
            var server = ComparedServer()
            server.rules = templates.shuffled() + [ComparedServer.copy(Self.common, named: name)]
            return try #require(server.changes(.templates(templates)).first).tag
        }
        #expect(try tag("User Common from Exchange 2") == "Product.UserCommonfromExchange")
        #expect(try tag("User Common 2") == "Product.UserCommon")
        #expect(try tag("Ours") == "Product.UserCommon")
        longer.flows = Self.common.flows
        longer.precedence = 101
        var server = ComparedServer()
        server.rules.append(ComparedServer.copy(Self.common, named: "Ours"))
        let change = try #require(server.changes(.templates(ComparedServer.standard + [longer])).first)
        #expect(change.tag == "Product.UserCommonfromExchange")
    }

    @Test("A second rule with the tag of a standard one is a copy that kept it")
    func keptTag() throws {
        var copy = ComparedServer.copy(Self.common, named: "Second")
        copy.record.immutableTag = Self.common.record.immutableTag
        copy.precedence = 150
        copy.flows.removeAll()
        for standard in [StandardRules.templates(ComparedServer.standard), .tagsOnly] {
            var server = ComparedServer()
            server.rules.append(copy)
            #expect(server.summary(standard) == ["cloned Second a.example"])
            #expect(server.changes(standard).first?.tag == "Product.UserCommon")
        }
    }

    @Test("What became of the original is said")
    func original() throws {
        func effect(_ edit: (inout ComparedServer) -> Void) throws -> String {
            var server = ComparedServer()
            edit(&server)
            server.rules.append(ComparedServer.copy(Self.common))
            return try #require(server.changes().first { $0.kind == .cloned }).effect
        }
        #expect(try effect { _ in }.hasSuffix("which is switched on beside it."))
        #expect(try effect { $0.rules[2].isDisabled = true }.hasSuffix("which is switched off and stays so."))
        #expect(try effect { _ = $0.rules.remove(at: 2) }.contains("comes back with an upgrade"))
    }
}
