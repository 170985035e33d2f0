import Foundation
import SyncConfiguration
import Testing

struct RuleScriptTests {
    static let head = """
        New-ADSyncRule `
        -Name 'In - Own' -Identifier '01234567-89AB-cdef-0123-456789abcdef' -Description '' `
        -Direction 'Inbound' -Precedence 40 -SourceObjectType 'user' -TargetObjectType 'person' `
        -Connector '11111111-2222-3333-4444-555555555555' -LinkType 'Join' -OutVariable syncRule

        """
    static let flow = """
        Add-ADSyncAttributeFlowMapping -SynchronizationRule $syncRule[0] -Source @('a') -Destination 'b' `
        -FlowType 'Direct' -ValueMergeType 'Update' -OutVariable syncRule

        """
    static let scope = """
        New-Object -TypeName 'Microsoft.IdentityManagement.PowerShell.ObjectModel.ScopeCondition' `
        -ArgumentList 'a','2','ISBITSET' -OutVariable condition0
        Add-ADSyncScopeConditionGroup -SynchronizationRule $syncRule[0] -ScopeConditions @($condition0[0])

        """
    static let join = """
        New-Object -TypeName 'ObjectModel.JoinCondition' -ArgumentList 'a','b',$false -OutVariable condition0
        Add-ADSyncJoinConditionGroup -SynchronizationRule $syncRule[0] -JoinConditions @($condition0[0])

        """
    static let tail = "Add-ADSyncRule -SynchronizationRule $syncRule[0]\n"
    static let whole = head + flow + scope + join + tail

    static var expected: SynchronizationRule {
        var rule = SynchronizationRule(
            id: "{01234567-89ab-cdef-0123-456789abcdef}", name: "In - Own", direction: .inbound,
            connector: "{11111111-2222-3333-4444-555555555555}", connectorObjectType: "user",
            metaverseObjectType: "person", linkType: .join, precedence: 40, scope: [[ScopeClause("a", .isBitSet, "2")]],
            join: [[JoinCondition("a", "b")]], flows: [AttributeFlow("b", .direct("a"))])
        rule.record.internalID = rule.id
        return rule
    }

    private func read(_ text: String) throws -> [SynchronizationRule] {
        try RuleScript.read(text: text, file: "rule.ps1")
    }

    /// The whole script with changes that mean nothing.
    private static func whole(_ changes: (String, String)..., before: String = "", after: String = "") -> String {
        before + changes.reduce(whole) { $0.replacingOccurrences(of: $1.0, with: $1.1) } + after
    }

    private static let identifier = "'01234567-89AB-cdef-0123-456789abcdef'"

    static let ways: [String] = [
        whole,
        whole(("\n", "\r\n")),
        whole((" `\n", " ")),
        whole(("`\n", "`  \n\t\t ")),
        whole(("'", "\"")),
        whole(("'", "\u{2019}"), (" -N", " \u{2013}N")),
        whole.lowercased().replacingOccurrences(of: "in - own", with: "In - Own"),
        whole(before: "<# made\n#> # today\nImport-Module ADSync; \n", after: "Get-ADSyncRule -Identifier 'x' # end"),
        whole(("-OutVariable syncRule\n", "-OutVariable syncRule | Out-Null\n")),
        whole(("@('a')", "'a'"), ("@($c", "($c")),
        whole(("-Precedence 40", "-Precedence $p"), (identifier, "$id"), before: "$p = 40; $id = \(identifier)\n"),
        whole(("-Description ''", "-Description @'\n'@ -Disabled:$false")),
        whole(("New-ADSyncRule", "$r = New-ADSyncRule"), ("$syncRule[0]", "$r")),
        whole(("-LinkType", "-SoftDeleteExpiryInterval 0 -ImmutableTag '' -PrecedenceAfter '\(zero)' -LinkType")),
    ]
    private static let zero = "00000000-0000-0000-0000-000000000000"

    @Test("A script is read however it is set", arguments: ways)
    func settings(_ text: String) throws {
        #expect(try read(text) == [Self.expected])
    }

    @Test("Every parameter has its member")
    func parameters() throws {
        let text = Self.whole.replacingOccurrences(
            of: "-Description ''",
            with: """
                -Description @"
                It's `$5 "here"
                and there
                "@ -EnablePasswordSync -Disabled -SoftDeleteExpiryInterval 864000000001 -ImmutableTag 'Own.001' `
                -PrecedenceBefore '{ABCDEF00-0000-0000-0000-000000000001}'
                """
        )
        .replacingOccurrences(
            of: "-FlowType 'Direct'", with: "-FlowType 'Expression' -ExecuteOnce -Expression 'Left([a],\"''\")'"
        )
        .replacingOccurrences(of: "$false -Out", with: "$true -Out")
        var rule = Self.expected
        rule.record.description = "It's $5 \"here\"\nand there"
        rule.record.isPasswordSyncEnabled = true
        rule.isDisabled = true
        rule.record.softDeleteExpiryInterval = "1.00:00:00.0000001"
        rule.record.immutableTag = "Own.001"
        rule.record.precedenceBefore = "{abcdef00-0000-0000-0000-000000000001}"
        rule.flows = [
            AttributeFlow("b", .expression("Left([a],\"'\")"), isExecuteOnce: true, listedSources: ["a"])
        ]
        rule.join = [[JoinCondition("a", "b", isCaseSensitive: true)]]
        #expect(try read(text) == [rule])
        #expect(try read(RuleScript.write([rule])) == [rule])
    }

    @Test("Texts of every kind pass through a written script")
    func texts() throws {
        var rule = Self.expected
        rule.name = "O'Neil\u{2019}s \"$rule\" `n"
        rule.record.description = "two\nlines # no comment <# none #> | ;"
        rule.flows = [
            AttributeFlow("a", .constant("$true"), mergeType: .mergeCaseInsensitive),
            AttributeFlow("b", .expression("IIF([a] = \"'\", NULL, \"`\")")),
        ]
        rule.scope = [
            [ScopeClause("a", .isNull), ScopeClause("b", .isNotBitSet, "2")], [ScopeClause("c", .equal, "")],
        ]
        rule.direction = .outbound
        #expect(try read(RuleScript.write([rule])) == [rule])
        #expect(RuleScript.write([]).isEmpty)
        #expect(try read("# nothing\n").isEmpty)
    }

    /// What is changed in the whole script, where the error is, and what it says.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let from: String
        let to: String
        let line: Int
        let words: String
        var testDescription: String { "\(from) → \(to)" }

        init(_ from: String, _ to: String, _ line: Int, _ words: String) {
            self.from = from
            self.to = to
            self.line = line
            self.words = words
        }
    }

    @Test(
        "A script that is not understood names the place and what was expected",
        arguments: [
            Mistake("'In - Own'", "'In - Own", 10, "expected"), Mistake("'In - Own'", "\"$name\"", 2, "single quotes"),
            Mistake("'In - Own'", "''", 2, "-Name"), Mistake("-Name 'In - Own'", "", 1, "expected -Name"),
            Mistake("-Name 'In - Own'", "-Name 'a' -Name 'b'", 2, "twice"),
            Mistake("-Name 'In - Own'", "-Title 'In - Own'", 1, "expected -Name"),
            Mistake("-Description ''", "-Colour 'red'", 2, "no parameter -Colour"),
            Mistake("-Description ''", "-Disabled 'yes'", 2, "$true or $false"),
            Mistake("-Description ''", "([guid]::NewGuid())", 2, "found ["),
            Mistake("-Description ''", "-Description @'\ntext '@", 2, "without an end"),
            Mistake("-Description ''", "'stray'", 2, "without a name"),
            Mistake("-Description '' `", "` x", 2, "after `"),
            Mistake("'Inbound'", "'Sideways'", 1, "Inbound, Outbound"), Mistake("40", "'high'", 3, "whole number"),
            Mistake("40", "-1", 1, "0 or more"), Mistake("'Join'", "'Weld'", 1, "StickyJoin"),
            Mistake("'11111111-", "'1111111-", 1, "identifier for -Connector"),
            Mistake("-LinkType", "-SoftDeleteExpiryInterval 'a day' -LinkType", 1, "time span"),
            Mistake("New-ADSyncRule", "Set-ADSyncRule", 1, "expected one of New-ADSyncRule"),
            Mistake("New-ADSyncRule", "if ($true) { New-ADSyncRule", 1, "expected a command"),
            Mistake("New-ADSyncRule", "$syncRule", 2, "="),
            Mistake("$syncRule[0] -Source", "$syncRule -Source", 5, "$syncRule[0]"),
            Mistake("$syncRule[0] -Source", "$other[0] -Source", 5, "not set"),
            Mistake("$syncRule[0] -Source", "$syncRule[1] -Source", 5, "index 1"),
            Mistake("$syncRule[0] -Source", "$syncRule[$i] -Source", 5, "number"),
            Mistake("@('a')", "@('a','c')", 5, "one -Source"), Mistake("@('a')", "@()", 5, "one -Source"),
            Mistake("@('a')", "@('a' 'c')", 5, "expected , or )"), Mistake("@('a')", "@('a'", 5, "expected"),
            Mistake("'Direct'", "'Expression'", 5, "-Expression"),
            Mistake("'Direct'", "'Magic'", 5, "Direct, Constant"),
            Mistake("-FlowType 'Direct'", "-FlowType 'Direct' -Expression 'a'", 5, "not Expression"),
            Mistake("'Update'", "'Blend'", 5, "MergeCaseInsensitive"),
            Mistake("'ISBITSET'", "'RESEMBLES'", 7, "operator"),
            Mistake("'a','2','ISBITSET'", "'a','ISNULL'", 7, "2 values"), Mistake("'2'", "'two'", 7, "mask"),
            Mistake("ScopeCondition' `", "Sc' `", 7, "JoinCondition"),
            Mistake("$false", "'perhaps'", 10, "$true or $false"),
            Mistake("@($condition0[0])\nNew", "@()\nNew", 9, "at least one"),
            Mistake("-JoinConditions @($condition0[0])", "-JoinConditions $syncRule", 11, "join condition"),
            Mistake("Add-ADSyncRule -SynchronizationRule $syncRule[0]", "", 1, "never added"),
            Mistake("Add-ADSyncRule", "Add-ADSyncRule -SynchronizationRule $syncRule[0]\nAdd-ADSyncRule", 13, "before"),
            Mistake("Add-ADSyncRule -SynchronizationRule $syncRule[0]", "$syncRule[0] | Add-ADSyncRule", 12, "= after"),
            Mistake(
                "Add-ADSyncRule -SynchronizationRule $syncRule[0]",
                "Add-ADSyncRule -SynchronizationRule $syncRule[0] | Out-File x", 12, "Out-Null"),
            Mistake("Add-ADSyncRule", "<# Add-ADSyncRule", 12, "#>"),
            Mistake("Add-ADSyncRule", "Import-Module Other\nAdd-ADSyncRule", 12, "ADSync"),
        ])
    func mistakes(_ mistake: Mistake) throws {
        let text = Self.whole.replacingOccurrences(of: mistake.from, with: mistake.to)
        try #require(text != Self.whole)
        let error = try #require(throws: ExportError.self) { try read(text) }
        #expect(error.kind == .badInput && error.path == "rule.ps1")
        #expect(error.line == mistake.line, "\(error)")
        #expect(error.column != nil && !error.remedy.isEmpty)
        #expect(error.problem.contains(mistake.words), "\(error)")
    }

    @Test("A script that is cut off or changed anywhere is read or refused, and nothing else")
    func anywhere() {
        let whole = Array(Self.whole)
        for length in stride(from: 0, to: whole.count, by: 7) { _ = try? read(String(whole[..<length])) }
        var random = SplitMix(state: 4)
        let marks = Array("'\"`$@()[],|;#-<> \n0a{}")
        for _ in 0..<600 {
            var text = whole
            text[random.below(text.count)] = marks[random.below(marks.count)]
            if let rules = try? read(String(text)) { #expect(rules.count <= 1) }
        }
    }
}
