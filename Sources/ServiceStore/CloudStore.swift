import Documents
import GRDB
import LinuxHost

/// A directory like the cloud's, in a folder of its own outside of any server: it takes operations, keeps a log of each, and
/// shows an object only when it is asked for, so an export is confirmed by the next import.
///
/// The folder has `cloud.db`, `operations.jsonl` (append-only) and, from whoever runs the directory, `cloud.json`.
public struct CloudStore: Sendable {
    public let folder: String
    private let queue: DatabaseQueue
    private let clock: any Clock

    public static func logPath(_ folder: String) -> String { "\(folder)/operations.jsonl" }
    public static func configurationPath(_ folder: String) -> String { "\(folder)/cloud.json" }

    /// Opens a directory that exists.
    public init(folder: String, clock: any Clock = SystemClock()) throws {
        guard try DurableFiles.kind("\(folder)/cloud.db") != nil else {
            throw ServiceError(.failed, "\(folder): there is no cloud directory here; the connector's path is wrong")
        }
        try self.init(opening: folder, clock: clock)
    }

    /// Makes a new, empty one, or opens the one that is there.
    public static func create(folder: String, clock: any Clock = SystemClock()) throws -> CloudStore {
        try DurableFiles.makeFolders(folder, mode: 0o700)
        return try CloudStore(opening: folder, clock: clock)
    }

    private init(opening folder: String, clock: any Clock) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        queue = try DatabaseQueue(path: "\(folder)/cloud.db", configuration: configuration)
        self.folder = folder
        self.clock = clock
        try queue.write { db in try db.execute(sql: Self.schema) }
    }

    private static let schema = """
        CREATE TABLE IF NOT EXISTS objects (
            number INTEGER PRIMARY KEY AUTOINCREMENT, dn TEXT NOT NULL COLLATE NOCASE UNIQUE, type TEXT NOT NULL,
            principal TEXT UNIQUE, attributes TEXT NOT NULL, changed INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS objects_changed ON objects (changed);
        CREATE TABLE IF NOT EXISTS addresses (
            address TEXT PRIMARY KEY NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS addresses_number ON addresses (number);
        CREATE TABLE IF NOT EXISTS deleted (dn TEXT NOT NULL, changed INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY NOT NULL, value INTEGER NOT NULL) WITHOUT ROWID;
        """

    // MARK: Importing

    /// All objects, and the number of the last change: the watermark for the next delta.
    public func everything(_ each: (CloudObject) throws -> Void) throws -> Int {
        try queue.read { db in
            let cursor = try Row.fetchCursor(
                db, sql: "SELECT number, dn, type, attributes FROM objects ORDER BY number")
            while let row = try cursor.next() { try each(try Self.object(row)) }
            return try Self.counter(db, "change")
        }
    }

    /// What changed after a watermark: objects as they are now, and the names of deleted ones.
    public func changes(after watermark: Int) throws -> (objects: [CloudObject], deleted: [String], watermark: Int) {
        try queue.read { db in
            let objects = try Row.fetchAll(
                db, sql: "SELECT number, dn, type, attributes FROM objects WHERE changed > ? ORDER BY changed",
                arguments: [watermark]
            ).map(Self.object)
            let deleted = try String.fetchAll(
                db, sql: "SELECT dn FROM deleted WHERE changed > ? AND dn NOT IN (SELECT dn FROM objects)",
                arguments: [watermark])
            return (objects, deleted, try Self.counter(db, "change"))
        }
    }

    // MARK: Exporting

    /// Takes a batch of operations: one answer for each, in order. After `throttled` nothing more of the batch is taken.
    ///
    /// The log has the operations before the directory does, so that no change is ever without its line.
    public func apply(_ operations: [CloudOperation]) throws -> [CloudAnswer] {
        let limit = try CloudLimit.read(folder: folder)
        return try queue.write { db in
            var answers: [CloudAnswer] = []
            var lines: [UInt8] = []
            for operation in operations {
                guard try limit.admits(db, now: clock.now()) else {
                    answers.append(.throttled)
                    break
                }
                let answer = try CloudRules.apply(operation, db)
                answers.append(answer)
                lines += try line(operation, answer, db).canonical + [UInt8(ascii: "\n")]
            }
            if !lines.isEmpty {
                let log = try DurableLog(path: Self.logPath(folder))
                try log.append(Array(lines.dropLast()))
            }
            return answers
        }
    }

    private func line(_ operation: CloudOperation, _ answer: CloudAnswer, _ db: Database) throws -> JSONValue {
        var members: [String: JSONValue] = [
            "sequence": JSONValue(try Self.next(db, "sequence")), "time": .string(clock.now().description),
            "operation": .string(operation.kind.rawValue), "objectType": .string(operation.type),
            "dn": .string(operation.dn), "attributes": .array(operation.changes.map { .string($0.attribute) }),
        ]
        switch answer {
        case .accepted: members["result"] = "accepted"
        case .refused(let code, let detail):
            members["result"] = .string(code)
            members["detail"] = .string(detail)
        case .throttled: members["result"] = "throttled"
        }
        return .object(members)
    }

    /// Makes an object the way an administrator of the cloud does, without any server.
    public func createInCloud(type: String, dn: String, attributes: CloudAttributes) throws {
        let changes = attributes.map { CloudOperation.Change(attribute: $0.key, removed: [], added: $0.value) }
        let answer = try queue.write { db in
            try CloudRules.apply(CloudOperation(kind: .add, type: type, dn: dn, changes: changes), db)
        }
        if answer != .accepted { throw ServiceError(.failed, "\(dn): the cloud directory answers \(answer)") }
    }

    // MARK: Rows

    static func object(_ row: Row) throws -> CloudObject {
        let text: String = row[3]
        return CloudObject(
            number: row[0], dn: row[1], type: row[2],
            attributes: CloudAttributes(json: try JSONParser.parse(Array(text.utf8))))
    }

    static func counter(_ db: Database, _ name: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT value FROM counters WHERE name = ?", arguments: [name]) ?? 0
    }

    static func set(_ db: Database, _ name: String, _ value: Int) throws {
        try db.execute(
            sql:
                "INSERT INTO counters(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value",
            arguments: [name, value])
    }

    static func next(_ db: Database, _ name: String) throws -> Int {
        let value = try counter(db, name) + 1
        try set(db, name, value)
        return value
    }
}
