import Documents

/// Timestamp metadata: which snapshot is the newest (specification, 4.6).
public struct TimestampMetadata: RoleContent {
    public static let typeName = "timestamp"

    public var version: Int
    public var expires: WallTime
    public var snapshot: MetadataFileInfo
    public var unknown: [String: JSONValue] = [:]

    public init(version: Int, expires: WallTime, snapshot: MetadataFileInfo) {
        self.version = version
        self.expires = expires
        self.snapshot = snapshot
    }

    public init(version: Int, expires: WallTime, fields: inout FieldReader) throws(DocumentError) {
        self.version = version
        self.expires = expires
        var files = try fields.object("meta")
        var reader = try files.object(RoleName.snapshot.fileName)
        snapshot = try MetadataFileInfo(fields: &reader)
        if let stranger = files.unknown.keys.sorted().first {
            throw files.failure(stranger, "expected \(RoleName.snapshot.fileName) alone")
        }
    }

    public var members: [String: JSONValue] { ["meta": [RoleName.snapshot.fileName: snapshot.json]] }
}
