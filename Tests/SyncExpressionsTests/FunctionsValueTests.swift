import Testing

@testable import SyncExpressions

@Suite("Functions on lists")
struct FunctionsListTests {
    static let addresses: Value = ["smtp:jd@a.test", "SMTP:john@a.test", "X500:/o=a"]

    @Test(
        "give what the documents say",
        arguments: [
            Call("Contains", addresses, "SMTP:", gives: 2),
            Call("Contains", addresses, "SMTP:", "CaseInsensitive", gives: 1),
            Call("Contains", addresses, "smtp:", "CaseSensitive", gives: 1),
            Call("Contains", addresses, "sip:", gives: 0),
            Call("Contains", [reference("cn=A"), reference("cn=B")], "cn=B", gives: 2),
            Call("Contains", [reference("cn=AB")], "cn=A", gives: 0),
            Call("Contains", [reference("cn=A")], "CN=a", gives: 0),
            Call("Contains", [reference("cn=A")], "CN=a", "caseinsensitive", gives: 1),
            Call("Count", addresses, gives: 3), Call("Count", "one", gives: 1),
            Call("Item", addresses, 3, gives: "X500:/o=a"), Call("Item", addresses, 1, gives: "smtp:jd@a.test"),
            Call("ItemOrNull", addresses, 2, gives: "SMTP:john@a.test"), Call("ItemOrNull", addresses, 4, gives: .null),
            Call("ItemOrNull", addresses, 0, gives: .null), Call("ItemOrNull", addresses, -1, gives: .null),
            Call("Join", ["a", "b"], gives: "a b"), Call("Join", ["a", "b"], ",", gives: "a,b"),
            Call("Join", ["a", "b"], "", gives: "ab"),
            Call("Join", ["a", "b"], .null, gives: "ab"),
            Call("Join", [reference("cn=A"), 5, true], "|", gives: "cn=A|5|True"),
            Call("RemoveDuplicates", ["a", "b", "a"], gives: ["a", "b"]),
            Call("RemoveDuplicates", ["a", "A"], gives: ["a", "A"]),
            Call("RemoveDuplicates", ["é", "e\u{301}"], gives: ["é", "e\u{301}"]),
            Call("RemoveDuplicates", [bytes("01"), bytes("01")], gives: [bytes("01")]),
            Call("RemoveDuplicates", [1, 2, 1], gives: [1, 2]),
            Call("RemoveDuplicates", [reference("cn=A"), reference("cn=A")], gives: [reference("cn=A")]),
            Call(
                "Split", "SMTP:john.doe@a.test,smtp:jd@a.test", ",", gives: ["SMTP:john.doe@a.test", "smtp:jd@a.test"]),
            Call("Split", "a,b,c", ",", 2, gives: ["a", "b,c"]), Call("Split", "a,b", ",", 1, gives: ["a,b"]),
            Call("Split", "a,,b", ",", gives: ["a", "", "b"]), Call("Split", "", ",", gives: [""]),
            Call("Split", "a\r\nb", "\n", gives: ["a\r", "b"]),
        ])
    func documented(_ call: Call) throws { try call.check() }

    @Test(
        "take an absent list for one without values",
        arguments: [
            Call("Contains", .null, "a", gives: 0), Call("Contains", ["a"], .null, gives: 0),
            Call("Count", .null, gives: 0),
            Call("ItemOrNull", .null, 1, gives: .null), Call("ItemOrNull", ["a"], .null, gives: .null),
            Call("Join", .null, ",", gives: .null), Call("RemoveDuplicates", .null, gives: .null),
            Call("Split", .null, ",", gives: .null),
        ])
    func absent(_ call: Call) throws { try call.check() }

    @Test(
        "say what is wrong",
        arguments: [
            RefusedCall("Item", ["a", "b"], 3, says: "there is no value 3 among 2"),
            RefusedCall("Item", ["a"], 0, says: "no value 0 among 1"),
            RefusedCall("Item", .null, 1, says: "no value 1 among 0"),
            RefusedCall("Item", ["a"], .null, says: "expected a number"),
            RefusedCall("Contains", [1], "1", says: "strings or references"),
            RefusedCall("Contains", ["a"], "a", "x", says: "CaseSensitive"),
            RefusedCall("Join", [bytes("00")], says: "a list of strings"),
            RefusedCall("Split", "a", "", says: "one character"),
            RefusedCall("Split", "a", ",;", says: "one character"),
            RefusedCall("Split", "a", ",", 0, says: "a limit from 1 on"),
        ])
    func wrong(_ refusal: RefusedCall) { refusal.check() }
}

@Suite("Checks of values")
struct FunctionsCheckTests {
    /// What each check says of a value, in the order of `checks`.
    static let checks = [
        "IsNull", "IsEmpty", "IsNullOrEmpty", "IsPresent", "IsString", "IsNumeric", "IsDate", "IsGuid",
    ]

    @Test(
        "answer for every kind of value",
        arguments: [
            (.null, "10100000"), ("", "01101000"), ("text", "00011000"), (" ", "00011000"), ("12", "00011100"),
            ("2013-01-10", "00011010"), ("{00112233-4455-6677-8899-aabbccddeeff}", "00011001"), (5, "00011100"),
            (true, "00011000"), (.date(someDate), "00010010"), (reference("cn=A"), "00011000"),
            (bytes("0102030405060708090A"), "00010000"),
            (["12"], "00011100"), (["1", "2"], "00010000"), ([""], "01101000"), (.authoritativeNull, "10100000"),
        ] as [(Value, String)])
    func answers(_ value: Value, _ expected: String) throws {
        let answers = try Self.checks.map { try call($0, value) == true ? "1" : "0" }.joined()
        #expect(answers == expected, "\(Self.checks)")
    }

    @Test(
        "IsBitSet looks at bits",
        arguments: [
            Call("IsBitSet", 15, 4, gives: true), Call("IsBitSet", 11, 4, gives: false),
            Call("IsBitSet", 514, 2, gives: true),
            Call("IsBitSet", -2_147_483_646, -2_147_483_648, gives: true),
            Call("IsBitSet", 2, -2_147_483_648, gives: false),
            Call("IsBitSet", 1, 3, gives: false), Call("IsBitSet", 1, 0, gives: false),
            Call("IsBitSet", .null, 2, gives: false),
            Call("IsBitSet", 2, .null, gives: false),
        ])
    func bits(_ call: Call) throws { try call.check() }

    @Test("IsBitSet takes numbers only")
    func wrong() { RefusedCall("IsBitSet", "2", 2, says: "expected a number").check() }
}

@Suite("Functions on numbers")
struct FunctionsMathematicsTests {
    @Test(
        "combine bits",
        arguments: [
            Call("BitAnd", 0xF, 0xF7, gives: 7), Call("BitOr", 0xF, 0xF7, gives: 0xFF),
            Call("BitAnd", .null, 2, gives: .null),
            Call("BitOr", 1, .null, gives: .null),
            // A security group's type has the highest of 32 bits; read with a sign and without one.
            Call("BitAnd", -2_147_483_646, -2_147_483_648, gives: -2_147_483_648),
            Call("BitAnd", 8, -2_147_483_648, gives: 0),
            Call("BitAnd", 35_184_372_088_832, 0x21C0_7000, gives: 0),
        ])
    func bits(_ call: Call) throws { try call.check() }

    @Test(
        "draw random numbers, both limits included",
        arguments: [(100, 999), (5, 5), (-3, 3), (Int64.min, .max), (0, Int64.max)] as [(Int64, Int64)])
    func random(_ first: Int64, _ last: Int64) throws {
        #expect(try call("RandomNum", .number(first), .number(last)) { _ in 0 } == .number(first))
        #expect(try call("RandomNum", .number(first), .number(last)) { $0 - 1 } == .number(last))
    }

    @Test(
        "say what is wrong",
        arguments: [
            RefusedCall("BitAnd", "1", 1, says: "expected a number"),
            RefusedCall("BitOr", 1, true, says: "expected a number"),
            RefusedCall("RandomNum", 2, 1, says: "the lower limit 2 is above the upper limit 1"),
        ])
    func wrong(_ refusal: RefusedCall) { refusal.check() }
}
