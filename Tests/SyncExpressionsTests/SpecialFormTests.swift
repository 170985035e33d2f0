import SyncExpressions
import Synchronization
import Testing

@Suite("The special forms of expressions")
struct SpecialFormTests {
    @Test(
        "evaluate what is asked for",
        arguments: [
            Evaluation("IIF(True, 1, 2)", 1), Evaluation("IIF([number] > 1, \"many\", \"few\")", ["number": 2], "many"),
            Evaluation("IIF([number] > 1, \"many\", \"few\")", ["number": 1], "few"),
            Evaluation("Switch(False, 1, True, 2, True, 3)", 2), Evaluation("Switch(False, 1, [flag], 2)", .null),
            Evaluation("Select($x, [texts], $x & \"!\")", ["texts": ["a", "b"]], ["a!", "b!"]),
            Evaluation("Select($x, [texts], IIF($x = \"a\", NULL, $x))", ["texts": ["a", "b"]], ["b"]),
            Evaluation("Select($x, [texts], NULL)", ["texts": ["a", "b"]], .null),
            Evaluation("Select($x, [texts], $x)", .null),
            Evaluation("Select($x, [name], $x & \"!\")", ["name": "a"], ["a!"]),
            Evaluation("Select($x, [texts], [name] & $x)", ["texts": ["a", "b"], "name": "-"], ["-a", "-b"]),
            Evaluation("Where($x, [texts], $x <> \"a\")", ["texts": ["a", "b", "c"]], ["b", "c"]),
            Evaluation("Where($x, [texts], $x = \"z\")", ["texts": ["a"]], .null),
            Evaluation("Where($x, [numbers], $x > [number])", ["numbers": [1, 5], "number": 3], [5]),
            Evaluation("Where($x, Select($y, [texts], $y & \"1\"), $x = \"b1\")", ["texts": ["a", "b"]], ["b1"]),
            Evaluation("Select($x, Where($x, [texts], $x <> \"a\"), $x & $x)", ["texts": ["a", "b"]], ["bb"]),
            Evaluation("With($v, [name] & \"x\", $v & $v)", ["name": "a"], "axax"),
            Evaluation("With($a, 1, With($b, $a + 1, With($a, 10, $a + $b)))", 12),
            Evaluation("With($a, 1, $a) + With($b, 2, $b)", 3),
            Evaluation("With($v, [texts], Select($x, $v, $x & \"!\"))", ["texts": ["a", "b"]], ["a!", "b!"]),
            Evaluation("ValueCount(\"texts\")", ["texts": ["a", "b"]], 2), Evaluation("ValueCount(\"texts\")", 0),
            Evaluation("ValueCount(\"name\")", ["name": "a"], 1),
        ])
    func results(evaluation: Evaluation) throws { try evaluation.check() }

    @Test("Error is an error of the object, with the author's words")
    func error() throws {
        #expect(throws: EvaluationError.raised("no name for 7")) {
            try Example(["name": "7"]).evaluate("Error(\"no name for \" & [name])")
        }
        #expect(throws: EvaluationError.raised("")) { try Example().evaluate("Error([name])") }
    }

    @Test(
        "what is not chosen is not evaluated",
        arguments: [
            Evaluation("IIF(True, 1, Error(\"no\"))", 1), Evaluation("IIF([flag], Error(\"no\"), 2)", 2),
            Evaluation("Switch(True, 1, True, Error(\"no\"))", 1),
            Evaluation("Switch(False, Error(\"no\"), True, 2)", 2),
            Evaluation("[flag] && Error(\"no\")", false), Evaluation("True || Error(\"no\")", true),
            Evaluation("False && Error(\"no\") || True", true),
        ])
    func laziness(evaluation: Evaluation) throws { try evaluation.check() }

    @Test(
        "what is asked for may fail",
        arguments: [
            "IIF([flag], 1, Error(\"no\"))", "Switch(True, 1, Error(\"no\"), 2)", "False || Error(\"no\")",
            "True && Error(\"no\")", "With($v, Error(\"no\"), 1)", "Select($x, \"a\", Error(\"no\"))",
            "Error(\"no\") = 1", "\"a\" & Error(\"no\")",
        ])
    func eagerness(text: String) throws {
        #expect(throws: EvaluationError.raised("no")) { try Example().evaluate(text) }
    }

    @Test("Switch with an odd number of arguments fails when it is evaluated, not before")
    func oddSwitch() throws {
        let expression = try Example.compile("IIF([flag], 1, Switch(True, 1, False))")
        #expect(try expression.evaluate(Example(["flag": true]), Example.environment) == .value(1))
        let error = try #require(throws: EvaluationError.self) {
            try expression.evaluate(Example(), Example.environment)
        }
        #expect("\(error)".contains("Switch: it has 3 arguments"))
    }

    @Test("ImportedValue reads what was imported, and an attribute what is staged")
    func importedValue() throws {
        let object = Example(
            ["name": "new", "texts": ["new"]], imported: ["name": "old", "texts": ["old", "older"]])
        #expect(try object.evaluate("ImportedValue(\"name\") & [name]") == "oldnew")
        #expect(try object.evaluate("ImportedValue(\"texts\") & \"!\"") == ["old!", "older!"])
        #expect(
            try object.evaluate("IIF(ImportedValue(\"texts\") = \"old\", ImportedValue(\"texts\"), NULL)") == ["old"])
        #expect(try object.evaluate("IsPresent(ImportedValue(\"other\"))") == false)
    }

    @Test(
        "presence and counts of what has many values load none",
        arguments: [
            "IsPresent([members])", "IsNull([members])", "IsNullOrEmpty([members])", "IsEmpty([members])",
            "ValueCount(\"members\") > 1", "IIF(IsPresent([members]), [members], NULL)", "IsNull([name])",
        ])
    func presence(text: String) throws {
        let asked = Mutex<[String]>([])
        let members = Value.list((1...3).map { .reference(Reference(object: $0, name: "cn=\($0)")) })
        let object = Example(["members": members, "name": "x"]) { name in asked.withLock { $0.append(name) } }
        _ = try object.result(text)
        #expect(asked.withLock { $0 } == [])
    }
}

@Suite("What a flow contributes")
struct FlowResultTests {
    static let name = AttributeDescription(number: 0, type: .string)
    static let members = AttributeDescription(number: 10, type: .reference.many)

    @Test(
        "is the attribute itself where nothing is done to it",
        arguments: [
            "[members]", "([members])", "IIF(IsNull([name]), [members], Error(\"no\"))",
            "IIF(IsPresent([name]), NULL, IIF(True, [members], [texts]))",
            "Switch(False, [name], IsNull([name]), [members])", "With($x, 1, [members])",
        ])
    func attributes(text: String) throws {
        #expect(try Example().result(text) == .attribute(Self.members))
    }

    @Test(
        "is a value where anything is done to it",
        arguments: [
            Evaluation("[name] & \"\"", ["name": "a"], "a"), Evaluation("With($x, [name], $x)", ["name": "a"], "a"),
            Evaluation("ImportedValue(\"name\")", ["name": "a"], "a"),
            Evaluation("IIF([texts] = \"a\", [texts], NULL)", ["texts": ["a", "b"]], ["a"]),
            Evaluation("IIF(True, IgnoreThisFlow, [name])", .ignoreThisFlow),
            Evaluation("Switch([flag], 1, True, AuthoritativeNull)", .authoritativeNull),
            Evaluation("With($x, 1, IIF($x = 1, IgnoreThisFlow, [name]))", .ignoreThisFlow),
        ])
    func values(evaluation: Evaluation) throws {
        #expect(try Example(evaluation.given).result(evaluation.text) == .value(evaluation.expected))
    }

    @Test("has a type as far as it is known beforehand")
    func types() throws {
        #expect(try Example.compile("[name] & \"x\"").type == .string)
        #expect(try Example.compile("[texts] & \"x\"").type == .string.many)
        #expect(try Example.compile("[members]").type == .reference.many)
        #expect(try Example.compile("1 + 1 = 2").type == .boolean)
        #expect(try Example.compile("IIF([flag], NULL, 1)").type == .number)
        #expect(try Example.compile("IIF([flag], \"a\", 1)").type == .any)
        #expect(try Example.compile("NULL").type == .nothing)
        #expect(try Example.compile("ValueCount(\"members\")").type == .number)
    }

    @Test("names its attributes once each, in the order of the text")
    func attributes() throws {
        let expression = try Example.compile(
            "IIF(ValueCount(\"members\") = 0, ImportedValue(\"name\"), IIF(IsNull([name]), [members], NULL))")
        #expect(expression.attributes == [Self.members, Self.name])
    }
}
