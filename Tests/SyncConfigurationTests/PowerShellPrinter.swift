/// Lays parameters out as PowerShell does, for tests to read back.
struct PowerShellPrinter {
    typealias Parameter = (name: String, value: String)

    /// Windows PowerShell cuts with three dots and fills rows with blanks; PowerShell 7 cuts with one character, and
    /// colours headers.
    enum Edition: CaseIterable, Sendable { case windows, core, coloured }

    /// A property, with what stands in every row; nil for the parameter's own.
    struct Column: Sendable {
        var label: String
        var text: String?
        var isRight = false

        static let name = Column(label: "Name")
        static let value = Column(label: "Value")
        static let scope = Column(label: "Scope", text: "SynchronizationGlobal", isRight: true)
        static let dataType = Column(label: "DataType", text: "String", isRight: true)
        static let description = Column(label: "Description", text: "")
    }

    var edition = Edition.core
    var width = 120
    var columns = [Column.name, .value]
    var isAutoSized = true
    var isWrapped = false
    /// Windows in some languages breaks lines anywhere.
    var breaksWords = false

    private var dots: String { edition == .windows ? "..." : "…" }

    // MARK: Tables

    func table(_ parameters: [Parameter]) -> String {
        let widths = widths(parameters)
        var lines = ["", header(zip(columns, widths).map { cell($0.0.label, $0.1, $0.0.isRight) })]
        lines.append(
            header(
                zip(columns, widths).map {
                    cell(String(repeating: "-", count: min($0.0.label.count, $0.1)), $0.1, $0.0.isRight)
                }))
        for parameter in parameters { lines += row(parameter, widths) }
        return (lines + ["", ""]).joined(separator: "\r\n")
    }

    private func text(_ column: Column, _ parameter: Parameter) -> String {
        column.text ?? (column.label == "Name" ? parameter.name : parameter.value)
    }

    /// Widths that are asked for are taken from the last column until the table fits; others are shared out.
    private func widths(_ parameters: [Parameter]) -> [Int] {
        let free = width - (columns.count - 1)
        guard isAutoSized else {
            return columns.indices.map { free / columns.count + ($0 < free % columns.count ? 1 : 0) }
        }
        var widths = columns.map { column in
            max(column.label.count, parameters.map { text(column, $0).count }.max() ?? 0)
        }
        while widths.reduce(0, +) + widths.count - 1 > width {
            let excess = widths.reduce(0, +) + widths.count - 1 - width
            if widths[widths.count - 1] - excess >= 1 {
                widths[widths.count - 1] -= excess
            } else {
                widths.removeLast()
            }
        }
        return widths
    }

    private func row(_ parameter: Parameter, _ widths: [Int]) -> [String] {
        let cells = zip(columns, widths).map { column, width in
            isWrapped ? wrap(text(column, parameter), width) : [cut(text(column, parameter), width, column.isRight)]
        }
        let count = cells.map(\.count).max() ?? 0
        return (0..<count).map { line in
            let parts = cells.indices.map { index in
                cell(line < cells[index].count ? cells[index][line] : "", widths[index], columns[index].isRight)
            }
            return finish(parts.joined(separator: " "), isTrimmed: count > 1)
        }
    }

    private func cut(_ text: String, _ width: Int, _ isRight: Bool) -> String {
        if text.count <= width { return text }
        let kept = width - dots.count
        if kept <= 0 { return String(text.prefix(width)) }
        return isRight ? dots + text.suffix(kept) : text.prefix(kept) + dots
    }

    private func cell(_ text: String, _ width: Int, _ isRight: Bool) -> String {
        let padding = String(repeating: " ", count: max(0, width - text.count))
        return isRight ? padding + text : text + padding
    }

    private func finish(_ line: String, isTrimmed: Bool) -> String {
        if edition == .windows { return line }
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    private func header(_ cells: [String]) -> String {
        guard edition == .coloured else { return finish(cells.joined(separator: " "), isTrimmed: false) }
        return cells.enumerated().map { "\u{1B}[32;1m\($0.offset == 0 ? "" : " ")\($0.element)\u{1B}[0m" }.joined()
    }

    // MARK: Wrapping

    /// Words keep the blank behind them, and one that is longer than a line is broken where the line ends.
    func wrap(_ text: String, _ width: Int) -> [String] {
        if text.count <= width { return [text] }
        if breaksWords {
            let letters = Array(text)
            return stride(from: 0, to: letters.count, by: width).map {
                String(letters[$0..<min($0 + width, letters.count)])
            }
        }
        var lines: [String] = []
        var line = ""
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        for (index, plain) in words.enumerated() {
            let word = index + 1 < words.count ? plain + " " : plain
            if word.count > width {
                for letter in word {
                    if line.count == width {
                        lines.append(line)
                        line = ""
                    }
                    line.append(letter)
                }
            } else if line.count + word.count > width {
                lines.append(line)
                line = word
            } else {
                line += word
            }
        }
        return lines + [line]
    }

    // MARK: Lists

    /// Every property that a parameter has, in the product's order.
    func list(_ parameters: [Parameter], labels: [String] = Self.properties) -> String {
        let indent = labels.map(\.count).max() ?? 0
        var lines = ["", ""]
        for parameter in parameters {
            for label in labels {
                let text =
                    switch label {
                    case "Name": parameter.name
                    case "Value": parameter.value
                    case "InputType", "DataType": "String"
                    case "Scope": "SynchronizationGlobal"
                    case "Extensible", "Intrinsic": "False"
                    case "PageNumber": "0"
                    default: ""
                    }
                for (index, part) in wrap(text, width - indent - 3).enumerated() {
                    let start = index == 0 ? label + String(repeating: " ", count: indent - label.count) + " : " : ""
                    lines.append(start + String(repeating: " ", count: index == 0 ? 0 : indent + 3) + part)
                }
            }
            lines.append("")
        }
        return (lines + [""]).joined(separator: "\r\n")
    }

    static let properties = [
        "Name", "InputType", "Scope", "Description", "RegexValidationPattern", "DefaultValue", "Value", "Extensible",
        "PageNumber", "Intrinsic", "DataType",
    ]

    // MARK: Files

    func csv(_ parameters: [Parameter], delimiter: String = ",", withType: Bool = true) -> String {
        func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\"\"") + "\"" }
        var lines = withType ? ["#TYPE Selected.Microsoft.IdentityManagement.ConfigurationParameter"] : []
        lines.append([quoted("Name"), quoted("Value")].joined(separator: delimiter))
        lines += parameters.map { [quoted($0.name), quoted($0.value)].joined(separator: delimiter) }
        return lines.joined(separator: "\r\n") + "\r\n"
    }
}
