import Documents
import GRDB

/// How a step ended, the worst last.
public enum RunStatus: String, Sendable, Comparable, CaseIterable {
    case success
    case importWarnings = "completed-import-warnings"
    case exportWarnings = "completed-export-warnings"
    case importErrors = "completed-import-errors"
    case synchronizationErrors = "completed-sync-errors"
    case exportErrors = "completed-export-errors"
    case deletionThreshold = "stopped-deletion-threshold-exceeded"
    case errorLimit = "stopped-error-limit"
    case terminated = "stopped-user-termination"
    case serverError = "stopped-server-error"

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    public static func < (left: RunStatus, right: RunStatus) -> Bool { left.rank < right.rank }
}

/// One step of a cycle: a run profile on a connector.
public struct RunRecord: Equatable, Sendable {
    public enum Profile: String, Sendable {
        case fullImport = "Full Import"
        case deltaImport = "Delta Import"
        case fullSynchronization = "Full Synchronization"
        case deltaSynchronization = "Delta Synchronization"
        case export = "Export"
    }

    public let connector: Connector
    public let profile: Profile
    public var status: RunStatus = .success
    public var counts: [String: Int] = [:]
    /// What a person should know, such as the file that could not be read.
    public var messages: [String] = []

    /// So many object errors are written out; the rest is counted.
    static let messageLimit = 20

    init(_ connector: Connector, _ profile: Profile) {
        self.connector = connector
        self.profile = profile
    }

    mutating func note(_ status: RunStatus, _ message: String) {
        self.status = max(self.status, status)
        if messages.count < Self.messageLimit { messages.append(message) }
    }

    public var json: JSONValue {
        [
            "connector": .string(connector.name), "profile": .string(profile.rawValue),
            "status": .string(status.rawValue), "counts": .object(counts.mapValues { JSONValue($0) }),
            "messages": .array(messages.map { .string($0) }),
        ]
    }

    func save(_ db: Database, cycle: Int, started: WallTime, ended: WallTime) throws {
        try db.execute(
            sql: """
                INSERT INTO run_history(cycle, connector, profile, started, ended, status, counts, messages)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                cycle, connector.id, profile.rawValue, started.description, ended.description, status.rawValue,
                JSONValue.object(counts.mapValues { JSONValue($0) }).line,
                JSONValue.array(messages.map { .string($0) }).line,
            ])
    }
}
