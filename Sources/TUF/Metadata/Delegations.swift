import Documents

/// For which target paths a role that is delegated to may speak.
public enum DelegatedPaths: Equatable, Sendable {
    /// Shell-style patterns; `*` and `?` do not match a slash.
    case patterns([String])
    /// Beginnings of the hexadecimal SHA-256 digest of a path.
    case hashPrefixes([String])
}

/// A role that targets metadata delegates to (specification, 4.5).
public struct DelegatedRole: Equatable, Sendable {
    public var name: RoleName
    public var keys: RoleKeys
    public var paths: DelegatedPaths
    /// Whether the search ends with this role where its paths fit.
    public var isTerminating: Bool

    public init(name: RoleName, keys: RoleKeys, paths: DelegatedPaths, isTerminating: Bool = false) {
        self.name = name
        self.keys = keys
        self.paths = paths
        self.isTerminating = isTerminating
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        name = RoleName(try fields.string("name"))
        if name.text.isEmpty || RoleName.topLevel.contains(name) {
            throw fields.failure("name", "expected the name of a delegated role, found \"\(name)\"")
        }
        isTerminating = try fields.bool("terminating")
        switch (fields.optional("paths") != nil, fields.optional("path_hash_prefixes") != nil) {
        case (true, false): paths = .patterns(try fields.strings("paths"))
        case (false, true): paths = .hashPrefixes(try fields.strings("path_hash_prefixes"))
        default: throw fields.failure("paths", "expected either paths or path_hash_prefixes")
        }
        // Last, so that it keeps what nobody else has read.
        keys = try RoleKeys(fields: &fields)
    }

    var json: JSONValue {
        var all = keys.members
        all["name"] = .string(name.text)
        all["terminating"] = .bool(isTerminating)
        switch paths {
        case .patterns(let texts): all["paths"] = .array(texts.map { .string($0) })
        case .hashPrefixes(let texts): all["path_hash_prefixes"] = .array(texts.map { .string($0) })
        }
        return .object(all)
    }
}

/// Roles that share keys and divide all paths among them by their digest (TAP 15; specification, 4.5).
public struct SuccinctRoles: Equatable, Sendable {
    /// There are 2 to the power of this many roles, 1 to 32.
    public var bitLength: Int
    public var namePrefix: String
    public var keys: RoleKeys

    public init(bitLength: Int, namePrefix: String, keys: RoleKeys) {
        self.bitLength = bitLength
        self.namePrefix = namePrefix
        self.keys = keys
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        bitLength = try fields.integer("bit_length")
        guard (1...32).contains(bitLength) else {
            throw fields.failure("bit_length", "expected 1 to 32, found \(bitLength)")
        }
        namePrefix = try fields.string("name_prefix")
        keys = try RoleKeys(fields: &fields)
    }

    var json: JSONValue {
        var all = keys.members
        all["bit_length"] = JSONValue(bitLength)
        all["name_prefix"] = .string(namePrefix)
        return .object(all)
    }
}

/// The roles that targets metadata delegates to, with their keys.
public struct Delegations: Equatable, Sendable {
    public enum Roles: Equatable, Sendable {
        /// In the order in which they are asked.
        case named([DelegatedRole])
        case succinct(SuccinctRoles)
    }

    public var keys: [String: PublicKey]
    public var roles: Roles
    public var unknown: [String: JSONValue] = [:]

    public init(keys: [String: PublicKey], roles: Roles) {
        self.keys = keys
        self.roles = roles
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        keys = try fields.members("keys") { name, reader throws(DocumentError) in
            try PublicKey(id: name, fields: &reader)
        }
        switch (fields.optional("roles") != nil, fields.optional("succinct_roles") != nil) {
        case (true, false):
            var named: [DelegatedRole] = []
            var names: Set<RoleName> = []
            for var reader in try fields.objects("roles") {
                let role = try DelegatedRole(fields: &reader)
                if !names.insert(role.name).inserted {
                    throw reader.failure("name", "the role \(role.name) occurs twice")
                }
                named.append(role)
            }
            roles = .named(named)
        case (false, true):
            var reader = try fields.object("succinct_roles")
            roles = .succinct(try SuccinctRoles(fields: &reader))
        default: throw fields.failure("roles", "expected either roles or succinct_roles")
        }
        unknown = fields.unknown
    }

    var json: JSONValue {
        var all = unknown
        all["keys"] = .object(keys.mapValues(\.json))
        switch roles {
        case .named(let named): all["roles"] = .array(named.map(\.json))
        case .succinct(let succinct): all["succinct_roles"] = succinct.json
        }
        return .object(all)
    }
}
