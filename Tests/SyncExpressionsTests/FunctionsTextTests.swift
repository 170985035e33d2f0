import Testing

@testable import SyncExpressions

/// A call and what it gives.
struct Call: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [Value]
    let result: Value

    init(_ name: String, _ arguments: Value..., gives result: Value) {
        self.name = name
        self.arguments = arguments
        self.result = result
    }

    var testDescription: String { "\(name)(\(arguments)) gives \(result)" }

    func check() throws {
        let given = try call(name, with: arguments)
        #expect(isSame(given, result), "gave \(given)")
    }
}

/// A call that fails, and a part of what the error says.
struct RefusedCall: Sendable, CustomTestStringConvertible {
    let name: String
    let arguments: [Value]
    let problem: String

    init(_ name: String, _ arguments: Value..., says problem: String) {
        self.name = name
        self.arguments = arguments
        self.problem = problem
    }

    var testDescription: String { "\(name)(\(arguments)) says \(problem)" }

    func check() {
        do {
            let given = try call(name, with: arguments)
            Issue.record("gave \(given)")
        } catch EvaluationError.failed(let function, let text) {
            #expect(function == name)
            #expect(text.contains(problem), "said: \(text)")
        } catch { Issue.record("threw \(error)") }
    }
}

@Suite("Functions on strings")
struct FunctionsTextTests {
    @Test(
        "give what the documents' examples show",
        arguments: [
            Call("Left", "John Doe", 3, gives: "Joh"),
            Call("Right", "John Doe", 3, gives: "Doe"),
            Call("Mid", "John Doe", 3, 5, gives: "hn Do"),
            Call("Mid", "John Doe", 6, 999, gives: "Doe"),
            Call("Len", "John Doe", gives: 8),
            Call("LCase", "TeSt", gives: "test"),
            Call("UCase", "TeSt", gives: "TEST"),
            Call("PCase", "TEsT", gives: "Test"),
            Call("Trim", " Test ", gives: "Test"),
            Call("LTrim", " Test ", gives: "Test "),
            Call("RTrim", " Test ", gives: " Test"),
            Call("PadLeft", "User", 10, "0", gives: "000000User"),
            Call("PadRight", "User", 10, "0", gives: "User000000"),
            Call("InStr", "The quick brown fox", "quick", gives: 5),
            Call("InStr", "repEated", "e", 3, "vbBinaryCompare", gives: 7),
            Call("InStrRev", "abbcdbbbef", "bb", gives: 7),
            Call("Replace", "One Microsoft Way\r\nRedmond", "\\r\\n", ", ", gives: "One Microsoft Way, Redmond"),
            Call("ReplaceChars", "Räksmörgås", "’:,Å:A,Ä:A,Ö:O,å:a,ä:a,ö,o", gives: "Raksmorgas"),
            Call("ReplaceChars", "O’Neil", "’:,Å:A,Ä:A,Ö:O,å:a,ä:a,ö,o", gives: "ONeil"),
            Call("Word", "The quick brown fox", 3, " ", gives: "brown"),
            Call("Word", "This,string!has&many separators", 3, ",!&#", gives: "has"),
        ])
    func documented(_ call: Call) throws { try call.check() }

    @Test(
        "give the edges that the documents state",
        arguments: [
            Call("Left", "abc", 0, gives: ""), Call("Left", "abc", -1, gives: "abc"),
            Call("Left", "abc", 4, gives: "abc"),
            Call("Right", "abc", 0, gives: ""), Call("Right", "abc", -1, gives: "abc"),
            Call("Right", "abc", 4, gives: "abc"),
            Call("Mid", "abc", 2, 0, gives: ""), Call("Mid", "abc", 2, -1, gives: "abc"),
            Call("Mid", "abc", 4, 1, gives: "abc"),
            Call("Mid", "abc", 0, 1, gives: "abc"), Call("Mid", "abc", -5, 1, gives: "abc"),
            Call("Mid", "abc", 2, gives: "bc"),
            Call("Left", "abc", .number(.max), gives: "abc"), Call("Mid", "abc", 2, .number(.max), gives: "bc"),
            Call("Left", "abc", .number(.min), gives: "abc"), Call("Right", "abc", .number(.max), gives: "abc"),
            Call("PadLeft", "User", 4, "0", gives: "User"), Call("PadRight", "User", -1, "0", gives: "User"),
            Call("PadLeft", "", 2, " ", gives: "  "),
            Call("Word", "a b", 0, " ", gives: ""), Call("Word", "a b", 3, " ", gives: ""),
            Call("Word", "", 1, " ", gives: ""),
            Call("Word", "User_1", 1, "_", gives: "User"), Call("Word", "a b", 1, "", gives: "a b"),
            Call("PCase", "jane VAN  DAM\tX", gives: "Jane Van  Dam\tx"), Call("PCase", "", gives: ""),
            Call("ReplaceChars", "aAb", "a : x, b:", gives: "xA"), Call("ReplaceChars", "abc", "", gives: "abc"),
            Call("ReplaceChars", "ß😀", "ß:ss,😀:smile", gives: "sssmile"),
            Call("Replace", "a\tb", "\\t", " ", gives: "a b"), Call("Replace", "", "a", "b", gives: ""),
            Call("Replace", "abab", "ab", "", gives: ""), Call("Replace", "a\r\nb", "\\n", "-", gives: "a\r-b"),
            Call("InStr", "abc", "d", gives: 0), Call("InStr", "abc", "", gives: 1), Call("InStr", "", "", gives: 0),
            Call("InStr", "abc", "", 3, gives: 3), Call("InStr", "abc", "", 4, gives: 0),
            Call("InStr", "abc", "a", 9, gives: 0),
            Call("InStr", "ABC", "b", 1, "VBTextCompare", gives: 2), Call("InStr", "ABC", "b", gives: 0),
            Call("InStrRev", "abc", "", gives: 3), Call("InStrRev", "", "a", gives: 0),
            Call("InStrRev", "abc", "a", 9, gives: 0),
            Call("InStrRev", "abab", "ab", 3, gives: 1), Call("InstrRev", "abab", "ab", gives: 3),
        ])
    func edges(_ call: Call) throws { try call.check() }

    @Test(
        "take an absent string for an empty one where the documents say so, and give nothing elsewhere",
        arguments: [
            Call("Left", .null, 3, gives: ""), Call("Right", .null, 3, gives: ""), Call("Mid", .null, 1, 2, gives: ""),
            Call("Word", .null, 1, " ", gives: ""), Call("PadLeft", .null, 3, "x", gives: ""),
            Call("PadRight", .null, 3, "x", gives: ""), Call("Len", .null, gives: 0),
            Call("InStr", .null, "a", gives: 0),
            Call("InStrRev", .null, "a", gives: 0), Call("InStr", "a", .null, gives: 0),
            Call("Left", "abc", .null, gives: .null),
            Call("Mid", "abc", .null, gives: .null), Call("Word", "a b", 2, .null, gives: ""),
            Call("Trim", .null, gives: .null), Call("LTrim", .null, gives: .null), Call("RTrim", .null, gives: .null),
            Call("LCase", .null, gives: .null), Call("UCase", .null, gives: .null), Call("PCase", .null, gives: .null),
            Call("Replace", .null, "a", "b", gives: .null), Call("ReplaceChars", .null, "a:b", gives: .null),
        ])
    func absent(_ call: Call) throws { try call.check() }

    @Test(
        "count UTF-16 units and never leave half of a surrogate pair",
        arguments: [
            Call("Len", "😀", gives: 2), Call("Len", "e\u{301}", gives: 2), Call("Len", "\r\n", gives: 2),
            Call("Left", "😀b", 1, gives: ""), Call("Left", "a😀b", 2, gives: "a"), Call("Left", "a😀b", 3, gives: "a😀"),
            Call("Right", "a😀", 1, gives: ""), Call("Right", "a😀b", 2, gives: "b"),
            Call("Mid", "a😀b", 3, 2, gives: "b"),
            Call("Mid", "a😀b", 2, 1, gives: ""), Call("Mid", "😀😀", 2, 2, gives: ""), Call("InStr", "😀b", "b", gives: 3),
            Call("InStrRev", "😀b😀", "😀", gives: 4), Call("PadLeft", "😀", 3, "x", gives: "x😀"),
            Call("Left", "e\u{301}x", 1, gives: "e"), Call("InStr", "e\u{301}", "é", gives: 0),
        ])
    func units(_ call: Call) throws { try call.check() }

    @Test("take parts of binary values too")
    func binary() throws {
        #expect(try call("Mid", bytes("0102030405"), 2, 3) == bytes("020304"))
        #expect(try call("Mid", bytes("0102030405"), 4) == bytes("0405"))
        #expect(try call("Mid", bytes("0102"), 3, 1) == bytes("0102"))
        #expect(try call("Mid", bytes("0102"), 1, 0) == bytes(""))
        #expect(try call("Len", bytes("010203")) == 3)
    }

    @Test(
        "say what is wrong",
        arguments: [
            RefusedCall("InStr", "a", "a", 0, says: "a place from 1 on"),
            RefusedCall("InStr", "a", "a", 1, "ignoring", says: "vbBinaryCompare or vbTextCompare"),
            RefusedCall("InStrRev", "a", "a", 0, says: "or -1 for the end"),
            RefusedCall("PadLeft", "a", 3, "", says: "one character"),
            RefusedCall("PadRight", "a", 3, "xy", says: "one character"),
            RefusedCall("PadRight", "a", 3, .null, says: "argument 3 is absent"),
            RefusedCall("PadLeft", .null, 3, .null, says: "argument 3 is absent"),
            RefusedCall("PadLeft", "a", 2_000_000_000, "x", says: "a length up to"),
            RefusedCall("Replace", "a", "", "b", says: "name at least one character"),
            RefusedCall("ReplaceChars", "a", "ab:c", says: "not one character"),
            RefusedCall("ReplaceChars", "a", ":c", says: "not one character"),
            RefusedCall("ReplaceChars", "a", "a:b:c", says: "not source:target"),
            RefusedCall("ReplaceChars", "a", "a", says: "has no target"),
            RefusedCall("Len", 5, says: "argument 1 is the number 5, expected a string or a binary value"),
            RefusedCall("Mid", true, 1, says: "expected a string or a binary value"),
            RefusedCall("Left", 5, 1, says: "expected a string"),
            RefusedCall("Right", "a", "b", says: "expected a number"),
            RefusedCall("Trim", 5, says: "expected a string"),
        ])
    func wrong(_ refusal: RefusedCall) { refusal.check() }

    @Test("make GUIDs of version 4 from the environment's random numbers", arguments: ["GUID", "Guid"])
    func guid(_ name: String) throws {
        #expect(try call(name) { _ in 0 } == "00000000-0000-4000-8000-000000000000")
        #expect(try call(name) { _ in 255 } == "ffffffff-ffff-4fff-bfff-ffffffffffff")
    }
}
