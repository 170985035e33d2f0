import Documents
import ReleaseContract
import VersionCatalog

/// The release that comes next, the one a person could install, what they bring, and what was passed over.
enum HTMLCandidate {
    static func candidate(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        guard let decision = report.decision else { return nil }
        let name = place.prefix + "candidate"
        switch decision.outcome {
        case .upToDate: return nil
        case .unavailable(_, let why):
            return ReportSection(name: name, title: "No candidate", content: [Markup("p", [], sentence(why))])
        case .release(let release):
            return ReportSection(
                name: name, title: "The candidate \(release.version)",
                content: path(report, decision) + risks(decision, besides: nil, place))
        }
    }

    static func attended(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        guard let attended = report.attended else { return nil }
        let name = place.prefix + "attended"
        switch attended.outcome {
        case .upToDate: return nil
        case .unavailable(_, let why):
            return ReportSection(
                name: name, title: "An attended upgrade", content: [Markup("p", [], "There is none: \(why).")])
        case .release(let release):
            return ReportSection(
                name: name, title: "An attended upgrade would go to \(release.version)",
                content: path(report, attended) + risks(attended, besides: report.decision, place))
        }
    }

    private static func path(_ report: EligibilityReport, _ decision: ReleaseDecision) -> [Markup] {
        EligibilityWords.path(report, decision).map { [Markup("p", [], "Path: \($0)")] } ?? []
    }

    private static func risks(
        _ decision: ReleaseDecision, besides other: ReleaseDecision?, _ place: ReportPlace
    ) -> [Markup] {
        guard let summary = EligibilityWords.riskSummary(decision) else {
            return [Markup("p", [], "No known issue stands on the way.")]
        }
        let risks = EligibilityWords.risks(decision, besides: other)
        let shared = EligibilityWords.shared(risks.shared).map { [Markup("p", [], $0)] } ?? []
        return [Markup("p", [], summary)] + shared + risks.own.map { risk($0, place) }
    }

    private static func risk(_ found: RiskFinding, _ place: ReportPlace) -> Markup {
        HTMLFindings.finding(
            "risk \(found.outcome.rawValue)",
            place.heading(2, "\(EligibilityWords.risk(found.outcome)): \(found.risk.title)"), code: found.risk.id,
            [
                ("What happens", found.risk.consequence),
                (found.outcome == .note ? "Why to read it" : "Because", found.evidence),
                ("What to do", found.risk.remedy), ("Known from", found.risk.source),
            ], command: EligibilityWords.acceptance(found))
    }

    static func brings(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        if report.brings.isEmpty { return nil }
        // Changes of one release stand together.
        var releases: [(version: String, changes: [Markup])] = []
        for change in report.brings {
            let version = change.version.description
            if releases.last?.version != version { releases.append((version, [])) }
            let item = Markup(
                "li", [], [Markup("strong", [], EligibilityWords.brought(change.kind) + ": "), .text(change.text)])
            releases[releases.count - 1].changes.append(item)
        }
        return ReportSection(
            name: place.prefix + "brings", title: "What the upgrade brings",
            content: [ReportTable.list(releases.map { ($0.version, [Markup("ul", [.styled("plain")], $0.changes)]) })])
    }

    static func passedOver(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        guard let passedOver = report.decision?.passedOver, !passedOver.isEmpty else { return nil }
        return ReportSection(
            name: place.prefix + "passed-over", title: "Releases that were passed over",
            content: [
                ReportTable.table(
                    "passed-over", caption: "Newest first", columns: ["Release", "Why"],
                    rows: passedOver.map { [[.text($0.version.description)], [.text($0.reason)]] })
            ])
    }

    private static func sentence(_ text: String) -> String {
        EligibilityWords.capitalized(text) + (text.hasSuffix(".") ? "" : ".")
    }
}
