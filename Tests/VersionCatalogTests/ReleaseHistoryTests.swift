import Documents
import Testing
import VersionCatalog

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

    @Test(
        "A mistake in the history is refused",
        arguments: [
            ("\"1.0.1.0\"", "\"1.0.2.0\"", "below 1.0.2.0"), ("download", "upload", "no such channel"),
            ("2020-02", "2020-13", "a date like"), ("2020-02", "2020-02-30", "a date like"),
            ("\"security\": false", "\"secure\": false", "security"),
            ("\"retiredBasis\": \"b\"", "\"note\": \"n\"", "retiredBasis"),
        ])
    func mistakes(_ from: String, _ to: String, _ words: String) throws {
        let text = """
            {"schema": "release-history/2", "product": "p", "knownUntil": "2020-02-03", "hardStops": [], "releases": [
            {"version": "1.0.2.0", "released": "2020-02", "channels": ["download"], "security": true, "ruleChanges": false,
             "retired": "2021-01-01", "retiredBasis": "b"},
            {"version": "1.0.1.0", "channels": ["download"], "security": false, "ruleChanges": true, "undated": "u"}]}
            """
        _ = try ReleaseHistory(bytes: Array(text.utf8), file: "releases.json")
        let parts = text.split(separator: from, maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        let error = try #require(throws: DocumentError.self) {
            try ReleaseHistory(bytes: Array("\(parts[0])\(to)\(parts[1])".utf8), file: "releases.json")
        }
        #expect(error.description.contains(words), "\(error)")
    }
}
