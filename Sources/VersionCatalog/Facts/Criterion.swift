import Documents

/// A question to the facts of a server, as the catalog asks it.
public indirect enum Criterion: Equatable, Sendable {
    case fact(FactName, FactTest)
    case all([Criterion])
    case any([Criterion])
    case not(Criterion)

    /// Every fact that the answer may rest on.
    public var facts: Set<FactName> {
        switch self {
        case .fact(let name, _): [name]
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.facts) }
        case .not(let part): part.facts
        }
    }
}

/// The answer to a criterion, in three values: what is unknown stays unknown unless the rest decides without it.
public struct Judgement: Equatable, Sendable {
    /// nil: not known.
    public var holds: Bool?
    /// What the answer rests on; for an unknown one, what is missing.
    public var evidence: [String]
    /// The facts say that there is nothing to judge.
    public var isAbsent: Bool

    public init(holds: Bool?, evidence: [String], isAbsent: Bool = false) {
        self.holds = holds
        self.evidence = evidence
        self.isAbsent = isAbsent
    }

    public var text: String { evidence.joined(separator: "; ") }
}

extension Criterion {
    public func judge(_ lookUp: (FactName) -> Fact) -> Judgement {
        switch self {
        case .fact(let name, let test): return Self.judge(lookUp(name), test)
        case .not(let part):
            let judgement = part.judge(lookUp)
            return Judgement(holds: judgement.holds.map { !$0 }, evidence: judgement.evidence)
        case .all(let parts): return Self.combine(parts.map { $0.judge(lookUp) }, decisive: false)
        case .any(let parts): return Self.combine(parts.map { $0.judge(lookUp) }, decisive: true)
        }
    }

    private static func judge(_ fact: Fact, _ test: FactTest) -> Judgement {
        switch fact {
        case .unknown(let why): return Judgement(holds: nil, evidence: [why])
        case .absent(let why): return Judgement(holds: false, evidence: [why], isAbsent: true)
        case .known(let value, let evidence):
            guard let holds = test.holds(for: value) else {
                return Judgement(holds: nil, evidence: ["\(evidence), which cannot be judged"])
            }
            return Judgement(holds: holds, evidence: [evidence])
        }
    }

    /// One part with the decisive value decides; otherwise one that is unknown leaves the whole unknown. The evidence is
    /// that of the parts which brought the answer about.
    private static func combine(_ parts: [Judgement], decisive: Bool) -> Judgement {
        if let deciding = parts.first(where: { $0.holds == decisive }) { return deciding }
        let open = parts.filter { $0.holds == nil }
        if !open.isEmpty { return Judgement(holds: nil, evidence: open.flatMap(\.evidence)) }
        return Judgement(holds: !decisive, evidence: parts.flatMap(\.evidence))
    }
}

extension Criterion {
    /// `{"fact": "rules.custom", "over": 0}`, `{"all": […]}`, `{"any": […]}` or `{"not": {…}}`.
    init(_ reader: FieldReader) throws(DocumentError) {
        var fields = reader
        if fields.optional("all") != nil {
            self = .all(try Self.parts(&fields, "all"))
        } else if fields.optional("any") != nil {
            self = .any(try Self.parts(&fields, "any"))
        } else if fields.optional("not") != nil {
            self = .not(try Criterion(fields.object("not")))
        } else {
            let name = try fields.parsed("fact", "the name of a fact", { FactName($0) })
            self = .fact(name, try FactTest(&fields))
        }
        try CatalogFile.refuseStrangers(fields)
    }

    private static func parts(_ fields: inout FieldReader, _ key: String) throws(DocumentError) -> [Criterion] {
        var parts: [Criterion] = []
        for element in try fields.objects(key) { parts.append(try Criterion(element)) }
        if parts.count < 2 { throw fields.failure(key, "expected at least two criteria") }
        return parts
    }
}
