import Documents

/// The catalog as people ask it: on a day, with what was named checked against the history.
public struct CatalogQuestion: Sendable {
    /// What was named and does not exist.
    public enum Failure: Error, Equatable, Sendable, CustomStringConvertible {
        case noSuchRelease(String, nearest: [ProductVersion])
        case noSuchChannel(String, known: [String])
        case notAVersion(String)
        /// An upgrade that would go backwards.
        case backwards(ProductVersion, ProductVersion)

        /// The question is wrong whatever the catalog holds.
        public var isUsage: Bool {
            switch self {
            case .notAVersion, .backwards: true
            case .noSuchRelease, .noSuchChannel: false
            }
        }

        public var description: String {
            switch self {
            case .noSuchRelease(let name, let nearest):
                "the release history has no \(name); its nearest are "
                    + nearest.map(\.description).joined(separator: " and ")
            case .noSuchChannel(let name, let known):
                "there is no channel \"\(name)\", so it offers nothing; the channels are "
                    + known.joined(separator: ", ")
            case .notAVersion(let text): "\"\(text)\" is no version: expected four numbers like 2.6.3.0"
            case .backwards(let from, let to): "\(to) is not newer than \(from); upgrades only go forwards"
            }
        }
    }

    public let history: ReleaseHistory
    public let risks: [Risk]
    /// The day that is asked about.
    public let day: ReleaseDate

    public init(history: ReleaseHistory, risks: [Risk], day: ReleaseDate) {
        self.history = history
        self.risks = risks
        self.day = day.first
    }

    /// The channels that releases are in, those that most have first.
    public var channels: [String] {
        let all = history.releases.flatMap(\.channels)
        let counts = Dictionary(all.map { ($0, 1) }, uniquingKeysWith: +)
        return counts.keys.sorted { (counts[$1] ?? 0, $0) < (counts[$0] ?? 0, $1) }
    }

    func checked(channel: String?) throws(Failure) -> String? {
        guard let channel else { return nil }
        guard channels.contains(channel) else { throw .noSuchChannel(channel, known: channels) }
        return channel
    }

    /// A release by its version, also in the spelling of the published history.
    func release(named name: String) throws(Failure) -> HistoricRelease {
        if let found = history.releases.first(where: { "\($0.version)" == name || $0.publishedAs == name }) {
            return found
        }
        guard let version = ProductVersion(name) else { throw .notAVersion(name) }
        let above = history.releases.last { $0.version > version }
        let below = history.releases.first { $0.version < version }
        throw .noSuchRelease(name, nearest: [below, above].compactMap { $0?.version })
    }

    /// What a channel offers newest on the day.
    func current(of channel: String) -> HistoricRelease? {
        history.releases.first { $0.withdrawn == nil && $0.absence(on: day, from: channel) == nil }
    }

    /// "azure-ad-connect on 2026-11-21; the release history ends on 2026-09-23, and nothing newer is known."
    var heading: String {
        let end = day > history.knownUntil ? ", and nothing newer is known" : ""
        return "\(history.product) on \(day); the release history ends on \(history.knownUntil)\(end)."
    }
}

/// Columns and words that the listings have in common.
enum CatalogText {
    /// Rows in columns, the last one as long as it is.
    static func table(_ rows: [[String]]) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : padded(cell, to: widths[column])
            }
            let line = cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }

    static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// "in 12 days", "today", "3 days ago".
    static func distance(of date: ReleaseDate, from day: ReleaseDate) -> String {
        let days = date.first.days(since: day)
        let count = "\(abs(days)) day\(abs(days) == 1 ? "" : "s")"
        return days == 0 ? "today" : days > 0 ? "in \(count)" : "\(count) ago"
    }

    static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

    static func json(_ date: ReleaseDate?) -> JSONValue { date.map { .string("\($0)") } ?? .null }
    static func json(_ version: ProductVersion?) -> JSONValue { version.map { .string("\($0)") } ?? .null }
    static func json(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }

    static func json(_ stop: HardStop) -> JSONValue {
        ["below": json(stop.below), "from": json(stop.from), "effect": .string(stop.effect)]
    }
}
