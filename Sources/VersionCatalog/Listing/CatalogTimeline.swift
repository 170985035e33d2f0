import Documents

/// `catalog timeline`: what is supported and until when, as a picture, and what that means for one version.
public struct CatalogTimeline: Sendable {
    let question: CatalogQuestion
    let installed: ProductVersion?
    let timeline: Timeline
    /// The newest by automatic upgrade and by hand; nil where nothing newer is offered.
    let automatic: ProductVersion?
    let attended: ProductVersion?
    /// What the picture shows: the installed release, where it may go, and what is still supported.
    let shown: [Timeline.Entry]

    /// - Parameter installed: a server's version, which need not be in the history; nil for none in particular.
    public init(_ question: CatalogQuestion, installed: ProductVersion?) {
        self.question = question
        self.installed = installed
        func newest(_ channel: String) -> ReleaseDecision {
            ReleaseChoice.candidate(
                installed: installed ?? ProductVersion(0, 0, 0, 0), product: question.history.product,
                offered: question.history.offered(on: question.day, channel: channel), channel: channel)
        }
        let way = newest(ReleaseHistory.autoUpgradeChannel)
        automatic = way.destination
        attended = newest(ReleaseHistory.downloadChannel).destination
        timeline = Timeline(
            history: question.history,
            cast: Timeline.Cast(installed: installed, path: way.path, attended: attended), today: question.day)
        shown = timeline.entries.filter { entry in
            if entry.role != .other { return true }
            guard !entry.isWithdrawn, let released = entry.released, released.last <= question.day else { return false }
            return entry.retired.map { $0.first > question.day } ?? false
        }
    }

    // MARK: Text

    public var text: String {
        let chart = TimelineChart(entries: shown, hardStops: timeline.hardStops, day: question.day)
        var lines = [question.heading, ""] + chart.lines + [""]
        let left = timeline.entries.count - shown.count
        if left > 0 {
            lines.append(
                "\(left) release\(left == 1 ? " is" : "s are") left out: out of support, withdrawn or undated.")
        }
        for stop in timeline.hardStops {
            let distance = CatalogText.distance(of: stop.from, from: question.day)
            lines.append("From \(stop.from) on (\(distance)), \(stop.effect) below \(stop.below).")
        }
        if let installed { lines += [""] + sentences(on: installed) }
        return CatalogText.text(lines)
    }

    private func sentences(on installed: ProductVersion) -> [String] {
        var lines = ["\(installed): \(support(of: installed))"]
        for stop in timeline.hardStops(for: installed) {
            let has = stop.from.first <= question.day
            lines.append("\(installed): \(has ? "since" : "from") \(stop.from)\(has ? "" : " on"), \(stop.effect)")
        }
        lines.append("automatic upgrade: \(offer(automatic))")
        if attended != automatic { lines.append("by hand: \(offer(attended))") }
        return lines
    }

    private func support(of version: ProductVersion) -> String {
        guard let release = question.history[version] else { return "not in the release history" }
        guard let retired = release.retired else { return "supported; the end of its support is not published" }
        let distance = CatalogText.distance(of: retired, from: question.day)
        let basis = release.retiredBasis.map { "; \($0)" } ?? ""
        let verb = release.isRetired(on: question.day) ? "ended" : "ends"
        return "its support \(verb) on \(retired) (\(distance)\(basis))"
    }

    private func offer(_ version: ProductVersion?) -> String {
        guard let version else { return "nothing newer" }
        return "\(version), \(support(of: version))"
    }

    // MARK: JSON

    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "schema": "catalog-timeline/1", "product": .string(question.history.product),
            "on": CatalogText.json(question.day), "knownUntil": CatalogText.json(question.history.knownUntil),
            "hardStops": .array(timeline.hardStops.map(CatalogText.json)),
            "autoUpgrade": CatalogText.json(automatic), "attended": CatalogText.json(attended),
            "entries": .array(timeline.entries.map(json)),
        ]
        if let installed {
            let retired = question.history[installed]?.retired
            members["installed"] = [
                "version": CatalogText.json(installed), "isKnown": .bool(question.history[installed] != nil),
                "retired": CatalogText.json(retired),
                "daysLeft": retired.map { JSONValue($0.first.days(since: question.day)) } ?? .null,
                "hardStops": .array(timeline.hardStops(for: installed).map(CatalogText.json)),
            ]
        }
        return .object(members)
    }

    private func json(_ entry: Timeline.Entry) -> JSONValue {
        [
            "version": CatalogText.json(entry.version), "released": CatalogText.json(entry.released),
            "channels": CatalogText.json(entry.channels), "security": .bool(entry.isSecurityRelease),
            "withdrawn": .bool(entry.isWithdrawn), "retired": CatalogText.json(entry.retired),
            "role": .string(entry.role.rawValue),
        ]
    }
}
