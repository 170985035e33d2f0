import Documents
import VersionCatalog

/// The version timeline as a picture inside the page. Nothing in it is told by colour alone: channels have shapes, roles
/// and days have words.
enum TimelinePicture {
    /// What the shape of a mark says.
    enum Shape: String, CaseIterable {
        case automatic, download, tenants, other, none, withdrawn

        init(_ entry: Timeline.Entry) {
            if entry.isWithdrawn {
                self = .withdrawn
            } else if entry.channels.contains(ReleaseHistory.autoUpgradeChannel) {
                self = .automatic
            } else if entry.channels.contains(ReleaseHistory.downloadChannel) {
                self = .download
            } else if entry.channels.contains("select-tenants") {
                self = .tenants
            } else {
                self = entry.channels.isEmpty ? .none : .other
            }
        }

        var meaning: String {
            switch self {
            case .automatic: "offered by automatic upgrade"
            case .download: "download only"
            case .tenants: "select tenants only"
            case .other: "another channel"
            case .none: "no channel known"
            case .withdrawn: "withdrawn"
            }
        }
    }

    /// - Parameter name: makes the identifiers of this picture the only ones of its page.
    static func picture(_ timeline: Timeline, _ layout: TimelineLayout, name: String) -> Markup {
        let marks = layout.marks.map(mark)
        let flags = layout.flags.map { flag($0, layout) }
        return Markup(
            "svg",
            [
                .init("xmlns", "http://www.w3.org/2000/svg"),
                .init("viewBox", "0 0 \(number(TimelineLayout.width)) \(number(layout.height))"),
                .init("role", "img"), .init("aria-labelledby", "\(name)-title \(name)-text"),
                .styled("timeline"),
            ],
            [
                Markup("title", [.id("\(name)-title")], "Version timeline"),
                Markup("desc", [.id("\(name)-text")], description(timeline)),
                Markup("g", [.styled("poles")], layout.flags.map(pole)),
                axis(layout),
                Markup("g", [.styled("marks")], marks),
                Markup("g", [.styled("flags")], flags),
            ])
    }

    /// The picture in sentences, for those who do not see it.
    static func description(_ timeline: Timeline) -> String {
        var sentences: [String] = []
        for entry in timeline.entries where entry.role != .other {
            let role = DatedTimeline.role(entry.role).joined()
            let date = entry.released.map { "released \($0)" } ?? "release date not known"
            let end = entry.role == .installed ? entry.retired.map { ", retired \($0)" } ?? "" : ""
            sentences.append("\(role.prefix(1).uppercased() + role.dropFirst()): \(entry.version), \(date)\(end).")
        }
        let others = timeline.entries.count { $0.role == .other }
        if others > 0 {
            let security = timeline.entries.count { $0.role == .other && $0.isSecurityRelease }
            sentences.append("\(others) other releases, \(security) of them with security fixes.")
        }
        for stop in timeline.hardStops { sentences.append("From \(stop.from) on, \(stop.effect) below \(stop.below).") }
        sentences.append("Today is \(timeline.today).")
        return sentences.joined(separator: " ")
    }

    private static func axis(_ layout: TimelineLayout) -> Markup {
        let y = layout.axisY
        var parts = [line(layout.plot.lowerBound, y, layout.plot.upperBound, y, "axis")]
        if let supported = layout.supported {
            parts.append(
                Markup(
                    "rect",
                    [
                        .init("x", number(supported.lowerBound)), .init("y", number(y - 3)),
                        .init("width", number(supported.upperBound - supported.lowerBound)), .init("height", "6"),
                        .styled("supported"),
                    ],
                    [Markup("title", [], "The installed release is supported.")]))
        }
        for tick in layout.ticks {
            parts.append(line(tick.x, y, tick.x, y + 6, "axis"))
            parts.append(text(tick.label, tick.x + 3, y + 15, "tick"))
        }
        return Markup("g", [.styled("time")], parts)
    }

    private static func pole(_ flag: TimelineLayout.Flag) -> Markup {
        line(flag.box.x, flag.pole.lowerBound, flag.box.x, flag.pole.upperBound, "pole \(flag.kind.rawValue)")
    }

    private static func flag(_ flag: TimelineLayout.Flag, _ layout: TimelineLayout) -> Markup {
        let lines = flag.lines.enumerated().map { index, words in
            let y = flag.box.y + TimelineLayout.lineHeight * (Double(index) + 0.8)
            return text(words, flag.box.x + 4, y, index == 0 ? "name" : "role")
        }
        return Markup("g", [.styled("flag \(flag.kind.rawValue)")], lines)
    }

    private static func mark(_ mark: TimelineLayout.Mark) -> Markup {
        let entry = mark.entry
        var parts = [Markup("title", [], tooltip(entry))]
        if let span = mark.span {
            parts.append(line(span.lowerBound, mark.y, span.upperBound, mark.y, "span"))
        }
        parts += shape(Shape(entry), mark.x, mark.y)
        if entry.isSecurityRelease {
            parts.append(circle(mark.x, mark.y, 8, "security"))
        }
        let undated = entry.released == nil ? " undated" : ""
        return Markup("g", [.styled("mark \(entry.role.rawValue)\(undated)")], parts)
    }

    static func tooltip(_ entry: Timeline.Entry) -> String {
        let date = entry.released.map { date in date.day == nil ? "\(date), day not known" : "\(date)" }
        let words = [
            entry.version.description, date ?? "date not known", Shape(entry).meaning,
            entry.isSecurityRelease ? "security fixes" : nil,
        ]
        return words.compactMap { $0 }.joined(separator: ", ")
    }

    static func shape(_ shape: Shape, _ x: Double, _ y: Double) -> [Markup] {
        let half = TimelineLayout.markSize / 2
        func path(_ points: [(Double, Double)]) -> Markup {
            let steps = points.map { "\(number(x + $0.0)) \(number(y + $0.1))" }.joined(separator: " L ")
            return Markup("path", [.init("d", "M \(steps) Z"), .styled("filled")], [])
        }
        switch shape {
        case .automatic: return [circle(x, y, half, "filled")]
        case .download: return [path([(-4.5, -4.5), (4.5, -4.5), (4.5, 4.5), (-4.5, 4.5)])]
        case .tenants: return [path([(0, -half), (half, 4), (-half, 4)])]
        case .other: return [path([(0, -half), (half, 0), (0, half), (-half, 0)])]
        case .none: return [circle(x, y, 4, "hollow")]
        case .withdrawn: return [line(x - 4, y - 4, x + 4, y + 4, "cross"), line(x - 4, y + 4, x + 4, y - 4, "cross")]
        }
    }

    static func circle(_ x: Double, _ y: Double, _ radius: Double, _ style: String) -> Markup {
        Markup(
            "circle",
            [.init("cx", number(x)), .init("cy", number(y)), .init("r", number(radius)), .styled(style)], [])
    }

    static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> Markup {
        Markup(
            "line",
            [
                .init("x1", number(x1)), .init("y1", number(y1)), .init("x2", number(x2)), .init("y2", number(y2)),
                .styled(style),
            ], [])
    }

    private static func text(_ words: String, _ x: Double, _ y: Double, _ style: String) -> Markup {
        Markup("text", [.init("x", number(x)), .init("y", number(y)), .styled(style)], words)
    }

    /// With at most one digit after the point.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, rest) = abs(tenths).quotientAndRemainder(dividingBy: 10)
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }
}
