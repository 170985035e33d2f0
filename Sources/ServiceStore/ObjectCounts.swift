import Documents
import GRDB

/// How many objects there are, by kind: kept beside the objects, because every upgrade asks for it and counting a million
/// rows takes longer than everything else that is asked.
struct ObjectCounts: Equatable {
    /// Metaverse objects by type.
    var metaverse: [String: Int]
    /// Connector space objects by connector.
    var connectors: [String: Int]

    private static let state = "objectCounts"

    /// What was counted since the objects last changed, or counted now.
    static func read(_ db: Database) throws -> ObjectCounts {
        if let kept = try kept(db) { return kept }
        return try count(db)
    }

    /// Counts and keeps, where the objects have changed since the last time.
    static func keep(_ db: Database) throws {
        guard try kept(db) == nil else { return }
        let counts = try count(db)
        let json: JSONValue = [
            "metaverse": .object(counts.metaverse.mapValues { JSONValue($0) }),
            "connectors": .object(counts.connectors.mapValues { JSONValue($0) }),
        ]
        try db.execute(
            sql: "INSERT OR REPLACE INTO state(name, value) VALUES (?, ?)",
            arguments: [state, String(decoding: json.canonical, as: UTF8.self)])
    }

    /// Forgets what was counted; in the transaction that changes objects.
    static func forget(_ db: Database) throws {
        try db.execute(sql: "DELETE FROM state WHERE name = ?", arguments: [state])
    }

    private static func kept(_ db: Database) throws -> ObjectCounts? {
        guard let text = try String.fetchOne(db, sql: "SELECT value FROM state WHERE name = ?", arguments: [state]),
            let json = try? JSONParser.parse(Array(text.utf8)), let metaverse = numbers(json["metaverse"]),
            let connectors = numbers(json["connectors"])
        else { return nil }
        return ObjectCounts(metaverse: metaverse, connectors: connectors)
    }

    private static func numbers(_ value: JSONValue?) -> [String: Int]? {
        value?.object?.compactMapValues(\.integer)
    }

    private static func count(_ db: Database) throws -> ObjectCounts {
        ObjectCounts(
            metaverse: try groups(db, "SELECT type, count(*) FROM metaverse GROUP BY type"),
            connectors: try groups(db, "SELECT connector, count(*) FROM connector_space GROUP BY connector"))
    }

    private static func groups(_ db: Database, _ sql: String) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for row in try Row.fetchAll(db, sql: sql) { counts[row[0]] = row[1] }
        return counts
    }
}
