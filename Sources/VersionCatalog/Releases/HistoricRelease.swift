import Documents

/// One release of the real history.
public struct HistoricRelease: Equatable, Sendable {
    public var version: ProductVersion
    /// The spelling of the published history, where it differs (`1.0.419.0911`).
    public var publishedAs: String?
    /// A month where the day is not known; nil where no date was published, and `undated` says so.
    public var released: ReleaseDate?
    /// Why there is no date.
    public var undated: String?

    public var channels: [String]
    /// Whether the history says which channels had the release. Where it does not, `channels` holds what may be taken for
    /// granted, and nobody knows whether automatic upgrade offered it.
    public var channelsAreStated: Bool
    /// The days on which automatic upgrade began and ceased to offer it, where they differ from the release's own.
    public var autoUpgradeFrom: ReleaseDate?
    public var autoUpgradeUntil: ReleaseDate?
    /// Why nobody should have it: recalled, or never released.
    public var withdrawn: String?
    /// Installed versions that it does not upgrade.
    public var refuses: [Range<ProductVersion>]

    public var isSecurityRelease: Bool
    /// Identifiers of the vulnerabilities that it closes.
    public var vulnerabilities: [String]
    /// Whether default rules change, as stated or as follows from what was mended (`changesRulesBasis`).
    public var changesRules: Bool
    public var changesRulesBasis: String?
    /// What changes in the default rules, in sentences.
    public var ruleNotes: [String]
    /// Whether everything is imported and synchronized anew after the upgrade; nil where nobody says.
    public var needsFullSynchronization: Bool?

    public var minimumSystem: String?
    public var maximumSystem: String?
    /// What the machine must have, or gets with the upgrade: `dotnet`, `tls`, …
    public var requirements: [String: String]
    /// The version of the health agent that it brings.
    public var healthAgent: ProductVersion?

    /// What it mends in automatic upgrade itself.
    public var autoUpgradeFix: String?
    public var fixes: [String]
    public var retired: ReleaseDate?
    /// What the retirement date rests on.
    public var retiredBasis: String?
    public var note: String?
}

extension HistoricRelease {
    /// The keys of `requirements`, in the order in which people read them.
    public static let requirementNames = ["dotnet", "tls", "powershell", "sqlLocalDB", "vcRedistributable", "msal"]

    init(_ reader: FieldReader) throws(DocumentError) {
        var fields = reader
        version = try fields.version("version")
        publishedAs = try fields.optionalString("publishedAs")
        released = try fields.optionalDate("released")
        undated = try fields.optionalString("undated")

        channels = try fields.strings("channels")
        channelsAreStated = try fields.optionalBool("channelsStated") ?? true
        autoUpgradeFrom = try fields.optionalDate("autoUpgradeFrom")
        autoUpgradeUntil = try fields.optionalDate("autoUpgradeUntil")
        withdrawn = try fields.optionalString("withdrawn")
        refuses = try fields.versionRanges("refusesFrom")

        isSecurityRelease = try fields.bool("security")
        vulnerabilities = try fields.optionalStrings("cve")
        changesRules = try fields.bool("ruleChanges")
        changesRulesBasis = try fields.optionalString("ruleChangesBasis")
        ruleNotes = try fields.optionalStrings("ruleNotes")
        needsFullSynchronization = try fields.optionalBool("fullSynchronization")

        minimumSystem = try fields.optionalString("minimumSystem")
        maximumSystem = try fields.optionalString("maximumSystem")
        requirements = fields.optional("requirements") == nil ? [:] : try fields.texts("requirements")
        if fields.optional("healthAgent") != nil { healthAgent = try fields.version("healthAgent") }

        autoUpgradeFix = try fields.optionalString("autoUpgradeFix")
        fixes = try fields.optionalStrings("fixes")
        retired = try fields.optionalDate("retired")
        retiredBasis = try fields.optionalString("retiredBasis")
        note = try fields.optionalString("note")
        try CatalogFile.refuseStrangers(fields)
        try checkChannels(fields)
        try checkPairs(fields)
    }

    private func checkChannels(_ fields: FieldReader) throws(DocumentError) {
        if let stranger = channels.first(where: { !ReleaseHistory.channels.contains($0) }) {
            throw fields.failure("channels", "no such channel: \"\(stranger)\"")
        }
        guard Set(channels).count == channels.count else { throw fields.failure("channels", "a channel occurs twice") }
        guard withdrawn == nil || channels.isEmpty else {
            throw fields.failure("channels", "a withdrawn release is in no channel")
        }
        guard withdrawn != nil || !channels.isEmpty else {
            throw fields.failure("channels", "a release in no channel says in \"withdrawn\" why")
        }
        let isAutomatic = channels.contains(ReleaseHistory.autoUpgradeChannel)
        guard isAutomatic || autoUpgradeFrom == nil && autoUpgradeUntil == nil else {
            throw fields.failure("channels", "a rollout has days only in the channel auto-upgrade")
        }
        guard channelsAreStated || !isAutomatic else {
            throw fields.failure("channelsStated", "expected true, or channels without auto-upgrade")
        }
        if let autoUpgradeFrom, let autoUpgradeUntil, autoUpgradeUntil < autoUpgradeFrom {
            throw fields.failure("autoUpgradeUntil", "expected a day from \(autoUpgradeFrom) on")
        }
    }

    /// What stands together or not at all.
    private func checkPairs(_ fields: FieldReader) throws(DocumentError) {
        guard (released == nil) == (undated != nil) else {
            throw fields.failure("released", "expected a date, or in \"undated\" why there is none")
        }
        guard (retired == nil) == (retiredBasis == nil) else {
            throw fields.failure("retiredBasis", "retired and retiredBasis stand together")
        }
        guard changesRules || changesRulesBasis == nil && ruleNotes.isEmpty else {
            throw fields.failure("ruleChanges", "expected true, since more is said about the rules")
        }
        guard vulnerabilities.isEmpty || isSecurityRelease else {
            throw fields.failure("security", "expected true, since it closes \(vulnerabilities[0])")
        }
        if let stranger = requirements.keys.sorted().first(where: { !Self.requirementNames.contains($0) }) {
            throw fields.failure("requirements.\(stranger)", "no such requirement")
        }
    }
}

extension FieldReader {
    mutating func optionalStrings(_ key: String) throws(DocumentError) -> [String] {
        guard optional(key) != nil else { return [] }
        let texts = try strings(key)
        // Left out rather than empty, so that one state has one spelling.
        if texts.isEmpty { throw failure(key, "expected at least one, or the field left out") }
        return texts
    }

    /// `[{"from": "2.0.0.0", "below": "3.0.0.0"}]`.
    mutating func versionRanges(_ key: String) throws(DocumentError) -> [Range<ProductVersion>] {
        guard optional(key) != nil else { return [] }
        var ranges: [Range<ProductVersion>] = []
        for var element in try objects(key) {
            let from = try element.version("from")
            let below = try element.version("below")
            guard from < below else {
                throw element.failure("below", "expected a version above \(from), found \(below)")
            }
            try CatalogFile.refuseStrangers(element)
            ranges.append(from..<below)
        }
        return ranges
    }
}
