import SyncExpressions
import Testing

/// Texts that look like expressions, each from its own number.
struct ExpressionMaker {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    /// SplitMix64, so that a failing input is found again by its number on any machine.
    private mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[next(elements.count)] }

    private static let leaves = [
        "[name]", "[number]", "[flag]", "[bytes]", "[manager]", "[texts]", "[numbers]", "[unknown]", "[nothing]",
        "\"a\"",
        "\"\"", "1", "-2147483648", "&HFF", "0", "True", "False", "NULL", "CRLF", "%Domain.FQDN%", "IgnoreThisFlow",
        "AuthoritativeNull", "$x", "$y", "9223372036854775807", "CaseInsensitive", "\"yyyy-MM-dd\"", "\"a:b,c:\"",
    ]
    private static let operators = ["<", "<=", "<>", "=", ">", ">=", "+", "-", "*", "&", "&&", "||"]
    private static let functions = [
        ("Trim", 1), ("Left", 2), ("Mid", 3), ("InStr", 2), ("Replace", 3), ("ReplaceChars", 2), ("Item", 2),
        ("Count", 1),
        ("Join", 2), ("Split", 2), ("Contains", 2), ("BitAnd", 2), ("CBool", 1), ("CNum", 1), ("CStr", 1), ("CRef", 1),
        ("DNComponent", 2), ("PadLeft", 3), ("Word", 3), ("DateFromNum", 1), ("FormatDateTime", 2),
        ("ConvertToBase64", 1),
        ("ConvertFromBase64", 1), ("StringFromSid", 1), ("IsNumeric", 1), ("RemoveDuplicates", 1), ("CDate", 1),
        ("IIF", 3),
        ("Switch", 4), ("Error", 1), ("IsPresent", 1), ("IsNullOrEmpty", 1), ("ImportedValue", 1), ("Now", 0),
        ("PCase", 1),
    ]

    mutating func expression(_ depth: Int) -> String {
        guard depth > 0, next(5) > 0 else { return pick(Self.leaves) }
        switch next(8) {
        case 0...2:
            return "\(expression(depth - 1)) \(pick(Self.operators)) \(expression(depth - 1))"
        case 3: return "(\(expression(depth - 1)))"
        case 4:
            let form = pick(["Select", "Where", "With"])
            return "\(form)(\(pick(["$x", "$y"])), \(expression(depth - 1)), \(expression(depth - 1)))"
        default:
            let (name, count) = pick(Self.functions)
            return "\(name)(\((0..<count).map { _ in expression(depth - 1) }.joined(separator: ", ")))"
        }
    }

    /// Takes pieces out, doubles them, and puts anything in.
    mutating func damaged(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for _ in 0...next(4) where !bytes.isEmpty {
            let place = next(bytes.count)
            let end = min(bytes.count, place + next(8))
            switch next(4) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: Array(bytes[place..<end]), at: next(bytes.count))
            case 2: bytes[place] = UInt8(next(256))
            default: bytes.insert(pick(Array("()[]%$\"\\&|<>=,-+* \n/H0aé😀".utf8)), at: place)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

@Suite("Any text at all")
struct ExpressionFuzzTests {
    private static let full = Example([
        "name": "Ada Lovelace", "number": 514, "flag": true, "bytes": .binary([1, 2, 3]),
        "manager": .reference(Reference(object: 3, name: "CN=Ada,DC=corp")), "texts": ["a", "B", "1"],
        "numbers": [1, -5, 4_294_967_296], "unknown": ["x", "12"],
    ])

    @Test("is an expression or an error, and never more", arguments: 0..<20)
    func fuzz(part: UInt64) {
        var compiled = 0
        for number in 0..<1_000 {
            var maker = ExpressionMaker(seed: part * 1_000 + UInt64(number))
            let sound = maker.expression(4)
            let text = number.isMultiple(of: 2) ? sound : maker.damaged(sound)
            do throws(ExpressionError) {
                let expression = try Example.compile(text)
                compiled += 1
                for object in [Example(), Self.full] { Self.evaluate(expression, object) }
            } catch {
                let length = text.unicodeScalars.count
                #expect((1...length + 1).contains(error.position), "\(text): \(error)")
                #expect(!error.problem.isEmpty)
            }
        }
        // A generator that makes nothing but errors would try nothing.
        #expect(compiled > 50)
    }

    /// Whatever it is: a value without a value in it does not come out.
    private static func evaluate(_ expression: CompiledExpression, _ object: Example) {
        guard case .value(let value) = try? expression.evaluate(object, Example.environment) else { return }
        if case .list(let values) = value {
            #expect(!values.isEmpty, "\(expression.text)")
            #expect(!values.contains(.null), "\(expression.text)")
        }
    }
}
