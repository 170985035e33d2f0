import Foundation
import SyncConfiguration
import TestSupport
import Testing

struct RuleFileTests {
    private func rule(_ change: (String) -> String = { $0 }) throws -> SynchronizationRule {
        try SynchronizationRule(exported: Array(change(SmallExport.ruleText).utf8), file: "rule.xml")
    }

    private func replacing(_ from: String, _ to: String) -> (String) -> String {
        { $0.replacingOccurrences(of: from, with: to) }
    }

    @Test("Every member of a rule is read")
    func members() throws {
        let more = """
            <description>Was &amp; ist</description><internal-id>{B}</internal-id><version>3</version>
            <precedence-after>{ABCDEF00-0000-0000-0000-000000000001}</precedence-after>
            <precedence-before>{00000000-0000-0000-0000-000000000000}</precedence-before>
            <softDeleteExpiryInterval>1.02:03:04</softDeleteExpiryInterval><EnablePasswordSync>true</EnablePasswordSync>
            <something-newer a="b">kept</something-newer>
            """
        let rule = try rule(replacing("<description />", more))
        #expect(rule.record.description == "Was & ist")
        #expect(rule.record.internalID == "{B}")
        #expect(rule.record.version == 3)
        #expect(rule.record.precedenceAfter == "{abcdef00-0000-0000-0000-000000000001}")
        #expect(rule.record.precedenceBefore == nil)
        #expect(rule.record.softDeleteExpiryInterval == "1.02:03:04")
        #expect(rule.record.isPasswordSyncEnabled)
        #expect(
            rule.flows == [
                AttributeFlow("a", .direct("x")),
                AttributeFlow("b", .constant("fixed"), mergeType: .merge, isExecuteOnce: true),
            ])
        #expect(rule.join == [[JoinCondition("x", "a")]])
        #expect(rule.scope.map(\.count) == [2, 1])
        #expect((rule.connectorObjectType, rule.metaverseObjectType) == ("user", "*"))
        #expect(try SynchronizationRule(exported: try rule.exported(), file: "again") == rule)
    }

    @Test("The object types of an outbound rule are the other way round")
    func outbound() throws {
        let rule = try rule(replacing("Inbound", "Outbound"))
        #expect((rule.connectorObjectType, rule.metaverseObjectType) == ("*", "user"))
        #expect((rule.sourceObjectType, rule.targetObjectType) == ("user", "*"))
    }

    @Test("Every operator is read, and written so that it is read again", arguments: ScopeClause.Operator.allCases)
    func operators(_ known: ScopeClause.Operator) throws {
        let rule = try rule(replacing("ISBITNOTSET", known.rawValue))
        #expect(rule.scope[0][1] == ScopeClause("y", known, "2"))
        #expect(try SynchronizationRule(exported: try rule.exported(), file: "again") == rule)
    }

    @Test("The bit operator has two spellings of one meaning")
    func spellings() throws {
        let spelled = try rule()
        #expect(spelled.scope[0][1].operator == .isNotBitSet)
        #expect(try rule(replacing("ISBITNOTSET", "ISNOTBITSET")) == spelled)
    }

    @Test(
        "Either spelling of the bit operator stays in a file that changes elsewhere",
        arguments: ["ISBITNOTSET", "ISNOTBITSET"])
    func keptSpelling(_ name: String) throws {
        try withTemporaryFolder { folder in
            var export = SmallExport()
            export.files[SmallExport.ruleFile] = SmallExport.ruleText.replacingOccurrences(
                of: "ISBITNOTSET", with: name)
            try export.write(to: folder)
            var configuration = try ExportFolder(path: folder.path).read()
            configuration.rules[0].name = "Other"
            let document = try #require(
                try ExportFolder.documents(of: configuration).first { $0.path == SmallExport.ruleFile })
            let text = String(decoding: document.bytes, as: UTF8.self)
            #expect(text.contains("<csOperator>\(name)</csOperator>"))
            #expect(text.contains("<name>Other</name>"))
        }
    }

    @Test("Every merge type and link type is read", arguments: AttributeFlow.MergeType.allCases)
    func mergeTypes(_ type: AttributeFlow.MergeType) throws {
        let name = type.rawValue.prefix(1).uppercased() + type.rawValue.dropFirst()
        let rule = try rule(replacing("Merge</value", "\(name)</value"))
        #expect(rule.flows[1].mergeType == type)
        for link in SynchronizationRule.LinkType.allCases {
            let name = link.rawValue.prefix(1).uppercased() + link.rawValue.dropFirst()
            #expect(try self.rule(replacing("StickyJoin", name)).linkType == link)
        }
    }

    @Test("An expression may list its source attributes, and an empty one is none")
    func expressions() throws {
        let listed = try rule(
            replacing(
                "<attr>x</attr></src>", "<attr>x</attr><attr>y</attr></src><expression>[x] &amp; [y]</expression>"))
        #expect(listed.flows[0] == AttributeFlow("a", .expression("[x] & [y]"), listedSources: ["x", "y"]))
        let alone = try rule(replacing("<src><attr>x</attr></src>", "<expression>%Domain.FQDN%</expression>"))
        #expect(alone.flows[0] == AttributeFlow("a", .expression("%Domain.FQDN%")))
        let empty = try rule(replacing("</attr></src>", "</attr></src><expression />"))
        #expect(empty.flows[0] == AttributeFlow("a", .direct("x")))
    }

    @Test("A rule of an early server has fewer elements")
    func early() throws {
        let rule = try rule(replacing("<disabled>True</disabled>", ""))
        #expect(!rule.isDisabled)
        #expect(rule.record == SynchronizationRule.Record())
    }

    @Test("A text that XML cannot hold is an error, not a damaged file")
    func unwritable() throws {
        var rule = try rule()
        rule.record.description = "bell \u{7}"
        let error = #expect(throws: ExportError.self) { try rule.exported() }
        #expect(error?.problem.contains("U+7") == true)
        rule.record.description = " tab\tline\r\nend, ]]> \"'&<>\u{1F600} "
        #expect(try SynchronizationRule(exported: try rule.exported(), file: "again") == rule)
    }

    @Test("What is read into a tree is what another parser reads, and what that one refuses is refused")
    func differential() throws {
        let whole = Array(SmallExport.settingsText.utf8)
        var random = SplitMix(state: 20)
        let marks = Array("<>&;\"'/=! -[]?a\u{E9}".utf8)
        var accepted = 0
        for _ in 0..<1500 {
            var bytes = whole
            for _ in 0...random.below(2) {
                let place = 80 + random.below(bytes.count - 80)
                switch random.below(3) {
                case 0: bytes[place] = marks[random.below(marks.count)]
                case 1: bytes.remove(at: place)
                default: bytes.insert(marks[random.below(marks.count)], at: place)
                }
            }
            guard let document = try? ExportDocument(bytes, file: "f", root: "saved-mv-configuration") else { continue }
            // Prefixes that nobody declares are no concern of the tree.
            guard let theirs = try? lines(of: Data(bytes)) else {
                #expect(document.root.usesUndeclaredPrefix, "\(String(decoding: bytes, as: UTF8.self))")
                continue
            }
            accepted += 1
            #expect(try lines(of: Data(try document.bytes())) == theirs)
        }
        #expect(accepted > 100)
    }
}

extension ExportElement {
    fileprivate var usesUndeclaredPrefix: Bool {
        let isOdd = { (name: String) in name.contains(":") && !name.hasPrefix("xmlns:") && !name.hasPrefix("dsml:") }
        return isOdd(name) || attributes.contains { isOdd($0.name) || $0.name.hasPrefix("xmlns") }
            || name.hasPrefix("dsml") || elements.contains(where: \.usesUndeclaredPrefix)
    }
}

/// A sequence of numbers that is the same in every run.
struct SplitMix {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
}
