import Documents

/// Digests of one content by algorithm (`sha256`, `sha512`), in lower-case hexadecimal as they were read.
public struct ContentHashes: Equatable, Sendable {
    public var values: [String: String]

    public init(_ values: [String: String]) { self.values = values }

    init(fields: inout FieldReader, _ key: String) throws(DocumentError) {
        values = try fields.texts(key)
        if values.isEmpty { throw fields.failure(key, "expected at least one digest, found none") }
    }

    var json: JSONValue { .object(values.mapValues { .string($0) }) }
}

/// What timestamp and snapshot say of another metadata file (specification, 4.4 and 4.6).
public struct MetadataFileInfo: Equatable, Sendable {
    public var version: Int
    /// In bytes, where it is stated.
    public var length: Int?
    public var hashes: ContentHashes?
    public var unknown: [String: JSONValue] = [:]

    public init(version: Int, length: Int? = nil, hashes: ContentHashes? = nil) {
        self.version = version
        self.length = length
        self.hashes = hashes
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        version = try fields.versionNumber("version")
        length = try fields.optional("length") == nil ? nil : fields.count("length")
        hashes = try fields.optional("hashes") == nil ? nil : ContentHashes(fields: &fields, "hashes")
        unknown = fields.unknown
    }

    var json: JSONValue {
        var all = unknown
        all["version"] = JSONValue(version)
        all["length"] = length.map { JSONValue($0) }
        all["hashes"] = hashes?.json
        return .object(all)
    }
}

/// What targets metadata says of one target file (specification, 4.5).
public struct TargetFileInfo: Equatable, Sendable {
    /// In bytes.
    public var length: Int
    public var hashes: ContentHashes
    /// What the publisher says about it; opaque here.
    public var custom: JSONValue?
    public var unknown: [String: JSONValue] = [:]

    public init(length: Int, hashes: ContentHashes, custom: JSONValue? = nil) {
        self.length = length
        self.hashes = hashes
        self.custom = custom
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        length = try fields.count("length")
        hashes = try ContentHashes(fields: &fields, "hashes")
        custom = fields.optional("custom")
        unknown = fields.unknown
    }

    var json: JSONValue {
        var all = unknown
        all["length"] = JSONValue(length)
        all["hashes"] = hashes.json
        all["custom"] = custom
        return .object(all)
    }
}

extension FieldReader {
    /// A version number of metadata: 1 or more.
    mutating func versionNumber(_ key: String) throws(DocumentError) -> Int {
        let number = try integer(key)
        if number < 1 { throw failure(key, "expected a version number of at least 1, found \(number)") }
        return number
    }

    /// Every member of an object, by name, in the order of the names.
    mutating func members<Value>(
        _ key: String, _ read: (String, inout FieldReader) throws(DocumentError) -> Value
    ) throws(DocumentError) -> [String: Value] {
        var inner = try object(key)
        var values: [String: Value] = [:]
        for name in inner.unknown.keys.sorted() {
            var reader = try inner.object(name)
            values[name] = try read(name, &reader)
        }
        return values
    }
}
