import SyncExpressions
import Testing

/// An expression, the object's attributes, and what comes out.
struct Evaluation: Sendable, CustomTestStringConvertible {
    let text: String
    var given: [String: Value] = [:]
    let expected: Value

    init(_ text: String, _ given: [String: Value] = [:], _ expected: Value) {
        self.text = text
        self.given = given
        self.expected = expected
    }

    var testDescription: String { text }
}

@Suite("The grammar of expressions")
struct GrammarTests {
    @Test(
        "reads literals",
        arguments: [
            Evaluation("\"Hello\"", "Hello"),
            Evaluation("\"\"", ""),
            Evaluation(#""a\\b""#, #"a\b"#),
            Evaluation(#""say \"hi\"""#, #"say "hi""#),
            Evaluation(#""say ""hi""""#, #"say "hi""#),
            Evaluation(#""""""#, "\""),
            Evaluation(#""\\0ACNF:""#, #"\0ACNF:"#),
            Evaluation(#""line\nend""#, #"line\nend"#),
            Evaluation("\"[name] // %Domain.FQDN% $x &HFF\"", "[name] // %Domain.FQDN% $x &HFF"),
            Evaluation("\"é😀\"", "é😀"),
            Evaluation("42", 42),
            Evaluation("-2147483648", -2_147_483_648),
            Evaluation("-9223372036854775808", .number(.min)),
            Evaluation("9223372036854775807", .number(.max)),
            Evaluation("&HFF", 255),
            Evaluation("&hff", 255),
            Evaluation("&H80000000", 2_147_483_648),
            Evaluation("&HFFFFFFFFFFFFFFFF", -1),
            Evaluation("-&H10", -16),
            Evaluation("True", true),
            Evaluation("False", false),
            Evaluation("NULL", .null),
            Evaluation("CRLF", "\r\n"),
            Evaluation("%Domain.FQDN%", "corp.example.test"),
            Evaluation("IgnoreThisFlow", .ignoreThisFlow),
            Evaluation("AuthoritativeNull", .authoritativeNull),
        ])
    func literals(evaluation: Evaluation) throws {
        #expect(try Example().evaluate(evaluation.text) == evaluation.expected)
    }

    @Test(
        "reads names of attributes, parameters and variables as they are written",
        arguments: [
            Evaluation("[name]", ["name": "x"], "x"),
            Evaluation("[extension-attribute 1]", ["extension-attribute 1": "y"], "y"),
            Evaluation("%Connector.ID%", "{1}"),
            Evaluation("With($a1_B, \"x\", $a1_B & $a1_B)", "xx"),
        ])
    func names(evaluation: Evaluation) throws {
        #expect(try Example(evaluation.given).evaluate(evaluation.text) == evaluation.expected)
    }

    @Test(
        "takes blanks, line ends and comments anywhere between words",
        arguments: [
            "\"a\"&[name]", "  \"a\"\t&\n[name]\r\n", "\"a\" // a comment\n& [name] // and one at the end",
            "// first\n(\"a\" & // \"quoted\" (\n [name])",
        ])
    func layout(text: String) throws {
        #expect(try Example(["name": "b"]).evaluate(text) == "ab")
    }

    @Test(
        "binds arithmetic and & tighter than comparison, and comparison tighter than logic, from left to right inside a level",
        arguments: [
            // Were * tighter than +, this were 14.
            Evaluation("2 + 3 * 4", 20),
            Evaluation("2 + (3 * 4)", 14),
            Evaluation("10 - 3 - 2", 5),
            Evaluation("10 - (3 - 2)", 9),
            Evaluation("2 - -3", 5),
            Evaluation("-[number] + 1", ["number": 4], -3),
            Evaluation("1 + 1 = 2", true),
            Evaluation("3 > 1 + 1", true),
            Evaluation("\"a\" & \"b\" = \"ab\"", true),
            Evaluation("1 = 1 && 2 = 3", false),
            Evaluation("False || 2 = 2 || False", true),
            Evaluation("1 < 2 = True", true),
            // Were && tighter than ||, this were True.
            Evaluation("True || False && False", false),
            Evaluation("True || (False && False)", true),
            Evaluation("False && False || True", true),
            Evaluation("False && (False || True)", false),
        ])
    func precedence(evaluation: Evaluation) throws {
        #expect(try Example(evaluation.given).evaluate(evaluation.text) == evaluation.expected)
    }

    @Test(
        "compares",
        arguments: [
            Evaluation("1 < 2", true), Evaluation("2 < 2", false), Evaluation("2 <= 2", true),
            Evaluation("3 <= 2", false), Evaluation("2 > 1", true), Evaluation("2 > 2", false),
            Evaluation("2 >= 2", true), Evaluation("1 >= 2", false), Evaluation("1 <> 2", true),
            Evaluation("1 <> 1", false), Evaluation("1 = 1", true), Evaluation("1 = 2", false),
            Evaluation("\"a\" = \"a\"", true), Evaluation("\"a\" = \"A\"", false),
            // Alike to the eye, and two units against one.
            Evaluation("\"\u{E9}\" = \"e\u{301}\"", false),
            Evaluation("\"B\" < \"a\"", true), Evaluation("\"a\" < \"ab\"", true),
            // By UTF-16 units a surrogate comes before U+FF5E.
            Evaluation("\"\u{1F600}\" < \"\u{FF5E}\"", true),
            Evaluation("True = True", true), Evaluation("True <> False", true),
            Evaluation("[bytes] = [bytes]", ["bytes": .binary([1])], true),
            Evaluation(
                "[members] = [manager]",
                [
                    "members": [
                        .reference(Reference(object: 7, name: "cn=x")), .reference(Reference(name: "CN=A")),
                        .reference(Reference(object: 8, name: "cn=a")),
                    ], "manager": .reference(Reference(object: 7, name: "cn=a")),
                ], [true, true, false]),
        ])
    func comparisons(evaluation: Evaluation) throws {
        #expect(try Example(evaluation.given).evaluate(evaluation.text) == evaluation.expected)
    }

    @Test("joins binary data by &, as a shipped rule does with keys")
    func binary() throws {
        #expect(try Example(["bytes": .binary([1, 2])]).evaluate("[bytes] & [bytes]") == .binary([1, 2, 1, 2]))
    }
}

extension Evaluation {
    init(_ text: String, _ expected: Value) { self.init(text, [:], expected) }
}
