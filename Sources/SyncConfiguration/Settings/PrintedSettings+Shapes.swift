extension PrintedSettings {
    /// Finds out how the parameters were printed. Prompts, commands and what other commands printed may stand before
    /// them.
    static func read(_ bytes: [UInt8]) throws(PrintProblem) -> PrintedSettings {
        let lines = try PrintedText.lines(bytes)
        var hint: PrintProblem?
        for index in lines.indices where !lines[index].isBlank {
            let line = lines[index]
            if PrintedJSON.begins(line.text) {
                return try PrintedSettings(shape: .json, entries: try PrintedJSON.read(lines[index...]))
            }
            if let header = PrintedCSV.Header(line.text) {
                return try PrintedSettings(shape: .csv, entries: try PrintedCSV.read(lines[(index + 1)...], header))
            }
            if let columns = PrintedTable.columns(line.text), index > 0 {
                if PrintedTable.Header(lines[index - 1].text, columns) != nil {
                    return try PrintedSettings(shape: .table, entries: try PrintedTable.read(lines, from: index - 1))
                }
                hint = PrintProblem(
                    lines[index - 1].number,
                    "a table without whole columns Name and Value; expected both in its header, each on one line")
            }
            if let field = PrintedList.Field(line.text) {
                if field.label == "Name" || field.label == "Value" || field.label.hasPrefix(PrintedEntry.product) {
                    return try PrintedSettings(shape: .list, entries: try PrintedList.read(lines[index...]))
                }
                if field.label == "Parameters" {
                    hint = PrintProblem(
                        line.number, "the settings as a whole, which name some parameters and show no value of them")
                }
            }
            if let hint, isLoose(line) { throw hint }
            try refuseLoose(line)
        }
        guard lines.contains(where: { !$0.isBlank }) else { throw PrintProblem(nil, "the file is empty") }
        throw hint ?? PrintProblem(nil, "expected a table, a list, CSV or JSON with Name and Value, found none of them")
    }

    /// A line outside of every table that looks as if it belonged to one: something between was lost.
    static func refuseLoose(_ line: PrintedText.Line) throws(PrintProblem) {
        guard isLoose(line) else { return }
        throw PrintProblem(
            line.number,
            "a parameter that stands in no table; expected a header with Name and Value, dashes below it, and no blank "
                + "line between rows"
        )
    }

    private static func isLoose(_ line: PrintedText.Line) -> Bool { line.text.hasPrefix(PrintedEntry.product) }
}
