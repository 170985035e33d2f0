import Documents

/// The common beginning of the files in `catalog/`.
///
/// They are reviewed data that ships with the program, not documents from a newer one: a field that is not understood is
/// a mistake, and refused.
enum CatalogFile {
    static func open(_ bytes: [UInt8], file: String, schema: String) throws(DocumentError) -> FieldReader {
        let json = try JSONValue(bytes: bytes, file: file)
        var fields = try FieldReader(json, file: file)
        let found = try fields.string("schema")
        guard found == schema else { throw fields.failure("schema", "expected \"\(schema)\", found \"\(found)\"") }
        return fields
    }

    static func refuseStrangers(_ fields: FieldReader) throws(DocumentError) {
        if let stranger = fields.unknown.keys.sorted().first { throw fields.failure(stranger, "no such field") }
    }
}
