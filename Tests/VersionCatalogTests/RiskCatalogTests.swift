import Documents
import Testing

@testable import VersionCatalog

struct RiskCatalogTests {
    /// The risks that carry the known issues of a release, one for each in the order in which they were published.
    static let carriers: [String: [String]] = [
        "2.6.91.0": ["pass-through-agent-registration", "conditional-access-for-applications"],
        "2.6.84.0": [
            "existing-database-0xe0474352", "service-manager-partition-crash", "deselected-domain-comes-back",
        ],
        "2.6.79.0": ["recalled-2-6-79-0"],
        "2.6.3.0": ["edited-engine-configuration-by-hand"],
        "2.6.1.0": ["edited-engine-configuration-stops-service"],
        "2.5.190.0": ["edited-engine-configuration-stops-service", "service-manager-wipes-default-sign-in"],
        "2.5.79.0": ["service-manager-wipes-default-sign-in"],
        "2.5.76.0": ["service-manager-wipes-default-sign-in"],
        "2.5.3.0": ["service-manager-wipes-application-sign-in"],
        "2.2.1.0": ["deleted-rules-return"],
        "2.1.19.0": ["leave-date-wrong"],
        "2.0.88.0": ["mailboxes-deleted"],
        "2.0.10.0": ["tls-reported-off"],
        "2.0.3.0": [
            "connector-order-changes", "settings-export-with-pingfederate", "directory-extensions-in-another-tenant",
        ],
        "1.6.16.0": ["group-limit-falls-to-50000"],
        "1.6.14.2": ["group-limit-falls-to-50000"],
        "1.6.2.4": [
            "health-not-registered", "cloned-inbound-cloud-group-rule", "cloned-outbound-cloud-group-rule",
        ],
        "1.5.42.0": ["imported-rules-enabled"],
        "1.5.20.0": ["cloned-group-join-rule", "single-sign-on-needs-plain-sign-in"],
        "1.5.18.0": ["group-filtering-with-consistency-guid"],
        "1.4.32.0": ["stale-devices-deleted", "graph-module-for-federation"],
        "1.4.18.0": [
            "devices-without-certificate", "password-writeback-left-off", "single-sign-on-in-several-forests",
            "desktop-single-sign-on-lost",
        ],
        "1.3.21.0": ["portal-shows-old-version"],
        "1.3.20.0": ["privilege-escalation"],
        "1.2.65.0": ["password-writeback-with-old-controllers"],
        "1.1.880.0": ["always-on-upgrade-fails"],
        "1.1.647.0": ["health-agent-3-0-127-0"],
        "1.1.614.0": ["database-newer-than-program", "single-sign-on-shown-off"],
        "1.1.557.0": ["consistency-guid-rule-removed"],
        "1.1.553.0": ["container-selection-lost"],
        "1.1.524.0": ["automatic-upgrade-switched-off"],
        "1.1.484.0": ["localized-windows-setup"],
        "1.1.443.0": ["run-profiles-missing-after-dirsync", "old-server-breaks-when-upgraded"],
        "1.1.371.0": ["federation-claim-rule-removed"],
        "1.1.370.0": ["federation-claim-rule-removed", "port-9090"],
        "1.1.343.0": ["federation-claim-rule-removed"],
        "1.0.470.1023": ["edited-rules-duplicated"],
    ]

    /// Risks that no published list of known issues has: they follow from what was mended later, or from reports.
    static let fromElsewhere: Set<String> = [
        "engine-configuration-overwritten", "leave-date-needs-full-synchronization", "local-group-members-loop",
        "local-database-corruption", "old-local-database-kept", "desktop-single-sign-on-lost-in-2-0",
        "virtual-account-with-local-database", "scheduler-left-suspended", "edited-rules-overwritten",
    ]

    /// What no condition over facts can decide, with why. A new one has to be written down here.
    static let notes: [String: String] = [
        "conditional-access-for-applications":
            "the policies are kept in the tenant, and nothing on the server tells of them",
        "service-manager-partition-crash":
            "it depends on what somebody opens in the service manager, and which directories it happens with was not published",
        "recalled-2-6-79-0": "the vendor did not publish what was wrong, nor with which servers",
        "service-manager-wipes-default-sign-in":
            "the release sets the sign-in up by itself, so every server has it afterwards, and only what somebody does in the service manager decides",
        "old-local-database-kept":
            "one administrator reported it; which servers it happens to, and whether it was mended, is not known",
        "tls-reported-off":
            "which servers it happens to was not published; those with TLS 1.2 on are meant, which is every server that can be upgraded",
        "single-sign-on-needs-plain-sign-in": "how an administrator signs in is not a fact of the server",
        "scheduler-left-suspended": "which servers it happened to was not published",
        "portal-shows-old-version": "it happens to every server and changes nothing on it",
        "localized-windows-setup":
            "it concerns new installations, not the upgrade of a server that is there, and the language of the system is not among the facts",
        "run-profiles-missing-after-dirsync":
            "it happens in the upgrade from DirSync, whose servers are not judged here",
        "port-9090": "what firewalls let through is not a fact of the server",
    ]

    @Test("Every known issue is carried by a risk that upgrades to its release meet", arguments: carriers.keys.sorted())
    func reach(_ text: String) throws {
        let version = try #require(ProductVersion(text))
        let risks = try BuiltInCatalog.risks().risks
        for id in try #require(Self.carriers[text]) {
            let risk = try #require(risks.first { $0.id == id }, "\(id) is not in the catalog")
            let older = ProductVersion(0, 0, 0, 0)
            #expect(risk.concerns(from: older, to: version), "\(id) does not reach \(version)")
        }
    }

    @Test("Every risk is accounted for: by a known issue, or as found elsewhere")
    func nothingElse() throws {
        let ids = try Set(BuiltInCatalog.risks().risks.map(\.id))
        let known = Set(Self.carriers.values.joined())
        #expect(ids == known.union(Self.fromElsewhere))
        #expect(known.isDisjoint(with: Self.fromElsewhere))
    }

    @Test(
        "No known issue of the published history is missing",
        .enabled(if: PublishedFacts.areThere, "The facts are not beside the package: ../shared/facts/releases.json"))
    func completeness() throws {
        var published: [String: Int] = [:]
        for release in try PublishedFacts.releases() {
            let issues = release["known_issues"]?.array?.count ?? 0
            if issues > 0 { published[try #require(PublishedFacts.version(release)).description] = issues }
        }
        #expect(published.values.reduce(0, +) == 53)
        #expect(published == Self.carriers.mapValues(\.count))
    }

    @Test("What stays a note to read is written down here, with why")
    func readers() throws {
        var found: [String: String] = [:]
        for risk in try BuiltInCatalog.risks().risks {
            if case .note(let why) = risk.manner { found[risk.id] = why }
        }
        #expect(found == Self.notes)
    }

    @Test("Every version that a risk names is in the release history, and each reach has two sides")
    func versions() throws {
        let history = try BuiltInCatalog.releases()
        let oldest = ProductVersion(0, 0, 0, 0)
        let catalog = try BuiltInCatalog.risks()
        #expect(catalog.product == history.product)
        for risk in catalog.risks {
            switch risk.reach {
            case .crossing(let version):
                #expect(history[version] != nil, "\(risk.id): \(version)")
                #expect(!risk.concerns(from: version, to: ProductVersion(9, 0, 0, 0)), "\(risk.id)")
                #expect(risk.concerns(from: oldest, to: ProductVersion(9, 0, 0, 0)), "\(risk.id)")
            case .releases(let first, let cured):
                #expect(history[first] != nil, "\(risk.id): \(first)")
                #expect(risk.concerns(from: oldest, to: first), "\(risk.id)")
                let before = history.releases.first { $0.version < first }
                if let before { #expect(!risk.concerns(from: oldest, to: before.version), "\(risk.id)") }
                guard let cured else { continue }
                #expect(history[cured] != nil, "\(risk.id): \(cured)")
                #expect(!risk.concerns(from: oldest, to: cured), "\(risk.id)")
                let last = try #require(history.releases.first { $0.version < cured })
                #expect(risk.concerns(from: oldest, to: last.version), "\(risk.id): nothing before \(cured)")
            }
        }
    }

    @Test(
        "A risk meets the upgrades that it is about",
        arguments: [
            ("devices-without-certificate", "1.1.130.0", "2.6.3.0", true),
            ("devices-without-certificate", "1.4.13.0", "1.4.18.0", true),
            ("devices-without-certificate", "1.4.18.0", "2.6.3.0", false),
            ("stale-devices-deleted", "1.4.18.0", "1.4.25.0", false),
            ("stale-devices-deleted", "1.4.18.0", "1.4.32.0", true),
            ("mailboxes-deleted", "1.6.4.0", "2.0.89.0", false), ("mailboxes-deleted", "1.6.4.0", "2.0.88.0", true),
            ("cloned-group-join-rule", "1.4.38.0", "1.5.18.0", true),
            ("cloned-group-join-rule", "1.4.38.0", "1.5.22.0", false),
            ("edited-engine-configuration-stops-service", "2.5.79.0", "2.6.1.0", true),
            ("edited-engine-configuration-stops-service", "2.5.79.0", "2.6.3.0", false),
            ("edited-engine-configuration-by-hand", "2.5.79.0", "2.6.3.0", true),
            ("edited-engine-configuration-by-hand", "2.5.79.0", "2.6.84.0", false),
            ("deleted-rules-return", "2.5.79.0", "2.6.3.0", true),
            ("deleted-rules-return", "2.1.16.0", "2.1.20.0", false),
            ("old-server-breaks-when-upgraded", "1.1.281.0", "1.1.561.0", true),
            ("old-server-breaks-when-upgraded", "1.1.281.0", "1.1.614.0", false),
        ])
    func concern(_ id: String, _ installed: String, _ release: String, _ expected: Bool) throws {
        let risk = try #require(try BuiltInCatalog.risks().risks.first { $0.id == id })
        let (from, to) = (try #require(ProductVersion(installed)), try #require(ProductVersion(release)))
        #expect(risk.concerns(from: from, to: to) == expected)
    }
}

/// Mistakes in `risks.json` that its reader refuses.
struct RiskMistakeTests {
    static let text = """
        {"schema": "known-risks/1", "product": "p", "risks": [
        {"id": "one-risk", "title": "t", "from": "1.0.1.0", "curedIn": "1.0.2.0",
         "appliesWhen": {"all": [{"fact": "rules.custom", "over": 0}, {"not": {"fact": "version", "version": "1.0.0.0"}}]},
         "consequence": "c", "remedy": "r", "source": "s"},
        {"id": "another", "title": "t", "crossing": "1.0.1.0", "readBecause": "b", "consequence": "c", "remedy": "r",
         "source": "s"}]}
        """

    @Test(
        "A mistake in the risks is refused",
        arguments: [
            ("known-risks/1", "known-risks/2", "schema"), ("\"another\"", "\"one-risk\"", "twice"),
            ("one-risk", "One risk", "lower-case words"), ("one-risk", "one--risk", "lower-case words"),
            ("\"title\": \"t\", \"from\"", "\"from\"", "title"), ("\"consequence\": \"c\", ", "", "consequence"),
            ("\"remedy\": \"r\", ", "", "remedy"), ("\"source\": \"s\"", "\"basis\": \"s\"", "source"),
            ("\"from\": \"1.0.1.0\", ", "", "from"), ("1.0.2.0", "1.0.1.0", "a version above 1.0.1.0"),
            ("\"crossing\": \"1.0.1.0\"", "\"crossing\": \"1.0.1.0\", \"from\": \"1.0.1.0\"", "no such field"),
            ("\"crossing\": \"1.0.1.0\", ", "", "from"), ("\"readBecause\": \"b\", ", "", "readBecause"),
            ("\"consequence\"", "\"readBecause\": \"b\", \"consequence\"", "no such field"),
            ("rules.custom", "rules.curious", "the name of a fact"), ("\"over\": 0", "\"above\": 0", "no such test"),
            ("\"over\": 0", "\"over\": 0, \"below\": 3", "exactly one test"),
            (", {\"not\": {\"fact\": \"version\", \"version\": \"1.0.0.0\"}}", "", "at least two"),
        ])
    func mistakes(_ from: String, _ to: String, _ words: String) throws {
        _ = try RiskCatalog(bytes: Array(Self.text.utf8), file: "risks.json")
        let error = try #require(throws: DocumentError.self) {
            try RiskCatalog(bytes: Array(planted(from, to, in: Self.text).utf8), file: "risks.json")
        }
        #expect(error.description.contains(words), "\(error)")
    }
}
