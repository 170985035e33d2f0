/// Reads `Format-Table`: a header, dashes below it, a row per parameter, a blank line.
///
/// A column begins where its dashes do, unless it is aligned to the right: then it ends where they do. One blank
/// separates columns. The dashes are as long as the header's word, so they do not tell how wide a column is.
enum PrintedTable {
    typealias Line = PrintedText.Line

    /// The columns' dashes; nil for a line that has something else.
    static func columns(_ text: String) -> [Range<Int>]? {
        let units = Array(text.utf16)
        guard units.contains(dash), units.allSatisfy({ $0 == dash || $0 == blank }) else { return nil }
        var columns: [Range<Int>] = []
        for index in units.indices where units[index] == dash {
            if let last = columns.last, last.upperBound == index {
                columns[columns.count - 1] = last.lowerBound..<(index + 1)
            } else {
                columns.append(index..<(index + 1))
            }
        }
        return columns
    }

    /// Which columns hold the names and the values.
    struct Header: Equatable {
        let columns: [Range<Int>]
        let name: Int
        let value: Int

        /// nil where the header has not both.
        init?(_ text: String, _ columns: [Range<Int>]) {
            let units = Array(text.utf16)
            let labels = columns.map { column in
                column.upperBound <= units.count ? String(decoding: units[column], as: UTF16.self).lowercased() : ""
            }
            guard let name = labels.firstIndex(of: "name"), let value = labels.firstIndex(of: "value") else {
                return nil
            }
            // What stands outside of the dashes belongs to a label that is wider than its column.
            let outside = units.indices.contains { index in
                units[index] != blank && !columns.contains { $0.contains(index) }
            }
            if outside { return nil }
            self.columns = columns
            self.name = name
            self.value = value
        }
    }

    static let blank = UInt16(ascii: " ")
    static let dash = UInt16(ascii: "-")

    /// Reads every table of parameters from the header at `start` on.
    static func read(_ lines: [Line], from start: Int) throws(PrintProblem) -> [PrintedEntry] {
        var entries: [PrintedEntry] = []
        var index = start
        while index < lines.count {
            if index + 1 < lines.count, let columns = columns(lines[index + 1].text),
                let header = Header(lines[index].text, columns)
            {
                let rows = lines[(index + 2)...].prefix { !$0.isBlank && !$0.isEnd }
                entries += try read(Array(rows), header)
                index = rows.endIndex
            } else {
                try PrintedSettings.refuseLoose(lines[index])
                index += 1
            }
        }
        return entries
    }

    private static func read(_ lines: [Line], _ header: Header) throws(PrintProblem) -> [PrintedEntry] {
        if let line = lines.first(where: { $0.text.contains("\t") }) {
            throw PrintProblem(line.number, "a tab inside a table; expected blanks, as PowerShell prints them")
        }
        // A console gives wide characters two places, a file one.
        if let grid = try? PrintedGrid(lines, header, isWide: false) { return try PrintedRows(grid).entries() }
        do throws(PrintProblem) {
            return try PrintedRows(try PrintedGrid(lines, header, isWide: true)).entries()
        } catch {
            _ = try PrintedGrid(lines, header, isWide: false)
            throw error
        }
    }
}

/// A table's rows, cut into cells.
struct PrintedGrid {
    let rows: [[UInt16]]
    let lines: [PrintedText.Line]
    let header: PrintedTable.Header
    /// The positions of each column's cells.
    private(set) var cells: [Range<Int>] = []

    /// Takes the second place of a wide character.
    private static let filler = UInt16.max

    init(_ lines: [PrintedText.Line], _ header: PrintedTable.Header, isWide: Bool) throws(PrintProblem) {
        rows = lines.map { line in
            let units = Array(line.text.utf16)
            guard isWide else { return units }
            return units.flatMap { Self.isWide($0) ? [$0, Self.filler] : [$0] }
        }
        self.lines = lines
        self.header = header
        let longest = max(rows.map(\.count).max() ?? 0, header.columns.last?.upperBound ?? 0)
        var used = [Bool](repeating: false, count: longest)
        for row in rows {
            for index in row.indices where row[index] != PrintedTable.blank { used[index] = true }
        }
        var start = 0
        for index in header.columns.indices {
            let column = header.columns[index]
            var end = longest
            if index + 1 < header.columns.count {
                // The separator is the nearest place before the next column that is blank in every row.
                let next = header.columns[index + 1]
                guard let separator = (column.upperBound..<next.lowerBound).last(where: { !used[$0] }) else {
                    throw PrintProblem(misplaced(next.lowerBound - 1), Self.misaligned)
                }
                end = separator
            }
            cells.append(start..<end)
            if index > 0, start != column.lowerBound { try checkRight(index) }
            start = end + 1
        }
    }

    private static let misaligned = "the row's columns are not below those of the header"

    private func misplaced(_ place: Int) -> Int? {
        rows.firstIndex { $0.count > place && $0[place] != PrintedTable.blank }.map { lines[$0].number }
    }

    /// A column that begins before its dashes is aligned to the right: every cell ends where they do.
    private func checkRight(_ column: Int) throws(PrintProblem) {
        let end = header.columns[column].upperBound
        for (index, row) in rows.enumerated() {
            let cell = cells[column].clamped(to: 0..<row.count)
            let last = row[cell].lastIndex { $0 != PrintedTable.blank }
            if let last, last != end - 1 { throw PrintProblem(lines[index].number, Self.misaligned) }
        }
    }

    /// Whether a column is aligned to the left for sure: its cells begin where its dashes do, and do not all end
    /// where they do.
    func isLeft(_ column: Int) -> Bool {
        let dashes = header.columns[column]
        guard cells[column].lowerBound == dashes.lowerBound else { return false }
        let ends = rows.indices.compactMap { row -> Int? in
            let text = cell(row, column)
            return text.isEmpty || text.first == PrintedTable.blank ? nil : dashes.lowerBound + text.count
        }
        let begin = rows.indices.allSatisfy { cell($0, column).first != PrintedTable.blank }
        return begin && ends.contains { $0 != dashes.upperBound }
    }

    /// A cell without the blanks at its end.
    func cell(_ row: Int, _ column: Int) -> [UInt16] {
        let units = rows[row]
        var cell = Array(units[cells[column].clamped(to: 0..<units.count)])
        while cell.last == PrintedTable.blank { cell.removeLast() }
        return cell
    }

    /// The width of a column, where the printout tells it: from the next column's place, or from rows that are filled
    /// with blanks.
    func width(_ column: Int) -> Int? {
        if column + 1 < cells.count { return isLeft(column + 1) ? cells[column].count : nil }
        guard let count = rows.first?.count, rows.allSatisfy({ $0.count == count }) else { return nil }
        return rows.contains { $0.last == PrintedTable.blank } ? count - cells[column].lowerBound : nil
    }

    static func text(_ units: [UInt16]) -> String { String(decoding: units.filter { $0 != filler }, as: UTF16.self) }

    /// East Asian characters that a console gives two places.
    private static func isWide(_ unit: UInt16) -> Bool {
        switch unit {
        case 0x303F: false
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6:
            true
        default: false
        }
    }
}

extension UInt16 {
    fileprivate init(ascii scalar: Unicode.Scalar) { self = UInt16(UInt8(ascii: scalar)) }
}
