import Documents
import ReleaseContract
import TestSupport
import Testing
import VersionCatalog

struct ReleaseChangesTests {
    private static func history(_ releases: String) throws -> ReleaseHistory {
        let text = """
            {"schema": "release-history/2", "product": "p", "knownUntil": "2026-01-01",
             "hardStops": [{"below": "1.3.0.0", "from": "2026-06-01", "effect": "it stops"}], "releases": [\(releases)]}
            """
        return try ReleaseHistory(bytes: Array(text.utf8), file: "releases.json")
    }

    private static let invented = """
        {"version": "1.5.0.0", "released": "2025-05", "channels": ["auto-upgrade"], "security": true, "ruleChanges": false,
         "cve": ["CVE-1"], "requirements": {"tls": "1.2"}, "maximumSystem": "System 9"},
        {"version": "1.4.0.0", "undated": "never out", "channels": [], "security": true, "ruleChanges": true,
         "ruleNotes": ["gone"], "withdrawn": "broken"},
        {"version": "1.3.0.0", "released": "2025-03-01", "channels": ["download"], "security": false, "ruleChanges": true,
         "ruleChangesBasis": "as implied", "requirements": {"dotnet": "4.7"}, "minimumSystem": "System 8"},
        {"version": "1.2.0.0", "released": "2025-02-01", "channels": ["download"], "security": false, "ruleChanges": true,
         "ruleNotes": ["one flow more", "one rule less"], "fullSynchronization": true,
         "requirements": {"dotnet": "4.6", "tls": "1.1"}, "minimumSystem": "System 7", "retired": "2025-12-01",
         "retiredBasis": "published"},
        {"version": "1.1.0.0", "released": "2025-01-01", "channels": ["download"], "security": false, "ruleChanges": false,
         "requirements": {"dotnet": "4.5"}, "minimumSystem": "System 7", "autoUpgradeFix": "it starts"}
        """

    private static func version(_ minor: Int) -> ProductVersion { ProductVersion(1, minor, 0, 0) }

    private static func texts(_ changes: [BroughtChange]) -> [String] {
        changes.map { "\($0.version.minor) \($0.kind): \($0.text)" }
    }

    @Test("A way brings what each release on it changes, and of the demands the last word")
    func way() throws {
        let history = try Self.history(Self.invented)
        #expect(
            Self.texts(history.changes(after: Self.version(1), through: Self.version(5))) == [
                "2 rule: one flow more", "2 rule: one rule less",
                "2 fullSynchronization: Everything is imported and synchronized anew",
                "3 rule: Default rules change: as implied",
                "3 fullSynchronization: Changed default rules ask for a full synchronization of their connectors",
                "3 requirement: .NET Framework 4.7", "3 requirement: System 8 or newer",
                "5 security: Security fixes: CVE-1", "5 requirement: TLS 1.2", "5 requirement: System 9 or older",
            ])
        #expect(
            Self.texts(history.changes(after: Self.version(0), through: Self.version(1))) == [
                "1 other: Automatic upgrade: it starts", "1 requirement: .NET Framework 4.5",
                "1 requirement: System 7 or newer",
            ])
        #expect(history.changes(after: Self.version(5), through: Self.version(5)) == [])
    }

    @Test("What the real product changes from 1.1.130.0 on names rules, synchronization, demands and fixes")
    func realHistory() throws {
        let history = try BuiltInCatalog.releases()
        let (from, to) = (ProductVersion(1, 1, 130, 0), ProductVersion(2, 6, 92, 0))
        let changes = history.changes(after: from, through: to)
        #expect(Set(changes.map(\.kind)).isSuperset(of: [.rule, .fullSynchronization, .requirement, .security]))
        #expect(changes.allSatisfy { $0.version > from && $0.version <= to && !$0.text.isEmpty })
        #expect(changes.map(\.version) == changes.map(\.version).sorted())
        let demands = changes.filter { $0.kind == .requirement }.map(\.text)
        #expect(demands.contains("Windows Server 2016 or newer"))
        #expect(!demands.contains { $0.contains("2012 or newer") })
        #expect(Set(demands).count == demands.count)
    }

    @Test("The timeline begins with the installed release and gives each its part")
    func timeline() throws {
        let history = try Self.history(Self.invented)
        let today = try #require(ReleaseDate("2025-12-24"))
        let cast = Timeline.Cast(
            installed: Self.version(1), path: [Self.version(2), Self.version(3)], attended: Self.version(5))
        let timeline = Timeline(history: history, cast: cast, today: today)
        #expect(timeline.entries.map(\.version) == (1...5).map(Self.version))
        #expect(timeline.entries.map(\.role) == [.installed, .intermediate, .candidate, .other, .attended])
        #expect(timeline.entries.map(\.isWithdrawn) == [false, false, false, true, false])
        #expect(timeline.hardStops(for: Self.version(2)).count == 1)
        #expect(timeline.hardStops(for: Self.version(3)).isEmpty)
        #expect(timeline.knownUntil == ReleaseDate("2026-01-01"))

        // What was not out on the day is not there; an installed version that nobody published is.
        let early = try #require(ReleaseDate("2025-02-15"))
        let stranger = Timeline(
            history: history, cast: Timeline.Cast(installed: ProductVersion(1, 1, 5, 0)), today: early)
        #expect(stranger.entries.map(\.version) == [ProductVersion(1, 1, 5, 0), Self.version(2), Self.version(4)])
        #expect(stranger.entries.first?.role == .installed)
    }

    @Test("A repository's timeline and changes come from its own dates and notes")
    func repository() throws {
        let file = PublishedFile(path: "p", size: 1, digest: SHA256Digest(bytes: [UInt8](repeating: 0, count: 32)))
        let releases = [3, 1, 2].map {
            PublishedRelease(
                version: Self.version($0), channels: ["stable"], released: WallTime(seconds: $0 * 86_400),
                withdrawn: $0 == 2 ? "broken" : nil, notes: "notes of \($0)", releaseDocument: file, chunkList: file,
                archive: file)
        }
        let repository = PublishedRepository(
            product: "p", sequence: 1, published: WallTime(seconds: 0), releases: releases)
        let today = try #require(ReleaseDate("1970-02-01"))
        let timeline = Timeline(
            repository: repository, cast: Timeline.Cast(installed: Self.version(1), path: [Self.version(3)]),
            today: today)
        #expect(
            timeline.entries.map { "\($0.version.minor) \($0.role) \($0.isWithdrawn)" } == [
                "1 installed false", "2 other true", "3 candidate false",
            ])
        #expect(timeline.entries.first?.released == ReleaseDate("1970-01-02"))
        #expect(
            Self.texts(repository.changes(after: Self.version(1), through: Self.version(3))) == ["3 other: notes of 3"])
    }
}
