import Documents
import ReleaseContract
import VersionCatalog

/// The answer to "may this server be upgraded, to what, and if not, what then".
public struct EligibilityReport: Equatable, Sendable {
    /// The answer in one word, and the exit status of `check`.
    public enum Verdict: Equatable, Sendable {
        case upToDate
        case eligible
        /// Nothing stands in the way as far as the input can tell, and it cannot tell everything.
        case conditional
        /// A temporary obstacle.
        case aborted(ResultCode)
        /// The configuration stands in the way.
        case notSupported(ResultCode)
    }

    public let facts: ServerFacts
    public let verdict: Verdict
    /// Why the verdict is what it is, in one sentence.
    public let reason: String
    /// Every condition of the catalog that this product has, in the catalog's order.
    public let conditions: [ConditionResult]
    /// The release that automatic upgrade would take; nil where the installed version or what is offered is not
    /// known.
    public let decision: ReleaseDecision?
    /// Things to know that block nothing.
    public let notes: [String]

    public init(
        facts: ServerFacts, verdict: Verdict, reason: String, conditions: [ConditionResult],
        decision: ReleaseDecision?, notes: [String]
    ) {
        self.facts = facts
        self.verdict = verdict
        self.reason = reason
        self.conditions = conditions
        self.decision = decision
        self.notes = notes
    }

    public var failures: [ConditionResult] { conditions.filter { $0.outcome == .fail } }
    public var unknowns: [ConditionResult] { conditions.filter { $0.outcome == .unknown } }

    /// An administrator switched automatic upgrade off: `run` does nothing, whatever the verdict.
    public var isDisabled: Bool { facts.autoUpgradeState == .disabled }
    /// `run` may upgrade this server.
    public var permitsRun: Bool { verdict == .eligible && !isDisabled }
}

extension EligibilityReport.Verdict {
    public var code: ResultCode? {
        switch self {
        case .aborted(let code), .notSupported(let code): code
        case .upToDate, .eligible, .conditional: nil
        }
    }

    public var exitStatus: Int32 { code?.exitStatus ?? 0 }

    /// The word for it in documents.
    public var name: String {
        switch self {
        case .upToDate: "upToDate"
        case .eligible: "eligible"
        case .conditional: "conditional"
        case .aborted: "aborted"
        case .notSupported: "notSupported"
        }
    }
}

/// What one condition says of one server.
public struct ConditionResult: Equatable, Sendable {
    public enum Outcome: String, Sendable, CaseIterable {
        case pass, fail, notApplicable, unknown
    }

    public let condition: Condition
    public let outcome: Outcome
    /// What the outcome rests on: the parameter and its value, a count, or why nothing is known.
    public let evidence: String
    /// What to do, where it fails or could not be known.
    public let remedy: String?

    public var code: ResultCode { condition.code }

    public init(condition: Condition, outcome: Outcome, evidence: String, remedy: String?) {
        self.condition = condition
        self.outcome = outcome
        self.evidence = evidence
        self.remedy = remedy
    }
}
