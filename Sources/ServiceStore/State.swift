import GRDB

/// Facts about the data that nobody sets by hand, by name.
public enum State: String, Sendable {
    case hostName
    case releaseVersion
    case suspendedBy
    case cyclesCompleted
    case exportsTotal
    case lastPolicy
    case lastResult
    case lastCycleEnded
    /// Exports wait until the cloud side has been imported again.
    case exportsWithheld
    case importErrors
    case exportErrors
    case synchronizationErrors
    case lastMaintenance
    /// The last whole full synchronization, and the last cycle that went well: a delta is only allowed for seven days.
    case lastFullSynchronization

    static func read(_ db: Database, _ name: State) throws -> String {
        try String.fetchOne(db, sql: "SELECT value FROM state WHERE name = ?", arguments: [name.rawValue]) ?? ""
    }

    static func number(_ db: Database, _ name: State) throws -> Int { Int(try read(db, name)) ?? 0 }

    static func write(_ db: Database, _ name: State, _ value: String) throws {
        try db.execute(
            sql: "INSERT INTO state(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            arguments: [name.rawValue, value])
    }

    static func write(_ db: Database, _ name: State, _ value: Int) throws { try write(db, name, String(value)) }
}
