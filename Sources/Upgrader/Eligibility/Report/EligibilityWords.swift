import Documents
import ReleaseContract
import VersionCatalog

/// What every form of the report says in the same words.
enum EligibilityWords {
    /// The command line's way to accept a risk.
    static let acceptance = "--accept-risk"

    static func verdict(_ verdict: EligibilityReport.Verdict) -> String {
        switch verdict {
        case .upToDate: "UP TO DATE"
        case .eligible: "ELIGIBLE"
        case .conditional: "CONDITIONAL"
        case .aborted: "NOT NOW"
        case .notSupported: "NOT SUPPORTED"
        }
    }

    /// What the verdict means for this server, in a sentence or two.
    static func headline(_ report: EligibilityReport) -> String {
        let server = report.facts.name ?? "this server"
        let candidate = report.decision?.candidate.map { " to \($0.version)" } ?? ""
        switch report.verdict {
        case .upToDate: return "\(server) has the newest release that is offered to it."
        case .eligible: return "\(server) can be upgraded automatically\(candidate)."
        case .conditional:
            return "nothing keeps \(server) from being upgraded\(candidate), as far as this input tells;"
                + " \(count(report.unknowns.count, "condition is", "conditions are")) not known."
        case .aborted(let code):
            return "\(server) is not upgraded at the moment (\(code)).\(sentence(report))"
        case .notSupported(let code):
            return "\(server) is not upgraded automatically (\(code)).\(sentence(report))"
        }
    }

    private static func sentence(_ report: EligibilityReport) -> String {
        // A failed condition is explained below; other reasons stand only here.
        guard !report.failures.contains(where: { $0.code == report.verdict.code }) else { return "" }
        return " " + capitalized(report.reason) + (report.reason.hasSuffix(".") ? "" : ".")
    }

    /// Who the server is and what it could have, as names and values.
    static func overview(_ report: EligibilityReport) -> [(String, String)] {
        let facts = report.facts
        var rows = [
            ("Server", facts.name ?? "name not known"),
            ("Product", "\(facts.product ?? "not known") \(facts.version?.description ?? "(version not known)")"),
            ("Read from", source(facts.source)),
        ]
        let state = facts.autoUpgradeState?.description ?? "not known"
        rows.append(("Auto-upgrade", state + (facts.suspensionReason.map { " (\($0))" } ?? "")))
        rows.append(("Candidate", candidate(report)))
        if let attended = report.attended?.candidate { rows.append(("By hand", "\(attended.version)")) }
        return rows
    }

    static func source(_ source: ServerFacts.Source) -> String {
        switch source {
        case .server(let root): "the server below \(root)"
        case .export(let folder, let date): "the export \(folder), written \(date)"
        case .settings(let file): "the printed settings \(file)"
        }
    }

    static func candidate(_ report: EligibilityReport) -> String {
        switch report.decision?.outcome {
        case nil where report.facts.version == nil: "none: the installed version is not known"
        case nil: "none: no published repository is named"
        case .upToDate: "none: nothing newer is offered"
        case .release(let release):
            report.decision?.destination.flatMap { $0 == release.version ? nil : $0 }
                .map { "\(release.version), on the way to \($0)" } ?? "\(release.version)"
        case .unavailable(_, let why): "none: \(why)"
        }
    }

    /// The versions that follow each other, the installed one first; nil where there is only one step.
    static func path(_ report: EligibilityReport, _ decision: ReleaseDecision) -> String? {
        guard decision.path.count > 1 else { return nil }
        let versions = [report.facts.version].compactMap { $0 } + decision.path
        return versions.map(\.description).joined(separator: " → ")
    }

    static func outcome(_ outcome: ConditionResult.Outcome) -> String {
        switch outcome {
        case .pass: "pass"
        case .fail: "FAIL"
        case .notApplicable: "n/a"
        case .unknown: "unknown"
        }
    }

    /// What a person reads first comes first.
    static let outcomes: [ConditionResult.Outcome] = [.fail, .unknown, .pass, .notApplicable]

    static func count(_ number: Int, _ one: String, _ many: String) -> String {
        "\(number) \(number == 1 ? one : many)"
    }

    static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}

extension EligibilityWords {
    /// Risks that somebody has to look at, the gravest first. What the facts rule out is only counted.
    static func risks(_ decision: ReleaseDecision) -> [RiskFinding] {
        let order: [RiskFinding.Outcome] = [.applies, .unknown, .accepted, .note]
        return order.flatMap { outcome in decision.risks.filter { $0.outcome == outcome } }
    }

    /// The same without those that stand under another decision already, and the names of these.
    static func risks(
        _ decision: ReleaseDecision, besides other: ReleaseDecision?
    ) -> (own: [RiskFinding], shared: [String]) {
        let told = other?.candidate == nil ? [] : other?.risks ?? []
        let all = risks(decision)
        return (all.filter { !told.contains($0) }, all.filter { told.contains($0) }.map(\.risk.id))
    }

    /// What is said of risks that stand under the candidate.
    static func shared(_ names: [String]) -> String? {
        names.isEmpty ? nil : "As for the candidate: \(names.joined(separator: ", "))."
    }

    static func risk(_ outcome: RiskFinding.Outcome) -> String {
        switch outcome {
        case .applies: "APPLIES"
        case .unknown: "UNKNOWN"
        case .accepted: "accepted"
        case .clear: "clear"
        case .note: "to read"
        }
    }

    /// What is said once of all risks of a release; nil where none is known.
    static func riskSummary(_ decision: ReleaseDecision) -> String? {
        if decision.risks.isEmpty { return nil }
        let clear = decision.risks.count { $0.outcome == .clear }
        let ruledOut = clear == 0 ? "" : " The facts rule out \(clear) of them."
        return "\(count(decision.risks.count, "known issue", "known issues")) on the way.\(ruledOut)"
    }

    /// How a person takes a risk on; nil where there is nothing to accept.
    static func acceptance(_ finding: RiskFinding) -> String? {
        switch finding.outcome {
        case .applies, .unknown: "\(acceptance) \(finding.risk.id)"
        case .accepted, .clear, .note: nil
        }
    }

    /// Before the title of an advice, which says how things should be.
    static func advice(_ outcome: AdviceFinding.Outcome) -> String {
        switch outcome {
        case .applies: "NOT MET"
        case .clear: "met"
        case .unknown: "unknown"
        }
    }

    static func advice(_ report: EligibilityReport) -> [AdviceFinding] {
        let order: [AdviceFinding.Outcome] = [.applies, .unknown]
        return order.flatMap { outcome in report.advice.filter { $0.outcome == outcome } }
    }

    /// Changes of the cloud connector's rules first: they decide what leaves for the cloud.
    static func ruleChanges(_ report: EligibilityReport) -> [RuleChange]? {
        report.ruleChanges.map { changes in changes.filter(\.isOfCloud) + changes.filter { !$0.isOfCloud } }
    }

    static func place(_ change: RuleChange) -> String {
        let precedence = change.precedence.map { ", precedence \($0)" } ?? ""
        let tag = change.tag.isEmpty ? "" : ", standard rule \(change.tag)"
        return
            "\(change.direction), connector \(change.connector)\(change.isOfCloud ? " (cloud)" : "")\(precedence)\(tag)"
    }

    /// What a rule of the administrator's own touches; an edited one has its differences instead.
    static func attributes(_ change: RuleChange) -> String? {
        let isOwn = change.kind == .added || change.kind == .cloned
        return isOwn && !change.attributes.isEmpty ? "Attributes: \(change.attributes.joined(separator: ", "))" : nil
    }

    /// What is said instead of a list of rule changes.
    static func noRuleChanges(_ report: EligibilityReport) -> String {
        if report.ruleChanges == nil { return "This input does not tell what was done to the rules." }
        return report.facts.ruleBlindSpots.isEmpty
            ? "The rules are those of the product." : "No change of the rules shows."
    }

    /// What is said of a change whose difference cannot be shown.
    static func noDifferences(_ change: RuleChange) -> String? {
        change.kind == .edited && change.differences.isEmpty
            ? "What is different is not known: the product's own content of this rule is not in the catalog." : nil
    }

    static func brought(_ kind: BroughtChange.Kind) -> String {
        switch kind {
        case .rule: "rule"
        case .attribute: "attribute"
        case .fullSynchronization: "full synchronization"
        case .requirement: "requirement"
        case .security: "security"
        case .other: "other"
        }
    }

    /// What the installed version's agent answers, and what is left of it.
    static func agent(_ agent: AgentAnswer, _ report: EligibilityReport) -> [String] {
        let version = report.facts.version.map { " of \($0)" } ?? ""
        let answer =
            agent.code.map { "would have answered \($0)." } ?? "would have gone on: nothing stood in its way."
        var sentences = ["This server's own agent\(version) \(answer)"]
        for lifted in agent.lifted {
            sentences.append("\(lifted.code): lifted in \(lifted.version) (\(lifted.basis)).")
        }
        let remaining = agent.remaining.map(\.description).joined(separator: ", ")
        sentences.append(remaining.isEmpty ? "Today none of that holds." : "Today there remains: \(remaining).")
        return sentences
    }

    /// What the report rests on.
    static func foundation(_ report: EligibilityReport) -> [String] {
        var sentences = ["Read from \(source(report.facts.source))."]
        if let timeline = report.timeline {
            sentences.append("Judged on \(timeline.today).")
            if let known = timeline.knownUntil { sentences.append("The catalog's last known day is \(known).") }
        }
        return sentences
    }
}
