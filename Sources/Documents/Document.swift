/// A JSON document with a schema name of its own: `"schema": "<name>/<major>"`.
///
/// Fields that this program does not know are kept and written again; an unknown major version is refused.
public protocol Document: Sendable {
    static var schemaName: String { get }
    static var schemaMajor: Int { get }
    /// Fields that were read and not understood.
    var unknown: [String: JSONValue] { get set }

    /// Reads the members; the schema was checked already.
    init(fields: inout FieldReader) throws(DocumentError)
    /// The members, without `schema` and without the unknown ones.
    var members: [String: JSONValue] { get }
}

extension Document {
    public static var schemaMajor: Int { 1 }
    public static var schema: String { "\(schemaName)/\(schemaMajor)" }

    public init(json: JSONValue, file: String) throws(DocumentError) {
        var fields = try FieldReader(json, file: file)
        let schema = try fields.string("schema")
        guard schema == Self.schema else {
            throw fields.failure("schema", "expected \"\(Self.schema)\", found \"\(schema)\"")
        }
        try self.init(fields: &fields)
        unknown = fields.unknown
    }

    public init(bytes: [UInt8], file: String) throws(DocumentError) {
        try self.init(json: try JSONValue(bytes: bytes, file: file), file: file)
    }

    public var json: JSONValue {
        var all = unknown.merging(members) { _, known in known }
        all["schema"] = .string(Self.schema)
        return .object(all)
    }
}

extension JSONValue {
    /// Reads a file's content; an error names the file, and the line and column in it.
    public init(bytes: [UInt8], file: String) throws(DocumentError) {
        do {
            self = try JSONParser.parse(bytes)
        } catch {
            throw DocumentError(
                file: file, place: "line \(error.line), column \(error.column)",
                problem: "not valid JSON: \(error.problem)")
        }
    }
}
