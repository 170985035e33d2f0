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
            return try CloudCounters(db).change
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
            return (objects, deleted, try CloudCounters(db).change)
        }
    }

    // MARK: Exporting

    /// Takes a batch of operations: one answer for each, in order. After `throttled` nothing more of the batch is taken.
    ///
    /// The log has the operations before the directory does, so that no change is ever without its line.
    public func apply(_ operations: [CloudOperation]) throws -> [CloudAnswer] {
        let limit = try CloudLimit.read(folder: folder)
        return try queue.write { db in
            var counters = try CloudCounters(db)
            var answers: [CloudAnswer] = []
            var lines: [UInt8] = []
            for operation in operations {
                guard limit.admits(&counters, now: clock.now()) else {
                    answers.append(.throttled)
                    break
                }
                let answer = try CloudRules.apply(operation, db, &counters)
                answers.append(answer)
                counters.sequence += 1
                lines += line(operation, answer, counters.sequence).compact + [UInt8(ascii: "\n")]
            }
            try counters.save(db)
            if !lines.isEmpty {
                let log = try DurableLog(path: Self.logPath(folder))
                try log.append(Array(lines.dropLast()))
            }
            return answers
        }
    }

    private func line(_ operation: CloudOperation, _ answer: CloudAnswer, _ sequence: Int) -> JSONValue {
        var members: [String: JSONValue] = [
            "sequence": JSONValue(sequence), "time": .string(clock.now().description),
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
            var counters = try CloudCounters(db)
            let operation = CloudOperation(kind: .add, type: type, dn: dn, changes: changes)
            let answer = try CloudRules.apply(operation, db, &counters)
            try counters.save(db)
            return answer
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
}

/// The directory's counters, read once per batch and written once.
struct CloudCounters {
    /// The number of the last change: the watermark of imports.
    var change = 0
    /// The number of the last line of the log.
    var sequence = 0
    /// When the current window of the limit began, in seconds, and how many operations it has taken.
    var window = 0
    var windowOperations = 0

    init(_ db: Database) throws {
        for row in try Row.fetchAll(db, sql: "SELECT name, value FROM counters") {
            switch row[0] as String {
            case "change": change = row[1]
            case "sequence": sequence = row[1]
            case "window": window = row[1]
            case "windowOperations": windowOperations = row[1]
            default: continue
            }
        }
    }

    func save(_ db: Database) throws {
        let values = [
            ("change", change), ("sequence", sequence), ("window", window), ("windowOperations", windowOperations),
        ]
        for (name, value) in values {
            try db.execute(sql: "INSERT OR REPLACE INTO counters(name, value) VALUES (?, ?)", arguments: [name, value])
        }
    }

    mutating func nextChange() -> Int {
        change += 1
        return change
    }
}
