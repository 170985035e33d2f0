import SyncExpressions
import Testing

@Suite("NULL and absent attributes in expressions")
struct NullTests {
    @Test(
        "compare as nothing: equal to NULL alone, never smaller or greater",
        arguments: [
            Evaluation("[name] = \"x\"", false), Evaluation("\"x\" = [name]", false),
            Evaluation("[name] <> \"x\"", true), Evaluation("[name] = \"\"", false),
            Evaluation("[number] < 1", false), Evaluation("[number] <= 0", false), Evaluation("[number] > -1", false),
            Evaluation("1 >= [number]", false), Evaluation("[number] = 0", false),
            Evaluation("[name] = NULL", true), Evaluation("NULL <> NULL", false),
            Evaluation("[name] = NULL", ["name": "x"], false), Evaluation("[name] <> NULL", ["name": "x"], true),
            Evaluation("[name] = [other]", true), Evaluation("[flag] = True", false),
            Evaluation("[flag] = False", false), Evaluation("[texts] = \"x\"", false),
        ])
    func comparison(evaluation: Evaluation) throws { try evaluation.check() }

    @Test(
        "are nothing in &, and make a sum NULL",
        arguments: [
            Evaluation("[name] & \"x\"", "x"), Evaluation("\"x\" & [name]", "x"),
            Evaluation("[name] & \"\" & [other]", ""), Evaluation("[name] & [other]", .null),
            Evaluation("NULL & \"x\"", "x"), Evaluation("[bytes] & [bytes]", .null),
            Evaluation("[number] + 1", .null), Evaluation("1 - [number]", .null),
            Evaluation("2 * [number] + 1", .null), Evaluation("-[number]", .null),
        ])
    func arithmetic(evaluation: Evaluation) throws { try evaluation.check() }

    @Test(
        "are False as a condition",
        arguments: [
            Evaluation("[flag] && True", false), Evaluation("True && [flag]", false),
            Evaluation("[flag] || True", true), Evaluation("[flag] || NULL", false),
            Evaluation("IIF([flag], 1, 2)", 2), Evaluation("IIF(NULL, 1, 2)", 2),
            Evaluation("Switch([flag], 1, True, 2)", 2),
            Evaluation("Where($x, [texts], NULL)", ["texts": ["a"]], .null),
        ])
    func conditions(evaluation: Evaluation) throws { try evaluation.check() }

    @Test(
        "are told from an empty text",
        arguments: [
            Evaluation("IsNull([name])", true), Evaluation("IsNullOrEmpty([name])", true),
            Evaluation("IsEmpty([name])", false), Evaluation("IsPresent([name])", false),
            Evaluation("IsNull([name])", ["name": ""], false), Evaluation("IsNullOrEmpty([name])", ["name": ""], true),
            Evaluation("IsEmpty([name])", ["name": ""], true), Evaluation("IsPresent([name])", ["name": ""], false),
            Evaluation("IsNull([name])", ["name": "x"], false),
            Evaluation("IsNullOrEmpty([name])", ["name": "x"], false),
            Evaluation("IsEmpty([name])", ["name": "x"], false), Evaluation("IsPresent([name])", ["name": "x"], true),
            Evaluation("IsPresent([texts])", ["texts": ["a", "b"]], true), Evaluation("IsPresent([texts])", false),
            Evaluation("IsNull([texts])", ["texts": ["a", "b"]], false), Evaluation("IsNullOrEmpty([texts])", true),
            Evaluation("IsEmpty([texts])", ["texts": ["a", "b"]], false),
            Evaluation("IsPresent([number])", ["number": 0], true), Evaluation("IsNull(NULL)", true),
            Evaluation("IsPresent([flag])", ["flag": false], true), Evaluation("IsEmpty(\"\")", true),
            Evaluation("IsPresent([name] & \"\")", false), Evaluation("IsNull([name] & \"\")", false),
            Evaluation("IsPresent([unknown])", ["unknown": ""], false),
            Evaluation("IsNullOrEmpty([texts] & \"x\")", ["texts": ["a", "b"]], false),
        ])
    func presence(evaluation: Evaluation) throws { try evaluation.check() }
}

extension Evaluation {
    func check() throws { #expect(try Example(given).evaluate(text) == expected) }
}
