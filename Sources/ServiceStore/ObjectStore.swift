import Documents
import GRDB
import SyncEngine

import struct Foundation.Data

/// Connector spaces and metaverse in the database: one row per object.
enum ObjectStore {
    /// An engine with everything the database has.
    static func load(_ db: Database, today: WallTime) throws -> SynchronizationEngine {
        let connectors = try Connectors.all(db).map(\.definition)
        let names = try String.fetchAll(db, sql: "SELECT name FROM attribute_names ORDER BY number")
        let engine = try SynchronizationEngine(
            connectors: connectors, rules: try RuleStore.all(db).map(\.rule), attributeNames: names, today: today)
        let columns = "id, connector, type, dn, imported, staged, metaverse, inbound_rule, outbound_rule, flags"
        let objects = try Row.fetchCursor(db, sql: "SELECT \(columns) FROM connector_space")
        while let row = try objects.next() { try engine.load(object(row)) }
        let metaverse = try Row.fetchCursor(db, sql: "SELECT id, type, content FROM metaverse")
        while let row = try metaverse.next() {
            try engine.load(
                StoredMetaverseObject(id: row[0], type: row[1], values: try blob(row, 2) ?? ObjectBlob(bytes: [])))
        }
        engine.finishLoading()
        return engine
    }

    private static func object(_ row: Row) throws -> StoredObject {
        StoredObject(
            id: row[0], connector: row[1], type: row[2], dn: row[3], imported: try blob(row, 4),
            staged: try blob(row, 5),
            metaverse: row[6], inboundRule: row[7], outboundRule: row[8], flags: StoredObject.Flags(rawValue: row[9]))
    }

    private static func blob(_ row: Row, _ index: Int) throws -> ObjectBlob? {
        try row.withUnsafeData(atIndex: index) { data in data.map { ObjectBlob(bytes: [UInt8]($0)) } }
    }

    static func save(_ db: Database, _ changes: StoreChanges) throws {
        if let names = changes.attributeNames {
            let known = try Int.fetchOne(db, sql: "SELECT count(*) FROM attribute_names") ?? 0
            let insert = try db.cachedStatement(sql: "INSERT INTO attribute_names(number, name) VALUES (?, ?)")
            for (number, name) in names.enumerated().dropFirst(known) {
                try insert.execute(arguments: [number, name])
            }
        }
        if !changes.isEmpty { try ObjectCounts.forget(db) }
        try remove(db, "connector_space", changes.removedObjects)
        try remove(db, "metaverse", changes.removedMetaverse)
        let saveObject = try db.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO connector_space(
                id, connector, type, dn, imported, staged, metaverse, inbound_rule, outbound_rule, flags)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        for object in changes.savedObjects {
            try saveObject.execute(arguments: [
                object.id, object.connector, object.type, object.dn, bytes(object.imported), bytes(object.staged),
                object.metaverse, object.inboundRule, object.outboundRule, object.flags.rawValue,
            ])
        }
        let saveMetaverse = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO metaverse(id, type, content) VALUES (?, ?, ?)")
        for object in changes.savedMetaverse {
            try saveMetaverse.execute(arguments: [object.id, object.type, Data(object.values.bytes)])
        }
    }

    private static func bytes(_ blob: ObjectBlob?) -> Data? { blob.map { Data($0.bytes) } }

    private static func remove(_ db: Database, _ table: String, _ ids: [UInt32]) throws {
        let statement = try db.cachedStatement(sql: "DELETE FROM \(table) WHERE id = ?")
        for id in ids { try statement.execute(arguments: [id]) }
    }
}
