/// Plain text of a given width: paragraphs, indentation, columns. No colours, no control characters.
struct TextBlock {
    private(set) var lines: [String] = []
    let width: Int

    init(width: Int) { self.width = width }

    var text: String { lines.joined(separator: "\n") + "\n" }

    mutating func blank() { lines.append("") }

    mutating func line(_ text: String) { lines.append(Self.printable(text)) }

    /// A paragraph; `first` stands before its first line, and the others are indented as far.
    mutating func paragraph(_ text: String, first: String = "") {
        let indent = String(repeating: " ", count: first.count)
        var current = first
        var isEmpty = true
        for word in Self.printable(text).split(separator: " ") {
            if !isEmpty, current.count + 1 + word.count > width {
                lines.append(current)
                current = indent
                isEmpty = true
            }
            current += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        lines.append(current)
    }

    /// Values come from files that somebody else wrote: what could steer a terminal is made visible.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl = scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
                    return isControl ? "\u{FFFD}" : scalar
                }))
    }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
