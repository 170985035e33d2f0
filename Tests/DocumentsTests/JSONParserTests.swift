import Documents
import Testing

struct JSONParserTests {
    struct Refusal: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8]
        let line: Int
        let column: Int
        let problem: String

        init(_ text: String, _ line: Int, _ column: Int, _ problem: String) {
            self.init(bytes: Array(text.utf8), line, column, problem)
        }

        init(bytes: [UInt8], _ line: Int, _ column: Int, _ problem: String) {
            self.bytes = bytes
            self.line = line
            self.column = column
            self.problem = problem
        }

        var testDescription: String { String(decoding: bytes.prefix(40), as: UTF8.self).debugDescription }
    }

    private static func nested(_ levels: Int, _ inner: String = "") -> String {
        String(repeating: "[", count: levels) + inner + String(repeating: "]", count: levels)
    }

    private static func code(_ digits: String) -> String { "\"\\u\(digits)\"" }

    static let refusals: [Refusal] = [
        // The end comes too early, or not where it should.
        Refusal("", 1, 1, "the document ends where a value is expected"),
        Refusal(" \n", 2, 1, "the document ends where a value is expected"),
        Refusal("{} {}", 1, 4, "expected the end of the document"),
        Refusal("null\nx", 2, 1, "expected the end of the document"),
        Refusal("{}\u{0}", 1, 3, "expected the end of the document"),
        Refusal("[1, ", 1, 5, "the document ends where a value is expected"),
        Refusal("{\"a\": 1", 1, 8, "expected ',' or '}'"),
        // Structure.
        Refusal("[1 2]", 1, 4, "expected ',' or ']'"),
        Refusal("[1,]", 1, 4, "expected a value"),
        Refusal("{\"a\": 1,}", 1, 9, "expected a key in quotes"),
        Refusal("{a: 1}", 1, 2, "expected a key in quotes"),
        Refusal("{\n  \"a\" 1\n}", 2, 7, "expected ':'"),
        Refusal("// no comments\n{}", 1, 1, "expected a value"),
        Refusal("'a'", 1, 1, "expected a value"),
        Refusal("\u{FEFF}{}", 1, 1, "expected a value"),
        Refusal("tru", 1, 1, "expected true"),
        Refusal("[nul]", 1, 2, "expected null"),
        Refusal("False", 1, 1, "expected a value"),
        Refusal("NaN", 1, 1, "expected a value"),
        // One key, one value.
        Refusal("{\"a\": 1,\n \"a\": 2}", 2, 2, "the key \"a\" occurs twice"),
        Refusal("{\"a\": 1, \"\\u0061\": 2}", 1, 10, "the key \"a\" occurs twice"),
        Refusal("[{\"b\": {\"a\": 1, \"a\": 1}}]", 1, 17, "the key \"a\" occurs twice"),
        // Numbers are whole and fit.
        Refusal("1.5", 1, 2, "numbers with a fraction or exponent are not used in this project's documents"),
        Refusal("1e3", 1, 2, "numbers with a fraction or exponent are not used in this project's documents"),
        Refusal("[10E0]", 1, 4, "numbers with a fraction or exponent are not used in this project's documents"),
        Refusal("01", 1, 3, "a number must not begin with 0"),
        Refusal("-012", 1, 5, "a number must not begin with 0"),
        Refusal("-", 1, 2, "expected a digit"),
        Refusal("+1", 1, 1, "expected a value"),
        Refusal(".5", 1, 1, "expected a value"),
        Refusal("9223372036854775808", 1, 20, "the number does not fit into 64 bits"),
        Refusal("-9223372036854775809", 1, 21, "the number does not fit into 64 bits"),
        // Strings.
        Refusal("\"abc", 1, 1, "the string has no end"),
        Refusal("\"abc\\", 1, 6, "the string has no end"),
        Refusal("\"a\nb\"", 1, 3, "a control character must be escaped"),
        Refusal("\"a\tb\"", 1, 3, "a control character must be escaped"),
        Refusal("\"\u{0}\"", 1, 2, "a control character must be escaped"),
        Refusal("\"\\x41\"", 1, 3, "unknown escape"),
        Refusal("\"\\'\"", 1, 3, "unknown escape"),
        Refusal(code("12"), 1, 4, "expected four hexadecimal digits"),
        Refusal(code("12G4"), 1, 4, "expected four hexadecimal digits"),
        Refusal(code("+123"), 1, 4, "expected four hexadecimal digits"),
        Refusal(code("-000"), 1, 4, "expected four hexadecimal digits"),
        Refusal("\"\\ud83d\"", 1, 8, "half of a surrogate pair"),
        Refusal("\"\\ude00\"", 1, 8, "half of a surrogate pair"),
        Refusal("\"\\ud83d\\n\"", 1, 9, "expected the second half of a surrogate pair"),
        Refusal("\"\\ud83d\\ud83d\"", 1, 14, "half of a surrogate pair"),
        Refusal("\"\\ud83dA\"", 1, 8, "half of a surrogate pair"),
        // UTF-8: a stray continuation, an overlong form, a surrogate, a cut sequence, beyond the last code point.
        Refusal(bytes: [0x22, 0x80, 0x22], 1, 1, "the string is not valid UTF-8"),
        Refusal(bytes: [0x22, 0xC0, 0xAF, 0x22], 1, 1, "the string is not valid UTF-8"),
        Refusal(bytes: [0x22, 0xED, 0xA0, 0x80, 0x22], 1, 1, "the string is not valid UTF-8"),
        Refusal(bytes: [0x22, 0xE2, 0x82, 0x22], 1, 1, "the string is not valid UTF-8"),
        Refusal(bytes: [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], 1, 1, "the string is not valid UTF-8"),
        Refusal(bytes: Array("{\n\"".utf8) + [0xFF] + Array("\": 1}".utf8), 2, 1, "the string is not valid UTF-8"),
        Refusal(bytes: [0xFF], 1, 1, "expected a value"),
        // Depth.
        Refusal(nested(65), 1, 65, "nested deeper than 64 levels"),
        Refusal(nested(100_000), 1, 65, "nested deeper than 64 levels"),
        Refusal(nested(64, "{}"), 1, 65, "nested deeper than 64 levels"),
    ]

    @Test("Refuses what is not strict JSON, and says where", arguments: refusals)
    func refuses(_ refusal: Refusal) {
        let expected = "line \(refusal.line), column \(refusal.column): \(refusal.problem)"
        do {
            let value = try JSONParser.parse(refusal.bytes)
            Issue.record("expected \"\(expected)\", was read as \(value)")
        } catch {
            #expect(error.description == expected)
        }
    }

    @Test(
        "Reads every kind of value",
        arguments: [
            ("null", .null), (" true ", .bool(true)), ("false\r\n", .bool(false)), ("0", .integer(0)),
            ("-0", .integer(0)), ("-7", .integer(-7)), ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)), ("\"\"", .string("")), ("[]", .array([])), ("[ ]", .array([])),
            ("{}", .object([:])), ("{ }", .object([:])), ("[1,[2],{\"a\":null}]", [1, [2], ["a": nil]]),
            ("\t{ \"a\" : { \"b\" : [ ] } }\n", ["a": ["b": []]]),
        ] as [(String, JSONValue)])
    func reads(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONParser.parse(text) == value)
    }

    @Test(
        "Reads every escape",
        arguments: [
            (#""\"\\\/""#, "\"\\/"), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u00E9""#, "Aéé"),
            (#""\u0000""#, "\u{0}"), (#""\ud83d\ude00""#, "😀"), (#""\udbff\udfff""#, "\u{10FFFF}"),
            ("\"😀 é \u{7F}\"", "😀 é \u{7F}"),
        ])
    func escapes(_ text: String, _ expected: String) throws {
        let string = try JSONParser.parse(text).string
        #expect(string.map { Array($0.unicodeScalars) } == Array(expected.unicodeScalars))
    }

    @Test("Reads 64 levels, of lists and of objects")
    func deep() throws {
        #expect(try JSONParser.parse(Self.nested(64, "1")).kind == "an array")
        let objects = String(repeating: "{\"a\":", count: 64) + "1" + String(repeating: "}", count: 64)
        #expect(try JSONParser.parse(objects).kind == "an object")
    }

    @Test("No beginning of a document is a document")
    func everyPrefix() throws {
        let whole = Array(#"{"a": [1, -2, {"b": "x\n\ud83d\ude00é"}], "c": [true, false, null]}"#.utf8)
        _ = try JSONParser.parse(whole)
        for length in 0..<whole.count {
            #expect(throws: JSONSyntaxError.self, "the first \(length) bytes") {
                try JSONParser.parse(Array(whole[..<length]))
            }
        }
    }
}
