import GRDB
import SyncConfiguration
import SyncEngine

/// The list of what waits to be sent, as the database keeps it for reports: the objects themselves say what is to be sent.
enum PendingExports {
    /// One line of the list.
    struct Entry: Equatable, Sendable {
        var object: UInt32
        var connector: String
        var operation: String
        var type: String
        var dn: String
        var error: String
        var attempts: Int
    }

    static func all(_ db: Database) throws -> [Entry] {
        try Row.fetchAll(
            db,
            sql: "SELECT object, connector, operation, type, dn, error, attempts FROM pending_exports ORDER BY object"
        ).map {
            Entry(
                object: $0[0], connector: $0[1], operation: $0[2], type: $0[3], dn: $0[4], error: $0[5], attempts: $0[6]
            )
        }
    }

    /// Brings the list to what the engine wants to send. Earlier failures of the same operation stay known.
    static func refresh(_ db: Database, engine: SynchronizationEngine) throws {
        let before = Dictionary(uniqueKeysWithValues: try all(db).map { ($0.object, $0) })
        var wanted: [UInt32: Entry] = [:]
        for connector in engine.connectors {
            try engine.forEachPendingExport(connector: connector.id) { export in
                let old = before[export.object].flatMap { $0.operation == export.operation.rawValue ? $0 : nil }
                wanted[export.object] = Entry(
                    object: export.object, connector: connector.id, operation: export.operation.rawValue,
                    type: export.type, dn: export.dn, error: old?.error ?? "", attempts: old?.attempts ?? 0)
            }
        }
        for object in before.keys where wanted[object] == nil { try remove(db, object) }
        let statement = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO pending_exports(object, connector, operation, type, dn, error, attempts)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for entry in wanted.values where before[entry.object] != entry {
            try statement.execute(arguments: [
                entry.object, entry.connector, entry.operation, entry.type, entry.dn, entry.error, entry.attempts,
            ])
        }
    }

    static func remove(_ db: Database, _ object: UInt32) throws {
        try db.cachedStatement(sql: "DELETE FROM pending_exports WHERE object = ?").execute(arguments: [object])
    }

    static func fail(_ db: Database, _ object: UInt32, _ error: String) throws {
        try db.cachedStatement(sql: "UPDATE pending_exports SET error = ?, attempts = attempts + 1 WHERE object = ?")
            .execute(arguments: [error, object])
    }
}
