import SyncExpressions
import Testing

/// A text that is refused: where, and words of the reason.
struct Refusal: Sendable, CustomTestStringConvertible {
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
            Refusal("", at: 1, "expected a value"),
            Refusal("   // nothing", at: 14, "found the end of the expression"),
            Refusal("\"abc", at: 1, "no end"),
            Refusal("[name] & \"abc\\\"", at: 10, "no end"),
            Refusal("[name", at: 1, "closed with ]"),
            Refusal("[na\nme]", at: 1, "closed with ]"),
            Refusal("[]", at: 1, "expected an attribute's name"),
            Refusal("%Domain.FQDN", at: 1, "closed with %"),
            Refusal("$", at: 1, "variable's name"),
            Refusal("(1", at: 3, "expected \")\" for the \"(\" at character 1"),
            Refusal("1)", at: 2, "expected an operator or the end"),
            Refusal("1 2", at: 3, "found the number 2"),
            Refusal("1 +", at: 4, "found the end of the expression"),
            Refusal("* 2", at: 1, "found \"*\""),
            Refusal("IIF(True, 1 2)", at: 13, "expected \",\" or \")\" in the arguments of IIF"),
            Refusal("IIF(True, , 2)", at: 11, "found \",\""),
            Refusal("9223372036854775808", at: 1, "too large"),
            Refusal("&H10000000000000000", at: 1, "too large"),
            Refusal("1.5", at: 1, "whole"),
            Refusal("\u{201C}abc\u{201D}", at: 1, "straight double quotes"),
            Refusal("[name] / 2", at: 8, "no division"),
            Refusal("!True", at: 1, "<>"),
            Refusal("True | False", at: 6, "||"),
            Refusal("1 \u{2212} 2", at: 3, "hyphen"),
            Refusal("1 # 2", at: 3, "U+23"),
            Refusal("\"a\u{301}😀\" !", at: 7, "no meaning"),
        ])
    func syntax(refusal: Refusal) throws { try refusal.check() }

    @Test(
        "says which name nobody knows, and which was meant",
        arguments: [
            Refusal("[nome]", at: 1, "unknown attribute nome"),
            Refusal("[Name]", at: 1, "case matters"),
            Refusal("\"a\" & ImportedValue(\"nome\")", at: 21, "unknown attribute nome"),
            Refusal("ValueCount(\"nome\")", at: 12, "unknown attribute nome"),
            Refusal("ValueCount([members])", at: 12, "ValueCount(\"members\")"),
            Refusal("%domain.fqdn%", at: 1, "did you mean %Domain.FQDN%?"),
            Refusal("%Nothing%", at: 1, "there are Connector.ID, Domain.FQDN"),
            Refusal("iif(True, 1, 2)", at: 1, "unknown function iif; did you mean IIF?"),
            Refusal("1 + swich(True, 1)", at: 5, "did you mean Switch?"),
            Refusal("Frobnicate(1)", at: 1, "unknown function Frobnicate"),
            Refusal("true", at: 1, "unknown name true; did you mean True?"),
            Refusal("Null", at: 1, "did you mean NULL?"),
            Refusal("IgnoreFlow", at: 1, "an attribute stands in brackets"),
            Refusal("IIF & 1", at: 1, "IIF is a function"),
            Refusal("$x", at: 1, "only Select, Where and With"),
            Refusal("With($abc, 1, $abd)", at: 15, "did you mean $abc?"),
            Refusal("With($a, $a, 1)", at: 10, "unknown variable $a"),
            Refusal("With($a, 1, 2) & $a", at: 18, "unknown variable $a"),
        ])
    func names(refusal: Refusal) throws { try refusal.check() }

    @Test(
        "says which type does not fit",
        arguments: [
            Refusal("\"a\" + \"b\"", at: 1, "strings are joined by &"),
            Refusal("1 + [name]", at: 5, "+ expects a number, and this is a string"),
            Refusal("1 & \"a\"", at: 1, "CStr"),
            Refusal("[name] & [bytes]", at: 8, "between a string and binary data"),
            Refusal("[name] = 1", at: 8, "= stands between a string and a number"),
            Refusal("[flag] = \"True\"", at: 8, "between a boolean and a string"),
            Refusal("[name] <> [number]", at: 8, "convert"),
            Refusal("[flag] < True", at: 1, "no order"),
            Refusal("[bytes] >= [bytes]", at: 1, "no order"),
            Refusal("[name] && True", at: 1, "&& expects a boolean"),
            Refusal("True || 1", at: 9, "|| expects a boolean, and this is a number"),
            Refusal("1 = 1 = 1", at: 7, "between a boolean and a number"),
            Refusal("-[name]", at: 2, "- expects a number"),
            Refusal("IIF([name], 1, 2)", at: 5, "condition of IIF must be a boolean"),
            Refusal("IIF(1, 1, 2)", at: 5, "compare it"),
            Refusal("Switch(\"a\", 1)", at: 8, "condition of Switch"),
            Refusal("Where($x, [texts], $x)", at: 20, "condition of Where"),
            Refusal("Where($x, [texts], [texts] = $x)", at: 20, "multi-valued boolean"),
            Refusal("Select([name], [texts], 1)", at: 8, "names a variable"),
            Refusal("Error(1)", at: 7, "Error takes one string"),
            Refusal("\"a\" & IgnoreThisFlow", at: 7, "only be the value of the whole expression"),
            Refusal("IsPresent(AuthoritativeNull)", at: 11, "only be the value"),
            Refusal("IIF(IgnoreThisFlow, 1, 2)", at: 5, "only be the value"),
            Refusal("With($x, IgnoreThisFlow, 1)", at: 10, "only be the value"),
        ])
    func types(refusal: Refusal) throws { try refusal.check() }

    @Test(
        "says how many arguments are wanted",
        arguments: [
            Refusal("IIF(True, 1)", at: 1, "IIF takes 3 arguments, not 2"),
            Refusal("1 + ValueCount()", at: 5, "ValueCount takes 1 argument, not 0"),
            Refusal("Switch()", at: 1, "pairs"),
            Refusal("Trim()", at: 1, "Trim takes 1 argument, not 0"),
            Refusal("Left(\"a\")", at: 1, "Left takes 2 arguments, not 1"),
            Refusal("Mid(\"a\", 1, 1, 1)", at: 1, "Mid takes 2 to 3 arguments, not 4"),
        ])
    func counts(refusal: Refusal) throws { try refusal.check() }

    @Test("is refused before it could exhaust the stack")
    func depth() throws {
        let most = Self.nested(99)
        #expect(try Example().evaluate(most) == 1)
        for text in [Self.nested(100), String(repeating: "(", count: 50_000), String(repeating: "-", count: 50_000)] {
            let error = try #require(throws: ExpressionError.self) { try Example.compile(text) }
            #expect(error.problem.contains("nested deeper than 100"))
        }
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
