import Documents

/// The two modes that a file of a release may have.
public enum ReleaseFileMode: String, Sendable {
    case executable = "0755"
    case plain = "0644"

    /// The permission bits as `chmod` takes them.
    public var bits: UInt32 {
        switch self {
        case .executable: 0o755
        case .plain: 0o644
        }
    }
}

/// One file of a release as `release.json` lists it.
public struct ReleaseFile: Equatable, Sendable {
    /// Below the release's folder; keeps to ``ReleasePath``.
    public var path: String
    /// In bytes.
    public var size: Int
    public var mode: ReleaseFileMode
    public var digest: SHA256Digest
    /// Fields that were read and not understood.
    public var unknown: [String: JSONValue] = [:]

    public init(path: String, size: Int, mode: ReleaseFileMode, digest: SHA256Digest) {
        self.path = path
        self.size = size
        self.mode = mode
        self.digest = digest
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        path = try fields.releasePath("path")
        size = try fields.count("size")
        mode = try fields.parsed("mode", "\"0755\" or \"0644\"") { ReleaseFileMode(rawValue: $0) }
        digest = try fields.digest("sha256")
        unknown = fields.unknown
    }

    /// The members as they stand in `files`.
    public var json: JSONValue {
        .object(
            unknown.merging([
                "path": .string(path), "size": JSONValue(size), "mode": .string(mode.rawValue),
                "sha256": .string(digest.hexadecimal),
            ]) { _, known in known })
    }
}

extension FieldReader {
    /// A path that keeps to ``ReleasePath``.
    public mutating func releasePath(_ key: String) throws(DocumentError) -> String {
        let path = try string(key)
        if let problem = ReleasePath.problem(path) {
            throw failure(key, "expected a relative path without '.' and '..', but \"\(path)\" \(problem)")
        }
        return path
    }

    /// The name of a file without a folder.
    public mutating func fileName(_ key: String) throws(DocumentError) -> String {
        let name = try releasePath(key)
        if name.utf8.contains(UInt8(ascii: "/")) {
            throw failure(key, "expected a file's name without a folder, found \"\(name)\"")
        }
        return name
    }
}
