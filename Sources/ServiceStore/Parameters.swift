import Documents
import GRDB

/// The server's parameters under the real product's names.
public enum Parameter {
    public static let autoUpgradeState = "Microsoft.OptionalFeature.AutoUpgradeState"
    public static let suspensionReason = "Microsoft.OptionalFeature.AutoUpgradeSuspensionReason"
    public static let timeInterval = "Microsoft.Synchronize.TimeInterval"
    public static let policy = "Microsoft.Synchronize.SynchronizationPolicy"
    public static let cycleEnabled = "Microsoft.Synchronize.SynchronizationSchedule"
    public static let maintenanceEnabled = "Microsoft.Synchronize.MaintenanceEnabled"
    public static let suspended = "Microsoft.Synchronize.SchedulerSuspended"
    public static let staging = "Microsoft.Synchronize.StagingMode"
    public static let nextStart = "Microsoft.Synchronize.NextStartTime"
    public static let purgeInterval = "Microsoft.Synchronize.RunHistoryPurgeInterval"
    public static let configurationVersion = "Microsoft.Synchronize.ServerConfigurationVersion"
    public static let deletionThreshold = "Microsoft.OptionalFeature.ExportDeletionThreshold"
    public static let deletionThresholdValue = "Microsoft.OptionalFeature.ExportDeletionThresholdValue"

    /// What a new server starts with.
    public static let defaults = [
        autoUpgradeState: "Enabled", suspensionReason: "", timeInterval: "00:30:00", policy: "Delta",
        cycleEnabled: "True", maintenanceEnabled: "True", suspended: "False", staging: "False", nextStart: "",
        purgeInterval: "7.00:00:00", deletionThreshold: "True", deletionThresholdValue: "500",
        "Microsoft.SynchronizationOption.AnchorAttribute": "objectGUID",
        "Microsoft.SynchronizationOption.JoinCriteria": "ObjectSID",
        "Microsoft.SynchronizationOption.UPNAttribute": "userPrincipalName",
        "Microsoft.OptionalFeature.DeviceWriteBack": "False", "Microsoft.OptionalFeature.GroupWriteBack": "False",
        "Microsoft.OptionalFeature.PasswordHashSync": "False", "Microsoft.OptionalFeature.UserWriteBack": "False",
    ]

    /// Refuses a value that the parameter cannot have.
    static func check(_ name: String, _ value: String) throws {
        func refuse(_ wanted: String) -> ServiceError {
            ServiceError(.usage, "\(name): expected \(wanted), found \"\(value)\"")
        }
        switch name {
        case cycleEnabled, maintenanceEnabled, suspended, staging, deletionThreshold:
            if value != "True", value != "False" { throw refuse("True or False") }
        case policy: if CyclePolicy(rawValue: value) == nil { throw refuse("Delta or Initial") }
        case autoUpgradeState:
            if !["Enabled", "Suspended", "Disabled"].contains(value) { throw refuse("Enabled, Suspended or Disabled") }
        case timeInterval, purgeInterval:
            guard let seconds = TimeSpan.seconds(value), seconds > 0 else { throw refuse("a time like 00:30:00") }
        case deletionThresholdValue:
            guard let number = Int(value), number >= 0 else { throw refuse("a number of deletions") }
        default: return
        }
    }
}

/// Initial imports and synchronizes everything, Delta what changed.
public enum CyclePolicy: String, Sendable { case delta = "Delta", initial = "Initial" }

/// `[d.]HH:mm:ss`, the way the parameters write a length of time.
public enum TimeSpan {
    public static func seconds(_ text: String) -> Int? {
        var days = 0
        var clock = Substring(text)
        if let dot = text.firstIndex(of: ".") {
            guard let number = Int(text[..<dot]), number >= 0 else { return nil }
            days = number
            clock = text[text.index(after: dot)...]
        }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let hours = parts[0], let minutes = parts[1], let seconds = parts[2],
            (0..<24).contains(hours), (0..<60).contains(minutes), (0..<60).contains(seconds)
        else { return nil }
        return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    }
}

/// Reading and writing parameters inside a transaction.
enum Parameters {
    static func all(_ db: Database) throws -> [String: String] {
        var values: [String: String] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT name, value FROM parameters") { values[row[0]] = row[1] }
        return values
    }

    static func read(_ db: Database, _ name: String) throws -> String {
        try String.fetchOne(db, sql: "SELECT value FROM parameters WHERE name = ?", arguments: [name])
            ?? Parameter.defaults[name, default: ""]
    }

    static func flag(_ db: Database, _ name: String) throws -> Bool { try read(db, name) == "True" }

    static func write(_ db: Database, _ name: String, _ value: String) throws {
        try Parameter.check(name, value)
        try db.execute(
            sql:
                "INSERT INTO parameters(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            arguments: [name, value])
    }
}
