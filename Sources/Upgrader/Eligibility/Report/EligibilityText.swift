import Documents
import ReleaseContract
import VersionCatalog

/// The report for people: the verdict first, then what blocks and what to do, then everything that was looked at.
public enum EligibilityText {
    public static func render(_ report: EligibilityReport, width: Int = 100) -> String {
        var text = TextBlock(width: max(width, 40))
        text.paragraph(headline(report))
        text.blank()
        for (name, value) in summary(report) {
            text.paragraph(value, first: TextBlock.padded(name, to: 14))
        }
        findings("What blocks", report.failures, &text, explain: true)
        if isAboutUnknowns(report.verdict) { findings("What is not known", report.unknowns, &text, explain: false) }
        if !report.notes.isEmpty {
            text.blank()
            text.line("To know")
            for note in report.notes { text.paragraph(note, first: "  - ") }
        }
        table(report, &text)
        return text.text
    }

    private static func headline(_ report: EligibilityReport) -> String {
        let server = report.facts.name ?? "this server"
        let candidate = report.decision?.candidate.map { " to \($0.version)" } ?? ""
        switch report.verdict {
        case .upToDate: return "UP TO DATE: \(server) has the newest release that is offered to it."
        case .eligible: return "ELIGIBLE: \(server) can be upgraded automatically\(candidate)."
        case .conditional:
            return "CONDITIONAL: nothing keeps \(server) from being upgraded\(candidate), as far as this input tells;"
                + " \(report.unknowns.count) conditions are not known."
        case .aborted(let code):
            return "NOT NOW: \(server) is not upgraded at the moment (\(code)). \(sentence(report))"
        case .notSupported(let code):
            return "NOT SUPPORTED: \(server) is not upgraded automatically (\(code)). \(sentence(report))"
        }
    }

    /// Elsewhere the table has them; here they are the reason.
    private static func isAboutUnknowns(_ verdict: EligibilityReport.Verdict) -> Bool {
        verdict == .conditional || verdict == .aborted(.aborted("FactUnknown"))
    }

    private static func sentence(_ report: EligibilityReport) -> String {
        // A failed condition is explained below; other reasons stand only here.
        guard !report.failures.contains(where: { $0.code == report.verdict.code }) else { return "" }
        return report.reason.prefix(1).uppercased() + report.reason.dropFirst() + "."
    }

    private static func summary(_ report: EligibilityReport) -> [(String, String)] {
        let facts = report.facts
        var rows = [
            ("Server", facts.name ?? "name not known"),
            ("Product", "\(facts.product ?? "not known") \(facts.version?.description ?? "(version not known)")"),
        ]
        switch facts.source {
        case .server(let root): rows.append(("Read from", "the server below \(root)"))
        case .export(let folder, let date): rows.append(("Read from", "the export \(folder), written \(date)"))
        case .settings(let file): rows.append(("Read from", "the printed settings \(file)"))
        }
        let state = facts.autoUpgradeState?.description ?? "not known"
        rows.append(("Auto-upgrade", state + (facts.suspensionReason.map { " (\($0))" } ?? "")))
        switch report.decision?.outcome {
        case nil where facts.version == nil: rows.append(("Candidate", "none: the installed version is not known"))
        case nil: rows.append(("Candidate", "none: no published repository is named"))
        case .upToDate: rows.append(("Candidate", "none: nothing newer is offered"))
        case .release(let release): rows.append(("Candidate", "\(release.version)"))
        case .unavailable(_, let why): rows.append(("Candidate", "none: \(why)"))
        }
        for passed in report.decision?.passedOver ?? [] {
            rows.append(("Passed over", "\(passed.version): \(passed.reason)"))
        }
        return rows
    }

    private static func findings(
        _ title: String, _ results: [ConditionResult], _ text: inout TextBlock, explain: Bool
    ) {
        if results.isEmpty { return }
        text.blank()
        text.line(title)
        for result in results {
            text.paragraph("\(result.code): \(result.evidence)", first: "  - ")
            guard explain else { continue }
            text.paragraph(result.condition.explanation, first: "    ")
            if let remedy = result.remedy { text.paragraph(remedy, first: "    What to do: ") }
        }
    }

    private static func table(_ report: EligibilityReport, _ text: inout TextBlock) {
        let order: [ConditionResult.Outcome] = [.fail, .unknown, .pass, .notApplicable]
        text.blank()
        text.line("Conditions")
        for outcome in order {
            for result in report.conditions where result.outcome == outcome {
                let head = "  " + TextBlock.padded(word(outcome), to: 9)
                text.paragraph("\(result.condition.title): \(result.evidence)", first: head)
            }
        }
    }

    private static func word(_ outcome: ConditionResult.Outcome) -> String {
        switch outcome {
        case .pass: "pass"
        case .fail: "FAIL"
        case .notApplicable: "n/a"
        case .unknown: "unknown"
        }
    }
}
