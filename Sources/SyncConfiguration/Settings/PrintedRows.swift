/// Puts the rows of a table together that belong to one parameter, and joins what was wrapped.
struct PrintedRows {
    private struct Row {
        var name: [UInt16]
        /// The lines of the value, each without the blanks at its end.
        var pieces: [[UInt16]]
        var line: Int
        /// How long the last line of the name is.
        var nameEnd: Int
        /// Nobody can tell whether the name goes on below.
        var isNameDoubtful = false
    }

    /// How a name cell stands to the row before.
    private enum Relation {
        case isOwn, goesOn, isDoubtful
    }

    private let grid: PrintedGrid
    private var rows: [Row] = []

    init(_ grid: PrintedGrid) throws(PrintProblem) {
        self.grid = grid
        let width = grid.width(grid.header.name)
        let longest = grid.rows.indices.map { grid.cell($0, grid.header.name).count }.max() ?? 0
        for index in grid.rows.indices {
            let name = grid.cell(index, grid.header.name)
            let value = grid.cell(index, grid.header.value)
            let line = grid.lines[index].number
            let relation = name.isEmpty ? .goesOn : relation(of: name, width, longest)
            if relation == .isOwn {
                rows.append(Row(name: name, pieces: [value], line: line, nameEnd: name.count))
                continue
            }
            guard !rows.isEmpty else { throw PrintProblem(line, "a row without a name; expected a parameter's name") }
            let last = rows.count - 1
            if !name.isEmpty {
                if relation == .isDoubtful { rows[last].isNameDoubtful = true } else { rows[last].name += name }
                rows[last].nameEnd = name.count
            }
            if !value.isEmpty { rows[last].pieces.append(value) }
        }
    }

    /// A name goes on below where it fills its column, and the cell below does not begin as a name does. Where the
    /// column's width is not known, the longest name may or may not fill it.
    private func relation(of name: [UInt16], _ width: Int?, _ longest: Int) -> Relation {
        guard let last = rows.last, last.nameEnd == width ?? longest else { return .isOwn }
        let before = PrintedGrid.text(last.name)
        let isWhole = Self.withoutEllipsis(before) != nil || GlobalParameter.ofEveryVersion.contains(before)
        if isWhole || PrintedGrid.text(name).hasPrefix(PrintedEntry.product) { return .isOwn }
        return width == nil ? .isDoubtful : .goesOn
    }

    func entries() throws(PrintProblem) -> [PrintedEntry] {
        let pieces = rows.map(\.pieces)
        let wrap = PrintedWrap(pieces, width: grid.width(grid.header.value))
        let isRight = grid.cells[grid.header.value].lowerBound != grid.header.columns[grid.header.value].lowerBound
        return rows.map { row in
            let name = PrintedGrid.text(row.name)
            if row.isNameDoubtful { return PrintedEntry(name: name + "…", value: nil, line: row.line) }
            if let kept = Self.withoutEllipsis(name) {
                return PrintedEntry(name: kept + "…", value: nil, line: row.line)
            }
            let value = wrap.join(row.pieces).map { PrintedGrid.text($0) }
            let isCut = value.map { Self.withoutEllipsis($0) != nil || (isRight && Self.beginsCut($0)) } ?? true
            return PrintedEntry(name: name, value: isCut ? nil : value.map(Self.trimmed), line: row.line)
        }
    }

    /// Columns that are aligned to the right have blanks before their text, and lose its beginning.
    private static func trimmed(_ value: String) -> String { String(value.drop { $0 == " " }) }

    private static func beginsCut(_ value: String) -> Bool {
        let value = trimmed(value)
        return value.hasPrefix("…") || value.hasPrefix("...")
    }

    /// The text before the dots that say that something is missing; nil where there are none.
    static func withoutEllipsis(_ text: String) -> String? {
        if text.hasSuffix("…") { return String(text.dropLast()) }
        return text.hasSuffix("...") ? String(text.dropLast(3)) : nil
    }
}

/// Joins the lines of a wrapped value.
///
/// PowerShell breaks a line at a blank, which is lost among those that fill the column, or where the column ends.
/// Which of them it was shows in the line's length, to whoever knows the column's width. Where that is not known, a
/// value that could be joined in two ways is not joined.
struct PrintedWrap {
    private static let longerThanWords = 32

    /// nil where it is not known.
    let width: Int?
    let longest: Int

    init(_ values: [[[UInt16]]], width: Int?) {
        longest = values.joined().map(\.count).max() ?? 0
        if let width {
            self.width = width
            return
        }
        // Two broken lines of the greatest length without a blank: no two words are so long, a column's end does that.
        let greatest = longest
        let filled = values.reduce(0) { count, pieces in
            count + pieces.dropLast().count { $0.count == greatest && !$0.contains(PrintedTable.blank) }
        }
        self.width = filled > 1 && longest >= Self.longerThanWords ? longest : nil
    }

    /// nil where nobody can tell.
    func join(_ pieces: [[UInt16]]) -> [UInt16]? {
        guard var joined = pieces.first else { return [] }
        var last = joined
        for piece in pieces.dropFirst() {
            if let width {
                if last.count < width {
                    // A word that had room on the line before was moved by a line break of the value's own.
                    let word = piece.prefix { $0 != PrintedTable.blank }.count
                    let delimiter = word < piece.count ? 1 : 0
                    if last.count + 1 + word + delimiter <= width { return nil }
                    joined.append(PrintedTable.blank)
                }
            } else {
                guard last.count < longest else { return nil }
                joined.append(PrintedTable.blank)
            }
            joined += piece
            last = piece
        }
        return joined
    }
}
