import Documents
import ReleaseContract

/// One reason for which an automatic upgrade is not done, as data: which fact it looks at, what value of it blocks, and
/// in which installed versions.
public struct Condition: Equatable, Sendable {
    /// When the answer can be known.
    public enum Stage: String, Sendable, CaseIterable {
        /// Before anything is touched.
        case check
        /// Only while an attempt runs.
        case attempt
    }

    /// Where the condition comes from.
    public enum Origin: String, Sendable, CaseIterable {
        /// The product's published list of codes.
        case published
        /// The product's documentation says so without naming a code.
        case documented
        /// This project adds it.
        case project
    }

    public var code: ResultCode
    public var title: String
    public var stage: Stage
    public var origin: Origin
    /// The editions of the published list that have it.
    public var editions: [String]
    /// nil for what only an attempt shows.
    public var blocksWhen: Criterion?
    /// The first installed version in which it blocks; nil for all up to `liftedIn`.
    public var since: ProductVersion?
    /// The first installed version in which it blocks no more; nil while it still does.
    public var liftedIn: ProductVersion?
    /// What says so.
    public var liftedBasis: String?
    /// It keeps a server from being upgraded unattended; a person beside it is not bound by it.
    public var isAutomaticOnly: Bool
    /// Why it blocks, in one or two sentences.
    public var explanation: String
    /// What to do about it, for each product that it applies to.
    public var remedies: [String: String]

    /// Whether a server of this product and version is bound by it. A version that is not known is bound by all.
    public func applies(to product: String, _ installed: ProductVersion?) -> Bool {
        guard remedies[product] != nil else { return false }
        guard let installed else { return true }
        if let since, installed < since { return false }
        if let liftedIn, installed >= liftedIn { return false }
        return true
    }
}

extension Condition {
    init(_ reader: FieldReader) throws(DocumentError) {
        var fields = reader
        code = try fields.parsed("code", "a result code like UpgradeAbortedSyncCycleDisabled", { ResultCode($0) })
        guard code.kind == .aborted || code.kind == .notSupported else {
            throw fields.failure("code", "expected UpgradeAborted… or UpgradeNotSupported…, found \"\(code)\"")
        }
        title = try fields.string("title")
        stage = try fields.parsed("stage", "check or attempt", { Stage(rawValue: $0) })
        origin = try fields.parsed("origin", "published, documented or project", { Origin(rawValue: $0) })
        editions = fields.optional("editions") == nil ? [] : try fields.strings("editions")
        if fields.optional("blocksWhen") != nil { blocksWhen = try Criterion(fields.object("blocksWhen")) }
        if fields.optional("since") != nil { since = try fields.version("since") }
        if fields.optional("liftedIn") != nil { liftedIn = try fields.version("liftedIn") }
        liftedBasis = try fields.optionalString("liftedBasis")
        isAutomaticOnly = try fields.optionalBool("automaticOnly") ?? false
        explanation = try fields.string("explanation")
        remedies = try fields.texts("remedies")
        try checkWhole(fields)
    }

    private func checkWhole(_ fields: FieldReader) throws(DocumentError) {
        try CatalogFile.refuseStrangers(fields)
        guard (stage == .check) == (blocksWhen != nil) else {
            throw fields.failure("blocksWhen", "a check has it, an attempt has not")
        }
        guard (liftedIn == nil) == (liftedBasis == nil) else {
            throw fields.failure("liftedBasis", "liftedIn and liftedBasis stand together")
        }
        if remedies.isEmpty { throw fields.failure("remedies", "expected at least one product") }
        if let since, let liftedIn, since >= liftedIn {
            throw fields.failure("liftedIn", "expected a version above \(since), found \(liftedIn)")
        }
    }
}

/// `catalog/conditions.json`: every condition, in the order in which their codes are answered.
public struct ConditionCatalog: Equatable, Sendable {
    public static let schema = "eligibility-conditions/2"

    public let conditions: [Condition]

    public init(conditions: [Condition]) { self.conditions = conditions }

    public init(bytes: [UInt8], file: String) throws(DocumentError) {
        var fields = try CatalogFile.open(bytes, file: file, schema: Self.schema)
        var read: [Condition] = []
        var codes: Set<ResultCode> = []
        for element in try fields.objects("conditions") {
            let condition = try Condition(element)
            guard codes.insert(condition.code).inserted else {
                throw element.failure("code", "\(condition.code) occurs twice")
            }
            read.append(condition)
        }
        try CatalogFile.refuseStrangers(fields)
        conditions = read
    }
}
