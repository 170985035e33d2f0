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

    public var facts: ServerFacts
    public var verdict: Verdict
    /// Why the verdict is what it is, in one sentence.
    public var reason: String
    /// Every condition of the catalog that this product has, in the catalog's order.
    public var conditions: [ConditionResult]
    /// The release that automatic upgrade would take; nil where the installed version or what is offered is not
    /// known. Its risks are `decision.risks`.
    public var decision: ReleaseDecision?
    /// What a person may install by hand where automatic upgrade cannot help: the newest release that downloads offer.
    public var attended: ReleaseDecision?
    /// Things to change or to know that block nothing.
    public var advice: [AdviceFinding] = []
    /// What the releases on the way change, oldest first.
    public var brings: [BroughtChange] = []
    public var timeline: Timeline?
    /// What the installed version's own agent answers, where that is not what holds today.
    public var agent: AgentAnswer?
    /// Things to know that block nothing, as sentences.
    public var notes: [String]

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

    public var ruleChanges: [RuleChange]? { facts.ruleChanges }
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

/// What the agent of the installed version answers by itself, and what is left of that with the releases of today.
public struct AgentAnswer: Equatable, Sendable {
    /// The code that its first failing condition has; nil where it would go on.
    public var code: ResultCode?
    /// Conditions that it holds against this server and that later releases lifted, with the release that did.
    public var lifted: [Lifted]
    /// Conditions that hold against this server today as well.
    public var remaining: [ResultCode]

    public struct Lifted: Equatable, Sendable {
        public var code: ResultCode
        public var version: ProductVersion
        public var basis: String

        public init(code: ResultCode, version: ProductVersion, basis: String) {
            self.code = code
            self.version = version
            self.basis = basis
        }
    }

    public init(code: ResultCode?, lifted: [Lifted], remaining: [ResultCode]) {
        self.code = code
        self.lifted = lifted
        self.remaining = remaining
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
