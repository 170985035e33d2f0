/// Plain text of a given width: paragraphs, indentation, columns. No colours, no control characters.
struct TextBlock {
    private(set) var lines: [String] = []
    let width: Int

    init(width: Int) { self.width = width }

    var text: String { lines.joined(separator: "\n") + "\n" }

    mutating func blank() { lines.append("") }

    mutating func line(_ text: String) { lines.append(Self.printable(text)) }

    /// The head of a section, with a blank line above it.
    mutating func title(_ text: String) {
        blank()
        line(text)
    }

    /// A paragraph; `first` stands before its first line, and the others are indented as far. A word that is longer than
    /// a line stays whole, so that paths and names can be copied.
    mutating func paragraph(_ text: String, first: String = "") {
        let indent = String(repeating: " ", count: Self.columns(first))
        var current = first
        var used = Self.columns(first)
        var isEmpty = true
        for word in Self.printable(text).split(separator: " ") {
            let columns = Self.columns(word)
            if !isEmpty, used + 1 + columns > width {
                lines.append(current)
                current = indent
                used = Self.columns(indent)
                isEmpty = true
            }
            current += (isEmpty ? "" : " ") + word
            used += (isEmpty ? 0 : 1) + columns
            isEmpty = false
        }
        while current.last == " " { current.removeLast() }
        lines.append(current)
    }

    /// Values come from files that somebody else wrote: what could steer a terminal is made visible, and lines and tabs
    /// within a value become blanks.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    if scalar == "\n" || scalar == "\t" { return " " }
                    let properties = scalar.properties
                    let category = properties.generalCategory
                    let isControl =
                        category == .control || category == .lineSeparator || category == .paragraphSeparator
                        || properties.isBidiControl
                    return isControl ? "\u{FFFD}" : scalar
                }))
    }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - columns(text)))
    }

    /// How many columns of a terminal the text takes.
    static func columns(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + columns($1) }
    }

    private static func columns(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// Scripts whose characters take two columns: Hangul, Han, Kana and their full-width forms, and pictographs.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
        0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]
}
