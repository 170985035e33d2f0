import SyncConfiguration

/// Two servers held against each other, for a terminal: both values of every difference below each other.
public enum ComparisonText {
    public static func render(_ comparison: ServerComparison, width: Int = 100) -> String {
        var text = TextBlock(width: max(width, 40))
        text.paragraph(headline(comparison))
        text.blank()
        text.paragraph(comparison.left.heading, first: "Left   ")
        text.paragraph(comparison.right.heading, first: "Right  ")
        for section in comparison.sections where !section.rows.isEmpty {
            text.title(title(section))
            if let note = section.note { text.paragraph(note, first: "  ") }
            for group in ComparisonGroup.groups(section.rows) {
                if let owner = group.owner { text.paragraph(owner, first: "  - ") }
                let indent = group.owner == nil ? "  - " : "    "
                for row in group.rows {
                    text.paragraph(row.what, first: indent)
                    text.paragraph(ServerComparison.shown(row.left), first: "      left:  ")
                    text.paragraph(ServerComparison.shown(row.right), first: "      right: ")
                }
            }
        }
        return text.text
    }

    static func headline(_ comparison: ServerComparison) -> String {
        let count = comparison.sections.filter(\.counts).map(\.rows.count).reduce(0, +)
        return comparison.differs
            ? "DIFFERENT: the two servers differ in \(EligibilityWords.count(count, "place", "places"))."
            : "ALIKE: the two servers do not differ in anything that they should share."
    }

    static func title(_ section: ServerComparison.Section) -> String {
        section.counts ? section.kind.title : "\(section.kind.title) (nothing to mend)"
    }
}

/// The differences of one connector or rule.
struct ComparisonGroup {
    var owner: String?
    var rows: [ServerComparison.Row]

    /// Rows of one owner stand together already.
    static func groups(_ rows: [ServerComparison.Row]) -> [ComparisonGroup] {
        var groups: [ComparisonGroup] = []
        for row in rows {
            if let last = groups.indices.last, groups[last].owner == row.of {
                groups[last].rows.append(row)
            } else {
                groups.append(ComparisonGroup(owner: row.of, rows: [row]))
            }
        }
        return groups
    }
}
