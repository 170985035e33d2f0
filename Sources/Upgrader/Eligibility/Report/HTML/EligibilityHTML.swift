import Documents
import ReleaseContract
import VersionCatalog

/// The report as one page that needs nothing else: no scripts, no files beside it, nothing from a network.
public enum EligibilityHTML {
    public static func render(_ report: EligibilityReport) -> String {
        let place = ReportPlace.alone
        let sections = sections(report, place)
        let server = report.facts.name ?? "server without a known name"
        return ReportPage.page(
            title: "\(EligibilityWords.verdict(report.verdict)): \(server), eligibility for upgrade",
            header: header(report, place) + [ReportPage.contents(sections)],
            main: sections.map(place.section), footer: EligibilityWords.foundation(report))
    }

    /// The verdict, and who the server is.
    static func header(_ report: EligibilityReport, _ place: ReportPlace) -> [Markup] {
        let server = report.facts.name ?? "server without a known name"
        let symbol = symbol(report.verdict)
        return [
            Markup(
                "div", [.styled("verdict \(report.verdict.name)")],
                [
                    place.heading(
                        0,
                        [
                            Markup("span", [.styled("symbol"), .init("aria-hidden", "true")], symbol), " ",
                            "\(EligibilityWords.verdict(report.verdict)): \(server)",
                        ], name: place.prefix.isEmpty ? nil : place.prefix + "server"),
                    Markup("p", [], EligibilityWords.capitalized(EligibilityWords.headline(report))),
                ]),
            ReportTable.list(EligibilityWords.overview(report).dropFirst().map { ($0.0, [.text($0.1)]) }),
        ]
    }

    static func symbol(_ verdict: EligibilityReport.Verdict) -> String {
        switch verdict {
        case .upToDate, .eligible: "✓"
        case .conditional: "?"
        case .aborted: "!"
        case .notSupported: "✗"
        }
    }

    static func sections(_ report: EligibilityReport, _ place: ReportPlace) -> [ReportSection] {
        let made: [ReportSection?] = [
            HTMLFindings.blocking(report, place), HTMLFindings.unknown(report, place),
            HTMLCandidate.candidate(report, place), HTMLCandidate.attended(report, place),
            HTMLRules.section(report, place), HTMLTimeline.section(report, place),
            HTMLCandidate.brings(report, place), HTMLFindings.advice(report, place),
            HTMLFindings.agent(report, place), HTMLFindings.notes(report, place),
            HTMLFindings.conditions(report, place), HTMLCandidate.passedOver(report, place),
        ]
        return made.compactMap { $0 }
    }
}

/// The releases around the server: a picture, and the same as a table.
enum HTMLTimeline {
    static func section(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection? {
        guard let timeline = report.timeline, !timeline.entries.isEmpty else { return nil }
        let name = place.prefix + "timeline"
        var content: [Markup] = []
        if let layout = TimelineLayout(timeline) {
            content.append(
                Markup(
                    "figure", [],
                    [
                        // Wider than a telephone: it scrolls by itself, by keyboard too.
                        Markup(
                            "div",
                            [
                                .styled("scroll"), .init("tabindex", "0"), .init("role", "region"),
                                .init("aria-label", "Version timeline"),
                            ],
                            [TimelinePicture.picture(timeline, layout, name: name + "-picture")]),
                        Markup("figcaption", [], [legend(timeline)]),
                    ]))
        } else {
            content.append(Markup("p", [], "No date of these releases is known, so there is no picture."))
        }
        content += timeline.hardStops.map {
            Markup("p", [], "From \($0.from) on, \($0.effect) below \($0.below).")
        }
        content.append(Markup("details", [], [Markup("summary", [], "The releases as a table"), table(timeline)]))
        return ReportSection(name: name, title: "Version timeline", content: content)
    }

    /// What the shapes that occur mean.
    private static func legend(_ timeline: Timeline) -> Markup {
        let used = Set(timeline.entries.map(TimelinePicture.Shape.init))
        func item(_ mark: [Markup], _ words: String) -> Markup {
            let picture = Markup(
                "svg",
                [.init("viewBox", "0 0 20 20"), .init("aria-hidden", "true"), .styled("key")],
                [Markup("g", [.styled("mark")], mark)])
            return Markup("li", [], [picture, " ", .text(words)])
        }
        var items = TimelinePicture.Shape.allCases.filter(used.contains).map {
            item(TimelinePicture.shape($0, 10, 10), $0.meaning)
        }
        if timeline.entries.contains(where: \.isSecurityRelease) {
            items.append(item([TimelinePicture.circle(10, 10, 8, "security")], "ring: security fixes"))
        }
        if timeline.entries.contains(where: { $0.released.map { $0.day == nil } ?? false }) {
            items.append(item([TimelinePicture.line(1, 10, 19, 10, "span")], "bar: only the month is known"))
        }
        return Markup("ul", [.styled("legend")], items)
    }

    private static func table(_ timeline: Timeline) -> Markup {
        let rows: [[[Markup]]] = timeline.entries.map { entry in
            let remarks = [
                entry.role == .other ? nil : DatedTimeline.role(entry.role).joined(),
                entry.isSecurityRelease ? "security fixes" : nil, entry.isWithdrawn ? "withdrawn" : nil,
            ]
            return [
                [.text(entry.version.description)], [.text(entry.released?.description ?? "not known")],
                [.text(entry.channels.isEmpty ? "none known" : entry.channels.joined(separator: ", "))],
                [.text(entry.retired?.description ?? "–")],
                [.text(remarks.compactMap { $0 }.joined(separator: ", "))],
            ]
        }
        return ReportTable.table(
            "releases", caption: "Releases from the installed one on",
            columns: ["Version", "Released", "Channels", "Retired", "Remarks"], rows: rows)
    }
}
