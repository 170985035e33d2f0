import Foundation
import TestSupport
import Testing

@testable import SyncExpressions

/// 2014-09-05 08:14:53.
let someDate = DateTime(ticks: 635_455_016_930_000_000)

/// What the compiler does with arguments that are values: `null` is given back or passed on.
func call(
    _ name: String, _ arguments: Value..., random: @escaping @Sendable (UInt64) -> UInt64 = { $0 / 2 }
) throws -> Value {
    try call(name, with: arguments, random: random)
}

func call(
    _ name: String, with arguments: [Value], random: @escaping @Sendable (UInt64) -> UInt64 = { $0 / 2 }
) throws -> Value {
    let function = try #require(FunctionLibrary.functions[name], "there is no function \(name)")
    let required = function.parameters.filter { !$0.isOptional }.count
    #expect(
        arguments.count >= required && (function.isVariadic || arguments.count <= function.parameters.count),
        "\(name) takes another number of arguments")
    if function.nulls == .giveNull, arguments.prefix(required).contains(.null) { return .null }
    return try function.body(arguments, EvaluationEnvironment(now: someDate, random: random))
}

/// Texts literally, so that the expected values of tables read well.
extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral
{
    public init(stringLiteral text: String) { self = .string(text) }
    public init(integerLiteral number: Int64) { self = .number(number) }
    public init(booleanLiteral boolean: Bool) { self = .boolean(boolean) }
    public init(arrayLiteral values: Value...) { self = .list(values) }
}

func bytes(_ hexadecimal: String) -> Value { .binary(Hexadecimal.bytes(Array(hexadecimal.utf8)) ?? []) }
func reference(_ name: String) -> Value { .reference(Reference(name: name)) }

/// DER, made by `Oracle/make-certificates.sh`.
func certificate(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: packageFolder.appending(path: "Tests/SyncExpressionsTests/Certificates/\(name).der")))
}

/// One row of a table in `Expected/`: what .NET gave for a function's arguments.
struct ExpectedCall: Sendable, CustomTestStringConvertible {
    let line: Int
    let function: String
    let arguments: [Value]
    /// nil where .NET refuses.
    let result: Value?

    var testDescription: String { "line \(line): \(function)" }

    static func table(_ name: String) throws -> [ExpectedCall] {
        let file = packageFolder.appending(path: "Tests/SyncExpressionsTests/Expected/\(name)")
        let rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return try rows.enumerated().map { number, row in
            let cells = row.split(separator: "\t", omittingEmptySubsequences: false)
            let arrow = try #require(cells.firstIndex(of: "=>"))
            #expect(arrow == cells.count - 2, "\(name):\(number + 1)")
            return ExpectedCall(
                line: number + 1, function: String(cells[0]), arguments: try cells[1..<arrow].map(value),
                result: cells[arrow + 1] == "error" ? nil : try value(cells[arrow + 1]))
        }
    }

    private static func value(_ cell: Substring) throws -> Value {
        let content = cell.dropFirst(2)
        return switch cell.prefix(2) {
        case "s:": .string(try unescaped(content))
        case "n:": .number(try #require(Int64(content)))
        case "b:": .boolean(content == "True")
        case "d:": .date(DateTime(ticks: try #require(Int64(content))))
        case "x:": bytes(String(content))
        case "l:":
            .list(
                try content.split(separator: "|", omittingEmptySubsequences: false).map { .string(try unescaped($0)) })
        case "c:": .binary(try certificate(String(content)))
        case "nu": .null
        default: throw Unreadable(cell: String(cell))
        }
    }

    private struct Unreadable: Error { let cell: String }

    private static func unescaped(_ text: Substring) throws -> String {
        var units: [UInt16] = []
        var rest = text.utf8
        while let byte = rest.first {
            if byte == UInt8(ascii: "\\") {
                let digits = String(decoding: rest.dropFirst(2).prefix(4), as: UTF8.self)
                units.append(try #require(UInt16(digits, radix: 16)))
                rest = rest.dropFirst(6)
            } else {
                units.append(UInt16(byte))
                rest = rest.dropFirst()
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}

/// Compared as .NET would: texts unit by unit, not as characters that look alike.
func isSame(_ left: Value, _ right: Value) -> Bool {
    switch (left, right) {
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    case (.list(let left), .list(let right)):
        left.count == right.count && zip(left, right).allSatisfy { isSame($0, $1) }
    default: left == right
    }
}

@Suite("The functions of the expression language")
struct FunctionTableTests {
    @Test(
        "give what .NET gives",
        arguments: [("texts.tsv", 2_300), ("dates.tsv", 1_400), ("conversions.tsv", 140), ("certificates.tsv", 200)])
    func tables(_ name: String, _ atLeast: Int) throws {
        let rows = try ExpectedCall.table(name)
        #expect(rows.count >= atLeast)
        for row in rows {
            let place = "\(name):\(row.line) \(row.function)(\(row.arguments))"
            if let expected = row.result {
                do {
                    let result = try call(row.function, with: row.arguments)
                    #expect(isSame(result, expected), "\(place) gave \(result), expected \(expected)")
                } catch { Issue.record("\(place) failed: \(error)") }
            } else {
                #expect(throws: EvaluationError.self, "\(place)") { try call(row.function, with: row.arguments) }
            }
        }
    }
}
