import Documents

/// `catalog list`: what is current in each channel, and every release with what became of it.
public struct CatalogList: Sendable {
    struct Line: Sendable {
        let release: HistoricRelease
        /// The channels that offer it on the day.
        let offeredBy: [String]
        let isRetired: Bool
    }

    let question: CatalogQuestion
    let channel: String?
    let lines: [Line]

    /// - Parameter channel: only what this channel offers on the day; nil for all releases that were out.
    public init(_ question: CatalogQuestion, channel: String?) throws(CatalogQuestion.Failure) {
        let channel = try question.checked(channel: channel)
        self.question = question
        self.channel = channel
        let day = question.day
        lines = question.history.releases.compactMap { release in
            let offeredBy = question.channels.filter {
                release.withdrawn == nil && release.absence(on: day, from: $0) == nil
            }
            let isListed = channel.map(offeredBy.contains) ?? (release.released.map { $0.first <= day } ?? true)
            return isListed
                ? Line(release: release, offeredBy: offeredBy, isRetired: release.isRetired(on: day)) : nil
        }
    }

    private var channels: [String] { channel.map { [$0] } ?? question.channels }

    public var text: String {
        var lines = [question.heading, ""]
        lines += CatalogText.table(
            [["channel", "newest", "released", "supported until"]]
                + channels.map { name in
                    guard let release = question.current(of: name) else { return [name, "nothing"] }
                    let released = release.released.map { "\($0)" } ?? "unknown"
                    return [name, "\(release.version)", released, support(release)]
                })
        lines.append("")
        lines += CatalogText.table(
            [["version", "released", "offered by", "supported until", "remarks"]] + self.lines.map(row))
        let left = question.history.releases.count - self.lines.count
        if left > 0 {
            let what = channel.map { "are not offered by \($0)" } ?? "came later"
            lines += ["", "\(left) of the \(question.history.releases.count) releases \(what) on this day."]
        }
        for stop in question.history.hardStops {
            lines += ["", "From \(stop.from) on, \(stop.effect) below \(stop.below)."]
        }
        return CatalogText.text(lines)
    }

    private func support(_ release: HistoricRelease) -> String {
        guard let retired = release.retired else { return release.withdrawn == nil ? "open" : "never" }
        return release.isRetired(on: question.day) ? "ended \(retired)" : "\(retired)"
    }

    private func row(_ line: Line) -> [String] {
        let release = line.release
        var remarks: [String] = []
        if release.withdrawn != nil { remarks.append("withdrawn") }
        if release.isSecurityRelease { remarks.append("security fixes") }
        if release.changesRules { remarks.append("changes rules") }
        if !release.channelsAreStated { remarks.append("channels never published") }
        return [
            "\(release.version)", release.released.map { "\($0)" } ?? "unknown",
            line.offeredBy.isEmpty ? "nobody" : line.offeredBy.joined(separator: ", "), support(release),
            remarks.joined(separator: "; "),
        ]
    }

    public var json: JSONValue {
        [
            "schema": "catalog-list/1", "product": .string(question.history.product),
            "on": CatalogText.json(question.day), "knownUntil": CatalogText.json(question.history.knownUntil),
            "channel": channel.map(JSONValue.string) ?? .null,
            "current": .object(
                Dictionary(
                    channels.map { ($0, CatalogText.json(question.current(of: $0)?.version)) },
                    uniquingKeysWith: { first, _ in first })),
            "hardStops": .array(question.history.hardStops.map(CatalogText.json)),
            "releases": .array(
                lines.map { line in
                    [
                        "version": CatalogText.json(line.release.version),
                        "released": CatalogText.json(line.release.released),
                        "channels": CatalogText.json(line.release.channels),
                        "offeredBy": CatalogText.json(line.offeredBy),
                        "withdrawn": line.release.withdrawn.map(JSONValue.string) ?? .null,
                        "security": .bool(line.release.isSecurityRelease),
                        "changesRules": .bool(line.release.changesRules),
                        "retired": CatalogText.json(line.release.retired), "isRetired": .bool(line.isRetired),
                    ]
                }),
        ]
    }
}
