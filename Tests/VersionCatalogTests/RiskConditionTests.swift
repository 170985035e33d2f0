import Documents
import Testing

@testable import VersionCatalog

/// Facts on which a risk applies, on which it does not, and which do not tell.
struct RiskCase: Sendable, CustomTestStringConvertible {
    typealias Facts = [String: FactValue]

    let id: String
    let applies: [Facts]
    let clear: [Facts]
    let unknown: [Facts]

    init(_ id: String, applies: [Facts], clear: [Facts], unknown: [Facts] = [[:]]) {
        self.id = id
        self.applies = applies
        self.clear = clear
        self.unknown = unknown
    }

    /// One fact decides alone.
    init(_ id: String, _ fact: String, _ applies: FactValue, _ clear: FactValue) {
        self.init(id, applies: [[fact: applies]], clear: [[fact: clear]])
    }

    var testDescription: String { id }
}

struct RiskConditionTests {
    static let passwordWriteback = "parameter Microsoft.OptionalFeature.PasswordWriteback"
    static let deviceWriteUp = "parameter Microsoft.OptionalFeature.DeviceWriteUp"
    static let groupFiltering = "parameter Microsoft.OptionalFeature.GroupFiltering"
    static let groupWriteback = "parameter Microsoft.OptionalFeature.GroupWriteBack!"
    static let anchor = "parameter Microsoft.SynchronizationOption.AnchorAttribute"
    static let joinClone = "rule Microsoft.InfromADGroupJoin cloned"
    static let commonClone = "rule Microsoft.InfromADGroupCommon cloned"

    static let cases: [RiskCase] = [
        RiskCase("pass-through-agent-registration", "signIn.method", .text("pta"), .text("passwordHash")),
        RiskCase("existing-database-0xe0474352", "database.kind", .text("server"), .text("local")),
        RiskCase("deselected-domain-comes-back", "connectors.deselectedDomains", .number(1), .number(0)),
        RiskCase("edited-engine-configuration-by-hand", "engine.configurationEdited", .flag(true), .flag(false)),
        RiskCase("edited-engine-configuration-stops-service", "engine.configurationEdited", .flag(true), .flag(false)),
        RiskCase("engine-configuration-overwritten", "engine.configurationEdited", .flag(true), .flag(false)),
        RiskCase(
            "service-manager-wipes-application-sign-in", "cloud.applicationAuthentication", .flag(true), .flag(false)),
        RiskCase("deleted-rules-return", "rules.deleted", .number(1), .number(0)),
        RiskCase("leave-date-wrong", "flow employeeLeaveDateTime", .number(1), .number(0)),
        RiskCase(
            "leave-date-needs-full-synchronization",
            applies: [["version": .version(ProductVersion(2, 1, 19, 0)), "flow employeeLeaveDateTime": .number(1)]],
            clear: [
                ["version": .version(ProductVersion(2, 1, 18, 0)), "flow employeeLeaveDateTime": .number(1)],
                ["version": .version(ProductVersion(2, 1, 19, 0)), "flow employeeLeaveDateTime": .number(0)],
            ], unknown: [["version": .version(ProductVersion(2, 1, 19, 0))]]),
        RiskCase(
            "local-group-members-loop",
            applies: [["version": .version(ProductVersion(1, 6, 2, 4))]],
            clear: [
                ["version": .version(ProductVersion(1, 5, 45, 0))], ["version": .version(ProductVersion(2, 0, 91, 0))],
            ]),
        RiskCase("local-database-corruption", "database.kind", .text("local"), .text("server")),
        RiskCase(
            "mailboxes-deleted",
            applies: [
                ["objects.linkedMailboxes": .number(1)],
                ["objects.resourceMailboxes": .number(2), "objects.linkedMailboxes": .number(0)],
            ],
            clear: [["objects.linkedMailboxes": .number(0), "objects.resourceMailboxes": .number(0)]],
            unknown: [[:], ["objects.linkedMailboxes": .number(0)], ["objects.resourceMailboxes": .number(0)]]),
        RiskCase("desktop-single-sign-on-lost-in-2-0", "signIn.desktopSingleSignOn", .flag(true), .flag(false)),
        RiskCase(
            "virtual-account-with-local-database",
            applies: [["database.kind": .text("local"), "version": .version(ProductVersion(1, 6, 4, 0))]],
            clear: [
                ["database.kind": .text("server")],
                ["database.kind": .text("local"), "version": .version(ProductVersion(2, 0, 3, 0))],
            ], unknown: [["database.kind": .text("local")], ["version": .version(ProductVersion(1, 6, 4, 0))]]),
        RiskCase("connector-order-changes", "connectors.forests", .number(2), .number(1)),
        RiskCase("settings-export-with-pingfederate", "signIn.method", .text("pingFederate"), .text("adfs")),
        RiskCase(
            "directory-extensions-in-another-tenant", "parameter Microsoft.OptionalFeature.DirectoryExtension",
            .text("True"), .text("False")),
        RiskCase("group-limit-falls-to-50000", "groups.largest", .number(50_001), .number(50_000)),
        RiskCase("health-not-registered", "health.uploadEnabled", .flag(true), .flag(false)),
        RiskCase(
            "cloned-inbound-cloud-group-rule",
            applies: [[groupWriteback: .text("True"), "rules.changedOfCloud": .number(1)]],
            clear: [[groupWriteback: .text("False")], ["rules.changedOfCloud": .number(0)]],
            unknown: [[groupWriteback: .text("True")], ["rules.changedOfCloud": .number(1)]]),
        RiskCase(
            "cloned-outbound-cloud-group-rule",
            applies: [[groupWriteback: .text("True"), "rules.custom": .number(1)]],
            clear: [[groupWriteback: .text("False")], ["rules.custom": .number(0)]],
            unknown: [[groupWriteback: .text("True")], ["rules.custom": .number(1)]]),
        RiskCase("imported-rules-enabled", "rules.custom", .number(1), .number(0)),
        RiskCase(
            "cloned-group-join-rule",
            applies: [[joinClone: .number(1), commonClone: .number(0)]],
            clear: [[joinClone: .number(0)], [joinClone: .number(1), commonClone: .number(1)]],
            unknown: [[:], [joinClone: .number(1)], [commonClone: .number(0)]]),
        RiskCase(
            "group-filtering-with-consistency-guid",
            applies: [[groupFiltering: .text("True"), anchor: .text("mS-DS-ConsistencyGuid")]],
            clear: [[groupFiltering: .text("False")], [groupFiltering: .text("True"), anchor: .text("objectGUID")]],
            unknown: [[groupFiltering: .text("True")], [anchor: .text("mS-DS-ConsistencyGuid")]]),
        RiskCase(
            "stale-devices-deleted", applies: [["objects device": .number(3), deviceWriteUp: .text("True")]],
            clear: [["objects device": .number(0)], [deviceWriteUp: .text("False")]],
            unknown: [[:], [deviceWriteUp: .text("True")], ["objects device": .number(3)]]),
        RiskCase("graph-module-for-federation", "signIn.method", .text("adfs"), .text("pta")),
        RiskCase(
            "devices-without-certificate", applies: [["objects device": .number(3), deviceWriteUp: .text("True")]],
            clear: [["objects device": .number(0)], [deviceWriteUp: .text("False")]],
            unknown: [[:], [deviceWriteUp: .text("True")], ["objects device": .number(3)]]),
        RiskCase("password-writeback-left-off", passwordWriteback, .text("True"), .text("False")),
        RiskCase("single-sign-on-in-several-forests", "connectors.forests", .number(2), .number(1)),
        RiskCase("desktop-single-sign-on-lost", "signIn.desktopSingleSignOn", .flag(true), .flag(false)),
        RiskCase(
            "privilege-escalation", "version", .version(ProductVersion(1, 3, 20, 0)),
            .version(ProductVersion(1, 3, 21, 0))),
        RiskCase("edited-rules-overwritten", "rules.edited", .number(1), .number(0)),
        RiskCase(
            "password-writeback-with-old-controllers",
            applies: [[passwordWriteback: .text("true"), "domains.legacyControllers": .number(1)]],
            clear: [[passwordWriteback: .text("false")], ["domains.legacyControllers": .number(0)]],
            unknown: [[passwordWriteback: .text("True")], ["domains.legacyControllers": .number(1)]]),
        RiskCase("always-on-upgrade-fails", "database.alwaysOn", .flag(true), .flag(false)),
        RiskCase(
            "automatic-upgrade-switched-off", "parameter Microsoft.OptionalFeature.AutoUpgradeState", .text("Enabled"),
            .text("Suspended")),
        RiskCase(
            "health-agent-3-0-127-0", "health.version", .version(ProductVersion(3, 0, 127, 0)),
            .version(ProductVersion(3, 0, 129, 0))),
        RiskCase("database-newer-than-program", "database.kind", .text("server"), .text("local")),
        RiskCase("single-sign-on-shown-off", "signIn.desktopSingleSignOn", .flag(true), .flag(false)),
        RiskCase("consistency-guid-rule-removed", anchor, .text("mS-DS-ConsistencyGuid"), .text("objectGUID")),
        RiskCase(
            "container-selection-lost",
            applies: [
                ["connectors.deselectedDomains": .number(1)],
                ["connectors.containerFilters": .number(1), "connectors.deselectedDomains": .number(0)],
            ],
            clear: [["connectors.deselectedDomains": .number(0), "connectors.containerFilters": .number(0)]],
            unknown: [[:], ["connectors.containerFilters": .number(0)]]),
        RiskCase(
            "old-server-breaks-when-upgraded", "version", .version(ProductVersion(1, 1, 443, 0)),
            .version(ProductVersion(1, 1, 484, 0))),
        RiskCase("federation-claim-rule-removed", "signIn.method", .text("adfs"), .text("passwordHash")),
        RiskCase("edited-rules-duplicated", "rules.edited", .number(1), .number(0)),
    ]

    private static func outcome(
        _ id: String, _ facts: RiskCase.Facts, accepted: Set<String> = []
    ) throws -> RiskFinding.Outcome {
        let risk = try #require(try BuiltInCatalog.risks().risks.first { $0.id == id }, "\(id) is not in the catalog")
        var known: [FactName: FactValue] = [:]
        for (name, value) in facts { known[try #require(FactName(name), "no fact: \(name)")] = value }
        return risk.judge(accepted: accepted) { name in
            known[name].map { .known($0, evidence: "told") } ?? .unknown("not told")
        }.outcome
    }

    @Test("Each risk with a condition is tried")
    func completeness() throws {
        let conditional = try BuiltInCatalog.risks().risks.filter {
            if case .appliesWhen = $0.manner { true } else { false }
        }
        #expect(conditional.map(\.id).sorted() == Self.cases.map(\.id).sorted())
    }

    @Test(
        "A risk applies where its condition holds, is clear where not, and unknown where the facts do not tell",
        arguments: cases)
    func judgement(_ tried: RiskCase) throws {
        for facts in tried.applies { #expect(try Self.outcome(tried.id, facts) == .applies, "\(facts)") }
        for facts in tried.clear { #expect(try Self.outcome(tried.id, facts) == .clear, "\(facts)") }
        for facts in tried.unknown { #expect(try Self.outcome(tried.id, facts) == .unknown, "\(facts)") }
    }

    @Test(
        "A risk that was accepted by name is accepted, whether it applies or nobody knows; one that is clear stays so",
        arguments: cases)
    func acceptance(_ tried: RiskCase) throws {
        let applying = try #require(tried.applies.first)
        let clear = try #require(tried.clear.first)
        #expect(try Self.outcome(tried.id, applying, accepted: [tried.id]) == .accepted)
        #expect(try Self.outcome(tried.id, applying, accepted: ["another"]) == .applies)
        #expect(try Self.outcome(tried.id, tried.unknown[0], accepted: [tried.id]) == .accepted)
        #expect(try Self.outcome(tried.id, clear, accepted: [tried.id]) == .clear)
    }

    @Test("A note stays a note, whatever is accepted")
    func notes() throws {
        for id in RiskCatalogTests.notes.keys { #expect(try Self.outcome(id, [:], accepted: [id]) == .note, "\(id)") }
    }
}
