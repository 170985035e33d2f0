import Documents

/// Snapshot metadata: which versions of all targets roles belong together (specification, 4.4).
public struct SnapshotMetadata: RoleContent {
    public static let typeName = "snapshot"

    public var version: Int
    public var expires: WallTime
    /// By role: `targets` and every role that is delegated to.
    public var files: [RoleName: MetadataFileInfo]
    public var unknown: [String: JSONValue] = [:]

    public init(version: Int, expires: WallTime, files: [RoleName: MetadataFileInfo]) {
        self.version = version
        self.expires = expires
        self.files = files
    }

    public init(version: Int, expires: WallTime, fields: inout FieldReader) throws(DocumentError) {
        self.version = version
        self.expires = expires
        files = [:]
        let named = try fields.members("meta") { _, reader throws(DocumentError) in
            try MetadataFileInfo(fields: &reader)
        }
        for (name, info) in named {
            guard name.hasSuffix(".json") else { throw fields.failure("meta.\(name)", "expected a name with .json") }
            files[RoleName(String(name.dropLast(5)))] = info
        }
    }

    public var members: [String: JSONValue] {
        [
            "meta": .object(
                Dictionary(files.map { ($0.key.fileName, $0.value.json) }, uniquingKeysWith: { $1 }))
        ]
    }
}
