import Documents
import VersionCatalog

/// Where everything of the version timeline lies: marks on a time axis, flags above it for the releases that matter to
/// this server, flags below it for days. Pure geometry, so that it can be checked without a browser.
struct TimelineLayout: Equatable, Sendable {
    struct Box: Equatable, Sendable {
        var x: Double
        var y: Double
        var width: Double
        var height: Double

        func overlaps(_ other: Box) -> Bool {
            x < other.x + other.width && other.x < x + width && y < other.y + other.height && other.y < y + height
        }
    }

    struct Mark: Equatable, Sendable {
        var entry: Timeline.Entry
        var x: Double
        var y: Double
        /// From the month's first day to its last where only the month is known.
        var span: ClosedRange<Double>?
    }

    /// A label beside a pole that stands on what it names.
    struct Flag: Equatable, Sendable {
        enum Kind: String, Sendable {
            case release, today, retirement, hardStop, knownUntil
        }

        var kind: Kind
        var lines: [String]
        var box: Box
        /// The pole reaches from what is named to the label.
        var pole: ClosedRange<Double>
    }

    struct Tick: Equatable, Sendable {
        var label: String
        var x: Double
    }

    static let width = 960.0
    static let markSize = 10.0
    static let lane = 19.0
    static let lineHeight = 13.0
    /// Labels are set in a font whose characters all have this width, or less.
    static let characterWidth = 6.8
    private static let side = 14.0

    var marks: [Mark] = []
    var flags: [Flag] = []
    var ticks: [Tick] = []
    /// From the installed release to the end of its support.
    var supported: ClosedRange<Double>?
    var axisY = 0.0
    var plot: ClosedRange<Double> = 0...0
    var height = 0.0

    /// nil where no release has a date.
    init?(_ timeline: Timeline) {
        guard let dated = DatedTimeline(timeline) else { return nil }
        let above = dated.releaseFlags
        let below = dated.dayFlags
        plot = Self.plot(for: above + below, over: dated.range)
        let scale = Scale(days: dated.range, plot: plot)

        let lanes = placeMarks(dated, scale)
        let flagHeight = 2 * Self.lineHeight + 5
        let levelsAbove = Self.levels(above.map { ($0, scale.x($0.day)) })
        let levelsBelow = Self.levels(below.map { ($0, scale.x($0.day)) })
        let topOfMarks = 6 + Double(levelsAbove.count) * flagHeight
        axisY = topOfMarks + Double(lanes) * Self.lane + 8
        for index in marks.indices { marks[index].y = axisY - 6 - marks[index].y * Self.lane - Self.lane / 2 }
        let firstBelow = axisY + 24
        height = firstBelow + Double(levelsBelow.count) * flagHeight + 4

        for (level, placed) in levelsAbove.enumerated() {
            let y = topOfMarks - Double(level + 1) * flagHeight
            for (flag, x) in placed {
                let end = marks.first { $0.entry.version == flag.version }?.y ?? axisY
                flags.append(Self.flag(flag, x: x, y: y, pole: y...max(y, end)))
            }
        }
        for (level, placed) in levelsBelow.enumerated() {
            let y = firstBelow + Double(level) * flagHeight
            for (flag, x) in placed {
                flags.append(Self.flag(flag, x: x, y: y, pole: topOfMarks...(y + flagHeight - 3)))
            }
        }
        ticks = TimelineTicks.ticks(over: dated.range, pixelsPerDay: scale.pixelsPerDay).map {
            Tick(label: $0.label, x: scale.x(Double($0.day)))
        }
        if let support = dated.support { supported = scale.x(support.lowerBound)...scale.x(support.upperBound) }
    }

    /// As wide as it can be with every label inside the picture.
    private static func plot(
        for labels: [DatedTimeline.Label], over range: ClosedRange<Double>
    ) -> ClosedRange<Double> {
        let end = labels.reduce(width - side) { end, label in
            let share = (label.day - range.lowerBound) / (range.upperBound - range.lowerBound)
            let room = width - 2 * side - Self.width(of: label.lines)
            return share > 0 ? min(end, side + room / share) : end
        }
        return side...end
    }

    /// Gives every mark its place in time and the lowest lane in which it touches no other, counted from the axis.
    private mutating func placeMarks(_ dated: DatedTimeline, _ scale: Scale) -> Int {
        var ends: [Double] = []
        for release in dated.releases.enumerated().sorted(by: { ($0.1.day, $0.0) < ($1.1.day, $1.0) }).map(\.1) {
            let x = scale.x(release.day)
            let span = release.span.map { scale.x($0.lowerBound)...scale.x($0.upperBound) }
            // The ring of a security release is wider than its mark.
            let half = Self.lane / 2
            let start = min(x - half, span?.lowerBound ?? x)
            let end = max(x + half, span?.upperBound ?? x)
            let lane = ends.firstIndex { $0 <= start } ?? ends.count
            if lane == ends.count { ends.append(end) } else { ends[lane] = end }
            marks.append(Mark(entry: release.entry, x: x, y: Double(lane), span: span))
        }
        return ends.count
    }

    /// Puts labels that stand to the right of their poles on levels. Going from right to left, each takes the level after
    /// the highest that its label reaches over, so that no label covers another and no pole crosses a label.
    private static func levels(_ labels: [(DatedTimeline.Label, Double)]) -> [[(DatedTimeline.Label, Double)]] {
        var placed: [(level: Int, x: Double)] = []
        var levels: [[(DatedTimeline.Label, Double)]] = []
        for (label, x) in labels.enumerated().sorted(by: { ($0.1.1, $0.0) > ($1.1.1, $1.0) }).map(\.1) {
            let end = x + width(of: label.lines)
            let level = (placed.filter { $0.x < end }.map(\.level).max() ?? -1) + 1
            if level == levels.count { levels.append([]) }
            levels[level].append((label, x))
            placed.append((level, x))
        }
        return levels
    }

    private static func flag(_ label: DatedTimeline.Label, x: Double, y: Double, pole: ClosedRange<Double>) -> Flag {
        let box = Box(x: x, y: y, width: width(of: label.lines), height: Double(label.lines.count) * lineHeight)
        return Flag(kind: label.kind, lines: label.lines, box: box, pole: pole)
    }

    /// With the gap to the pole on the left and to what follows on the right.
    static func width(of lines: [String]) -> Double {
        12 + characterWidth * Double(lines.map { TextBlock.columns($0) }.max() ?? 0)
    }

    private struct Scale {
        let days: ClosedRange<Double>
        let plot: ClosedRange<Double>

        var pixelsPerDay: Double { (plot.upperBound - plot.lowerBound) / (days.upperBound - days.lowerBound) }
        func x(_ day: Double) -> Double { plot.lowerBound + (day - days.lowerBound) * pixelsPerDay }
    }
}
