import Documents

/// The files of `catalog/`, built into the program: it works wherever it is copied, and its decisions belong to it.
public enum BuiltInCatalog {
    /// Every condition that can keep a server from being upgraded.
    public static func conditions() throws(DocumentError) -> ConditionCatalog {
        try ConditionCatalog(bytes: PackageResources.conditions_json, file: "catalog/conditions.json")
    }

    /// The release history of the real product.
    public static func releases() throws(DocumentError) -> ReleaseHistory {
        try ReleaseHistory(bytes: PackageResources.releases_json, file: "catalog/releases.json")
    }
}
