import Documents
import ReleaseContract
import Testing

struct FactsReportTests {
    static let whole = """
        {"schema":"facts/1","product":"adsync","version":"1.1.750.0","hostName":{"recorded":"a","actual":"b","x":1},
         "parameters":{"Microsoft.OptionalFeature.AutoUpgradeState":"Enabled"},"account":"uid 0","serviceRunning":true,
         "configurationInProgress":false,"consoleOpen":false,
         "database":{"bytes":10,"writable":true,"kind":"local"},"objects":{"metaverse":3,"byType":{"person":2,"group":1}},
         "connectors":[{"id":"{1}","name":"n","kind":"ad","objects":5}],"customRules":0,
         "healthAgent":{"version":"3.1.2.0","registration":"r","uploadEnabled":true},"later":{"kept":true}}
        """

    @Test("A whole answer is read, and written again with what was not understood")
    func roundTrip() throws {
        let report = try FactsReport(bytes: Array(Self.whole.utf8), file: "facts")
        #expect(report.version == ProductVersion(1, 1, 750, 0))
        #expect(report.objects?.byType == ["person": 2, "group": 1])
        #expect(report.healthAgent?.uploadEnabled == true)
        #expect(report.json == (try JSONParser.parse(Self.whole)))
    }

    @Test("Every member may be missing, and is unknown then")
    func missing() throws {
        let report = try FactsReport(bytes: Array("{\"schema\":\"facts/1\"}".utf8), file: "facts")
        #expect(report == FactsReport())
        #expect(report.json == ["schema": "facts/1"])
    }

    @Test(
        "A member of the wrong kind is named",
        arguments: [
            ("\"serviceRunning\":true", "\"serviceRunning\":1", "serviceRunning"),
            ("\"1.1.750.0\"", "\"1.1.750\"", "version"), ("\"bytes\":10", "\"bytes\":-1", "database.bytes"),
            ("\"group\":1", "\"group\":\"1\"", "objects.byType.group"),
            ("\"id\":\"{1}\",", "", "connectors[0].id"), ("facts/1", "facts/2", "schema"),
        ])
    func wrong(_ from: String, _ to: String, _ place: String) throws {
        let parts = Self.whole.split(separator: from, maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        let error = try #require(throws: DocumentError.self) {
            try FactsReport(bytes: Array("\(parts[0])\(to)\(parts[1])".utf8), file: "facts")
        }
        #expect(error.place == place)
    }
}
