import Documents
import Glibc
import Upgrader

/// Standard output and standard error, unbuffered, so that what was said before a crash was said.
enum Output {
    /// Text from releases, files and directories may hold anything; a terminal must not obey it.
    static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
                    return isControl && scalar != "\n" && scalar != "\t" ? "\u{FFFD}" : scalar
                }))
    }

    static func line(_ text: String, to descriptor: Int32 = 1) { raw(plain(text) + "\n", to: descriptor) }

    static func raw(_ text: String, to descriptor: Int32 = 1) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let put = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if put < 0, errno != EINTR { return }
            if put > 0 { bytes = bytes.dropFirst(put) }
        }
    }

    static func json(_ value: JSONValue) { raw(String(decoding: value.pretty, as: UTF8.self)) }
}

/// Tells a run on standard error: lines, and on a terminal a measure that is redrawn in place.
final class TerminalNarrator: Narrator {
    private let isTerminal = isatty(2) == 1
    private var drawn = ""

    func say(_ line: String) {
        clear()
        Output.line(line, to: 2)
    }

    func progress(_ what: String, _ done: Int, _ total: Int) {
        guard isTerminal, total > 0 else { return }
        let width = 30
        let filled = min(width, done * width / total)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let line = "\(what)  [\(bar)] \(min(100, done * 100 / total)) %"
        if line == drawn { return }
        drawn = line
        Output.raw("\r\u{1B}[K" + Output.plain(line), to: 2)
    }

    private func clear() {
        if !drawn.isEmpty { Output.raw("\r\u{1B}[K", to: 2) }
        drawn = ""
    }
}
