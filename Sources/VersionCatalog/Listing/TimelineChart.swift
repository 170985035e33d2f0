import Documents

/// Releases as bars over the months, from release to the end of support.
struct TimelineChart {
    let entries: [Timeline.Entry]
    let hardStops: [HardStop]
    let day: ReleaseDate

    /// Months since year 0.
    private static func month(_ date: ReleaseDate) -> Int { date.year * 12 + date.month - 1 }

    /// Whole years around everything that is drawn, at most five: what began earlier comes in from the left, what ends later
    /// goes out to the right.
    private var years: ClosedRange<Int> {
        let ends = entries.compactMap(\.retired).map(\.year) + hardStops.map(\.from.year) + [day.year]
        let last = min(ends.max() ?? day.year, day.year + 2)
        let begins = entries.compactMap(\.released).map(\.year) + [day.year]
        let first = max(min(begins.min() ?? day.year, last), last - 4)
        return first...last
    }

    private var first: Int { years.lowerBound * 12 }
    private var count: Int { years.count * 12 }

    var lines: [String] {
        let label = (entries.map { "\($0.version)".count }.max() ?? 7) + 2
        let blank = String(repeating: " ", count: label)
        let ruler = years.map { CatalogText.padded("\($0)", to: 12) }.joined()
        var lines = [Self.trimmed(blank + ruler)]
        for entry in entries {
            lines.append(
                CatalogText.padded("\(entry.version)", to: label) + bar(entry) + "  " + words(entry))
        }
        lines.append(Self.trimmed(blank + marks))
        lines.append(Self.trimmed(blank + legend))
        return lines
    }

    /// `=` supported, `|` the month in which support ends, `>` no end known, `:` the month of the day, `!` a hard stop.
    private func bar(_ entry: Timeline.Entry) -> String {
        var cells = ground
        guard let released = entry.released else { return String(cells) }
        let from = Self.month(released) - first
        let to = entry.retired.map { Self.month($0) - first } ?? count - 1
        for cell in max(0, from)...max(0, from, min(to, count - 1)) where cell < count && to >= 0 { cells[cell] = "=" }
        if to >= 0, to < count { cells[to] = entry.retired == nil ? ">" : "|" }
        return String(cells)
    }

    private var ground: [Character] {
        var cells = [Character](repeating: " ", count: count)
        for stop in hardStops { place("!", Self.month(stop.from) - first, in: &cells) }
        place(":", Self.month(day) - first, in: &cells)
        return cells
    }

    private func place(_ mark: Character, _ cell: Int, in cells: inout [Character]) {
        if cells.indices.contains(cell) { cells[cell] = mark }
    }

    private var marks: String {
        var cells = [Character](repeating: " ", count: count)
        for stop in hardStops { place("!", Self.month(stop.from) - first, in: &cells) }
        place("^", Self.month(day) - first, in: &cells)
        return String(cells)
    }

    private var legend: String {
        let stop = hardStops.isEmpty ? "" : "; ! hard stop"
        return "= supported; | support ends; > end not known; ^ \(day)\(stop)"
    }

    private func words(_ entry: Timeline.Entry) -> String {
        var words: [String] = []
        switch entry.role {
        case .installed: words.append("installed")
        case .candidate: words.append("automatic upgrade leads here")
        case .intermediate: words.append("on the way")
        case .attended: words.append("by hand")
        case .other: break
        }
        if entry.isSecurityRelease { words.append("security fixes") }
        if let retired = entry.retired { words.append("until \(retired)") }
        return words.joined(separator: ", ")
    }

    private static func trimmed(_ text: String) -> String { String(text.reversed().drop { $0 == " " }.reversed()) }
}
