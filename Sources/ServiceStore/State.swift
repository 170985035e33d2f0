import GRDB

/// Facts about the data that nobody sets by hand, by name.
public enum State: String, Sendable {
    case hostName
    /// `express` or `custom`, recorded when the server was made.
    case installKind
    case releaseVersion
    case suspendedBy
    case cyclesCompleted
    case exportsTotal
    case lastPolicy
    case lastResult
    case lastError
    case lastCycleEnded
    /// Exports wait until the cloud side has been imported again.
    case exportsWithheld
    case lastMaintenance

    /// Objects that the imports or synchronizations of one connector could not deal with, since its last full one.
    static func errors(_ profile: RunRecord.Profile, _ connector: String) -> String {
        let isImport = profile == .fullImport || profile == .deltaImport
        return "\(isImport ? importErrors : synchronizationErrors).\(connector)"
    }
    static let importErrors = "importErrors"
    static let synchronizationErrors = "synchronizationErrors"

    /// The sum over all connectors.
    static func errorCount(_ db: Database, _ kind: String) throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT sum(CAST(value AS INTEGER)) FROM state WHERE name LIKE ? || '.%'", arguments: [kind]) ?? 0
    }

    /// A full run has met all objects that fail; a delta run only those that changed.
    static func count(_ db: Database, errors: Int, of run: RunRecord) throws {
        let name = Self.errors(run.profile, run.connector.id)
        let isFull = run.profile == .fullImport || run.profile == .fullSynchronization
        let before = isFull ? 0 : Int(try read(db, named: name)) ?? 0
        try write(db, named: name, String(before + errors))
    }

    static func read(_ db: Database, _ name: State) throws -> String { try read(db, named: name.rawValue) }

    private static func read(_ db: Database, named name: String) throws -> String {
        try String.fetchOne(db, sql: "SELECT value FROM state WHERE name = ?", arguments: [name]) ?? ""
    }

    static func number(_ db: Database, _ name: State) throws -> Int { Int(try read(db, name)) ?? 0 }

    static func write(_ db: Database, _ name: State, _ value: String) throws {
        try write(db, named: name.rawValue, value)
    }

    private static func write(_ db: Database, named name: String, _ value: String) throws {
        try db.execute(
            sql: "INSERT INTO state(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            arguments: [name, value])
    }

    static func write(_ db: Database, _ name: State, _ value: Int) throws { try write(db, name, String(value)) }
}
