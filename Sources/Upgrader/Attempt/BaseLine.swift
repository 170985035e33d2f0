import Documents
import ReleaseContract

/// How the server was before the pause. Health, settings and rights afterwards are judged by their difference from it, so
/// that an old defect is not blamed on the upgrade.
public struct BaseLine: Document, Equatable {
    public static let schemaName = "baseline"
    public static let fileName = "baseline.json"

    public var status: StatusReport
    public var health: HealthReport
    public var settings: SettingsReport
    public var facts: FactsReport
    public var unknown: [String: JSONValue] = [:]

    public init(status: StatusReport, health: HealthReport, settings: SettingsReport, facts: FactsReport) {
        self.status = status
        self.health = health
        self.settings = settings
        self.facts = facts
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        status = try StatusReport(json: try fields.value("status"), file: fields.file)
        health = try HealthReport(json: try fields.value("health"), file: fields.file)
        settings = try SettingsReport(json: try fields.value("settings"), file: fields.file)
        facts = try FactsReport(json: try fields.value("facts"), file: fields.file)
    }

    public var members: [String: JSONValue] {
        ["status": status.json, "health": health.json, "settings": settings.json, "facts": facts.json]
    }
}

/// Parameters that the upgrade itself or the passing of time changes; not the administrator's settings.
public enum VolatileSettings {
    public static let names: Set<String> = [
        "Microsoft.OptionalFeature.AutoUpgradeState", "Microsoft.OptionalFeature.AutoUpgradeSuspensionReason",
        "Microsoft.Synchronize.SchedulerSuspended", "Microsoft.Synchronize.NextStartTime",
        "Microsoft.Synchronize.ServerConfigurationVersion", "Microsoft.Synchronize.SynchronizationPolicy",
    ]

    /// Settings that differ, were lost or appeared, without the volatile ones and without those that a release declares.
    public static func differences(
        before: [String: String], after: [String: String], declared: (String) -> Bool
    ) -> [String] {
        Set(before.keys).union(after.keys).sorted().compactMap { name in
            guard before[name] != after[name], !names.contains(name), !declared(name) else { return nil }
            switch (before[name], after[name]) {
            case (let old?, let new?): return "\(name) changed from '\(old)' to '\(new)'"
            case (let old?, nil): return "\(name) was '\(old)' and is lost"
            case (nil, let new?): return "\(name) is new with '\(new)'"
            case (nil, nil): return nil
            }
        }
    }
}
