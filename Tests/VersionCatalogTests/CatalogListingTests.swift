import Documents
import ReleaseContract
import TestSupport
import Testing
import VersionCatalog

/// What `aadc-upgrade catalog` prints.
struct CatalogListingTests {
    /// A history with one release of every kind.
    private static let releases = """
        {"schema": "release-history/2", "product": "p", "knownUntil": "2026-03-20",
         "hardStops": [{"below": "1.4.0.0", "from": "2026-06-30", "effect": "every cycle fails"}], "releases": [
         {"version": "1.7.0.0", "released": "2026-03-20", "channels": ["download"], "security": true, "ruleChanges": false,
          "cve": ["CVE-2026-1"], "minimumSystem": "System 9", "requirements": {"dotnet": "4.7.2", "tls": "1.2"}},
         {"version": "1.6.0.0", "released": "2026-02", "channels": [], "security": false, "ruleChanges": false,
          "withdrawn": "recalled"},
         {"version": "1.5.0.0", "released": "2026-01-10", "channels": ["auto-upgrade", "download"],
          "autoUpgradeFrom": "2026-01-20", "autoUpgradeUntil": "2026-03-01", "security": false, "ruleChanges": true,
          "ruleNotes": ["a flow more"], "fullSynchronization": true, "minimumSystem": "System 8", "healthAgent": "4.1.0.0",
          "autoUpgradeFix": "it waits for the console", "fixes": ["joins with hyphens"], "retired": "2027-03-20",
          "retiredBasis": "published", "note": "rolled out in phases"},
         {"version": "1.4.0.0", "released": "2025-06-01", "channels": ["auto-upgrade", "download"], "security": true,
          "ruleChanges": false, "retired": "2027-01-10", "retiredBasis": "derived", "minimumSystem": "System 8",
          "refusesFrom": [{"from": "1.1.0.0", "below": "1.2.0.0"}]},
         {"version": "1.3.0.0", "released": "2024-05", "channels": ["download"], "channelsStated": false, "security": false,
          "ruleChanges": true, "ruleChangesBasis": "joins were mended", "retired": "2026-06-01", "retiredBasis": "derived",
          "maximumSystem": "System 8"},
         {"version": "1.2.0.0", "undated": "no day was published", "channels": ["select-tenants"], "security": false,
          "ruleChanges": false},
         {"version": "1.1.0.12", "publishedAs": "1.1.0.0012", "released": "2023-01-01", "channels": ["download"],
          "security": false, "ruleChanges": false, "retired": "2025-01-01", "retiredBasis": "published"}]}
        """

    private static func risk(_ id: String, _ version: ProductVersion, note: String?) throws -> Risk {
        let manner: Risk.Manner =
            if let note { .note(why: note) } else {
                .appliesWhen(.fact(try #require(FactName("objects device")), .isOver(0)))
            }
        return Risk(
            id: id, product: "p", title: "title of \(id)", reach: .crossing(version), manner: manner,
            consequence: "consequence of \(id)", remedy: "remedy of \(id)", source: "s")
    }

    private static func question(_ day: String = "2026-04-01") throws -> CatalogQuestion {
        CatalogQuestion(
            history: try ReleaseHistory(bytes: Array(releases.utf8), file: "releases.json"),
            risks: [
                try risk("devices-lost", ProductVersion(1, 5, 0, 0), note: nil),
                try risk("read-me", ProductVersion(1, 7, 0, 0), note: "no fact tells"),
            ], day: try #require(ReleaseDate(day)))
    }

    private static func version(_ minor: Int) -> ProductVersion { ProductVersion(1, minor, 0, 0) }

    private func compare(_ name: String, text: String, _ json: JSONValue) {
        for (file, output) in [
            ("catalog-\(name).txt", text), ("catalog-\(name).json", String(decoding: json.pretty, as: UTF8.self)),
        ] {
            if let difference = goldenDifference(file, output) { Issue.record("\(difference)") }
        }
    }

    @Test("The list, whole, and of a channel on an early day")
    func list() throws {
        let all = try CatalogList(try Self.question(), channel: nil)
        compare("list", text: all.text, all.json)
        let early = try CatalogList(try Self.question("2026-01-15"), channel: "auto-upgrade")
        compare("list-early", text: early.text, early.json)
    }

    @Test("One release: a plain one, a withdrawn one, one without a date, one that was published in another spelling")
    func show() throws {
        let names = ["1.5.0.0": "plain", "1.6.0.0": "withdrawn", "1.2.0.0": "undated", "1.1.0.0012": "spelling"]
        for (version, name) in names {
            let release = try CatalogRelease(try Self.question(), named: version)
            compare("show-\(name)", text: release.text, release.json)
        }
        let other = try CatalogRelease(try Self.question(), named: "1.1.0.12")
        #expect(other.text == (try CatalogRelease(try Self.question(), named: "1.1.0.0012")).text)
    }

    @Test("The way from a version: to the newest, to a named release that is gone, and on a day of the past")
    func path() throws {
        let today = try CatalogPath(try Self.question(), from: ProductVersion(1, 1, 0, 12), to: nil, channel: nil)
        compare("path", text: today.text, today.json)
        let named = try CatalogPath(try Self.question(), from: Self.version(5), to: "1.6.0.0", channel: "download")
        compare("path-named", text: named.text, named.json)
        let past = try CatalogPath(
            try Self.question("2025-07-01"), from: ProductVersion(1, 2, 5, 0), to: nil, channel: "auto-upgrade")
        compare("path-past", text: past.text, past.json)
    }

    @Test("The timeline of everything, of one version, and of one that is not known")
    func timeline() throws {
        let all = CatalogTimeline(try Self.question(), installed: nil)
        compare("timeline", text: all.text, all.json)
        let one = CatalogTimeline(try Self.question(), installed: Self.version(3))
        compare("timeline-version", text: one.text, one.json)
        let stranger = CatalogTimeline(try Self.question("2026-07-15"), installed: ProductVersion(1, 2, 5, 0))
        compare("timeline-unknown", text: stranger.text, stranger.json)
    }

    @Test("What does not exist is said with what does")
    func failures() throws {
        let question = try Self.question()
        func words(_ body: () throws -> Void) -> String? {
            #expect(throws: CatalogQuestion.Failure.self, performing: body)?.description
        }
        #expect(
            words { _ = try CatalogList(question, channel: "early") }
                == "there is no channel \"early\", so it offers nothing; the channels are download, auto-upgrade, "
                + "select-tenants")
        #expect(
            words { _ = try CatalogRelease(question, named: "1.4.5.0") }
                == "the release history has no 1.4.5.0; its nearest are 1.4.0.0 and 1.5.0.0")
        #expect(
            words { _ = try CatalogRelease(question, named: "newest") }
                == "\"newest\" is no version: expected four numbers like 2.6.3.0")
        #expect(
            words { _ = try CatalogPath(question, from: Self.version(5), to: "1.4.0.0", channel: nil) }
                == "1.4.0.0 is not newer than 1.5.0.0; upgrades only go forwards")
        #expect(words { _ = try CatalogPath(question, from: Self.version(5), to: nil, channel: "early") } != nil)
        #expect(words { _ = try CatalogPath(question, from: Self.version(5), to: "9.0.0.0", channel: nil) } != nil)
    }

    @Test("Every release of the real history can be listed, shown, upgraded from and drawn, on any day")
    func realHistory() throws {
        let history = try BuiltInCatalog.releases()
        for day in ["2014-01-01", "2018-03-22", "2026-10-01", "2030-01-01"] {
            let question = CatalogQuestion(
                history: history, risks: try BuiltInCatalog.risks().risks, day: try #require(ReleaseDate(day)))
            let list = try CatalogList(question, channel: nil)
            let out = history.releases.count { release in release.released.map { "\($0)" <= day } ?? true }
            #expect(list.json["releases"]?.array?.count == out)
            for release in history.releases where release.version.build % 4 == 0 || day == "2026-10-01" {
                let version = "\(release.version)"
                #expect(try CatalogRelease(question, named: version).text.hasPrefix(version))
                let path = try CatalogPath(question, from: release.version, to: nil, channel: nil)
                #expect(path.json["ways"]?.array?.count == 2)
                let timeline = CatalogTimeline(question, installed: release.version)
                #expect(timeline.text.contains("\n\(version)"))
                let picture = timeline.text.split(separator: "\n").prefix { !$0.contains("= supported;") }
                #expect(picture.allSatisfy { $0.count <= 140 }, "\(version) on \(day)")
            }
        }
    }
}
