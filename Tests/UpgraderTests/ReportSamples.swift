import Documents
import ReleaseContract
import SyncConfiguration
import Testing
import VersionCatalog

@testable import Upgrader

/// Reports of invented servers, made by hand: what they show does not depend on the catalog.
struct ReportSamples {
    /// Every text that comes from data goes through this.
    var write: (String) -> String = { $0 }

    static let verdicts = ["eligible", "conditional", "aborted", "notSupported", "upToDate"]

    func report(_ verdict: String) throws -> EligibilityReport {
        switch verdict {
        case "eligible": try eligible()
        case "conditional": try conditional()
        case "aborted": try aborted()
        case "notSupported": try notSupported()
        default: try upToDate()
        }
    }

    private func eligible() throws -> EligibilityReport {
        let facts = live()
        var report = EligibilityReport(
            facts: facts, verdict: .eligible, reason: "every condition passes",
            conditions: [try result("SyncCycleDisabled", "Sync cycle enabled", .pass, "the cycle is on")],
            decision: ReleaseDecision(
                outcome: .release(release(3, 1)), passedOver: [], path: [ProductVersion(3, 1, 0, 0)],
                risks: [risk("lost-devices", .clear), risk("slow-start", .accepted)]),
            notes: [])
        report.timeline = try timeline(installed: 0, candidate: 2)
        return report
    }

    private func conditional() throws -> EligibilityReport {
        var facts = ServerFacts(source: .settings(file: write("settings.txt")))
        facts.product = ServerFacts.realProduct
        facts.version = ProductVersion(3, 0, 0, 0)
        facts.parameters = [GlobalParameter.autoUpgradeState: "Enabled"]
        var report = EligibilityReport(
            facts: facts, verdict: .conditional, reason: "nothing stands in the way, and 1 condition is not known",
            conditions: [
                try result("SyncCycleDisabled", "Sync cycle enabled", .pass, "the cycle is on"),
                try result("InsufficientDiskSpace", "Enough disk space", .unknown, "settings tell nothing of disks"),
            ],
            decision: ReleaseDecision(
                outcome: .release(release(3, 1)),
                passedOver: [PassedOverRelease(version: ProductVersion(3, 2, 0, 0), reason: write("download only"))],
                path: [ProductVersion(3, 1, 0, 0)], risks: [risk("lost-devices", .unknown), risk("read-me", .note)]),
            notes: [write("The state was printed by hand.")])
        report.brings = brings()
        return report
    }

    private func aborted() throws -> EligibilityReport {
        var facts = live()
        facts.parameters?[GlobalParameter.autoUpgradeState] = "Disabled"
        return EligibilityReport(
            facts: facts, verdict: .aborted(.aborted("SyncServiceNotRunning")), reason: "the service does not run",
            conditions: [
                try result("SyncServiceNotRunning", "Service running", .fail, "the service is stopped"),
                try result("SyncCycleDisabled", "Sync cycle enabled", .pass, "the cycle is on"),
            ],
            decision: ReleaseDecision(
                outcome: .unavailable(.aborted("ReleaseWithheld"), write("3.1.0.0 failed here an hour ago")),
                passedOver: [PassedOverRelease(version: ProductVersion(3, 1, 0, 0), reason: write("failed here"))]),
            notes: [write("Automatic upgrade is Disabled.")])
    }

    /// Everything that a report can have.
    private func notSupported() throws -> EligibilityReport {
        var facts = ServerFacts(source: .export(folder: write("exports/sync02"), date: write("2021-05-06 07:08:09")))
        facts.product = ServerFacts.realProduct
        facts.version = ProductVersion(2, 0, 0, 0)
        facts.recordedName = write("SYNC02")
        facts.parameters = [
            GlobalParameter.autoUpgradeState: "Suspended",
            GlobalParameter.autoUpgradeSuspensionReason: write("UpgradeNotSupportedOldSystem"),
        ]
        facts.ruleChanges = ruleChanges()
        facts.ruleBlindSpots = ["A rule that was edited <in place> does not show."]
        var report = EligibilityReport(
            facts: facts, verdict: .notSupported(.notSupported("CustomizedSyncRules")), reason: "own rules stand",
            conditions: [
                try result("CustomizedSyncRules", "No own rules", .fail, "2 own rules: Own & one, Own two"),
                try result("InsufficientDiskSpace", "Enough disk space", .unknown, "an export tells nothing of disks"),
                try result("StagingModeEnabled", "Staging mode off", .notApplicable, "lifted in 1.1.561.0"),
                try result("SyncCycleDisabled", "Sync cycle enabled", .pass, "the cycle is on"),
            ],
            decision: ReleaseDecision(
                outcome: .release(release(2, 5)),
                passedOver: [PassedOverRelease(version: ProductVersion(3, 2, 0, 0), reason: write("withdrawn: bad"))],
                path: [ProductVersion(2, 5, 0, 0), ProductVersion(3, 1, 0, 0)],
                risks: [
                    risk("read-me", .note), risk("lost-devices", .applies), risk("slow-start", .accepted),
                    risk("old-clear", .clear),
                ]), notes: [write("Support ended on 2022-08-31.")])
        report.attended = ReleaseDecision(
            outcome: .release(release(3, 1)), passedOver: [], path: [ProductVersion(3, 1, 0, 0)],
            risks: [risk("moved-rules", .unknown), risk("lost-devices", .applies)])
        report.advice = [
            AdviceFinding(
                id: "threshold-off", title: write("Deletion threshold on"), outcome: .applies,
                evidence: write("the threshold is 0"), explanation: write("Nothing stops a mass deletion."),
                remedy: write("Enable-ADSyncExportDeletionThreshold")),
            AdviceFinding(
                id: "few-processors", title: write("Few processors"), outcome: .unknown,
                evidence: write("an export tells nothing of processors"), explanation: write("It is slow."),
                remedy: write("Add some.")),
            AdviceFinding(
                id: "quiet", title: write("All quiet"), outcome: .clear, evidence: write("nothing"),
                explanation: write("Nothing."), remedy: nil),
        ]
        report.brings = brings()
        report.timeline = try timeline(installed: 0, candidate: 2)
        report.agent = AgentAnswer(
            code: .notSupported("StagingModeEnabled"),
            lifted: [
                .init(
                    code: .notSupported("StagingModeEnabled"), version: ProductVersion(2, 1, 0, 0),
                    basis: write("release history"))
            ], remaining: [.notSupported("CustomizedSyncRules")])
        return report
    }

    private func upToDate() throws -> EligibilityReport {
        EligibilityReport(
            facts: live(), verdict: .upToDate, reason: "no newer release is offered to this server",
            conditions: [try result("SyncCycleDisabled", "Sync cycle enabled", .pass, "the cycle is on")],
            decision: ReleaseDecision(outcome: .upToDate, passedOver: []), notes: [])
    }

    private func live() -> ServerFacts {
        var facts = ServerFacts(source: .server(root: write("/srv/example")))
        facts.product = write("adsync")
        facts.version = ProductVersion(3, 0, 0, 0)
        facts.recordedName = write("sync01")
        facts.actualName = write("SYNC01")
        facts.parameters = [GlobalParameter.autoUpgradeState: "Enabled"]
        return facts
    }

    private func release(_ major: Int, _ minor: Int) -> OfferedRelease {
        OfferedRelease(
            product: "adsync", version: ProductVersion(major, minor, 0, 0), channels: [write("auto-upgrade")])
    }
}

extension ReportSamples {
    func result(
        _ code: String, _ title: String, _ outcome: ConditionResult.Outcome, _ evidence: String
    ) throws -> ConditionResult {
        let kind = ["CustomizedSyncRules", "StagingModeEnabled"].contains(code) ? "NotSupported" : "Aborted"
        let members: JSONValue = [
            "schema": .string(ConditionCatalog.schema),
            "conditions": [
                [
                    "code": .string("Upgrade\(kind)\(code)"), "title": .string(write(title)), "stage": "check",
                    "origin": "project", "blocksWhen": ["fact": "service.running", "flag": false],
                    "explanation": .string(write("Because of \(title.lowercased()).")),
                    "remedies": ["adsync": .string(write("Look after: \(title.lowercased())."))],
                ]
            ],
        ]
        let catalog = try ConditionCatalog(bytes: members.pretty, file: "sample")
        let condition = try #require(catalog.conditions.first)
        let isOpen = outcome == .fail || outcome == .unknown
        return ConditionResult(
            condition: condition, outcome: outcome, evidence: write(evidence),
            remedy: isOpen ? condition.remedies["adsync"] : nil)
    }

    func risk(_ id: String, _ outcome: RiskFinding.Outcome) -> RiskFinding {
        let risk = Risk(
            id: id, product: "adsync", title: write("Known issue \(id)"), reach: .crossing(ProductVersion(3, 1, 0, 0)),
            manner: .note(why: "sample"), consequence: write("Something is lost by \(id)."),
            remedy: write("Look before at \(id)."), source: write("release notes"))
        return RiskFinding(risk: risk, outcome: outcome, evidence: write("12 objects of the kind"))
    }

    func brings() -> [BroughtChange] {
        [
            BroughtChange(version: ProductVersion(2, 5, 0, 0), kind: .rule, text: write("a rule for rooms is added")),
            BroughtChange(
                version: ProductVersion(3, 1, 0, 0), kind: .fullSynchronization,
                text: write("everything is synchronized anew")),
        ]
    }

    func ruleChanges() -> [RuleChange] {
        func change(
            _ kind: RuleChange.Kind, _ name: String, cloud: Bool, precedence: Int?,
            _ differences: [RuleChange.Difference]
        ) -> RuleChange {
            RuleChange(
                kind: kind, name: write(name), direction: cloud ? "outbound" : "inbound",
                connector: write(cloud ? "example.org - cloud" : "example.org"), isOfCloud: cloud,
                precedence: precedence, tag: write("Example.Rule"), attributes: [write("mail"), write("title")],
                differences: differences, effect: write("It stays as it is."))
        }
        return [
            change(
                .edited, "In from AD - User Join", cloud: false, precedence: 101,
                [
                    .init(
                        write("flow displayName"), standard: write("Trim([displayName])"),
                        server: write("Trim(IIF(IsPresent([title]),[title],[displayName]))")),
                    .init(write("scope"), standard: write("adminDescription NOTSTARTSWITH User_"), server: nil),
                    .init(write("join"), standard: nil, server: write("employeeID = employeeID")),
                ]),
            change(.edited, "In from AD - Group Join", cloud: false, precedence: 103, []),
            change(.deleted, "In from AD - Contact Join", cloud: false, precedence: nil, []),
            change(.cloned, "Out to cloud - Group Join <copy>", cloud: true, precedence: 90, []),
        ]
    }

    /// Four releases: a day, a month, no date, a day.
    func timeline(installed: Int, candidate: Int) throws -> Timeline {
        let dates: [ReleaseDate?] = [
            ReleaseDate("2021-03-10"), ReleaseDate("2022-06"), nil, ReleaseDate("2024-02-29"),
        ]
        let versions = [
            ProductVersion(2, 0, 0, 0), ProductVersion(2, 5, 0, 0), ProductVersion(3, 1, 0, 0),
            ProductVersion(3, 2, 0, 0),
        ]
        let channels = [[], ["auto-upgrade", write("early")], ["select-tenants"], ["download", write("late")]]
        let entries = versions.indices.map { index in
            Timeline.Entry(
                version: versions[index], released: dates[index], channels: channels[index],
                isSecurityRelease: index == 1, isWithdrawn: index == 3,
                retired: index == installed ? ReleaseDate("2022-08-31") : nil,
                role: index == installed ? .installed : index == candidate ? .candidate : .other)
        }
        let history = try ReleaseHistory(
            bytes: Array(
                JSONValue.object([
                    "schema": .string(ReleaseHistory.schema), "product": "sample", "knownUntil": "2024-02-29",
                    "releases": [],
                    "hardStops": [
                        ["below": "2.5.0.0", "from": "2024-05-01", "effect": .string(write("nothing is synchronized"))]
                    ],
                ]).pretty), file: "sample")
        return Timeline(
            entries: entries, hardStops: history.hardStops, today: try #require(ReleaseDate("2024-04-05")),
            knownUntil: history.knownUntil)
    }
}
