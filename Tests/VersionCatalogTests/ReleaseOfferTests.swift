import Documents
import ReleaseContract
import TestSupport
import Testing
import VersionCatalog

/// What a server would have been offered on each day that the real history knows.
struct ReleaseOfferTests {
    static func version(_ text: String) throws -> ProductVersion { try #require(ProductVersion(text)) }
    static func day(_ text: String) throws -> ReleaseDate { try #require(ReleaseDate(text)) }

    /// Every day on which something may begin or end, with the day before and the day after.
    static func days(_ history: ReleaseHistory) -> [ReleaseDate] {
        let dates = history.releases.flatMap { release in
            [release.released, release.autoUpgradeFrom, release.autoUpgradeUntil, release.retired].compactMap { $0 }
        }
        let edges = Set(dates.flatMap { [$0.first, $0.last] } + [history.knownUntil])
        return Set(edges.flatMap { [$0.adding(days: -1), $0, $0.adding(days: 1)] }).sorted()
    }

    /// Whether a channel had a release on a day, by comparing texts.
    private static func had(_ release: HistoricRelease, _ channel: String, _ day: ReleaseDate) -> Bool {
        guard release.withdrawn == nil, release.channels.contains(channel), let released = release.released else {
            return false
        }
        func begun(_ date: ReleaseDate) -> Bool {
            // A month is over for certain on its last day: the next one lies in another month.
            date.day == nil
                ? "\(day.adding(days: 1))".prefix(7) > "\(date)" : "\(day)" >= "\(date)"
        }
        guard channel == "auto-upgrade" else { return begun(released) }
        let isOver = release.autoUpgradeUntil.map { "\(day)" >= "\($0)" } ?? false
        return release.channelsAreStated && begun(released) && begun(release.autoUpgradeFrom ?? released) && !isOver
    }

    @Test(
        "A server at each release, on each known day, gets the newest that was out for it, and nothing else",
        arguments: ["auto-upgrade", "download", "select-tenants"])
    func everyReleaseEveryDay(_ channel: String) throws {
        let history = try BuiltInCatalog.releases()
        let days = Self.days(history)
        #expect(days.count > 200)
        let versions = history.releases.map(\.version)
        var answers: Set<ProductVersion> = []
        var wrong: [String] = []
        var before: (offered: [OfferedRelease], newest: ProductVersion?) = ([], nil)
        for day in days {
            let offered = history.offered(on: day, channel: channel)
            let newest = history.releases.first { Self.had($0, channel, day) }?.version
            // The choice is a pure function: the same offer has the same answers, if it should have.
            if offered == before.offered {
                #expect(newest == before.newest, "\(day)")
                continue
            }
            before = (offered, newest)
            #expect(offered.map(\.version) == versions)
            for installed in versions {
                let decision = ReleaseChoice.candidate(
                    installed: installed, product: history.product, offered: offered, channel: channel)
                if let newest, newest > installed {
                    let isRight =
                        decision.candidate?.version == newest && decision.candidate?.withdrawn == nil
                        && decision.path == [newest] && decision.risks.isEmpty
                        && decision.passedOver.map(\.version) == versions.filter { $0 > newest }
                    if !isRight { wrong.append("\(installed) on \(day): \(decision.outcome), not \(newest)") }
                    answers.insert(newest)
                } else if decision.outcome != .upToDate {
                    wrong.append("\(installed) on \(day): \(decision.outcome), and nothing newer was out")
                }
            }
        }
        #expect(wrong == [])
        let never = history.releases.filter { release in
            release.channels.contains(channel) && release.released != nil && !answers.contains(release.version)
        }
        #expect(never.map { "\($0.version)" } == Self.neverNewest[channel])
    }

    /// Releases that came out together with a newer one, or in one month whose days are not known, or on an older line.
    private static let neverNewest = [
        "auto-upgrade": ["1.4.13.0"],
        "download": [
            "1.6.16.0", "1.6.14.2", "1.6.13.0", "1.6.11.3", "1.1.557.0", "1.1.484.0", "1.1.371.0", "1.1.370.0",
            "1.1.105.0", "1.0.419.911",
        ],
        "select-tenants": [],
    ]

    @Test("A channel that does not exist offers nothing on any day, and says which exist")
    func unknownChannel() throws {
        let history = try BuiltInCatalog.releases()
        for day in Self.days(history) {
            let decision = ReleaseChoice.candidate(
                installed: try Self.version("1.1.750.0"), product: history.product,
                offered: history.offered(on: day, channel: "early"), channel: "early")
            guard case .unavailable(let code, let words) = decision.outcome else {
                Issue.record("\(day): \(decision.outcome)")
                continue
            }
            #expect(code == .aborted("ChannelUnknown"))
            #expect(words.contains("auto-upgrade, download, select-tenants"))
        }
    }

    @Test("The days on which the answer changed, for servers at some releases")
    func changes() throws {
        let history = try BuiltInCatalog.releases()
        let servers = ["1.0.419.911", "1.1.130.0", "1.1.750.0", "1.4.38.0", "1.6.16.0", "2.0.3.0", "2.5.79.0"]
        func row(_ cells: [String]) -> String {
            let padded = cells.map { $0 + String(repeating: " ", count: max(0, 13 - $0.count)) }.joined()
            return String(padded.reversed().drop { $0 == " " }.reversed())
        }
        var lines: [String] = []
        for channel in ["auto-upgrade", "download"] {
            lines.append(row([channel] + servers))
            var before: [String] = []
            for day in Self.days(history) {
                let offered = history.offered(on: day, channel: channel)
                let answers = try servers.map { server in
                    let decision = ReleaseChoice.candidate(
                        installed: try Self.version(server), product: history.product, offered: offered,
                        channel: channel)
                    return decision.candidate.map { "\($0.version)" }
                        ?? (decision.outcome == .upToDate ? "-" : "\(decision.outcome)")
                }
                if answers != before { lines.append(row(["\(day)"] + answers)) }
                before = answers
            }
        }
        if let difference = goldenDifference("offers.txt", lines.map { $0 + "\n" }.joined()) {
            Issue.record("\(difference)")
        }
    }

    @Test(
        "A release that is not offered on a day says why",
        arguments: [
            ("1.1.553.0", "download", "2017-06-15", "released in 2017-06, on a day that is not known"),
            ("1.1.553.0", "download", "2017-06-30", nil),
            ("1.1.553.0", "download", "2017-05-31", "released only in 2017-06"),
            ("1.1.553.0", "auto-upgrade", "2017-07-01", "its channels were never published"),
            ("2.6.1.0", "auto-upgrade", "2026-02-01", "released only on 2026-02-02"),
            ("2.6.1.0", "auto-upgrade", "2026-02-08", "offered by automatic upgrade only from 2026-02-09 on"),
            ("2.6.1.0", "auto-upgrade", "2026-02-09", nil), ("2.6.1.0", "download", "2026-02-02", nil),
            ("2.4.131.0", "auto-upgrade", "2025-04-14", nil),
            ("2.4.131.0", "auto-upgrade", "2025-04-15", "automatic upgrade ceased to offer it on 2025-04-15"),
            ("2.4.131.0", "download", "2025-04-15", nil),
            ("2.6.92.0", "auto-upgrade", "2026-10-01", "not in the channel auto-upgrade (only in download)"),
            (
                "1.4.25.0", "download", "2020-01-01",
                "not in the channel download (only in auto-upgrade, select-tenants)"
            ),
            ("1.1.749.0", "auto-upgrade", "2026-10-01", "offered to select tenants only"),
            ("1.1.749.0", "select-tenants", "2026-10-01", "never offered, since the day of its release is not known"),
        ] as [(String, String, String, String?)])
    func reasons(_ text: String, _ channel: String, _ day: String, _ reason: String?) throws {
        let version = try Self.version(text)
        let offered = try BuiltInCatalog.releases().offered(on: try Self.day(day), channel: channel)
        let release = try #require(offered.first { $0.version == version })
        #expect(release.notOffered == reason)
    }

    @Test("A month that is asked about counts as its first day")
    func askedMonth() throws {
        let history = try BuiltInCatalog.releases()
        #expect(
            history.offered(on: try Self.day("2026-02"), channel: "download")
                == history.offered(on: try Self.day("2026-02-01"), channel: "download"))
    }

    @Test(
        "Days are counted through months, years and leap days",
        arguments: [
            ("2024-02", "2024-02-01", "2024-02-29", "2024-03-01"),
            ("2023-02", "2023-02-01", "2023-02-28", "2023-03-01"),
            ("2025-12", "2025-12-01", "2025-12-31", "2026-01-01"),
            ("2025-12-31", "2025-12-31", "2025-12-31", "2026-01-01"),
        ])
    func calendar(_ date: String, _ first: String, _ last: String, _ next: String) throws {
        let date = try Self.day(date)
        #expect("\(date.first)" == first)
        #expect("\(date.last)" == last)
        #expect("\(date.last.adding(days: 1))" == next)
        #expect(date.last.adding(days: 1).days(since: date.last) == 1)
        #expect(ReleaseDate(WallTime(seconds: 1_767_225_599)) == ReleaseDate("2025-12-31"))
    }
}
