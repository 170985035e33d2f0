import Documents
import ReleaseContract
import VersionCatalog

/// Decides whether a server may be upgraded. Pure: everything it looks at is handed in.
public enum Eligibility {
    /// - Parameters:
    ///   - advice: what is worth saying and blocks nothing.
    ///   - decision: the release that was chosen for this server; nil where the installed version or what is offered is
    ///     not known.
    ///   - live: the server itself answered, and `run` may follow: what is unknown is closed.
    ///   - notes: further things to know, after those that the facts give.
    public static func evaluate(
        facts: ServerFacts, conditions: [Condition], advice: [Advice] = [], decision: ReleaseDecision?, live: Bool,
        notes: [String] = []
    ) -> EligibilityReport {
        let product = facts.product ?? ServerFacts.realProduct
        let required = decision?.candidate?.requiredDiskBytes
        let results = conditions.filter { $0.remedies[product] != nil }.map {
            evaluate($0, facts: facts, product: product, requiredDiskBytes: required)
        }
        let (verdict, reason) = verdict(results, facts: facts, decision: decision, live: live)
        var report = EligibilityReport(
            facts: facts, verdict: verdict, reason: reason, conditions: results, decision: decision,
            notes: EligibilityNotes.notes(for: facts, results) + notes)
        report.advice = advice.compactMap { entry in
            entry.judge(product: product) { facts.fact($0, requiredDiskBytes: required) }
        }
        report.agent = agent(results, installed: facts.version)
        return report
    }

    static func evaluate(
        _ condition: Condition, facts: ServerFacts, product: String, requiredDiskBytes: Int?
    ) -> ConditionResult {
        func result(_ outcome: ConditionResult.Outcome, _ evidence: String) -> ConditionResult {
            let remedy = outcome == .fail || outcome == .unknown ? condition.remedies[product] : nil
            return ConditionResult(condition: condition, outcome: outcome, evidence: evidence, remedy: remedy)
        }
        guard condition.stage == .check, let criterion = condition.blocksWhen else {
            return result(.notApplicable, "shows only while an attempt runs")
        }
        guard condition.applies(to: product, facts.version) else {
            return result(.notApplicable, outOfRange(condition))
        }
        let judgement = criterion.judge { facts.fact($0, requiredDiskBytes: requiredDiskBytes) }
        switch judgement.holds {
        case nil: return result(.unknown, judgement.text)
        case true?: return result(.fail, judgement.text)
        case false?: return result(judgement.isAbsent ? .notApplicable : .pass, judgement.text)
        }
    }

    private static func outOfRange(_ condition: Condition) -> String {
        switch (condition.since, condition.liftedIn) {
        case (let since?, let lifted?): "blocks only from \(since) to below \(lifted)"
        case (let since?, nil): "blocks only from \(since)"
        case (nil, let lifted?): "lifted in \(lifted)"
        case (nil, nil): "does not concern this server"
        }
    }

    /// What the installed version's agent answers, where a later release would answer otherwise.
    private static func agent(_ results: [ConditionResult], installed: ProductVersion?) -> AgentAnswer? {
        guard installed != nil else { return nil }
        let failures = results.filter { $0.outcome == .fail }
        let lifted = failures.compactMap { failure in
            failure.condition.liftedIn.map {
                AgentAnswer.Lifted(
                    code: failure.code, version: $0, basis: failure.condition.liftedBasis ?? "not stated")
            }
        }
        if lifted.isEmpty { return nil }
        // The published codes are the agent's; what this project adds, it does not know.
        let own = failures.filter { $0.condition.origin == .published }
        let first = own.first { $0.code.kind == .notSupported } ?? own.first
        return AgentAnswer(
            code: first?.code, lifted: lifted,
            remaining: failures.filter { $0.condition.liftedIn == nil }.map(\.code))
    }

    private static func verdict(
        _ results: [ConditionResult], facts: ServerFacts, decision: ReleaseDecision?, live: Bool
    ) -> (EligibilityReport.Verdict, String) {
        if decision?.outcome == .upToDate { return (.upToDate, "no newer release is offered to this server") }
        let failures = results.filter { $0.outcome == .fail }
        if let first = failures.first(where: { $0.code.kind == .notSupported }) {
            return (.notSupported(first.code), first.condition.explanation)
        }
        if case .unavailable(let code, let why) = decision?.outcome, code.kind == .notSupported {
            return (.notSupported(code), why)
        }
        if let first = failures.first { return (.aborted(first.code), first.condition.explanation) }
        if case .unavailable(let code, let why) = decision?.outcome { return (.aborted(code), why) }

        let unknown = unknownFacts(results, facts: facts, decision: decision)
        if let first = unknown.first {
            if live { return (.aborted(.aborted("FactUnknown")), "a fact that must be known is not: \(first)") }
            return (
                .conditional,
                "nothing stands in the way, and \(unknown.count) of the conditions and risks cannot be known here"
            )
        }
        return (.eligible, "every condition passes")
    }

    /// Everything that is not known and would have to be: a gate that cannot be evaluated is closed.
    private static func unknownFacts(
        _ results: [ConditionResult], facts: ServerFacts, decision: ReleaseDecision?
    ) -> [String] {
        // What most others depend on comes first.
        var unknown: [String] = []
        if facts.product == nil { unknown.append("the product is not known") }
        if facts.version == nil { unknown.append("the installed version is not known") }
        if decision == nil { unknown.append("what is offered is not known: no published repository is named") }
        switch facts.autoUpgradeState {
        case nil: unknown.append("the state of automatic upgrade is not known")
        case .other(let text):
            unknown.append("the state of automatic upgrade is \"\(text)\", which is none of the three")
        case .enabled, .suspended, .disabled: break
        }
        unknown += results.filter { $0.outcome == .unknown }.map { "\($0.condition.title): \($0.evidence)" }
        return unknown
            + (decision?.risks ?? []).filter { $0.outcome == .unknown }.map { "\($0.risk.id): \($0.evidence)" }
    }
}
