import Documents
import TestSupport
import Testing

/// A random value that uses everything that the encoder has to think about.
private func randomValue(_ depth: Int, _ random: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 5 : 8), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int64.random(in: Int64.min...Int64.max, using: &random))
    case 3: return .integer([0, 1, -1, Int64.max, Int64.min].randomElement(using: &random) ?? 0)
    case 4: return .string(randomText(&random))
    case 5:
        return .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in randomValue(depth - 1, &random) })
    default:
        var members: [String: JSONValue] = [:]
        for _ in 0..<Int.random(in: 0..<5, using: &random) {
            members[randomText(&random)] = randomValue(depth - 1, &random)
        }
        return .object(members)
    }
}

private func randomText(_ random: inout SeededGenerator) -> String {
    let ranges: [ClosedRange<UInt32>] = [0...0x1F, 0x20...0x7F, 0x80...0x7FF, 0xE000...0xFFFF, 0x1_0000...0x10_FFFF]
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<12, using: &random) {
        let range = ranges.randomElement(using: &random) ?? 0x20...0x7F
        if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { text.append(scalar) }
    }
    return String(text)
}

struct JSONEncoderTests {
    @Test("What is written is read back the same, and written the same again", arguments: UInt64(1)...200)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let value = randomValue(4, &random)
        let compact = value.compact
        #expect(try JSONParser.parse(compact) == value)
        #expect(try JSONParser.parse(compact).compact == compact)
        #expect(try JSONParser.parse(value.pretty) == value)
        #expect(try JSONParser.parse(value.pretty).pretty == value.pretty)
        #expect(try JSONParser.parse(value.pretty).compact == compact)
    }

    @Test("The compact form has no spaces and no line's end")
    func compact() {
        let value: JSONValue = ["b": [1, -2, nil, true, false], "a": ["x": [:], "y": []]]
        #expect(value.line == #"{"a":{"x":{},"y":[]},"b":[1,-2,null,true,false]}"#)
    }

    @Test("Keys stand in the order of their bytes, not in that of their letters")
    func keyOrder() {
        // The composed é begins with byte C3, the decomposed one with the byte of e.
        let value: JSONValue = [
            "\u{E9}": 1, "f": 2, "e\u{302}": 3, "Z": 4, "aa": 5, "a": 6, "": 7, "\u{FFFD}": 8, "😀": 9,
        ]
        #expect(
            value.line == "{\"\":7,\"Z\":4,\"a\":6,\"aa\":5,\"e\u{302}\":3,\"f\":2,\"\u{E9}\":1,\"\u{FFFD}\":8,\"😀\":9}"
        )
    }

    @Test("Only what must be escaped is escaped")
    func escapes() {
        let value = JSONValue.string("\"\\/\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F} \u{7F}é😀\u{2028}")
        #expect(
            value.line == #""\"\\/\u0000\u0001\u0008\t\n\u000b\u000c\r\u001f "# + "\u{7F}é😀\u{2028}\"")
    }

    @Test("The canonical form, which is signed, escapes the quotation mark and the backslash and nothing else")
    func canonical() {
        let value: JSONValue = ["é\n": .string("\"\\/\u{0}\t\n\r\u{1F}"), "b": [1, -2, nil, true, false]]
        #expect(
            String(decoding: value.canonical, as: UTF8.self)
                == "{\"b\":[1,-2,null,true,false],\"é\n\":\"\\\"\\\\/\u{0}\t\n\r\u{1F}\"}")
    }

    @Test("The form for people has two spaces a level and a newline at the end")
    func pretty() {
        let value: JSONValue = ["list": [1, ["a": "b"]], "empty": [], "none": [:]]
        let expected = """
            {
              "empty": [],
              "list": [
                1,
                {
                  "a": "b"
                }
              ],
              "none": {}
            }

            """
        #expect(String(decoding: value.pretty, as: UTF8.self) == expected)
    }
}
