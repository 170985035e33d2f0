/// The lines of a file that PowerShell or a person wrote.
enum PrintedText {
    /// Far above any printout.
    static let largest = 4 << 20

    struct Line: Equatable {
        /// Counted from 1.
        let number: Int
        let text: String

        var isBlank: Bool { text.allSatisfy { $0 == " " } }
        /// What ends a pasted printout: a prompt, also of another machine, or the frame of a quotation.
        var isEnd: Bool {
            if text.hasPrefix("PS ") || text.hasPrefix("[") && text.contains("]: PS ") { return text.contains(">") }
            return text.hasPrefix("```") || text.hasPrefix("#>")
        }
    }

    /// Decodes the file, takes colours out and splits it into lines.
    static func lines(_ bytes: [UInt8]) throws(PrintProblem) -> [Line] {
        guard bytes.count <= largest else {
            throw PrintProblem(nil, "\(bytes.count) bytes are more than any printed settings have")
        }
        let scalars = try plain(try decode(bytes))
        var lines: [Line] = []
        for part in scalars.split(separator: "\n", omittingEmptySubsequences: false) {
            var text = String.UnicodeScalarView()
            text.append(contentsOf: part.last == "\r" ? part.dropLast() : part)
            lines.append(Line(number: lines.count + 1, text: String(text)))
        }
        return withoutIndent(lines)
    }

    /// A quotation may be indented as a whole.
    private static func withoutIndent(_ lines: [Line]) -> [Line] {
        let indents = lines.filter { !$0.isBlank }.map { $0.text.utf8.prefix { $0 == 0x20 }.count }
        guard let indent = indents.min(), indent > 0 else { return lines }
        return lines.map { Line(number: $0.number, text: String($0.text.dropFirst(indent))) }
    }

    /// UTF-8, or UTF-16 behind its mark, as a redirection of Windows PowerShell writes it.
    private static func decode(_ bytes: [UInt8]) throws(PrintProblem) -> String {
        let text: String?
        if bytes.starts(with: [0xFF, 0xFE]) {
            text = utf16(bytes.dropFirst(2)) { UInt16($0) | UInt16($1) << 8 }
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            text = utf16(bytes.dropFirst(2)) { UInt16($0) << 8 | UInt16($1) }
        } else {
            text = String(
                validating: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
        }
        guard let text else {
            throw PrintProblem(nil, "expected text in UTF-8, or in UTF-16 with a byte order mark")
        }
        return text
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, _ unit: (UInt8, UInt8) -> UInt16) -> String? {
        guard bytes.count.isMultiple(of: 2) else { return nil }
        let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
        return String(validating: units, as: UTF16.self)
    }

    /// Without the sequences with which PowerShell 7 colours headers (ESC [ … letter). Blanks that do not break,
    /// which web pages and chats make of others, are blanks.
    private static func plain(_ text: String) throws(PrintProblem) -> [Unicode.Scalar] {
        var plain: [Unicode.Scalar] = []
        plain.reserveCapacity(text.utf8.count)
        var line = 1
        var rest = text.unicodeScalars.makeIterator()
        while let scalar = rest.next() {
            switch scalar {
            case "\u{1B}":
                guard rest.next() == "[" else { throw PrintProblem(line, "a control sequence that is no colour") }
                var count = 0
                while let next = rest.next(), !(0x40...0x7E).contains(next.value) {
                    count += 1
                    if count > 32 { throw PrintProblem(line, "a control sequence that does not end") }
                }
            case "\u{A0}": plain.append(" ")
            case "\n", "\r", "\t":
                if scalar == "\n" { line += 1 }
                plain.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}":
                throw PrintProblem(
                    line,
                    "a control character (number \(scalar.value)); expected text in UTF-8, or in UTF-16 with a mark")
            default: plain.append(scalar)
            }
        }
        return plain
    }
}
