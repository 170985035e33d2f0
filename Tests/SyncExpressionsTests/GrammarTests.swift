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
}

extension Evaluation {
    init(_ text: String, _ expected: Value) { self.init(text, [:], expected) }
}
