import Documents

/// Something that a person should know or change, and that never keeps a server from being upgraded.
public struct Advice: Equatable, Sendable {
    public var id: String
    public var title: String
    public var appliesWhen: Criterion
    /// Why it matters, in sentences.
    public var explanation: String
    /// What to do, for each product that it concerns.
    public var remedies: [String: String]

    init(_ reader: FieldReader) throws(DocumentError) {
        var fields = reader
        id = try fields.string("id")
        title = try fields.string("title")
        appliesWhen = try Criterion(fields.object("appliesWhen"))
        explanation = try fields.string("explanation")
        remedies = try fields.texts("remedies")
        if remedies.isEmpty { throw fields.failure("remedies", "expected at least one product") }
        try CatalogFile.refuseStrangers(fields)
    }
}

/// What an advice means for one server.
public struct AdviceFinding: Equatable, Sendable {
    public enum Outcome: String, Sendable, CaseIterable {
        case applies, clear, unknown
    }

    public let id: String
    public let title: String
    public let outcome: Outcome
    public let evidence: String
    public let explanation: String
    public let remedy: String?

    public init(id: String, title: String, outcome: Outcome, evidence: String, explanation: String, remedy: String?) {
        self.id = id
        self.title = title
        self.outcome = outcome
        self.evidence = evidence
        self.explanation = explanation
        self.remedy = remedy
    }
}

extension Advice {
    /// nil for a product that it does not concern.
    public func judge(product: String, _ lookUp: (FactName) -> Fact) -> AdviceFinding? {
        guard let remedy = remedies[product] else { return nil }
        let judgement = appliesWhen.judge(lookUp)
        let outcome: AdviceFinding.Outcome =
            switch judgement.holds {
            case true?: .applies
            case false?: .clear
            case nil: .unknown
            }
        return AdviceFinding(
            id: id, title: title, outcome: outcome, evidence: judgement.text, explanation: explanation,
            remedy: outcome == .clear ? nil : remedy)
    }
}

/// `catalog/advice.json`, in the order in which people read it.
public struct AdviceCatalog: Equatable, Sendable {
    public static let schema = "advice/1"

    public let advice: [Advice]

    public init(bytes: [UInt8], file: String) throws(DocumentError) {
        var fields = try CatalogFile.open(bytes, file: file, schema: Self.schema)
        var read: [Advice] = []
        for element in try fields.objects("advice") {
            let entry = try Advice(element)
            if read.contains(where: { $0.id == entry.id }) { throw element.failure("id", "\(entry.id) occurs twice") }
            read.append(entry)
        }
        try CatalogFile.refuseStrangers(fields)
        advice = read
    }
}
