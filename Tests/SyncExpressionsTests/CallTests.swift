import SyncExpressions
import Testing

@Suite("Calls of functions")
struct CallTests {
    static let texts: [String: Value] = ["texts": [" a ", "b", " c"]]

    @Test(
        "map a function of one value over a list, and drop what becomes NULL",
        arguments: [
            Evaluation("Trim([name])", ["name": " x "], "x"), Evaluation("Trim([name])", .null),
            Evaluation("Trim([texts])", texts, ["a", "b", "c"]), Evaluation("Trim([texts])", .null),
            Evaluation("Left(Trim([texts]), 1) & \"!\"", texts, ["a!", "b!", "c!"]),
            Evaluation("Trim(ImportedValue(\"texts\"))", texts, ["a", "b", "c"]),
            Evaluation("CNum([texts])", ["texts": ["1", "2"]], [1, 2]),
            Evaluation("Left([texts], Len([texts]) - 1)", ["texts": ["ab", "cde"]], ["a", "cd"]),
            Evaluation("Left(\"abcdef\", [numbers])", ["numbers": [1, 3]], ["a", "abc"]),
            Evaluation("Left([texts], [numbers])", ["texts": ["ab", "cd"], "numbers": [1, 2]], ["a", "cd"]),
            Evaluation("Split([texts], \",\")", ["texts": ["a,b", "c"]], ["a", "b", "c"]),
        ])
    func mapping(evaluation: Evaluation) throws { try evaluation.check() }

    @Test(
        "give a function of many values all of them",
        arguments: [
            Evaluation("Count([texts])", texts, 3), Evaluation("Count([texts])", 0),
            Evaluation("Item([texts], 2)", texts, "b"), Evaluation("Join(Trim([texts]), \",\")", texts, "a,b,c"),
            Evaluation("RemoveDuplicates(Trim([texts]))", ["texts": ["a", " a", "b"]], ["a", "b"]),
            Evaluation("Contains([texts], \"b\") > 0", texts, true),
            Evaluation("Count(Where($x, [texts], Len($x) > 1))", texts, 2),
            // A single value is a list of one.
            Evaluation("Item([name], 1)", ["name": "x"], "x"), Evaluation("Count([name])", ["name": "x"], 1),
            // Also per value: the condition asks each, and the branch wants them all.
            Evaluation("IIF([texts] = \"b\", Join([texts], \",\"), NULL)", ["texts": ["a", "b"]], ["a,b"]),
        ])
    func lists(evaluation: Evaluation) throws { try evaluation.check() }

    @Test(
        "ask conditions per value also through functions",
        arguments: [
            Evaluation(
                "IIF(Left([texts], 4) = \"SIP:\", NULL, [texts])", ["texts": ["SIP:a", "SMTP:b", "smtp:c"]],
                ["SMTP:b", "smtp:c"]),
            Evaluation(
                "IIF(Left([texts], 4) = \"SIP:\" || Len([texts]) > 6, NULL, LCase([texts]))",
                ["texts": ["SIP:a", "SMTP:bcd", "SMTP:C"]], ["smtp:c"]),
            Evaluation(
                "RemoveDuplicates(IIF(InStr([texts], \"@\") > 0, [texts], NULL))",
                ["texts": ["a@b", "c", "a@b"]], ["a@b"]),
            // The parts of one value stay together: each is cut where its own length says.
            Evaluation(
                "IIF(CNum(Left([texts], 1)) = 1, Mid([texts], 2, CNum(Mid([texts], 2, 1))) & \"!\" & Right([texts], 1), NULL)",
                ["texts": ["12ab", "0xyz", "11cd"]], ["2a!b", "1!d"]),
        ])
    func conditions(evaluation: Evaluation) throws { try evaluation.check() }

    @Test(
        "let absent attributes flow as 0 and False through filters",
        arguments: [
            Evaluation("InStr([name], \"(x)\") > 0", false), Evaluation("CBool([flag])", false),
            Evaluation("CBool(NULL) || Left([name], 4) = \"CAS_\"", false),
            Evaluation("CBool(IIF(IsPresent([number]), BitAnd([number], &HF) > 0, NULL)) || True", true),
            Evaluation("CBool(InStr(DNComponent(CRef([name]), 1), \"\\\\0ACNF:\") > 0)", false),
            Evaluation(
                "CBool(InStr(DNComponent(CRef([name]), 1), \"\\\\0ACNF:\") > 0)", ["name": #"CN=a\0ACNF:1,DC=b"#], true),
            Evaluation("IIF(BitAnd([number], 2) = 0, True, False)", ["number": 512], true),
            Evaluation("IIF(BitAnd([number], 2) = 0, True, False)", ["number": 514], false),
            Evaluation("CBool(BitAnd([number], -2147483648))", ["number": -2_147_483_646], true),
            Evaluation("CBool(BitAnd([number], -2147483648))", ["number": 8], false),
        ])
    func filters(evaluation: Evaluation) throws { try evaluation.check() }

    @Test(
        "take options as bare words and between quotes",
        arguments: [
            Evaluation("Contains([texts], \"A\", CaseInsensitive)", ["texts": ["a"]], 1),
            Evaluation("Contains([texts], \"A\", \"CaseInsensitive\")", ["texts": ["a"]], 1),
            Evaluation("Contains([texts], \"A\", CaseSensitive)", ["texts": ["a"]], 0),
            Evaluation("InStr(\"abc\", \"B\", 1, vbTextCompare)", 2),
        ])
    func options(evaluation: Evaluation) throws { try evaluation.check() }

    @Test(
        "are refused where an argument's type is known not to fit",
        arguments: [
            RefusedText("Trim([number])", at: 6, "argument 1 of Trim must be a string, and this is a number"),
            RefusedText("Left([name], \"4\")", at: 14, "argument 2 of Left must be a number, and this is a string"),
            RefusedText("BitAnd([name], 2)", at: 8, "must be a number"),
            RefusedText("DNComponent([name], 1)", at: 13, "must be a reference"),
            RefusedText("StringFromSid([name])", at: 15, "must be binary data"),
            RefusedText("FormatDateTime(\"now\", \"yyyy\")", at: 16, "must be a date"),
            RefusedText("trim([name])", at: 1, "unknown function trim; did you mean Trim?"),
            RefusedText("LTirm([name])", at: 1, "did you mean LTrim?"),
            RefusedText("Trim", at: 1, "Trim is a function"),
        ])
    func types(refusal: RefusedText) throws { try refusal.check() }

    @Test("fail for the object where an argument turns out not to fit")
    func dynamicTypes() throws {
        let error = try #require(throws: EvaluationError.self) {
            try Example(["unknown": 5]).evaluate("Trim([unknown])")
        }
        #expect("\(error)" == "Trim: argument 1 must be a string, and this is a number")
    }

    @Test("of constants are worked out once, and those of the clock and of chance are not")
    func folding() throws {
        let expression = try Example.compile("Trim(\" a \") & FormatDateTime(Now(), \"yyyy\")")
        let later = EvaluationEnvironment(now: DateTime(ticks: 700_000_000_000_000_000)) { _ in 0 }
        #expect(try expression.evaluate(Example(), Example.environment) == .value("a2026"))
        #expect(try expression.evaluate(Example(), later) == .value("a2219"))
        // What fails fails when it is evaluated, for it may never be.
        #expect(try Example().evaluate("IIF(True, 1, CNum(\"x\"))") == 1)
        #expect(throws: EvaluationError.self) { try Example().evaluate("CNum(\"x\")") }
    }

    @Test("of lists inside of lists end with an error, not with the day")
    func budget() throws {
        let nested = (0..<30).reduce("1") { inner, level in "Select($x\(level), [texts], \(inner))" }
        let object = Example(["texts": .list((0..<100).map { .string("\($0)") })])
        let error = try #require(throws: EvaluationError.self) { try object.evaluate(nested) }
        #expect("\(error)".contains("steps"))
        let doubled = (0..<40).reduce("$x") { inner, _ in "With($x, $x & $x, \(inner))" }
        #expect(throws: EvaluationError.self) { try Example().evaluate("With($x, \"ab\", \(doubled))") }
    }

    @Test("may be evaluated on several threads at once")
    func threads() async throws {
        let expression = try Example.compile(
            "IIF(Left([texts], 1) = \"b\", NULL, With($v, [name], Select($x, [texts], $x & $v)))")
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for task in 0..<4 {
                group.addTask {
                    let object = Example(["texts": ["a", "b"], "name": .string("\(task)")])
                    let expected = Value.list([.string("a\(task)"), .string("b\(task)")])
                    for _ in 0..<500 {
                        guard try expression.evaluate(object, Example.environment) == .value(expected) else {
                            return false
                        }
                    }
                    return true
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
    }
}
