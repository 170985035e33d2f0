import CSQLiteShims
import Documents
import GRDB
import LinuxHost

/// The database of one data folder.
///
/// What the file is and which schema epoch it has is looked at before anything else, and a newer one is left exactly as
/// it was found.
public struct ServiceDatabase: Sendable {
    public let data: String
    public let queue: DatabaseQueue

    public static func path(data: String) -> String { "\(data)/adsync.db" }

    /// Opens the database of a data folder whose schema epoch is `epoch`.
    public init(data: String, epoch: Int) throws {
        let found = try Self.epoch(data: data, newest: epoch)
        guard let found else {
            throw ServiceError(
                .failed, "\(Self.path(data: data)): there is no database here; 'adsync init' makes a new server")
        }
        self = try Self.connect(data: data)
        let exact = try epochInside() ?? found
        try Self.refuseNewer(data: data, found: exact, newest: epoch)
        if exact < epoch {
            throw ServiceError(
                .failed,
                "\(Self.path(data: data)): schema \(exact), this release works with \(epoch): run 'adsync migrate' on a copy"
            )
        }
    }

    /// Opens, or creates, a database in order to migrate it to `newest`.
    static func forMigration(data: String, newest: Int) throws -> (ServiceDatabase, epoch: Int) {
        let found = try epoch(data: data, newest: newest)
        let database = try connect(data: data)
        let exact = try database.epochInside() ?? found ?? 0
        try refuseNewer(data: data, found: exact, newest: newest)
        return (database, exact)
    }

    /// The epoch in the file's header; nil without a file.
    static func epoch(data: String, newest: Int) throws -> Int? {
        let path = path(data: data)
        guard let header = try DatabaseHeader(path: path) else { return nil }
        // The header of a database whose first commit still lies in the log is empty.
        guard header.isSQLite, header.applicationID != 0 else {
            guard try DurableFiles.kind(path) == .file(bytes: 0) || header.isSQLite else {
                throw ServiceError(.failed, "\(path): this is no SQLite database; restore it from the last generation")
            }
            return 0
        }
        guard header.applicationID == DatabaseHeader.applicationID else {
            throw ServiceError(.failed, "\(path): this database belongs to another program")
        }
        try refuseNewer(data: data, found: header.schemaEpoch, newest: newest)
        return header.schemaEpoch
    }

    private static func refuseNewer(data: String, found: Int, newest: Int) throws {
        guard found > newest else { return }
        throw ServiceError(
            .failed,
            "\(path(data: data)): schema \(found) is newer than \(newest), the newest this release knows; it was left untouched"
        )
    }

    private static func connect(data: String) throws -> ServiceDatabase {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.label = "adsync"
        let queue = try DatabaseQueue(path: path(data: data), configuration: configuration)
        try queue.inDatabase { db in
            if let connection = db.sqliteConnection {
                let result = csqlite_keep_log(UnsafeMutableRawPointer(connection))
                if result != 0 { throw DatabaseError(resultCode: ResultCode(rawValue: result)) }
            }
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            // After the switch to the log, which lowers it.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // An ordinary cycle stays in the log (64 MiB at most), so the main file that an upgrade copied while the service
            // ran is still the same when it stops.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 16384")
        }
        return ServiceDatabase(data: data, queue: queue)
    }

    private init(data: String, queue: DatabaseQueue) {
        self.data = data
        self.queue = queue
    }

    private func epochInside() throws -> Int? {
        try queue.read { db in
            let application = try UInt32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
            guard application != 0 else { return nil }
            guard application == DatabaseHeader.applicationID else {
                throw ServiceError(.failed, "\(Self.path(data: data)): this database belongs to another program")
            }
            return try Int.fetchOne(db, sql: "PRAGMA user_version")
        }
    }

    public func read<Value>(_ body: (Database) throws -> Value) throws -> Value { try queue.read(body) }

    /// One transaction.
    public func write<Value>(_ body: (Database) throws -> Value) throws -> Value { try queue.write(body) }

    /// Moves the log's content into the main file and empties the log. False when readers or writers are in the way.
    @discardableResult
    public func checkpoint() throws -> Bool {
        try queue.writeWithoutTransaction { db in
            let row = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            return (row?[0] as Int?) == 0
        }
    }
}
