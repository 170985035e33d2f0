import Documents
import ReleaseContract
import VersionCatalog

/// The summary over many servers as one page, with their reports below the table where they are given.
public enum EligibilitySummaryHTML {
    /// - Parameter reports: those of the summary's servers in their order, or none.
    public static func render(_ summary: EligibilitySummary, reports: [EligibilityReport] = []) -> String {
        let hasDetails = !reports.isEmpty && reports.count == summary.rows.count
        var main: [Markup] = []
        if !summary.rows.isEmpty { main.append(servers(summary.rows, linked: hasDetails)) }
        if !summary.unreadable.isEmpty { main.append(unreadable(summary.unreadable)) }
        if hasDetails {
            main += reports.enumerated().map { index, report in details(report, index) }
        }
        return ReportPage.page(
            title: "Eligibility for upgrade: \(summary.headline)",
            header: [Markup("h1", [], "Eligibility for upgrade"), Markup("p", [], summary.headline + ".")],
            main: main, footer: footer(summary, reports))
    }

    private static func servers(_ rows: [EligibilitySummary.Row], linked: Bool) -> Markup {
        let cells: [[[Markup]]] = rows.enumerated().map { index, row in
            let texts = EligibilitySummaryText.cells(row)
            let name = Markup.text(texts[0])
            let verdict = Markup(
                "span", [.styled("outcome")],
                [
                    Markup(
                        "span", [.styled("symbol"), .init("aria-hidden", "true")],
                        EligibilityHTML.symbol(row.verdict)), " ", .text(texts[3]),
                ])
            let codes = row.blocking.isEmpty ? [row.verdict.code].compactMap { $0 } : row.blocking
            return [
                [linked ? Markup("a", [.init("href", "#\(prefix(index))server")], [name]) : name],
                [.text(texts[1])], [.text(texts[2])], [verdict], [.text(texts[4])],
                [list(codes.map(\.description))], [list(row.risks)], [.text(texts[5])],
            ]
        }
        return Markup(
            "section", [.init("aria-labelledby", "servers")],
            [
                Markup("h2", [.id("servers")], "Servers"),
                Markup(
                    "div",
                    [
                        .styled("scroll"), .init("tabindex", "0"), .init("role", "region"),
                        .init("aria-label", "Servers"),
                    ],
                    [
                        ReportTable.table(
                            "summary", caption: EligibilityWords.count(rows.count, "server", "servers"),
                            columns: [
                                "Server", "Version", "State", "Verdict", "Candidate", "What blocks", "Risks",
                                "Retired",
                            ], rows: cells)
                    ]),
            ])
    }

    private static func list(_ texts: [String]) -> Markup {
        if texts.isEmpty { return "–" }
        return .group(texts.map { Markup("code", [.styled("item")], $0) })
    }

    private static func unreadable(_ inputs: [EligibilitySummary.Unreadable]) -> Markup {
        Markup(
            "section", [.init("aria-labelledby", "not-read")],
            [
                Markup("h2", [.id("not-read")], "Not read"),
                ReportTable.table(
                    "unreadable", caption: EligibilityWords.count(inputs.count, "input", "inputs"),
                    columns: ["Input", "Why"], rows: inputs.map { [[.text($0.input)], [.text($0.error)]] }),
            ])
    }

    private static func details(_ report: EligibilityReport, _ index: Int) -> Markup {
        let place = ReportPlace(prefix: prefix(index), level: 2)
        let sections = EligibilityHTML.sections(report, place).map(place.section)
        return Markup(
            "article", [.styled("server-report"), .init("aria-labelledby", prefix(index) + "server")],
            EligibilityHTML.header(report, place) + sections
                + [Markup("p", [], [Markup("a", [.init("href", "#servers")], "To the table of all servers")])])
    }

    private static func prefix(_ index: Int) -> String { "server-\(index + 1)-" }

    private static func footer(_ summary: EligibilitySummary, _ reports: [EligibilityReport]) -> [String] {
        let timeline = reports.lazy.compactMap(\.timeline).first
        return [
            EligibilityWords.count(summary.entries.count, "input was", "inputs were") + " given.",
            timeline.map { "Judged on \($0.today)." },
            timeline?.knownUntil.map { "The catalog's last known day is \($0)." },
        ].compactMap { $0 }
    }
}
