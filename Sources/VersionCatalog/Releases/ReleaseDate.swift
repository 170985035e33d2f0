import Documents

/// A day, or only a month where the day is not known.
public struct ReleaseDate: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let year: Int
    public let month: Int
    public let day: Int?

    /// Reads `2026-02-09` or `2026-02`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? { Int(String(decoding: bytes[range], as: UTF8.self)) }
        guard bytes.count == 7 || bytes.count == 10 else { return nil }
        // The wall clock's reader knows the calendar.
        guard WallTime((bytes.count == 7 ? text + "-01" : text) + "T00:00:00Z") != nil,
            let year = number(0..<4), let month = number(5..<7)
        else { return nil }
        self.year = year
        self.month = month
        day = bytes.count == 10 ? number(8..<10) : nil
    }

    public var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))" + (day.map { "-" + two($0) } ?? "")
    }

    /// A month whose day is not known comes before its days.
    public static func < (left: ReleaseDate, right: ReleaseDate) -> Bool {
        (left.year, left.month, left.day ?? 0) < (right.year, right.month, right.day ?? 0)
    }
}

extension FieldReader {
    mutating func date(_ key: String) throws(DocumentError) -> ReleaseDate {
        try parsed(key, "a date like 2026-02-09 or 2026-02", { ReleaseDate($0) })
    }

    mutating func optionalDate(_ key: String) throws(DocumentError) -> ReleaseDate? {
        optional(key) == nil ? nil : try date(key)
    }
}
