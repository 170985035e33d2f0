import Documents
import ReleaseContract
import SyncConfiguration
import Testing

/// What an upgrade does to a changed rule depends on the version, and is said.
struct RuleComparisonEffectTests {
    private func effect(_ version: ProductVersion?, _ edit: (inout ComparedServer) -> Void) throws -> String {
        var server = ComparedServer()
        edit(&server)
        return try #require(server.changes(installed: version).first).effect
    }

    @Test("An edited rule: overwritten without a word, with a warning, or as the documents disagree")
    func edited() throws {
        func text(_ version: ProductVersion?) throws -> String {
            try effect(version) { $0.rules[0].flows.removeAll() }
        }
        for version in [nil, ProductVersion(1, 1, 130, 0), ProductVersion(1, 1, 879, 9)] {
            #expect(try text(version).contains("overwrites it, without a word before 1.1.880.0"))
        }
        for version in [ProductVersion(1, 1, 880, 0), ProductVersion(1, 3, 6, 9)] {
            #expect(try text(version).contains("overwrites it, where attended with a warning."))
        }
        for version in [ProductVersion(1, 3, 7, 0), ProductVersion(2, 6, 3, 0)] {
            #expect(try !text(version).contains("overwrites"))
        }
        for version in [nil, ProductVersion(1, 1, 130, 0), ProductVersion(2, 6, 3, 0)] {
            let text = try text(version)
            #expect(text.contains("disagree"))
            #expect(text.contains("stays on as it is"))
            #expect(text.contains("set back to the standard"))
            #expect(!text.contains("This server shows"))
        }
    }

    @Test("The first standard rule at 99 is a defect of showing until 1.1.819.0, and no other one is")
    func ninetyNine() throws {
        func first(_ version: ProductVersion?, _ precedence: Int = 99) throws -> String {
            try effect(version) { $0.rules[0].precedence = precedence }
        }
        for version in [nil, ProductVersion(1, 1, 130, 0), ProductVersion(1, 1, 818, 9)] {
            #expect(try first(version).contains("number the first standard rule 99"))
            #expect(try first(version, 98).contains("does not move it back"))
        }
        #expect(try first(ProductVersion(1, 1, 819, 0)).contains("does not move it back"))
        let second = try effect(ProductVersion(1, 1, 130, 0)) {
            $0.rules[0].precedence = 98
            $0.rules[4].precedence = 99
        }
        #expect(second.contains("does not move it back"))
        #expect(second.contains("before 1.1.561.0"))
    }

    @Test("An added rule may lose its place where it stands among the standard ones")
    func added() throws {
        func text(_ precedence: Int) throws -> String {
            try effect(nil) { server in
                let own = ComparedServer.copy(
                    ComparedServer.rule("Own", ComparedServer.first, 1), precedence: precedence)
                server.rules.append(own)
            }
        }
        #expect(try !text(99).contains("may shift"))
        #expect(try text(100).contains("may shift"))
    }

    @Test("A deleted rule returns and one that is switched off stays so")
    func states() throws {
        #expect(try effect(nil) { _ = $0.rules.remove(at: 0) } == "It comes back with an upgrade, switched on.")
        #expect(try effect(nil) { $0.rules[0].isDisabled = true }.hasPrefix("It stays switched off"))
    }

    @Test("Where upgrades restore the standard, each effect says so")
    func restored() {
        var server = ComparedServer()
        var templates = ComparedServer.standard
        templates[4].isDisabled = true
        server.rules[0].flows.removeAll()
        server.rules[1].precedence = 5
        server.rules[2].isDisabled = true
        server.rules[3].record.immutableTag = "Product.Gone.001"
        server.rules[3].id = ComparedServer.identifier(70)
        server.rules.remove(at: 4)
        templates.remove(at: 3)
        let comparison = RuleComparison(
            rules: server.rules, connectors: server.connectors.map { RuleConnector($0) },
            standard: .templates(templates), upgrades: .restoresStandard)
        #expect(
            comparison.changes.map { "\($0.kind.rawValue): \($0.effect)" } == [
                "deleted: It comes back with an upgrade, switched off, as the release brings it.",
                "moved: An upgrade gives it the release's precedence again.",
                "edited: An upgrade sets it back to what the new release brings.",
                "disabled: It stays switched off, so that what an upgrade mends in it has no effect.",
                "added: It stays as it is; new standard rules that write the same attributes rank by precedence. Its own lies among the standard rules' and may shift when an upgrade brings more of them.",
            ])
    }
}
