import Documents
import GRDB
import SyncConfiguration
import SyncEngine

/// A connected directory and its settings.
public struct Connector: Equatable, Sendable {
    public static let cloudID = "{b891884f-051e-4a83-95af-2544101c9083}"
    /// The setting with the folder of a connector's directory.
    public static let pathSetting = "path"

    public let id: String
    public let name: String
    public let kind: ConnectorKind
    public let settings: [String: String]

    public init(id: String, name: String, kind: ConnectorKind, settings: [String: String]) {
        self.id = id
        self.name = name
        self.kind = kind
        self.settings = settings
    }

    public var definition: ConnectorDefinition { ConnectorDefinition(id: id, name: name, kind: kind) }
    public var path: String { settings[Self.pathSetting, default: ""] }
    /// The word that documents and the database use.
    public var kindWord: String { kind == .cloud ? "cloud" : "ad" }
}

/// Connectors and what the next cycle owes them, inside a transaction.
public enum Connectors {
    public static func all(_ db: Database) throws -> [Connector] {
        var settings: [String: [String: String]] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT connector, name, value FROM connector_settings") {
            settings[row[0], default: [:]][row[1]] = row[2]
        }
        return try Row.fetchAll(db, sql: "SELECT id, name, kind FROM connectors ORDER BY position").map { row in
            let id: String = row[0]
            let kind: String = row[2]
            return Connector(
                id: id, name: row[1], kind: kind == "cloud" ? .cloud : .activeDirectory, settings: settings[id] ?? [:])
        }
    }

    static func insert(_ db: Database, _ connector: Connector) throws {
        try db.execute(
            sql: "INSERT INTO connectors(id, position, name, kind) SELECT ?, count(*) + 1, ?, ? FROM connectors",
            arguments: [connector.id, connector.name, connector.kindWord])
        for (name, value) in connector.settings.sorted(by: { $0.key < $1.key }) {
            try db.execute(
                sql: "INSERT INTO connector_settings(connector, name, value) VALUES (?, ?, ?)",
                arguments: [connector.id, name, value])
        }
    }

    static func set(_ db: Database, connector: String, _ name: String, _ value: String) throws {
        try db.execute(
            sql: """
                INSERT INTO connector_settings(connector, name, value) VALUES (?, ?, ?)
                ON CONFLICT(connector, name) DO UPDATE SET value = excluded.value
                """,
            arguments: [connector, name, value])
    }
}

/// What a cycle does on one connector beyond its policy.
public enum Override: String, Sendable {
    case fullImport = "full-import"
    case fullSynchronization = "full-synchronization"

    static func pending(_ db: Database, _ kind: Override) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT o.connector FROM scheduler_overrides o JOIN connectors c ON c.id = o.connector
                WHERE o.kind = ? ORDER BY c.position
                """,
            arguments: [kind.rawValue])
    }

    static func require(_ db: Database, _ kind: Override, connector: String, reason: String) throws {
        try db.execute(
            sql: "INSERT INTO scheduler_overrides(connector, kind, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            arguments: [connector, kind.rawValue, reason])
    }

    static func done(_ db: Database, _ kind: Override, connector: String) throws {
        try db.execute(
            sql: "DELETE FROM scheduler_overrides WHERE connector = ? AND kind = ?",
            arguments: [connector, kind.rawValue])
    }
}
