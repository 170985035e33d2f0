import Documents
import Testing

/// The smallest document there can be.
private struct Note: Document, Equatable {
    static let schemaName = "note"

    var text: String
    var unknown: [String: JSONValue] = [:]

    init(fields: inout FieldReader) throws(DocumentError) { text = try fields.string("text") }

    var members: [String: JSONValue] { ["text": .string(text)] }
}

struct DocumentTests {
    private func read(_ text: String) throws -> Note { try Note(bytes: Array(text.utf8), file: "note.json") }

    @Test("Fields of a newer program are kept and written again")
    func keepsUnknown() throws {
        var note = try read(#"{"schema":"note/1","text":"a","later":{"x":[1,null]},"other":null}"#)
        note.text = "b"
        #expect(note.json.line == #"{"later":{"x":[1,null]},"other":null,"schema":"note/1","text":"b"}"#)
    }

    @Test("A known field wins over an unknown one of the same name")
    func knownWins() throws {
        var note = try read(#"{"schema":"note/1","text":"a"}"#)
        note.unknown = ["text": "old", "schema": "other/9"]
        #expect(note.json.line == #"{"schema":"note/1","text":"a"}"#)
    }

    @Test(
        "Another schema, another major and no schema are refused",
        arguments: [
            (#"{"schema":"note/2","text":"a"}"#, #"note.json: schema: expected "note/1", found "note/2""#),
            (#"{"schema":"note/1.1","text":"a"}"#, #"note.json: schema: expected "note/1", found "note/1.1""#),
            (#"{"schema":"lease/1","text":"a"}"#, #"note.json: schema: expected "note/1", found "lease/1""#),
            (#"{"schema":1,"text":"a"}"#, "note.json: schema: expected a string, found an integer"),
            (#"{"text":"a"}"#, "note.json: schema: expected a string, found nothing"),
            (#"{"schema":"note/1"}"#, "note.json: text: expected a string, found nothing"),
            (#"[]"#, "note.json: expected an object, found an array"),
            (
                "{\n \"schema\":",
                "note.json: line 2, column 11: not valid JSON: the document ends where a value is expected"
            ),
        ])
    func refuses(_ text: String, _ message: String) {
        do {
            let note = try read(text)
            Issue.record("was read as \(note)")
        } catch {
            #expect("\(error)" == message)
        }
    }
}
