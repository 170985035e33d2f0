import Foundation
import TestSupport
import Testing

@testable import SyncExpressions

@Suite("Functions within expressions")
struct FunctionsInExpressionsTests {
    static let conflict = #"CN=Ann\0ACNF:5f1c2b9e-0000-4000-8000-000000000001,OU=Staff,DC=a,DC=test"#

    @Test(
        "work together as rules need them",
        arguments: [
            Evaluation(#"InStr(DNComponent(CRef([name]), 1), "\\0ACNF:") > 0"#, ["name": .string(conflict)], true),
            Evaluation(#"InStr(DNComponent(CRef([name]), 1), "\\0ACNF:") > 0"#, ["name": "CN=Ann,DC=a"], false),
            Evaluation(#"InStr(DNComponent(CRef([name]), 1), "\\0ACNF:") > 0"#, [:], false),
            Evaluation("CBool(BitAnd([number], -2147483648))", ["number": -2_147_483_646], true),
            Evaluation("CBool(BitAnd([number], -2147483648))", ["number": 2], false),
            Evaluation("CBool(BitAnd([number], -2147483648))", [:], false),
            Evaluation("RemoveDuplicates(Trim([texts]))", ["texts": [" a", "a ", "b"]], ["a", "b"]),
            Evaluation("Join(UCase([texts]), \"+\")", ["texts": ["a", "b"]], "A+B"),
            Evaluation("Item(Split([name], \"@\"), 2)", ["name": "jd@a.test"], "a.test"),
            Evaluation(
                "Mid(Item([texts], Contains([texts], \"SMTP:\")), 6)", ["texts": ["x", "SMTP:jd@a.test"]], "jd@a.test"),
            Evaluation("Contains([texts], \"smtp:\", CaseInsensitive)", ["texts": ["x", "SMTP:jd@a.test"]], 2),
            Evaluation("InStr([name], \"X\", 1, vbTextCompare)", ["name": "abx"], 3),
            Evaluation("ConvertFromBase64(\"SGVsbG8gd29ybGQh\", UTF8)", "Hello world!"),
            Evaluation("DNComponentRev(CRef([name]), 1, \"DC\")", ["name": "cn=Joe,ou=US, dc=a,dc=test"], "US"),
            Evaluation(
                "FormatDateTime(DateFromNum([number]), \"yyyy-MM-dd\")", ["number": 129_699_324_000_000_000],
                "2012-01-01"),
            Evaluation(
                "FormatDateTime(DateAdd(\"m\", 1, CDate([name])), \"d.M.yyyy\")", ["name": "2024-01-31"], "29.2.2024"),
            Evaluation("CDate([name]) < Now()", ["name": "2026-03-03"], true),
            Evaluation("CDate([name]) < Now()", ["name": "2026-03-05"], false),
            Evaluation("ConvertToBase64([bytes])", ["bytes": bytes("00FF")], "AP8="),
            Evaluation(
                "IIF(IsString([bytes]), CStr([bytes]), StringFromGuid([bytes]))",
                ["bytes": bytes("33221100554477668899AABBCCDDEEFF")], "00112233-4455-6677-8899-aabbccddeeff"),
            Evaluation(
                "Mid([bytes], 1, 2) & CBin(Len(Thumbprint([bytes])), 2) & CBin(CNum(Mid([bytes], 3, 2)) + 1, 1)",
                ["bytes": bytes("AABB0100")], bytes("AABB200002")),
            Evaluation("Len([keys])", ["keys": [bytes("00"), bytes("0102")]], [1, 2]),
            Evaluation("Where($k, [keys], IsCert($k))", ["keys": [bytes("00"), bytes("0102")]], .null),
            Evaluation(
                "Left([name], 448)", ["name": .string(String(repeating: "x", count: 500))],
                .string(String(repeating: "x", count: 448))),
        ])
    func together(_ evaluation: Evaluation) throws {
        #expect(try Example(evaluation.given).evaluate(evaluation.text) == evaluation.expected)
    }

    @Test(
        "find a device's valid certificate among others",
        arguments: [("2024-02-28", 0), ("2024-03-02", 1), ("2034-03-02", 0)])
    func devices(_ today: String, _ count: Int64) throws {
        let keys: Value = .list([.binary(try certificate("device")), bytes("00"), .binary(try certificate("old"))])
        let text = """
            Where($c, [keys], IsCert($c) && CertNotBefore($c) < Now() && CertNotAfter($c) > Now() \
            && InStr(CertSubject($c), "CN=" & [name]) = 1)
            """
        guard case .date(let now) = try call("CDate", .string(today)) else { return }
        let object = Example(["keys": keys, "name": "7c6a5b4e-0d1c-4b2a-9f8e-1a2b3c4d5e6f"])
        let environment = EvaluationEnvironment(now: now) { _ in 0 }
        let found = try Example.compile("Count(\(text))").evaluate(object, environment)
        #expect(found == .value(.number(count)))
    }

    @Test("A wrong argument is an error that names function, argument and what was expected")
    func error() {
        #expect(
            throws: EvaluationError.failed(
                function: "CNum",
                "argument 1 is the string \"x\", expected whole decimal digits, or binary of 1 to 8 bytes")
        ) { try Example(["name": "x"]).evaluate("CNum([name])") }
    }

    @Test("Every function and special form is described in the documents")
    func described() throws {
        let file = packageFolder.appending(path: "docs/expression-functions.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        for name in Set(FunctionLibrary.functions.keys).union(SpecialForm.allCases.map(\.rawValue)) {
            #expect(text.contains("`\(name)`") || text.contains("`\(name)("), "\(name)")
        }
    }
}
