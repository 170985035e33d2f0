import Documents
import GRDB
import SyncEngine

/// How many objects there are, by kind: kept beside the objects, because every upgrade asks for it and counting a million
/// rows takes longer than everything else that is asked.
struct ObjectCounts: Equatable {
    /// Metaverse objects by type.
    var metaverse: [String: Int]
    /// Connector space objects by connector.
    var connectors: [String: Int]
    /// What only a look into every object tells; nil where nobody has looked since the objects last changed.
    var details: Details?

    /// Counted while a cycle has all objects in memory.
    struct Details: Equatable {
        var linkedMailboxes = 0
        var resourceMailboxes = 0
        /// Members of the largest group.
        var largestGroup = 0

        /// What Exchange writes: a mailbox whose account is in another forest, and those of rooms and equipment, here or in
        /// the cloud.
        private static let recipientType = "msExchRecipientTypeDetails"
        private static let linked: Set = ["2"]
        private static let resources: Set = ["16", "32", "8589934592", "17179869184"]
        private static let member = "member"

        init() {}

        init(_ engine: SynchronizationEngine) {
            let table = AttributeTable(names: engine.attributeNames)
            let (type, member) = (table.known(Self.recipientType), table.known(Self.member))
            engine.forEachMetaverseObject { object in
                if let type, let value = object.values.values(type).first {
                    let text = String(decoding: value, as: UTF8.self)
                    if Self.linked.contains(text) { linkedMailboxes += 1 }
                    if Self.resources.contains(text) { resourceMailboxes += 1 }
                }
                if let member { largestGroup = max(largestGroup, object.values.values(member).count) }
            }
        }

        init?(_ value: JSONValue?) {
            guard let numbers = ObjectCounts.numbers(value), let linked = numbers["linkedMailboxes"],
                let resources = numbers["resourceMailboxes"], let largest = numbers["largestGroup"]
            else { return nil }
            (linkedMailboxes, resourceMailboxes, largestGroup) = (linked, resources, largest)
        }

        var members: [String: JSONValue] {
            [
                "linkedMailboxes": JSONValue(linkedMailboxes), "resourceMailboxes": JSONValue(resourceMailboxes),
                "largestGroup": JSONValue(largestGroup),
            ]
        }
    }

    private static let state = "objectCounts"

    /// What was counted since the objects last changed, or counted now.
    static func read(_ db: Database) throws -> ObjectCounts {
        if let kept = try kept(db) { return kept }
        return try count(db)
    }

    /// Counts and keeps, where the objects have changed since the last time.
    ///
    /// - Parameter engine: with all objects, where somebody has it.
    static func keep(_ db: Database, _ engine: SynchronizationEngine?) throws {
        let before = try kept(db)
        if let before, before.details != nil || engine == nil { return }
        let counts = try before ?? count(db)
        var json: [String: JSONValue] = [
            "metaverse": .object(counts.metaverse.mapValues { JSONValue($0) }),
            "connectors": .object(counts.connectors.mapValues { JSONValue($0) }),
        ]
        json["details"] = (engine.map(Details.init) ?? counts.details).map { .object($0.members) }
        try db.execute(
            sql: "INSERT OR REPLACE INTO state(name, value) VALUES (?, ?)",
            arguments: [state, String(decoding: JSONValue.object(json).compact, as: UTF8.self)])
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
        return ObjectCounts(metaverse: metaverse, connectors: connectors, details: Details(json["details"]))
    }

    private static func numbers(_ value: JSONValue?) -> [String: Int]? {
        value?.object?.compactMapValues(\.integer)
    }

    private static func count(_ db: Database) throws -> ObjectCounts {
        let metaverse = try groups(db, "SELECT type, count(*) FROM metaverse GROUP BY type")
        return ObjectCounts(
            metaverse: metaverse,
            connectors: try groups(db, "SELECT connector, count(*) FROM connector_space GROUP BY connector"),
            // Where there is nothing, nothing needs a look.
            details: metaverse.isEmpty ? Details() : nil)
    }

    private static func groups(_ db: Database, _ sql: String) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for row in try Row.fetchAll(db, sql: sql) { counts[row[0]] = row[1] }
        return counts
    }
}
