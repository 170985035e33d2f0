import Documents
import VersionCatalog

/// A timeline in days since 1970, with what its labels say.
struct DatedTimeline: Equatable, Sendable {
    struct Release: Equatable, Sendable {
        var entry: Timeline.Entry
        var day: Double
        /// The whole month where the day is not known.
        var span: ClosedRange<Double>?
    }

    struct Label: Equatable, Sendable {
        var kind: TimelineLayout.Flag.Kind
        var version: ProductVersion?
        var day: Double
        var lines: [String]
    }

    /// So many releases are labelled all; of more, those that matter to the server.
    static let allLabelled = 12

    let releases: [Release]
    let releaseFlags: [Label]
    let dayFlags: [Label]
    /// The time during which the installed release is supported.
    let support: ClosedRange<Double>?
    let range: ClosedRange<Double>

    /// nil where no release has a date.
    init?(_ timeline: Timeline) {
        guard let releases = Self.place(timeline.entries) else { return nil }
        self.releases = releases
        let installed = releases.first { $0.entry.role == .installed }
        releaseFlags = releases.compactMap { release in
            let entry = release.entry
            guard entry.role != .other || releases.count <= Self.allLabelled else { return nil }
            return Label(
                kind: .release, version: entry.version, day: release.day,
                lines: [entry.version.description] + Self.role(entry.role))
        }
        var days = [Label(kind: .today, day: timeline.today.middle, lines: [timeline.today.description, "today"])]
        if let installed, let retired = installed.entry.retired {
            days.append(
                Label(
                    kind: .retirement, day: retired.middle,
                    lines: [retired.description, "\(installed.entry.version) retired"]))
            support = min(installed.day, retired.middle)...retired.middle
        } else {
            support = nil
        }
        for stop in timeline.hardStops {
            days.append(
                Label(
                    kind: .hardStop, day: stop.from.middle, lines: [stop.from.description, "stops below \(stop.below)"])
            )
        }
        if let known = timeline.knownUntil {
            days.append(Label(kind: .knownUntil, day: known.middle, lines: [known.description, "catalog ends"]))
        }
        dayFlags = days
        let all =
            releases.flatMap { [$0.day] + ($0.span.map { [$0.lowerBound, $0.upperBound] } ?? []) } + days.map(\.day)
        let first = all.min() ?? 0
        let last = max(all.max() ?? 0, first + 60)
        let margin = (last - first) * 0.02
        range = (first - margin)...(last + margin)
    }

    static func role(_ role: Timeline.Entry.Role) -> [String] {
        switch role {
        case .installed: ["installed"]
        case .candidate: ["candidate"]
        case .intermediate: ["on the way"]
        case .attended: ["by hand"]
        case .other: []
        }
    }

    /// Releases without a date stand between their neighbours in the list, at equal distances.
    private static func place(_ entries: [Timeline.Entry]) -> [Release]? {
        let known = entries.indices.filter { entries[$0].released != nil }
        guard !known.isEmpty else { return nil }
        return entries.indices.map { index in
            let entry = entries[index]
            if let date = entry.released {
                return Release(entry: entry, day: date.middle, span: date.day == nil ? date.wholeMonth : nil)
            }
            let before = known.last { $0 < index }.flatMap { at in entries[at].released.map { (at, $0.middle) } }
            let after = known.first { $0 > index }.flatMap { at in entries[at].released.map { (at, $0.middle) } }
            switch (before, after) {
            case (let before?, let after?):
                let share = Double(index - before.0) / Double(after.0 - before.0)
                return Release(entry: entry, day: before.1 + (after.1 - before.1) * share)
            case (let only?, nil), (nil, let only?): return Release(entry: entry, day: only.1)
            case (nil, nil): return Release(entry: entry, day: 0)
            }
        }
    }
}

extension ReleaseDate {
    /// Days since 1970 of a date of the calendar.
    static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Double {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let padded = String(repeating: "0", count: max(0, 4 - "\(year)".count)) + "\(year)"
        let time = WallTime("\(padded)-\(two(month))-\(two(day))T00:00:00Z")
        return Double(time?.milliseconds ?? 0) / 86_400_000
    }

    /// The days of its month.
    var wholeMonth: ClosedRange<Double> {
        let first = Self.dayNumber(year, month, 1)
        let next = month == 12 ? Self.dayNumber(year + 1, 1, 1) : Self.dayNumber(year, month + 1, 1)
        return first...max(first, next - 1)
    }

    /// Its day, or the middle of its month.
    var middle: Double {
        if let day { return Self.dayNumber(year, month, day) }
        return (wholeMonth.lowerBound + wholeMonth.upperBound) / 2
    }
}

/// The time axis: years, or months where there are few.
enum TimelineTicks {
    private static let steps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200]

    static func ticks(over range: ClosedRange<Double>, pixelsPerDay: Double) -> [(label: String, day: Double)] {
        let needed = { (step: Int) in step < 12 ? 64.0 : 44.0 }
        let step = steps.first { Double($0) * 30.4 * pixelsPerDay >= needed($0) } ?? 1200
        var ticks: [(label: String, day: Double)] = []
        // A year or so before the range, on a multiple of the step.
        let first = (1969 + Int(range.lowerBound / 365.25)) * 12 / step * step
        for month in stride(from: max(0, first), to: 9999 * 12, by: step) {
            let (year, index) = month.quotientAndRemainder(dividingBy: 12)
            let day = ReleaseDate.dayNumber(year, index + 1, 1)
            if day > range.upperBound { break }
            if day < range.lowerBound { continue }
            let label = step < 12 ? "\(year)-\(index < 9 ? "0" : "")\(index + 1)" : "\(year)"
            ticks.append((label, day))
        }
        return ticks
    }
}
