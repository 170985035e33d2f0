import Documents

/// Something that is known to go wrong with a release, and for which servers.
public struct Risk: Equatable, Sendable {
    /// Which upgrades it concerns.
    public enum Reach: Equatable, Sendable {
        /// Upgrades to a release from `from` on and below `below`, where it was cured; nil where it never was.
        case releases(from: ProductVersion, below: ProductVersion?)
        /// Every upgrade from below this version to it or beyond: what it changes, later releases keep.
        case crossing(ProductVersion)
    }

    /// How one finds out whether it concerns a server.
    public enum Manner: Equatable, Sendable {
        case appliesWhen(Criterion)
        /// It has to be read: why no facts of a server decide it.
        case note(why: String)
    }

    /// Names it in an acceptance: lower-case words with hyphens.
    public var id: String
    public var product: String
    public var title: String
    public var reach: Reach
    public var manner: Manner
    /// What happens, in sentences.
    public var consequence: String
    /// What a person can do about it.
    public var remedy: String
    /// What says so.
    public var source: String

    public init(
        id: String, product: String, title: String, reach: Reach, manner: Manner, consequence: String, remedy: String,
        source: String
    ) {
        self.id = id
        self.product = product
        self.title = title
        self.reach = reach
        self.manner = manner
        self.consequence = consequence
        self.remedy = remedy
        self.source = source
    }

    /// Whether an upgrade between two versions meets it.
    public func concerns(from installed: ProductVersion, to release: ProductVersion) -> Bool {
        switch reach {
        case .releases(let first, let cured): release >= first && cured.map { release < $0 } ?? true
        case .crossing(let version): installed < version && release >= version
        }
    }
}

/// What a known risk means for one server and one release.
public struct RiskFinding: Equatable, Sendable {
    public enum Outcome: String, Sendable, CaseIterable {
        /// It happens to this server.
        case applies
        /// It would happen, and somebody accepted it by name.
        case accepted
        /// The facts rule it out.
        case clear
        /// The facts do not tell. For `run` that counts as applying.
        case unknown
        /// A person has to read it.
        case note
    }

    public let risk: Risk
    public let outcome: Outcome
    public let evidence: String

    public init(risk: Risk, outcome: Outcome, evidence: String) {
        self.risk = risk
        self.outcome = outcome
        self.evidence = evidence
    }
}

extension Risk {
    public func judge(accepted: Set<String>, _ lookUp: (FactName) -> Fact) -> RiskFinding {
        switch manner {
        case .note(let why): return RiskFinding(risk: self, outcome: .note, evidence: why)
        case .appliesWhen(let criterion):
            let judgement = criterion.judge(lookUp)
            let outcome: RiskFinding.Outcome =
                switch judgement.holds {
                case false?: .clear
                case true?: accepted.contains(id) ? .accepted : .applies
                case nil: accepted.contains(id) ? .accepted : .unknown
                }
            return RiskFinding(risk: self, outcome: outcome, evidence: judgement.text)
        }
    }
}

extension Risk {
    /// - Parameter product: the product of the file that the risk stands in; nil where each names its own.
    init(_ reader: FieldReader, product: String) throws(DocumentError) {
        var fields = reader
        id = try fields.parsed("id", "lower-case words with hyphens", { Self.isName($0) ? $0 : nil })
        self.product = product
        title = try fields.string("title")
        if fields.optional("crossing") != nil {
            reach = .crossing(try fields.version("crossing"))
        } else {
            let first = try fields.version("from")
            let cured = fields.optional("curedIn") == nil ? nil : try fields.version("curedIn")
            if let cured, cured <= first {
                throw fields.failure("curedIn", "expected a version above \(first), found \(cured)")
            }
            reach = .releases(from: first, below: cured)
        }
        if fields.optional("appliesWhen") != nil {
            manner = .appliesWhen(try Criterion(fields.object("appliesWhen")))
        } else {
            manner = .note(why: try fields.string("readBecause"))
        }
        consequence = try fields.string("consequence")
        remedy = try fields.string("remedy")
        source = try fields.string("source")
        try CatalogFile.refuseStrangers(fields)
    }

    private static func isName(_ text: String) -> Bool {
        let words = text.split(separator: "-", omittingEmptySubsequences: false)
        return words.allSatisfy { word in
            !word.isEmpty && word.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
        }
    }

    /// Reads the risks that a published repository gives with a release.
    public static func published(
        _ values: [JSONValue], product: String, file: String
    ) throws(DocumentError) -> [Risk] {
        var risks: [Risk] = []
        for (index, value) in values.enumerated() {
            risks.append(try Risk(FieldReader(value, file: file, path: "risks[\(index)]"), product: product))
        }
        return risks
    }
}

/// `catalog/risks.json`: every known issue of the real product's releases.
public struct RiskCatalog: Equatable, Sendable {
    public static let schema = "known-risks/1"

    public let product: String
    public let risks: [Risk]

    public init(bytes: [UInt8], file: String) throws(DocumentError) {
        var fields = try CatalogFile.open(bytes, file: file, schema: Self.schema)
        let product = try fields.string("product")
        var read: [Risk] = []
        var names: Set<String> = []
        for element in try fields.objects("risks") {
            let risk = try Risk(element, product: product)
            guard names.insert(risk.id).inserted else { throw element.failure("id", "\(risk.id) occurs twice") }
            read.append(risk)
        }
        try CatalogFile.refuseStrangers(fields)
        self.product = product
        risks = read
    }
}
