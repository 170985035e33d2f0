import ReleaseContract
import VersionCatalog

/// What stands in the way, what is not known, what is advised, and every condition that was looked at.
enum HTMLFindings {
    static func blocking(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        guard !report.failures.isEmpty else { return nil }
        return ReportSection(
            name: place.prefix + "blocks", title: "What blocks",
            content: report.failures.map { result in
                finding(
                    "fail", place.heading(2, result.condition.title), code: result.code.description,
                    [
                        ("Found", result.evidence), ("Why it blocks", result.condition.explanation),
                        ("What to do", result.remedy),
                    ])
            })
    }

    /// Only where the verdict rests on it; the table of the conditions has them otherwise.
    static func unknown(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        let isReason = report.verdict == .conditional || report.verdict == .aborted(.aborted("FactUnknown"))
        guard isReason, !report.unknowns.isEmpty else { return nil }
        return ReportSection(
            name: place.prefix + "unknown", title: "What is not known",
            content: [ReportTable.sentences(report.unknowns.map { "\($0.condition.title): \($0.evidence)." })])
    }

    static func finding(
        _ style: String, _ heading: Markup, code: String, _ facts: [(String, String?)], command: String? = nil
    ) -> Markup {
        var rows = facts.compactMap { name, value in value.map { (name, [Markup.text($0)]) } }
        if let command { rows.append(("To accept it", [Markup("code", [], command)])) }
        return Markup(
            "article", [.styled("finding \(style)")],
            [heading, Markup("p", [.styled("code")], [Markup("code", [], code)]), ReportTable.list(rows)])
    }

    static func advice(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        let advice = EligibilityWords.advice(report)
        guard !advice.isEmpty else { return nil }
        let applying = advice.filter { $0.outcome == .applies }.map { found in
            finding(
                "advice", place.heading(2, "\(EligibilityWords.advice(found.outcome)): \(found.title)"), code: found.id,
                [
                    ("Found", found.evidence), ("Why it matters", found.explanation), ("What to do", found.remedy),
                ])
        }
        let open = advice.filter { $0.outcome == .unknown }.map { "\($0.title): not known, \($0.evidence)." }
        return ReportSection(
            name: place.prefix + "advice", title: "Advice that blocks nothing",
            content: applying + (open.isEmpty ? [] : [ReportTable.sentences(open)]))
    }

    static func agent(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        report.agent.map { agent in
            ReportSection(
                name: place.prefix + "agent", title: "Then and now",
                content: [ReportTable.sentences(EligibilityWords.agent(agent, report))])
        }
    }

    static func notes(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        if report.notes.isEmpty { return nil }
        return ReportSection(
            name: place.prefix + "notes", title: "To know", content: [ReportTable.sentences(report.notes)])
    }

    static func conditions(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        if report.conditions.isEmpty { return nil }
        let results = EligibilityWords.outcomes.flatMap { outcome in
            report.conditions.filter { $0.outcome == outcome }
        }
        let rows: [[[Markup]]] = results.map { result in
            [
                [.text(result.condition.title), Markup("code", [], result.code.description)],
                [outcome(result.outcome)], [.text(result.evidence)] + remedyOfUnknown(result),
            ]
        }
        let counts = EligibilityWords.outcomes.map { outcome in
            "\(report.conditions.count { $0.outcome == outcome }) \(EligibilityWords.outcome(outcome))"
        }
        return ReportSection(
            name: place.prefix + "conditions", title: "Conditions",
            content: [
                ReportTable.table(
                    "conditions", caption: counts.joined(separator: ", "),
                    columns: ["Condition", "Outcome", "Evidence"], rows: rows)
            ])
    }

    /// Told by a symbol and a word.
    private static func outcome(_ outcome: ConditionResult.Outcome) -> Markup {
        let symbol =
            switch outcome {
            case .pass: "✓"
            case .fail: "✗"
            case .unknown: "?"
            case .notApplicable: "–"
            }
        return Markup(
            "span", [.styled("outcome \(outcome.rawValue)")],
            [
                Markup("span", [.styled("symbol"), .init("aria-hidden", "true")], symbol), " ",
                .text(EligibilityWords.outcome(outcome)),
            ])
    }

    /// A failure's remedy stands above; what is not known may turn out to be one.
    private static func remedyOfUnknown(_ result: ConditionResult) -> [Markup] {
        guard result.outcome == .unknown, let remedy = result.remedy else { return [] }
        return [Markup("p", [.styled("remedy")], "If it blocks: \(remedy)")]
    }
}
