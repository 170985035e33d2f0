import Documents
import Foundation
import TestSupport
import Testing
import VersionCatalog

@testable import Upgrader

struct TimelineLayoutTests {
    typealias Box = TimelineLayout.Box

    /// The timeline of a server of the real history with this version.
    static func timeline(_ history: ReleaseHistory, installed: ProductVersion, today: String) throws -> Timeline {
        let newer = history.releases.filter { $0.version >= installed }.reversed()
        let candidate = newer.last { $0.channels.contains(ReleaseHistory.autoUpgradeChannel) }?.version
        let attended = newer.last { $0.channels.contains(ReleaseHistory.downloadChannel) }?.version
        let entries = newer.map { release in
            let role: Timeline.Entry.Role =
                switch release.version {
                case installed: .installed
                case candidate: .candidate
                case attended: .attended
                default: .other
                }
            return Timeline.Entry(
                version: release.version, released: release.released, channels: release.channels,
                isSecurityRelease: release.isSecurityRelease, isWithdrawn: release.withdrawn != nil,
                retired: release.retired, role: role)
        }
        return Timeline(
            entries: entries, hardStops: history.hardStops, today: try #require(ReleaseDate(today)),
            knownUntil: history.knownUntil)
    }

    static func entry(_ number: Int, _ date: String?, _ role: Timeline.Entry.Role) -> Timeline.Entry {
        Timeline.Entry(
            version: ProductVersion(1, 0, number, 0), released: date.flatMap { ReleaseDate($0) }, channels: [],
            isSecurityRelease: number.isMultiple(of: 3), isWithdrawn: false, retired: nil, role: role)
    }

    /// Two labels over each other, a pole through a label, something outside the picture, a mark that goes back in time.
    private func check(_ layout: TimelineLayout, _ name: String) {
        for (index, flag) in layout.flags.enumerated() {
            for other in layout.flags.dropFirst(index + 1) {
                #expect(!flag.box.overlaps(other.box), "\(name): \(flag.lines) and \(other.lines)")
            }
            for other in layout.flags where other != flag {
                let isThrough =
                    other.box.x > flag.box.x && other.box.x < flag.box.x + flag.box.width
                    && other.pole.lowerBound < flag.box.y + flag.box.height && other.pole.upperBound > flag.box.y
                #expect(!isThrough, "\(name): the pole of \(other.lines) goes through \(flag.lines)")
            }
            #expect(flag.box.x >= 0 && flag.box.x + flag.box.width <= TimelineLayout.width, "\(name): \(flag.lines)")
            #expect(flag.box.y >= 0 && flag.box.y + flag.box.height <= layout.height, "\(name): \(flag.lines)")
            let words = flag.lines.map { TextBlock.columns($0) }.max() ?? 0
            #expect(flag.box.width >= Double(words) * TimelineLayout.characterWidth)
        }
        let size = TimelineLayout.markSize
        let boxes = layout.marks.map { Box(x: $0.x - size / 2, y: $0.y - size / 2, width: size, height: size) }
        for (index, box) in boxes.enumerated() {
            #expect(!boxes.dropFirst(index + 1).contains { $0.overlaps(box) }, "\(name): mark \(index)")
            #expect(box.x >= 0 && box.x + box.width <= TimelineLayout.width && box.y >= 0)
            #expect(box.y + box.height <= layout.axisY)
            for flag in layout.flags { #expect(!flag.box.overlaps(box), "\(name): \(flag.lines) covers a mark") }
        }
        for (before, after) in zip(layout.marks, layout.marks.dropFirst()) { #expect(before.x <= after.x) }
        let dated = layout.marks.filter { $0.entry.released?.day != nil }
        for (before, after) in zip(dated, dated.dropFirst()) {
            if let earlier = before.entry.released, let later = after.entry.released { #expect(earlier <= later) }
        }
        for (left, right) in zip(layout.ticks, layout.ticks.dropFirst()) {
            let end = left.x + 3 + TimelineLayout.characterWidth * Double(left.label.count)
            #expect(end <= right.x, "\(name): \(left.label) and \(right.label)")
        }
    }

    @Test("For a server of every release, on old and new days, no two labels overlap and time goes to the right")
    func realHistory() throws {
        let history = try BuiltInCatalog.releases()
        #expect(history.releases.count >= 90)
        for release in history.releases {
            for today in ["2019-03-01", "2026-11-21"] {
                let timeline = try Self.timeline(history, installed: release.version, today: today)
                let layout = try #require(TimelineLayout(timeline))
                #expect(layout.marks.count == timeline.entries.count)
                check(layout, "\(release.version) on \(today)")
            }
        }
    }

    @Test(
        "One release, many on one day, months only, releases without a date, and all roles on one day",
        arguments: [
            ["2020-01-01"], Array(repeating: "2020-01-01", count: 100), Array(repeating: "2020-02", count: 30),
            ["2020-01-01", "-", "-", "2020-01-03", "-"], ["-", "2024-02"], ["2014-01-01", "2026-12-31"],
            (0..<100).map { "20\(14 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1)" },
        ])
    func invented(_ dates: [String]) throws {
        let roles: [Timeline.Entry.Role] = [.installed, .intermediate, .intermediate, .candidate, .attended]
        let entries = dates.enumerated().map { index, date in
            Self.entry(index, date == "-" ? nil : date, index < roles.count ? roles[index] : .other)
        }
        let timeline = Timeline(
            entries: entries, hardStops: [], today: try #require(ReleaseDate("2020-01-01")), knownUntil: nil)
        let layout = try #require(TimelineLayout(timeline))
        #expect(layout.marks.count == dates.count)
        check(layout, "\(dates.count) releases")
    }

    @Test("A month is a span and its mark the middle; a release without a date stands between its neighbours")
    func spans() throws {
        let entries = [
            Self.entry(1, "2020-01-01", .installed), Self.entry(2, nil, .other), Self.entry(3, "2020-03", .other),
        ]
        let timeline = Timeline(
            entries: entries, hardStops: [], today: try #require(ReleaseDate("2020-04-01")), knownUntil: nil)
        let layout = try #require(TimelineLayout(timeline))
        let span = try #require(layout.marks[2].span)
        #expect(layout.marks[0].span == nil && layout.marks[1].span == nil)
        #expect(abs((span.lowerBound + span.upperBound) / 2 - layout.marks[2].x) < 0.01)
        #expect(abs((layout.marks[0].x + layout.marks[2].x) / 2 - layout.marks[1].x) < 0.01)
    }

    @Test("Without any date there is no picture, and the page says so")
    func undated() throws {
        let timeline = Timeline(
            entries: [Self.entry(1, nil, .installed)], hardStops: [], today: try #require(ReleaseDate("2020-04-01")),
            knownUntil: nil)
        #expect(TimelineLayout(timeline) == nil)
        var report = try ReportSamples().report("eligible")
        report.timeline = timeline
        #expect(EligibilityHTML.render(report).contains("No date of these releases is known"))
    }

    @Test("Shapes tell channels, and each is named in the picture's legend")
    func shapes() throws {
        var entry = Self.entry(1, "2020-01-01", .other)
        #expect(TimelinePicture.Shape(entry) == .none)
        for (channels, shape) in [
            (["auto-upgrade", "download"], TimelinePicture.Shape.automatic), (["download"], .download),
            (["select-tenants"], .tenants), (["stable"], .other),
        ] {
            entry.channels = channels
            #expect(TimelinePicture.Shape(entry) == shape)
        }
        entry.isWithdrawn = true
        #expect(TimelinePicture.Shape(entry) == .withdrawn)
        let page = EligibilityHTML.render(try ReportSamples().report("notSupported"))
        for word in ["offered by automatic upgrade", "withdrawn", "select tenants only", "ring: security fixes"] {
            #expect(page.contains(word), "\(word)")
        }
    }
}
