/// Reads `Format-List`: a block per parameter, a line `Label : text` per property, a blank line between blocks.
enum PrintedList {
    /// One line with a label.
    struct Field: Equatable {
        let label: String
        /// Where the text begins, in UTF-16 units.
        let start: Int
        var pieces: [[UInt16]]
        var line: Int

        /// nil for a line that is no `Label : text`.
        init?(_ text: String, line: Int = 0) {
            let units = Array(text.utf16)
            guard let colon = units.firstIndex(of: 0x3A), colon > 1, units[colon - 1] == PrintedTable.blank else {
                return nil
            }
            let label = units[..<colon].reversed().drop { $0 == PrintedTable.blank }.reversed()
            guard let first = label.first, first != PrintedTable.blank, !label.contains(PrintedTable.blank) else {
                return nil
            }
            guard colon + 1 == units.count || units[colon + 1] == PrintedTable.blank else { return nil }
            self.label = String(decoding: label, as: UTF16.self)
            self.line = line
            start = colon + 2
            pieces = [Array(units.dropFirst(start))]
        }
    }

    static func read(_ lines: ArraySlice<PrintedText.Line>) throws(PrintProblem) -> [PrintedEntry] {
        var blocks: [[Field]] = [[]]
        // Lines keep the blanks at their ends, unless an editor took them.
        var keepsBlanks = false
        for line in lines {
            if line.isBlank || line.isEnd {
                blocks.append([])
                continue
            }
            let last = blocks.count - 1
            if let start = blocks[last].last?.start, let rest = continuation(line, start) {
                blocks[last][blocks[last].count - 1].pieces.append(rest)
                continue
            }
            guard let field = Field(line.text, line: line.number) else {
                try PrintedSettings.refuseLoose(line)
                if blocks[last].contains(where: { $0.label == "Name" }) {
                    throw PrintProblem(line.number, "expected \"Label : text\" or the rest of the line before")
                }
                continue
            }
            if field.pieces == [[]], line.text.hasSuffix(" ") { keepsBlanks = true }
            if blocks[last].contains(where: { $0.label == field.label }) {
                blocks.append([field])
            } else {
                blocks[last].append(field)
            }
        }
        let values = blocks.joined().filter { isValue($0.label) }.map(\.pieces)
        let wrap = PrintedWrap(values.map { $0.map(trimmed) }, width: nil)
        var entries: [PrintedEntry] = []
        for block in blocks { entries += try read(block, wrap, keepsBlanks) }
        return entries
    }

    private static func isValue(_ label: String) -> Bool { label == "Value" || label.hasPrefix(PrintedEntry.product) }

    private static func continuation(_ line: PrintedText.Line, _ start: Int) -> [UInt16]? {
        let units = Array(line.text.utf16)
        guard units.count > start, units[..<start].allSatisfy({ $0 == PrintedTable.blank }) else { return nil }
        return Array(units[start...])
    }

    /// A block is a parameter, or an object whose properties are parameters.
    private static func read(_ block: [Field], _ wrap: PrintedWrap, _ keepsBlanks: Bool) throws(PrintProblem)
        -> [PrintedEntry]
    {
        func value(_ field: Field) -> String? {
            let joined = keepsBlanks ? joinKept(field.pieces, wrap) : wrap.join(field.pieces.map(trimmed))
            guard let text = joined.map({ String(decoding: trimmed($0), as: UTF16.self) }) else { return nil }
            return PrintedRows.withoutEllipsis(text) == nil ? text : nil
        }
        let own = block.filter { $0.label.hasPrefix(PrintedEntry.product) }
        if !own.isEmpty { return own.map { PrintedEntry(name: $0.label, value: value($0), line: $0.line) } }
        let (name, text) = (block.first { $0.label == "Name" }, block.first { $0.label == "Value" })
        guard let name, let text else {
            guard let field = name ?? text else { return [] }
            let other = name == nil ? "Name" : "Value"
            throw PrintProblem(field.line, "a block with \(field.label) and without \(other); expected both")
        }
        // Names have no blanks, so they are broken at the column's end alone.
        let whole = String(decoding: name.pieces.flatMap { trimmed($0) }, as: UTF16.self)
        if let kept = PrintedRows.withoutEllipsis(whole) {
            return [PrintedEntry(name: kept + "…", value: nil, line: name.line)]
        }
        return [PrintedEntry(name: whole, value: value(text), line: name.line)]
    }

    /// Lines that still end in their blanks need no other to be joined. One that is shorter than others, and not
    /// broken at a blank, was ended by the value itself.
    private static func joinKept(_ pieces: [[UInt16]], _ wrap: PrintedWrap) -> [UInt16]? {
        var joined: [UInt16] = []
        for (index, piece) in pieces.enumerated() {
            if index + 1 < pieces.count, piece.last != PrintedTable.blank, piece.count < wrap.longest { return nil }
            joined += piece
        }
        return joined
    }

    private static func trimmed(_ units: [UInt16]) -> [UInt16] {
        var units = units
        while units.last == PrintedTable.blank { units.removeLast() }
        return units
    }
}
