import Documents
import Foundation
import TestSupport
import Testing

/// The bytes that signatures cover, held against those of python-tuf's library.
@Suite(.enabled(if: PythonTUF.isThere, PythonTUF.missing))
struct InteroperationCanonicalTests {
    /// Characters at the borders of what encoders treat differently.
    private static let scalars: [ClosedRange<UInt32>] = [
        0x00...0x1F, 0x20...0x7E, 0x7F...0xA0, 0xC0...0x24F, 0x300...0x36F, 0x2000...0x206F, 0xE000...0xE010,
        0xFFF0...0xFFFF, 0x1F300...0x1F5FF, 0x10FFF0...0x10FFFF,
    ]

    private func text(_ random: inout SeededGenerator) -> String {
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let range = Self.scalars[Int.random(in: 0..<Self.scalars.count, using: &random)]
            if let scalar = Unicode.Scalar(UInt32.random(in: range, using: &random)) { text.append(scalar) }
        }
        return String(text)
    }

    private func value(_ random: inout SeededGenerator, depth: Int = 0) -> JSONValue {
        switch Int.random(in: 0..<(depth > 3 ? 6 : 9), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .integer(Int64.random(in: -1000...1000, using: &random))
        case 3: .integer(Int64.random(in: .min ... .max, using: &random))
        case 4, 5: .string(text(&random))
        case 6: .array((0..<Int.random(in: 0...4, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default:
            .object(
                Dictionary(
                    (0..<Int.random(in: 0...6, using: &random)).map { _ in
                        (text(&random), value(&random, depth: depth + 1))
                    }, uniquingKeysWith: { first, _ in first }))
        }
    }

    @Test("Any value has the same canonical form there and here", arguments: [UInt64(1), 2, 3])
    func same(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let values = (0..<2000).map { _ in value(&random) }
        try withTemporaryFolder { folder in
            let input = folder.appending(path: "values")
            try Data(values.flatMap { $0.compact + [UInt8(ascii: "\n")] }).write(to: input)
            let (output, errors) = (folder.appending(path: "out"), folder.appending(path: "err"))
            let script = packageFolder.appending(path: "Tests/TUFTests/python-tuf/canonical.py").path
            let pid = try start(PythonTUF.python, [script], input: input.path, output: output, errors: errors)
            let status = try awaitEnd(pid, milliseconds: 60_000)
            let words = try String(contentsOf: errors, encoding: .utf8)
            #expect(status == 0, "\(words)")
            let theirs = try String(contentsOf: output, encoding: .utf8).split(separator: "\n")
            #expect(theirs.count == values.count)
            for (value, text) in zip(values, theirs) {
                let ours = value.canonical.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                #expect(ours == text, "seed \(seed): \(value.line)")
            }
        }
    }
}
