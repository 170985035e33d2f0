import Documents

/// Root metadata: which keys sign for the top-level roles (specification, 4.3).
public struct RootMetadata: RoleContent {
    public static let typeName = "root"

    public var version: Int
    public var expires: WallTime
    /// Whether metadata files carry their version and target files their digest in their name (specification, 6.2).
    public var consistentSnapshot: Bool
    public var keys: [String: PublicKey]
    /// All of ``RoleName/topLevel`` are there.
    public var roles: [RoleName: RoleKeys]
    public var unknown: [String: JSONValue] = [:]

    public init(
        version: Int, expires: WallTime, consistentSnapshot: Bool = true, keys: [String: PublicKey],
        roles: [RoleName: RoleKeys]
    ) {
        self.version = version
        self.expires = expires
        self.consistentSnapshot = consistentSnapshot
        self.keys = keys
        self.roles = roles
    }

    public init(version: Int, expires: WallTime, fields: inout FieldReader) throws(DocumentError) {
        self.version = version
        self.expires = expires
        consistentSnapshot = try fields.optionalBool("consistent_snapshot") ?? false
        keys = try fields.members("keys") { name, reader throws(DocumentError) in
            try PublicKey(id: name, fields: &reader)
        }
        let named = try fields.members("roles") { _, reader throws(DocumentError) in try RoleKeys(fields: &reader) }
        roles = [:]
        for (name, keys) in named { roles[RoleName(name)] = keys }
        for role in RoleName.topLevel where roles[role] == nil {
            throw fields.failure("roles", "expected the role \(role), found none")
        }
    }

    public var members: [String: JSONValue] {
        [
            "consistent_snapshot": .bool(consistentSnapshot), "keys": .object(keys.mapValues(\.json)),
            "roles": .object(
                Dictionary(roles.map { ($0.key.text, .object($0.value.members)) }, uniquingKeysWith: { $1 })),
        ]
    }
}
