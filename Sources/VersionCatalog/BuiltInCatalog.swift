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

    /// Every known issue of the real product's releases.
    public static func risks() throws(DocumentError) -> RiskCatalog {
        try RiskCatalog(bytes: PackageResources.risks_json, file: "catalog/risks.json")
    }

    /// What never blocks and is worth saying.
    public static func advice() throws(DocumentError) -> AdviceCatalog {
        try AdviceCatalog(bytes: PackageResources.advice_json, file: "catalog/advice.json")
    }

    /// The sets of standard rules that releases bring, as they lie in a release.
    public static var standardRules: [[UInt8]] { [PackageResources.standard_1_json, PackageResources.standard_2_json] }
}
