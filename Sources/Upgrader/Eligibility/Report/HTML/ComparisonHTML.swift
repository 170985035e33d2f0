import SyncConfiguration

/// Two servers held against each other as one page, with the words marked that differ.
public enum ComparisonHTML {
    public static func render(_ comparison: ServerComparison) -> String {
        let place = ReportPlace.alone
        let names = (comparison.left.serverName, comparison.right.serverName)
        let sections = comparison.sections.filter { !$0.rows.isEmpty }.map {
            ReportSection(
                name: $0.kind.rawValue, title: ComparisonText.title($0), content: content($0, names, place))
        }
        return ReportPage.page(
            title: "\(names.0) and \(names.1) compared",
            header: [
                Markup(
                    "div", [.styled("verdict \(comparison.differs ? "conditional" : "eligible")")],
                    [
                        place.heading(0, "\(names.0) and \(names.1) compared"),
                        Markup("p", [], ComparisonText.headline(comparison)),
                    ]),
                ReportTable.list([
                    ("Left", [.text(comparison.left.heading)]), ("Right", [.text(comparison.right.heading)]),
                ]),
            ] + (sections.isEmpty ? [] : [ReportPage.contents(sections)]),
            main: sections.map(place.section), footer: ["Values that exports encrypt are not shown."])
    }

    private static func content(
        _ section: ServerComparison.Section, _ names: (String, String), _ place: ReportPlace
    ) -> [Markup] {
        let note = section.note.map { [Markup("p", [], $0)] } ?? []
        return note
            + ComparisonGroup.groups(section.rows).map { group in
                let table = HTMLDifferences.table(
                    caption: EligibilityWords.count(group.rows.count, "difference", "differences"),
                    first: "What", left: "Left: \(names.0)", right: "Right: \(names.1)",
                    group.rows.map { ($0.what, $0.left, $0.right) })
                guard let owner = group.owner else { return table }
                return Markup("article", [.styled("rule")], [place.heading(2, owner), table])
            }
    }
}
