import Documents
import Testing

/// Reads members of an object the way a document does.
private struct Reading: Sendable, CustomTestStringConvertible {
    let json: JSONValue
    let message: String
    let read: @Sendable (inout FieldReader) throws -> Void

    init(_ json: JSONValue, _ message: String, _ read: @escaping @Sendable (inout FieldReader) throws -> Void) {
        self.json = json
        self.message = message
        self.read = read
    }

    var testDescription: String { message }
}

struct FieldReaderTests {
    private static let readings: [Reading] = [
        Reading([:], "f.json: name: expected a string, found nothing") { _ = try $0.string("name") },
        Reading(["name": nil], "f.json: name: expected a string, found nothing") { _ = try $0.string("name") },
        Reading(["name": 1], "f.json: name: expected a string, found an integer") { _ = try $0.string("name") },
        Reading(["name": []], "f.json: name: expected a string, found an array") { _ = try $0.optionalString("name") },
        Reading(["n": "1"], "f.json: n: expected an integer, found a string") { _ = try $0.integer("n") },
        Reading(["n": true], "f.json: n: expected an integer, found a boolean") { _ = try $0.optionalInteger("n") },
        Reading(["n": -1], "f.json: n: expected a number of at least 0, found -1") { _ = try $0.count("n") },
        Reading(["on": "yes"], "f.json: on: expected true or false, found a string") { _ = try $0.bool("on") },
        Reading(["on": 0], "f.json: on: expected true or false, found an integer") { _ = try $0.optionalBool("on") },
        Reading(["list": [:]], "f.json: list: expected an array, found an object") { _ = try $0.array("list") },
        Reading(["list": ["a", 1]], "f.json: list[1]: expected a string, found an integer") {
            _ = try $0.strings("list")
        },
        Reading(["list": [[:], 1]], "f.json: list[1]: expected an object, found an integer") {
            _ = try $0.objects("list")
        },
        Reading(["inner": nil], "f.json: inner: expected a value, found nothing") { _ = try $0.object("inner") },
        Reading(["inner": "x"], "f.json: inner: expected an object, found a string") { _ = try $0.object("inner") },
        Reading(["inner": ["deep": ["x": 1]]], "f.json: inner.deep.x: expected a string, found an integer") {
            var inner = try $0.object("inner")
            var deep = try inner.object("deep")
            _ = try deep.string("x")
        },
        Reading(["list": [["x": 1]]], "f.json: list[0].x: expected a string, found an integer") {
            for var element in try $0.objects("list") { _ = try element.string("x") }
        },
        Reading(["inner": ["list": [[:]]]], "f.json: inner.list[0].x: expected a string, found nothing") {
            var inner = try $0.object("inner")
            for var element in try inner.objects("list") { _ = try element.string("x") }
        },
        Reading(["texts": ["a": 1]], "f.json: texts.a: expected a string, found an integer") {
            _ = try $0.texts("texts")
        },
        Reading(["texts": "a"], "f.json: texts: expected an object of strings, found a string") {
            _ = try $0.texts("texts")
        },
        Reading(["t": "today"], "f.json: t: expected a time like 2026-01-31T23:59:59Z, found \"today\"") {
            _ = try $0.time("t")
        },
        Reading(["v": "1.2.3"], "f.json: v: expected a version of four numbers like 1.1.750.0, found \"1.2.3\"") {
            _ = try $0.version("v")
        },
        Reading(["d": "abc"], "f.json: d: expected 64 hexadecimal digits, found \"abc\"") { _ = try $0.digest("d") },
    ]

    @Test("Says the file, the place in it, what was expected and what was found", arguments: readings)
    private func message(_ reading: Reading) throws {
        var fields = try FieldReader(reading.json, file: "f.json")
        do {
            try reading.read(&fields)
            Issue.record("expected \"\(reading.message)\"")
        } catch {
            #expect("\(error)" == reading.message)
        }
    }

    @Test("Only an object has members")
    func notAnObject() {
        #expect(throws: DocumentError(file: "f", place: "", problem: "expected an object, found an array")) {
            try FieldReader([], file: "f")
        }
        #expect(DocumentError(file: "f", place: "", problem: "p").description == "f: p")
    }

    @Test("Hands out what nobody asked for, and null counts as nothing")
    func unknown() throws {
        var fields = try FieldReader(["a": "x", "b": nil, "c": [1], "d": 4], file: "f")
        #expect(try fields.string("a") == "x")
        #expect(try fields.optionalString("b") == nil)
        #expect(try fields.optionalInteger("missing") == nil)
        #expect(try fields.optionalBool("missing") == nil)
        #expect(fields.unknown == ["c": [1], "d": 4])
    }
}
