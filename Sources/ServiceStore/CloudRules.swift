import Documents
import GRDB
import LinuxHost

/// How the cloud directory decides about an operation.
enum CloudRules {
    static func apply(_ operation: CloudOperation, _ db: Database, _ counters: inout CloudCounters) throws
        -> CloudAnswer
    {
        switch operation.kind {
        case .add: try add(operation, db, &counters)
        case .update: try update(operation, db, &counters)
        case .delete: try delete(operation, db, &counters)
        }
    }

    private static func add(_ operation: CloudOperation, _ db: Database, _ counters: inout CloudCounters) throws
        -> CloudAnswer
    {
        let attributes = operation.applied(to: [:])
        if let existing = try find(operation.dn, db) {
            return .refused(code: "ObjectAlreadyExists", detail: "\(existing.anchor) has this name")
        }
        if let match = try softMatch(operation.type, attributes, db) {
            return try save(match, operation.applied(to: match.attributes), dn: operation.dn, db, &counters)
        }
        if let refusal = try conflict(attributes, except: nil, db) { return refusal }
        try db.cachedStatement(
            sql: "INSERT INTO objects(dn, type, principal, attributes, changed) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [
            operation.dn, operation.type, attributes.principalName, attributes.json.line,
            counters.nextChange(),
        ])
        try claim(attributes, number: Int(db.lastInsertedRowID), db)
        return .accepted
    }

    private static func update(_ operation: CloudOperation, _ db: Database, _ counters: inout CloudCounters) throws
        -> CloudAnswer
    {
        guard let object = try find(operation.dn, db) else {
            return .refused(code: "ObjectNotFound", detail: "there is no object of this name")
        }
        return try save(object, operation.applied(to: object.attributes), dn: object.dn, db, &counters)
    }

    private static func save(
        _ object: CloudObject, _ attributes: CloudAttributes, dn: String, _ db: Database,
        _ counters: inout CloudCounters
    ) throws -> CloudAnswer {
        if let anchor = object.sourceAnchor, let wanted = attributes["sourceAnchor"]?.first, wanted != anchor {
            return .refused(code: "SourceAnchorChanged", detail: "the object has the source anchor \(anchor)")
        }
        if let refusal = try conflict(attributes, except: object.number, db) { return refusal }
        try db.cachedStatement(
            sql: "UPDATE objects SET dn = ?, principal = ?, attributes = ?, changed = ? WHERE number = ?"
        ).execute(arguments: [
            dn, attributes.principalName, attributes.json.line, counters.nextChange(), object.number,
        ])
        if dn != object.dn { try remember(object.dn, db, &counters) }
        try db.cachedStatement(sql: "DELETE FROM addresses WHERE number = ?").execute(arguments: [object.number])
        try claim(attributes, number: object.number, db)
        return .accepted
    }

    private static func delete(_ operation: CloudOperation, _ db: Database, _ counters: inout CloudCounters) throws
        -> CloudAnswer
    {
        guard let object = try find(operation.dn, db) else {
            return .refused(code: "ObjectNotFound", detail: "there is no object of this name")
        }
        try db.cachedStatement(sql: "DELETE FROM objects WHERE number = ?").execute(arguments: [object.number])
        try db.cachedStatement(sql: "DELETE FROM addresses WHERE number = ?").execute(arguments: [object.number])
        try remember(object.dn, db, &counters)
        return .accepted
    }

    /// A delta must tell that this name is gone.
    private static func remember(_ dn: String, _ db: Database, _ counters: inout CloudCounters) throws {
        try db.cachedStatement(sql: "INSERT INTO deleted(dn, changed) VALUES (?, ?)").execute(arguments: [
            dn, counters.nextChange(),
        ])
    }

    private static func find(_ dn: String, _ db: Database) throws -> CloudObject? {
        try Row.fetchOne(
            db, sql: "SELECT number, dn, type, attributes FROM objects WHERE dn = ?", arguments: [dn]
        ).map(CloudStore.object)
    }

    /// A group or contact that was made in the cloud and shares an address with a mail-enabled one is the same.
    private static func softMatch(_ type: String, _ attributes: CloudAttributes, _ db: Database) throws -> CloudObject?
    {
        guard ["group", "contact"].contains(type.lowercased()) else { return nil }
        for address in attributes.addresses {
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT o.number, o.dn, o.type, o.attributes FROM objects o
                    JOIN addresses a ON a.number = o.number WHERE a.address = ?
                    """,
                arguments: [address])
            guard let row else { continue }
            let object = try CloudStore.object(row)
            if object.type.lowercased() == type.lowercased(), object.sourceAnchor == nil { return object }
        }
        return nil
    }

    private static func conflict(_ attributes: CloudAttributes, except number: Int?, _ db: Database) throws
        -> CloudAnswer?
    {
        if let principal = attributes.principalName {
            let owner = try Int.fetchOne(
                db, sql: "SELECT number FROM objects WHERE principal = ?", arguments: [principal])
            if let owner, owner != number {
                return .refused(
                    code: "AttributeValueMustBeUnique",
                    detail: "userPrincipalName \(principal) belongs to Object_\(owner)")
            }
        }
        for address in attributes.addresses {
            let owner = try Int.fetchOne(
                db, sql: "SELECT number FROM addresses WHERE address = ?", arguments: [address])
            if let owner, owner != number {
                return .refused(
                    code: "AttributeValueMustBeUnique", detail: "proxyAddresses \(address) belongs to Object_\(owner)")
            }
        }
        return nil
    }

    private static func claim(_ attributes: CloudAttributes, number: Int, _ db: Database) throws {
        for address in Set(attributes.addresses) {
            try db.cachedStatement(sql: "INSERT INTO addresses(address, number) VALUES (?, ?)").execute(arguments: [
                address, number,
            ])
        }
    }
}

/// How many operations the directory takes in a span of time, from `cloud.json`; without the file, any number.
struct CloudLimit: Document, Equatable {
    static let schemaName = "cloud-store"

    var operations: Int
    var windowSeconds: Int
    var unknown: [String: JSONValue] = [:]

    init(operations: Int, windowSeconds: Int) {
        self.operations = operations
        self.windowSeconds = windowSeconds
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        operations = try fields.count("operations")
        windowSeconds = try fields.count("windowSeconds")
    }

    var members: [String: JSONValue] {
        ["operations": JSONValue(operations), "windowSeconds": JSONValue(windowSeconds)]
    }

    static func read(folder: String) throws -> CloudLimit {
        let path = CloudStore.configurationPath(folder)
        guard let bytes = try DurableFiles.read(path) else { return CloudLimit(operations: Int.max, windowSeconds: 1) }
        return try CloudLimit(bytes: bytes, file: path)
    }

    /// Counts one operation in the current window, or says that the window is full.
    func admits(_ counters: inout CloudCounters, now: WallTime) -> Bool {
        let second = Int(now.milliseconds / 1000)
        if second >= counters.window + windowSeconds || second < counters.window {
            counters.window = second
            counters.windowOperations = 0
        }
        if counters.windowOperations >= operations { return false }
        counters.windowOperations += 1
        return true
    }
}
