/// What the headers of an answer say, as far as a transfer asks.
struct ResponseHead: Equatable {
    /// 0 where there are no headers, as for `file://`.
    private(set) var status = 0
    /// A strong entity tag; a weak one does not promise equal bytes.
    private(set) var entityTag: String?
    /// The first byte of a partial answer.
    private(set) var rangeStart: Int?
    /// The size of the whole file, as a partial answer states it.
    private(set) var rangeTotal: Int?
    private(set) var retryAfter: RetryAfter?

    /// Takes one header line. A status line begins a new answer: the one before was a redirect or an interim one.
    mutating func take(line: String) {
        if line.hasPrefix("HTTP/") {
            self = ResponseHead()
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return
        }
        guard let colon = line.firstIndex(of: ":") else { return }
        let value = Self.trimmed(line[line.index(after: colon)...])
        switch line[..<colon].lowercased() {
        case "etag": entityTag = value.hasPrefix("\"") && value.hasSuffix("\"") ? value : nil
        case "content-range":
            rangeStart = Self.start(ofRange: value)
            rangeTotal = value.split(separator: "/").dropFirst().first.flatMap { Int($0) }
        case "retry-after": retryAfter = RetryAfter(value)
        default: break
        }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    /// `bytes 100-199/200` begins at 100.
    private static func start(ofRange value: String) -> Int? {
        guard value.lowercased().hasPrefix("bytes ") else { return nil }
        return Int(value.dropFirst(6).prefix { $0 != "-" })
    }
}
