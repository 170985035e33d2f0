import SyncExpressions
import Testing

/// A text that is refused: where, and words of the reason.
struct RefusedText: Sendable, CustomTestStringConvertible {
    let text: String
    let position: Int
    let words: String

    init(_ text: String, at position: Int, _ words: String) {
        self.text = text
        self.position = position
        self.words = words
    }

    var testDescription: String { String(text.prefix(60)) }

    func check() throws {
        let error = try #require(throws: ExpressionError.self) { try Example.compile(text) }
        #expect(error.position == position, "\(error)")
        #expect(error.problem.contains(words), "\(error)")
    }
}

@Suite("An expression that cannot be used")
struct ExpressionErrorTests {
    @Test(
        "says where its writing goes wrong",
        arguments: [
            RefusedText("", at: 1, "expected a value"),
            RefusedText("   // nothing", at: 14, "found the end of the expression"),
            RefusedText("\"abc", at: 1, "no end"),
            RefusedText("[name] & \"abc\\\"", at: 10, "no end"),
            RefusedText("[name", at: 1, "closed with ]"),
            RefusedText("[na\nme]", at: 1, "closed with ]"),
            RefusedText("[]", at: 1, "expected an attribute's name"),
            RefusedText("%Domain.FQDN", at: 1, "closed with %"),
            RefusedText("$", at: 1, "variable's name"),
            RefusedText("(1", at: 3, "expected \")\" for the \"(\" at character 1"),
            RefusedText("1)", at: 2, "expected an operator or the end"),
            RefusedText("1 2", at: 3, "found the number 2"),
            RefusedText("1 +", at: 4, "found the end of the expression"),
            RefusedText("* 2", at: 1, "found \"*\""),
            RefusedText("IIF(True, 1 2)", at: 13, "expected \",\" or \")\" in the arguments of IIF"),
            RefusedText("IIF(True, , 2)", at: 11, "found \",\""),
            RefusedText("9223372036854775808", at: 1, "too large"),
            RefusedText("&H10000000000000000", at: 1, "too large"),
            RefusedText("1.5", at: 1, "whole"),
            RefusedText("\u{201C}abc\u{201D}", at: 1, "straight double quotes"),
            RefusedText("[name] / 2", at: 8, "no division"),
            RefusedText("!True", at: 1, "<>"),
            RefusedText("True | False", at: 6, "||"),
            RefusedText("1 \u{2212} 2", at: 3, "hyphen"),
            RefusedText("1 # 2", at: 3, "U+23"),
            RefusedText("\"a\u{301}😀\" !", at: 7, "no meaning"),
        ])
    func syntax(refusal: RefusedText) throws { try refusal.check() }

    @Test(
        "says which name nobody knows, and which was meant",
        arguments: [
            RefusedText("[nome]", at: 1, "unknown attribute nome"),
            RefusedText("[Name]", at: 1, "case matters"),
            RefusedText("\"a\" & ImportedValue(\"nome\")", at: 21, "unknown attribute nome"),
            RefusedText("ValueCount(\"nome\")", at: 12, "unknown attribute nome"),
            RefusedText("ValueCount([members])", at: 12, "ValueCount(\"members\")"),
            RefusedText("%domain.fqdn%", at: 1, "did you mean %Domain.FQDN%?"),
            RefusedText("%Nothing%", at: 1, "there are Connector.ID, Domain.FQDN"),
            RefusedText("iif(True, 1, 2)", at: 1, "unknown function iif; did you mean IIF?"),
            RefusedText("1 + swich(True, 1)", at: 5, "did you mean Switch?"),
            RefusedText("Frobnicate(1)", at: 1, "unknown function Frobnicate"),
            RefusedText("true", at: 1, "unknown name true; did you mean True?"),
            RefusedText("Null", at: 1, "did you mean NULL?"),
            RefusedText("IgnoreFlow", at: 1, "an attribute stands in brackets"),
            RefusedText("IIF & 1", at: 1, "IIF is a function"),
            RefusedText("$x", at: 1, "only Select, Where and With"),
            RefusedText("With($abc, 1, $abd)", at: 15, "did you mean $abc?"),
            RefusedText("With($a, $a, 1)", at: 10, "unknown variable $a"),
            RefusedText("With($a, 1, 2) & $a", at: 18, "unknown variable $a"),
        ])
    func names(refusal: RefusedText) throws { try refusal.check() }

    @Test(
        "says which type does not fit",
        arguments: [
            RefusedText("\"a\" + \"b\"", at: 1, "strings are joined by &"),
            RefusedText("1 + [name]", at: 5, "+ expects a number, and this is a string"),
            RefusedText("1 & \"a\"", at: 1, "CStr"),
            RefusedText("[name] & [bytes]", at: 8, "between a string and binary data"),
            RefusedText("[name] = 1", at: 8, "= stands between a string and a number"),
            RefusedText("[flag] = \"True\"", at: 8, "between a boolean and a string"),
            RefusedText("[name] <> [number]", at: 8, "convert"),
            RefusedText("[flag] < True", at: 1, "no order"),
            RefusedText("[bytes] >= [bytes]", at: 1, "no order"),
            RefusedText("[name] && True", at: 1, "&& expects a boolean"),
            RefusedText("True || 1", at: 9, "|| expects a boolean, and this is a number"),
            RefusedText("1 = 1 = 1", at: 7, "between a boolean and a number"),
            RefusedText("-[name]", at: 2, "- expects a number"),
            RefusedText("IIF([name], 1, 2)", at: 5, "condition of IIF must be a boolean"),
            RefusedText("IIF(1, 1, 2)", at: 5, "compare it"),
            RefusedText("Switch(\"a\", 1)", at: 8, "condition of Switch"),
            RefusedText("Where($x, [texts], $x)", at: 20, "condition of Where"),
            RefusedText("Where($x, [texts], [texts] = $x)", at: 20, "multi-valued boolean"),
            RefusedText("Select([name], [texts], 1)", at: 8, "names a variable"),
            RefusedText("Error(1)", at: 7, "Error takes one string"),
            RefusedText("\"a\" & IgnoreThisFlow", at: 7, "only be the value of the whole expression"),
            RefusedText("IsPresent(AuthoritativeNull)", at: 11, "only be the value"),
            RefusedText("IIF(IgnoreThisFlow, 1, 2)", at: 5, "only be the value"),
            RefusedText("With($x, IgnoreThisFlow, 1)", at: 10, "only be the value"),
        ])
    func types(refusal: RefusedText) throws { try refusal.check() }

    @Test(
        "says how many arguments are wanted",
        arguments: [
            RefusedText("IIF(True, 1)", at: 1, "IIF takes 3 arguments, not 2"),
            RefusedText("1 + ValueCount()", at: 5, "ValueCount takes 1 argument, not 0"),
            RefusedText("Switch()", at: 1, "pairs"),
            RefusedText("Trim()", at: 1, "Trim takes 1 argument, not 0"),
            RefusedText("Left(\"a\")", at: 1, "Left takes 2 arguments, not 1"),
            RefusedText("Mid(\"a\", 1, 1, 1)", at: 1, "Mid takes 2 to 3 arguments, not 4"),
        ])
    func counts(refusal: RefusedText) throws { try refusal.check() }

    @Test("is refused before it could exhaust the stack")
    func depth() throws {
        let most = Self.nested(99)
        #expect(try Example().evaluate(most) == 1)
        for text in [Self.nested(100), String(repeating: "(", count: 50_000), String(repeating: "-", count: 50_000)] {
            let error = try #require(throws: ExpressionError.self) { try Example.compile(text) }
            #expect(error.problem.contains("nested deeper than 100"))
        }
        let choices = (0..<98).reduce("[number] + 1") { inner, _ in "IIF([flag], Error(\"no\"), \(inner))" }
        #expect(try Example(["number": 1]).evaluate(choices) == 2)
        let call = String(repeating: "IsNull(", count: 5_000)
        #expect(throws: ExpressionError.self) { try Example.compile(call) }
    }

    private static func nested(_ levels: Int) -> String {
        String(repeating: "(", count: levels) + "1" + String(repeating: ")", count: levels)
    }

    @Test("may be a long chain, and not too long a text")
    func length() throws {
        let chain = "[number]" + String(repeating: " + 1", count: 10_000)
        #expect(try Example(["number": 5]).evaluate(chain) == 10_005)
        let error = try #require(throws: ExpressionError.self) {
            try Example.compile("\"" + String(repeating: "a", count: 65_536) + "\"")
        }
        #expect(error.problem.contains("longer than 65536 bytes"))
    }
}
