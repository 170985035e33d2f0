import Documents

/// Targets metadata: the files that may be downloaded, and who else may name some (specification, 4.5).
public struct TargetsMetadata: RoleContent {
    public static let typeName = "targets"

    public var version: Int
    public var expires: WallTime
    /// By path, as it is spelled; see ``target(_:)``.
    public var targets: [String: TargetFileInfo]
    public var delegations: Delegations?
    public var unknown: [String: JSONValue] = [:]

    public init(
        version: Int, expires: WallTime, targets: [String: TargetFileInfo], delegations: Delegations? = nil
    ) {
        self.version = version
        self.expires = expires
        self.targets = targets
        self.delegations = delegations
    }

    public init(version: Int, expires: WallTime, fields: inout FieldReader) throws(DocumentError) {
        self.version = version
        self.expires = expires
        targets = try fields.members("targets") { _, reader throws(DocumentError) in
            try TargetFileInfo(fields: &reader)
        }
        if fields.optional("delegations") == nil {
            delegations = nil
        } else {
            var reader = try fields.object("delegations")
            delegations = try Delegations(fields: &reader)
        }
    }

    public var members: [String: JSONValue] {
        var all: [String: JSONValue] = ["targets": .object(targets.mapValues(\.json))]
        all["delegations"] = delegations?.json
        return all
    }

    /// The file of exactly this path, byte for byte: Swift's dictionary would also find another spelling of a letter.
    public func target(_ path: String) -> TargetFileInfo? {
        guard let index = targets.index(forKey: path), targets[index].key.utf8.elementsEqual(path.utf8) else {
            return nil
        }
        return targets[index].value
    }
}
