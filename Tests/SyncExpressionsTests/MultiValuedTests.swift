import SyncExpressions
import Testing

@Suite("Expressions on multi-valued attributes")
struct MultiValuedTests {
    static let texts: [String: Value] = ["texts": ["a", "b", "c"]]

    @Test(
        "map operators over the values and drop what becomes NULL",
        arguments: [
            Evaluation("[texts] & \"!\"", texts, ["a!", "b!", "c!"]),
            Evaluation("\"<\" & [texts] & \">\"", texts, ["<a>", "<b>", "<c>"]),
            Evaluation("[texts] & [texts]", texts, ["aa", "bb", "cc"]),
            Evaluation("[texts] = \"b\"", texts, [false, true, false]),
            Evaluation("[texts] = \"b\" || [texts] = \"c\"", texts, [false, true, true]),
            Evaluation("[numbers] * 2 + 1", ["numbers": [1, 2]], [3, 5]),
            Evaluation("-[numbers]", ["numbers": [1, 2]], [-1, -2]),
            Evaluation("[texts] & [name]", ["texts": ["a"], "name": "x"], ["ax"]),
            Evaluation("[texts] & [name]", ["texts": ["a"]], ["a"]),
            Evaluation("[texts] & \"!\"", "!"),
            Evaluation("[texts] & [more]", ["texts": ["a", "b"], "more": ["c", "d"]], ["ac", "bd"]),
            Evaluation("[numbers] + [number]", ["numbers": [1, 2]], .null),
        ])
    func operators(evaluation: Evaluation) throws { try evaluation.check() }

    @Test(
        "ask a condition for each value, and take that value in the branch",
        arguments: [
            Evaluation("IIF([texts] = \"b\", NULL, [texts])", texts, ["a", "c"]),
            Evaluation("IIF([texts] = \"b\", [texts] & \"!\", NULL)", texts, ["b!"]),
            Evaluation("IIF([texts] = \"b\", \"x\", [texts])", texts, ["a", "x", "c"]),
            Evaluation("IIF([texts] = \"z\", [texts], NULL)", texts, .null),
            Evaluation("IIF([texts] = \"b\" && IsPresent([texts]), NULL, [texts])", texts, ["a", "c"]),
            Evaluation("IIF([texts] = \"b\", NULL, IIF([texts] = \"c\", NULL, [texts]))", texts, ["a"]),
            Evaluation("IIF(IIF([texts] = \"b\", True, NULL), [texts], NULL)", texts, ["b"]),
            Evaluation("IIF([texts] = \"a\", Error(\"no\"), [texts])", ["texts": ["b", "c"]], ["b", "c"]),
            Evaluation("Switch([texts] = \"a\", 1, [texts] = \"b\", NULL, True, 3)", texts, [1, 3]),
            Evaluation("IIF([texts] = \"b\", NULL, [texts])", .null),
            Evaluation("IIF([texts] = \"b\", NULL, \"none\")", "none"),
            Evaluation("IIF([texts] = \"b\", AuthoritativeNull, [texts])", texts, .authoritativeNull),
            Evaluation("With($v, [texts], IIF($v = \"b\", NULL, $v))", texts, ["a", "c"]),
            Evaluation("With($v, [texts] & \"!\", IIF([texts] = \"b\", $v, NULL))", texts, ["b!"]),
            Evaluation("With($v, \"b\", IIF([texts] = $v, NULL, [texts]))", texts, ["a", "c"]),
            // Its condition is one value, so nothing is asked per value.
            Evaluation("IIF(IsPresent([texts]), [texts] & \"!\", NULL)", texts, ["a!", "b!", "c!"]),
            Evaluation("IIF(ValueCount(\"texts\") > 2, [texts], NULL)", texts, ["a", "b", "c"]),
            // Where all values are wanted they are there, also per value.
            Evaluation("IIF([texts] = \"b\", Select($x, [texts], $x & \"!\"), NULL)", texts, ["a!", "b!", "c!"]),
            // No source takes turns: value by value.
            Evaluation("IIF(Select($x, [texts], $x = \"b\"), \"yes\", [texts])", texts, ["a", "yes", "c"]),
        ])
    func conditions(evaluation: Evaluation) throws { try evaluation.check() }

    @Test("an error in the branch of one value is the object's error")
    func error() throws {
        #expect(throws: EvaluationError.raised("b")) {
            try Example(Self.texts).evaluate("IIF([texts] = \"b\", Error([texts]), [texts])")
        }
    }

    @Test(
        "refuse to pair lists of different lengths",
        arguments: [
            "[texts] & [more]", "IIF([texts] = [more], 1, 2)", "IIF([texts] = \"a\" || [more] = \"x\", 1, 2)",
            "Select($x, [texts], $x) & Select($x, [more], $x)", "IIF(Select($x, [texts], $x = \"b\"), [more], NULL)",
        ])
    func lengths(text: String) throws {
        let object = Example(["texts": ["a", "b", "c"], "more": ["x", "y"]])
        let error = try #require(throws: EvaluationError.self) { try object.evaluate(text) }
        #expect("\(error)".contains("3 and 2 values"))
    }

    @Test(
        "check while they are evaluated what is not known before",
        arguments: [
            ("[unknown] + 1", "calculates with numbers, not a string"), ("1 < [unknown]", "cannot compare a number"),
            ("[unknown] = 1", "CNum"), ("[unknown] && True", "the condition is a string"),
            ("IIF([unknown], 1, 2)", "IIF: the condition is a string"), ("[bytes] & [unknown]", "not binary data"),
            ("Where($x, [unknown], $x)", "Where: the condition"), ("9223372036854775807 + [second]", "64 bits"),
            ("-9223372036854775808 - [second]", "64 bits"), ("9223372036854775807 * [second]", "64 bits"),
        ])
    func dynamicTypes(text: String, words: String) throws {
        let object = Example(["unknown": "text", "bytes": .binary([1]), "second": 2])
        let error = try #require(throws: EvaluationError.self) { try object.evaluate(text) }
        #expect("\(error)".contains(words))
    }

    @Test("of unknown type work with what they turn out to be")
    func unknown() throws {
        #expect(try Example(["unknown": 1]).evaluate("[unknown] + 1") == 2)
        #expect(try Example(["unknown": ["a", "b"]]).evaluate("[unknown] & \"!\"") == ["a!", "b!"])
        #expect(try Example(["unknown": true]).evaluate("IIF([unknown], 1, 2)") == 1)
        #expect(try Example(["unknown": [true, false]]).evaluate("IIF([unknown], 1, 2)") == [1, 2])
    }
}
