import Documents

/// Which keys sign for a role, and how many of them must.
public struct RoleKeys: Equatable, Sendable {
    /// Each once.
    public var keyIds: [String]
    /// At least 1.
    public var threshold: Int
    public var unknown: [String: JSONValue] = [:]

    public init(keyIds: [String], threshold: Int = 1) {
        self.keyIds = keyIds
        self.threshold = threshold
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        keyIds = try fields.strings("keyids")
        if Set(keyIds).count != keyIds.count { throw fields.failure("keyids", "expected each key once") }
        threshold = try fields.integer("threshold")
        if threshold < 1 { throw fields.failure("threshold", "expected at least 1, found \(threshold)") }
        unknown = fields.unknown
    }

    var members: [String: JSONValue] {
        var all = unknown
        all["keyids"] = .array(keyIds.map { .string($0) })
        all["threshold"] = JSONValue(threshold)
        return all
    }
}
