import Documents
import ReleaseContract
import VersionCatalog

/// The report for people at a terminal: the verdict first, then what blocks and what to do, then everything that was
/// looked at.
public enum EligibilityText {
    public static func render(_ report: EligibilityReport, width: Int = 100) -> String {
        var text = TextBlock(width: max(width, 40))
        text.paragraph(EligibilityWords.verdict(report.verdict) + ": " + EligibilityWords.headline(report))
        text.blank()
        for (name, value) in EligibilityWords.overview(report) {
            text.paragraph(value, first: TextBlock.padded(name, to: 14))
        }
        findings("What blocks", report.failures, &text, explain: true)
        if isAboutUnknowns(report.verdict) { findings("What is not known", report.unknowns, &text, explain: false) }
        candidate(report, &text)
        attended(report, &text)
        EligibilityRulesText.write(report, &text)
        brings(report, &text)
        advice(report, &text)
        if let agent = report.agent {
            text.title("Then and now")
            for sentence in EligibilityWords.agent(agent, report) { text.paragraph(sentence, first: "  - ") }
        }
        if !report.notes.isEmpty {
            text.title("To know")
            for note in report.notes { text.paragraph(note, first: "  - ") }
        }
        passedOver(report.decision, "Passed over", &text)
        table(report, &text)
        return text.text
    }

    /// Elsewhere the table has them; here they are the reason.
    private static func isAboutUnknowns(_ verdict: EligibilityReport.Verdict) -> Bool {
        verdict == .conditional || verdict == .aborted(.aborted("FactUnknown"))
    }

    private static func findings(
        _ title: String, _ results: [ConditionResult], _ text: inout TextBlock, explain: Bool
    ) {
        if results.isEmpty { return }
        text.title(title)
        for result in results {
            text.paragraph("\(result.code): \(result.evidence)", first: "  - ")
            guard explain else { continue }
            text.paragraph(result.condition.explanation, first: "    ")
            if let remedy = result.remedy { text.paragraph(remedy, first: "    What to do: ") }
        }
    }

    private static func candidate(_ report: EligibilityReport, _ text: inout TextBlock) {
        guard let decision = report.decision, let candidate = decision.candidate else { return }
        let path = EligibilityWords.path(report, decision)
        if path == nil && decision.risks.isEmpty { return }
        text.title("The candidate \(candidate.version)")
        if let path { text.paragraph(path, first: "  Path: ") }
        risks(decision, besides: nil, &text)
    }

    private static func risks(_ decision: ReleaseDecision, besides other: ReleaseDecision?, _ text: inout TextBlock) {
        if let summary = EligibilityWords.riskSummary(decision) { text.paragraph(summary, first: "  ") }
        let risks = EligibilityWords.risks(decision, besides: other)
        if let shared = EligibilityWords.shared(risks.shared) { text.paragraph(shared, first: "  ") }
        for finding in risks.own {
            let head = "  - " + TextBlock.padded(EligibilityWords.risk(finding.outcome), to: 9)
            text.paragraph("\(finding.risk.title) (\(finding.risk.id))", first: head)
            text.paragraph(finding.risk.consequence, first: "    ")
            text.paragraph(finding.evidence, first: finding.outcome == .note ? "    Why to read: " : "    Because: ")
            text.paragraph(finding.risk.remedy, first: "    What to do: ")
            if let acceptance = EligibilityWords.acceptance(finding) {
                text.paragraph(acceptance, first: "    To accept it: ")
            }
        }
    }

    private static func attended(_ report: EligibilityReport, _ text: inout TextBlock) {
        guard let attended = report.attended else { return }
        switch attended.outcome {
        case .upToDate: return
        case .unavailable(_, let why):
            text.title("An attended upgrade")
            text.paragraph("There is none: \(why).", first: "  ")
        case .release(let release):
            text.title("An attended upgrade would go to \(release.version)")
            if let path = EligibilityWords.path(report, attended) { text.paragraph(path, first: "  Path: ") }
            if attended.risks.isEmpty {
                text.paragraph("No known issue stands on the way.", first: "  ")
            } else {
                risks(attended, besides: report.decision, &text)
            }
        }
    }

    private static func brings(_ report: EligibilityReport, _ text: inout TextBlock) {
        if report.brings.isEmpty { return }
        text.title("What the upgrade brings")
        var version: ProductVersion?
        for change in report.brings {
            if change.version != version { text.line("  \(change.version)") }
            version = change.version
            text.paragraph("\(EligibilityWords.brought(change.kind)): \(change.text)", first: "  - ")
        }
    }

    private static func advice(_ report: EligibilityReport, _ text: inout TextBlock) {
        let advice = EligibilityWords.advice(report)
        if advice.isEmpty { return }
        text.title("Advice that blocks nothing")
        for finding in advice {
            let head = "  - " + TextBlock.padded(EligibilityWords.advice(finding.outcome), to: 9)
            text.paragraph("\(finding.title): \(finding.evidence)", first: head)
            if finding.outcome == .unknown { continue }
            text.paragraph(finding.explanation, first: "    ")
            if let remedy = finding.remedy { text.paragraph(remedy, first: "    What to do: ") }
        }
    }

    private static func passedOver(_ decision: ReleaseDecision?, _ title: String, _ text: inout TextBlock) {
        guard let passedOver = decision?.passedOver, !passedOver.isEmpty else { return }
        text.title(title)
        for passed in passedOver { text.paragraph("\(passed.version): \(passed.reason)", first: "  - ") }
    }

    private static func table(_ report: EligibilityReport, _ text: inout TextBlock) {
        text.title("Conditions")
        for outcome in EligibilityWords.outcomes {
            for result in report.conditions where result.outcome == outcome {
                let head = "  " + TextBlock.padded(EligibilityWords.outcome(outcome), to: 9)
                text.paragraph("\(result.condition.title): \(result.evidence)", first: head)
            }
        }
    }
}

/// The rule changes for a terminal: each rule, what an upgrade does to it, and what is different, field by field.
enum EligibilityRulesText {
    static func write(_ report: EligibilityReport, _ text: inout TextBlock) {
        let changes = EligibilityWords.ruleChanges(report) ?? []
        text.title("Rule changes")
        if changes.isEmpty {
            text.paragraph(EligibilityWords.noRuleChanges(report), first: "  ")
        }
        for change in changes {
            text.paragraph("\(change.kind.rawValue): \(change.name)", first: "  - ")
            text.paragraph(EligibilityWords.place(change), first: "    ")
            text.paragraph(change.effect, first: "    An upgrade: ")
            if let attributes = EligibilityWords.attributes(change) { text.paragraph(attributes, first: "    ") }
            if let unknown = EligibilityWords.noDifferences(change) { text.paragraph(unknown, first: "    ") }
            differences(change.differences, indent: "    ", &text)
        }
        for blindSpot in report.facts.ruleBlindSpots { text.paragraph(blindSpot, first: "  ? ") }
    }

    static func differences(_ differences: [RuleChange.Difference], indent: String, _ text: inout TextBlock) {
        for difference in differences {
            text.paragraph(difference.field, first: indent)
            text.paragraph(difference.standard ?? "(nothing)", first: indent + "  standard: ")
            text.paragraph(difference.server ?? "(nothing)", first: indent + "  server:   ")
        }
    }
}
