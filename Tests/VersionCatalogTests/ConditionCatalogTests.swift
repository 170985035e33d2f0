import Documents
import ReleaseContract
import Testing
import VersionCatalog

struct ConditionCatalogTests {
    static let publishedAborted = [
        "CouldNotSetUpgradeMarker", "InsufficientDatabasePermissions", "InsufficientDiskSpace",
        "SecurityGroupsNotPresent", "ServiceCanNotBeStarted", "ServiceCanNotBeStopped", "ServiceIsNotRunning",
        "SyncCycleDisabled", "SyncExeInUse", "SyncOrConfigurationInProgress",
    ]
    static let publishedNotSupported = [
        "AdfsSignInMethod", "CustomizedSyncRules", "DeviceWritebackEnabled", "GroupWritebackEnabled",
        "InvalidPersistedState", "MetaverseSizeExceeeded", "MultiForestSetup", "NonLocalDbInstall", "NonMsolAccount",
        "NotConfiguredSignInMethod", "PtaSignInMethod", "StagingModeEnabled", "UserWritebackEnabled",
        "LocalDbSizeExceeded", "AADHealthUploadDisabled", "TLSVersionIncorrect",
    ]

    @Test("Every published code is in the catalog, and no other calls itself published")
    func published() throws {
        let catalog = try BuiltInCatalog.conditions()
        let expected =
            Self.publishedAborted.map { "UpgradeAborted" + $0 }
            + Self.publishedNotSupported.map { "UpgradeNotSupported" + $0 }
        let found = catalog.conditions.filter { $0.origin == .published }
        #expect(Set(found.map(\.code.description)) == Set(expected))
        for condition in found {
            #expect(!condition.editions.isEmpty && Set(condition.editions).isSubset(of: ["2017", "2018", "current"]))
            // A code of the current list still blocks, but for the one that is listed and inert.
            let isCurrent = condition.editions.contains("current")
            #expect(isCurrent == (condition.liftedIn == nil) || condition.code == .notSupported("CustomizedSyncRules"))
        }
    }

    @Test("Every condition says what to do, in sentences")
    func words() throws {
        for condition in try BuiltInCatalog.conditions().conditions {
            #expect(condition.explanation.hasSuffix("."), "\(condition.code)")
            #expect(!condition.remedies.isEmpty)
            for (product, remedy) in condition.remedies {
                #expect(["azure-ad-connect", "adsync"].contains(product))
                #expect(remedy.hasSuffix("."), "\(condition.code)")
                // Nothing but documented cmdlets and the product's own tools helps on a Windows server.
                #expect(product == "adsync" || !remedy.contains("aadc-upgrade"), "\(condition.code)")
            }
        }
    }

    @Test(
        "A condition binds only the versions of its range",
        arguments: [
            ("CustomizedSyncRules", "2.2.1.0"), ("StagingModeEnabled", "1.1.561.0"), ("MultiForestSetup", "1.1.561.0"),
            ("AdfsSignInMethod", "1.3.20.0"),
        ])
    func ranges(_ reason: String, _ lifted: String) throws {
        let catalog = try BuiltInCatalog.conditions()
        let condition = try #require(catalog.conditions.first { $0.code.reason == reason })
        let limit = try #require(ProductVersion(lifted))
        let below = ProductVersion(limit.major, limit.minor, limit.build - 1, 9999)
        #expect(condition.applies(to: "azure-ad-connect", below))
        #expect(!condition.applies(to: "azure-ad-connect", limit))
        #expect(condition.applies(to: "azure-ad-connect", nil))
        #expect(!condition.applies(to: "another-product", below))
    }

    static let whole = """
        "code": "UpgradeAbortedX", "title": "t", "stage": "check", "origin": "project", \
        "blocksWhen": {"fact": "server.renamed", "flag": true}, "explanation": "e", "remedies": {"adsync": "r"}
        """

    @Test("A whole condition is read")
    func wholeCondition() throws {
        #expect(try read("{\(Self.whole)}").conditions.count == 1)
    }

    @Test(
        "A mistake in the catalog is named by its place",
        arguments: [
            ("\"stage\": \"check\"", "\"stage\": \"later\"", "stage"),
            ("UpgradeAbortedX", "Success", "code"),
            ("UpgradeAbortedX", "UpgradeAborted", "code"),
            ("\"title\": \"t\"", "\"tilte\": \"t\"", "title"),
            ("\"title\": \"t\"", "\"title\": \"t\", \"more\": 1", "more"),
            ("\"flag\": true}", "\"flagged\": true}", "flagged"),
            ("\"flag\": true}", "\"flag\": true, \"over\": 1}", "exactly one test"),
            ("\"fact\": \"server.renamed\", ", "", "blocksWhen.fact"),
            ("server.renamed", "server.renumbered", "the name of a fact"),
            ("{\"fact\": \"server.renamed\", \"flag\": true}", "{\"all\": []}", "at least two"),
            ("\"check\"", "\"attempt\"", "blocksWhen"),
            ("{\"adsync\": \"r\"}", "{}", "remedies"),
            ("\"title\"", "\"liftedIn\": \"1.0.0.0\", \"title\"", "liftedBasis"),
            (
                "\"title\"", "\"since\": \"2.0.0.0\", \"liftedIn\": \"1.0.0.0\", \"liftedBasis\": \"b\", \"title\"",
                "liftedIn"
            ),
        ])
    func mistakes(_ from: String, _ to: String, _ place: String) throws {
        let parts = Self.whole.split(separator: from, maxSplits: 1, omittingEmptySubsequences: false)
        try #require(parts.count == 2)
        let error = try #require(throws: DocumentError.self) { try read("{\(parts[0])\(to)\(parts[1])}") }
        #expect(error.description.contains("conditions[0]"))
        #expect(error.description.contains(place))
    }

    @Test("The same code twice is refused")
    func twice() throws {
        #expect(throws: DocumentError.self) { try read("{\(Self.whole)}, {\(Self.whole)}") }
    }

    private func read(_ conditions: String) throws -> ConditionCatalog {
        let text = "{\"schema\": \"eligibility-conditions/2\", \"conditions\": [\(conditions)]}"
        return try ConditionCatalog(bytes: Array(text.utf8), file: "conditions.json")
    }
}
