import Documents
import ReleaseContract
import VersionCatalog

/// The summary for a terminal: a table with one line for each server, and below it what each line leaves out.
public enum EligibilitySummaryText {
    public static func render(_ summary: EligibilitySummary, width: Int = 100) -> String {
        var text = TextBlock(width: max(width, 40))
        text.paragraph(summary.headline)
        if !summary.rows.isEmpty {
            text.blank()
            for line in table(summary.rows) { text.line(line) }
            text.title("Server by server")
            for row in summary.rows { details(row, &text) }
        }
        if !summary.unreadable.isEmpty {
            text.title("Not read")
            for entry in summary.unreadable { text.paragraph("\(entry.input): \(entry.error)", first: "  - ") }
        }
        return text.text
    }

    static let columns = ["Server", "Version", "State", "Verdict", "Candidate", "Retired"]

    static func cells(_ row: EligibilitySummary.Row) -> [String] {
        [
            row.name ?? "not known", row.version?.description ?? "not known", row.state ?? "not known",
            EligibilityWords.verdict(row.verdict), row.candidate?.description ?? "none",
            row.retired?.description ?? "–",
        ]
    }

    private static func table(_ rows: [EligibilitySummary.Row]) -> [String] {
        let lines = ([columns] + rows.map(cells)).map { $0.map(TextBlock.printable) }
        let widths = columns.indices.map { column in lines.map { TextBlock.columns($0[column]) }.max() ?? 0 }
        return lines.map { line in
            let padded = zip(line, widths).map { TextBlock.padded($0, to: $1) }.joined(separator: "  ")
            return String(padded.reversed().drop { $0 == " " }.reversed())
        }
    }

    private static func details(_ row: EligibilitySummary.Row, _ text: inout TextBlock) {
        text.paragraph("\(row.name ?? "name not known") (\(row.input))", first: "  - ")
        if !row.blocking.isEmpty {
            text.paragraph(row.blocking.map(\.description).joined(separator: ", "), first: "    Blocks:   ")
        } else if let code = row.verdict.code {
            text.paragraph(code.description, first: "    Blocks:   ")
        }
        if row.unknown > 0 {
            text.paragraph(
                EligibilityWords.count(row.unknown, "condition", "conditions"), first: "    Unknown:  ")
        }
        if !row.risks.isEmpty { text.paragraph(row.risks.joined(separator: ", "), first: "    Risks:    ") }
        if let attended = row.attended { text.paragraph(attended.description, first: "    By hand:  ") }
    }
}
