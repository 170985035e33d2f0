import ReleaseContract

/// The rule changes, those of the cloud connector first: the product's content left, the server's right.
enum HTMLRules {
    static func section(_ report: EligibilityReport, _ place: ReportPlace) -> ReportSection {
        let changes = EligibilityWords.ruleChanges(report) ?? []
        let content =
            changes.isEmpty
            ? [Markup("p", [], EligibilityWords.noRuleChanges(report))] : changes.map { article($0, place) }
        let blindSpots = report.facts.ruleBlindSpots.map { Markup("li", [], $0) }
        let hidden =
            blindSpots.isEmpty
            ? [] : [Markup("p", [], "What this comparison cannot see:"), Markup("ul", [], blindSpots)]
        return ReportSection(name: place.prefix + "rules", title: "Rule changes", content: content + hidden)
    }

    private static func article(_ change: RuleChange, _ place: ReportPlace) -> Markup {
        var content = [
            place.heading(2, "\(EligibilityWords.capitalized(change.kind.rawValue)): \(change.name)"),
            Markup("p", [.styled("place")], EligibilityWords.place(change)),
            Markup("p", [], [Markup("strong", [], "An upgrade: "), .text(change.effect)]),
        ]
        if let attributes = EligibilityWords.attributes(change) { content.append(Markup("p", [], attributes)) }
        if let unknown = EligibilityWords.noDifferences(change) { content.append(Markup("p", [], unknown)) }
        if !change.differences.isEmpty {
            content.append(
                HTMLDifferences.table(
                    caption: "Differences of \(change.name)", left: "Standard", right: "This server",
                    change.differences.map { ($0.field, $0.standard, $0.server) }))
        }
        return Markup("article", [.styled("rule")], content)
    }
}

/// Two values side by side, with the words marked that differ.
enum HTMLDifferences {
    static func table(
        caption: String, first: String = "Field", left: String, right: String,
        _ rows: [(field: String, left: String?, right: String?)]
    ) -> Markup {
        ReportTable.table(
            "differences", caption: caption, columns: [first, left, right],
            rows: rows.map { row in
                let cells = cells(row.left, row.right)
                return [[.text(row.field)], cells.0, cells.1]
            })
    }

    static func cells(_ left: String?, _ right: String?) -> ([Markup], [Markup]) {
        switch (left, right) {
        case (let left?, let right?):
            let difference = WordDifference(left, right)
            return (
                [left.isEmpty ? empty : Markup("code", [], difference.old.map { piece($0, "del") })],
                [right.isEmpty ? empty : Markup("code", [], difference.new.map { piece($0, "ins") })]
            )
        // An empty value is not a missing one.
        case (let left?, nil):
            return ([left.isEmpty ? empty : Markup("code", [], [Markup("del", [], left)])], [nothing])
        case (nil, let right?):
            return ([nothing], [right.isEmpty ? empty : Markup("code", [], [Markup("ins", [], right)])])
        case (nil, nil): return ([nothing], [nothing])
        }
    }

    private static let empty = Markup("span", [.styled("nothing")], "(empty)")
    private static let nothing = Markup("span", [.styled("nothing")], "(nothing)")

    private static func piece(_ piece: WordDifference.Piece, _ mark: StaticString) -> Markup {
        piece.isChanged ? Markup(mark, [], piece.text) : .text(piece.text)
    }
}
