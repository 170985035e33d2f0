import Documents
import Testing

@testable import VersionCatalog

struct ReleaseHistoryTests {
    @Test("The built-in history has a hundred releases, newest first")
    func builtIn() throws {
        let history = try BuiltInCatalog.releases()
        #expect(history.releases.count == 100)
        #expect(history.releases.first?.version == ProductVersion(2, 6, 92, 0))
        #expect(history.releases.last?.publishedAs == "1.0.419.0911")
        #expect(history.hardStops.map(\.below) == [ProductVersion(2, 5, 79, 0)])
        let newest = history.releases.compactMap(\.released).max()
        #expect(newest == history.knownUntil)
    }

    @Test(
        "So many releases came through each channel",
        arguments: [
            (["auto-upgrade", "download"], true, 14), (["auto-upgrade"], true, 2),
            (["auto-upgrade", "select-tenants"], true, 1), (["select-tenants"], true, 1), (["download"], true, 53),
            (["download"], false, 27), ([], true, 2),
        ])
    func channels(_ channels: [String], areStated: Bool, count: Int) throws {
        let releases = try BuiltInCatalog.releases().releases
        #expect(releases.count { $0.channels == channels && $0.channelsAreStated == areStated } == count)
    }

    @Test("Automatic upgrade offers what it offered", arguments: ["1.1.750.0", "1.4.18.0", "2.2.1.0", "2.6.3.0"])
    func automatic(_ text: String) throws {
        let version = try #require(ProductVersion(text))
        let release = try #require(try BuiltInCatalog.releases()[version])
        #expect(release.channels.contains(ReleaseHistory.autoUpgradeChannel))
    }

    @Test("Withdrawn releases are in no channel", arguments: ["2.6.79.0", "1.1.558.0"])
    func withdrawn(_ text: String) throws {
        let version = try #require(ProductVersion(text))
        let release = try #require(try BuiltInCatalog.releases()[version])
        #expect(release.withdrawn != nil)
        #expect(release.channels.isEmpty)
    }

    @Test("Two releases have no date and say why; of 29 only the month is known")
    func dates() throws {
        let releases = try BuiltInCatalog.releases().releases
        #expect(releases.filter { $0.released == nil }.map(\.version.description) == ["1.1.749.0", "1.1.558.0"])
        #expect(releases.filter { $0.undated != nil }.map(\.version.description) == ["1.1.749.0", "1.1.558.0"])
        #expect(releases.count { $0.released != nil && $0.released?.day == nil } == 29)
    }

    @Test("What a release asks for and brings is there as values")
    func members() throws {
        let history = try BuiltInCatalog.releases()
        func release(_ text: String) throws -> HistoricRelease {
            let version = try #require(ProductVersion(text))
            return try #require(history[version])
        }
        #expect(try release("2.0.3.0").requirements["sqlLocalDB"] == "2019")
        #expect(try release("2.0.3.0").healthAgent == ProductVersion(3, 1, 110, 0))
        #expect(try release("1.3.21.0").vulnerabilities == ["CVE-2019-1000"])
        #expect(try release("1.6.16.0").refuses == [ProductVersion(2, 0, 0, 0)..<ProductVersion(3, 0, 0, 0)])
        #expect(try release("1.6.16.0").maximumSystem == "Windows Server 2012 R2")
        #expect(try release("1.1.750.0").needsFullSynchronization == true)
        #expect(try release("2.6.92.0").needsFullSynchronization == nil)
        #expect(try release("2.4.131.0").autoUpgradeUntil == ReleaseDate("2025-04-15"))
        #expect(try release("1.5.22.0").changesRulesBasis?.isEmpty == false)
        #expect(try release("2.1.18.0").retiredBasis?.hasPrefix("derived") == true)
        #expect(try release("2.3.6.0").autoUpgradeFix?.isEmpty == false)
    }

    @Test(
        "Every published fact of every release is carried over",
        .enabled(if: PublishedFacts.areThere, "The facts are not beside the package: ../shared/facts/releases.json"))
    func completeness() throws {
        let history = try BuiltInCatalog.releases()
        let facts = try PublishedFacts.releases()
        #expect(facts.count == history.releases.count)
        for fact in facts {
            let version = try #require(PublishedFacts.version(fact))
            let release = try #require(history[version], "\(version) is missing")
            func same(_ ours: String?, _ key: String) {
                #expect(ours == fact[key]?.string, "\(version): \(key)")
            }
            func count(_ ours: Int, _ key: String) {
                #expect(ours == fact[key]?.array?.count ?? 0, "\(version): \(key)")
            }
            let published = release.publishedAs ?? release.version.description
            same(published, "version")
            #expect(
                release.released?.description == fact["released"]?.string ?? fact["released_month"]?.string,
                "\(version): date")
            let channels = fact["channels"]?.array?.compactMap(\.string) ?? []
            #expect(
                release.channels.filter { $0 != "select-tenants" } == channels.filter { $0 != "select-customers" },
                "\(version): channels")
            #expect(release.channelsAreStated == fact["channels_stated"]?.bool ?? true, "\(version): channels_stated")
            same(release.autoUpgradeFrom?.description, "auto_upgrade_from")
            same(release.autoUpgradeUntil?.description, "auto_upgrade_until")
            #expect(release.isSecurityRelease == fact["security"]?.bool, "\(version): security")
            count(release.vulnerabilities.count, "cve")
            let implied = fact["rule_changes_implied"]?.bool == true
            #expect(release.changesRules == (fact["rule_changes"]?.bool == true || implied), "\(version): rules")
            count(release.ruleNotes.count, "rule_notes")
            count(release.fixes.count, "fixes")
            #expect(release.needsFullSynchronization == fact["full_sync_required"]?.bool, "\(version): full sync")
            #expect(release.requirements.count == fact["requires"]?.object?.count, "\(version): requires")
            same(release.healthAgent?.description, "health_agent")
            #expect((release.autoUpgradeFix != nil) == (fact["auto_upgrade_fix"]?.string != nil), "\(version): fix")
            #expect((release.minimumSystem != nil) == (fact["min_os"]?.string != nil), "\(version): min_os")
            #expect((release.maximumSystem != nil) == (fact["max_os"]?.string != nil), "\(version): max_os")
            #expect(release.refuses.isEmpty == (fact["cannot_upgrade_from"]?.string == nil), "\(version): refuses")
            #expect(
                release.retired?.description == fact["retired"]?.string ?? fact["retired_derived"]?.string,
                "\(version): retired")
            if let minimum = fact["mandatory_minimum_from"]?.string {
                #expect(history.hardStops.contains { $0.below == version && $0.from.description == minimum })
            }
            if fact["status_note"]?.string != nil { #expect(release.note ?? release.withdrawn != nil, "\(version)") }
        }
    }
}

/// Mistakes in `releases.json` that its reader refuses.
struct ReleaseHistoryMistakeTests {
    static let text = """
        {"schema": "release-history/2", "product": "p", "knownUntil": "2020-02-03",
         "hardStops": [{"below": "1.0.2.0", "from": "2021-01-01", "effect": "e"}], "releases": [
        {"version": "1.0.2.0", "released": "2020-02", "channels": ["download", "auto-upgrade"],
         "autoUpgradeFrom": "2020-02-02", "autoUpgradeUntil": "2020-03-02", "security": true, "cve": ["CVE-1"],
         "ruleChanges": true, "ruleNotes": ["r"], "refusesFrom": [{"from": "1.0.0.0", "below": "1.0.1.0"}],
         "requirements": {"tls": "1.2"}, "retired": "2021-01-01", "retiredBasis": "b"},
        {"version": "1.0.1.0", "undated": "u", "channels": ["download"], "channelsStated": false, "security": false,
         "ruleChanges": false},
        {"version": "1.0.0.0", "released": "2020-01", "channels": [], "withdrawn": "w", "security": false,
         "ruleChanges": false}]}
        """

    @Test(
        "A mistake in the history is refused",
        arguments: [
            ("\"1.0.1.0\", \"undated\"", "\"1.0.2.0\", \"undated\"", "below 1.0.2.0"),
            ("[\"download\"]", "[\"upload\"]", "no such channel"),
            ("[\"download\"]", "[\"download\", \"download\"]", "twice"),
            ("[\"download\"]", "[\"auto-upgrade\"]", "channelsStated"),
            ("[\"download\"]", "[]", "withdrawn"),
            ("[],", "[\"download\"],", "in no channel"),
            ("\"2020-02\"", "\"2020-13\"", "a date like"), ("\"2020-02\"", "\"2020-02-30\"", "a date like"),
            ("\"2020-02\"", "\"2020-02-04\"", "where the history ends"),
            ("\"undated\": \"u\"", "\"note\": \"n\"", "undated"),
            ("\"released\": \"2020-01\"", "\"undated\": \"u\", \"released\": \"2020-01\"", "undated"),
            ("\"2020-03-02\"", "\"2020-02-01\"", "autoUpgradeUntil"),
            (", \"auto-upgrade\"", "", "auto-upgrade"),
            ("\"security\": false", "\"secure\": false", "security"),
            ("\"security\": true", "\"security\": false", "CVE-1"),
            ("\"cve\": [\"CVE-1\"]", "\"cve\": []", "left out"),
            ("\"ruleChanges\": true", "\"ruleChanges\": false", "ruleChanges"),
            ("\"ruleChanges\": true, ", "", "ruleChanges"), ("\"tls\"", "\"ssl\"", "requirements.ssl"),
            ("\"below\": \"1.0.1.0\"", "\"below\": \"1.0.0.0\"", "a version above 1.0.0.0"),
            ("\"below\": \"1.0.1.0\"", "\"till\": \"1.0.1.0\"", "below"),
            ("\"retiredBasis\": \"b\"", "\"note\": \"n\"", "retiredBasis"), ("\"withdrawn\"", "\"gone\"", "gone"),
            ("\"effect\": \"e\"", "\"effects\": \"e\"", "effect"), ("release-history/2", "release-history/1", "schema"),
        ])
    func mistakes(_ from: String, _ to: String, _ words: String) throws {
        _ = try ReleaseHistory(bytes: Array(Self.text.utf8), file: "releases.json")
        let error = try #require(throws: DocumentError.self) {
            try ReleaseHistory(bytes: Array(planted(from, to, in: Self.text).utf8), file: "releases.json")
        }
        #expect(error.description.contains(words), "\(error)")
    }
}

/// The text with one piece of it replaced, which has to be there.
func planted(_ from: String, _ to: String, in text: String) throws -> String {
    let range = try #require(text.firstRange(of: from), "not in the text: \(from)")
    return text[..<range.lowerBound] + to + text[range.upperBound...]
}
