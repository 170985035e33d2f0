import Documents
import GRDB
import LinuxHost
import SyncConfiguration
import SyncEngine

/// A synchronization rule as the server has it.
public struct StoredRule: Equatable, Sendable {
    public enum Origin: String, Sendable { case standard, custom }

    public let rule: SynchronizationRule
    public let origin: Origin
    /// Of the rule's content: precedence and being disabled are not part of it.
    public let digest: SHA256Digest

    init(rule: SynchronizationRule, origin: Origin) {
        self.rule = rule
        self.origin = origin
        digest = Self.digest(rule)
    }

    static func digest(_ rule: SynchronizationRule) -> SHA256Digest {
        var members = rule.json.object ?? [:]
        members["precedence"] = nil
        members["disabled"] = nil
        return FileDigest.sha256(JSONValue.object(members).compact)
    }
}

/// The rules of a server, inside a transaction.
public enum RuleStore {
    public static func all(_ db: Database) throws -> [StoredRule] {
        let sql = "SELECT document, origin, disabled, precedence, id FROM rules ORDER BY precedence, id"
        return try Row.fetchAll(db, sql: sql).map { row in
            let id: String = row[4]
            let text: String = row[0]
            let json: JSONValue
            do {
                json = try JSONParser.parse(Array(text.utf8))
            } catch {
                throw ServiceError(.failed, "rule \(id) in the database is not valid JSON: \(error)")
            }
            var rule = try SynchronizationRule(json: json, file: "rule \(id) in the database")
            rule.isDisabled = row[2]
            rule.precedence = row[3]
            let origin: String = row[1]
            return StoredRule(rule: rule, origin: StoredRule.Origin(rawValue: origin) ?? .custom)
        }
    }

    static func save(_ db: Database, _ stored: StoredRule) throws {
        try db.execute(
            sql: """
                INSERT INTO rules(id, name, origin, precedence, disabled, digest, document)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT(id) DO UPDATE SET name = excluded.name, origin = excluded.origin,
                precedence = excluded.precedence, disabled = excluded.disabled, digest = excluded.digest,
                document = excluded.document
                """,
            arguments: [
                stored.rule.id, stored.rule.name, stored.origin.rawValue, stored.rule.precedence,
                stored.rule.isDisabled, stored.digest.hexadecimal, stored.rule.json.line,
            ])
    }

    /// The standard rules of a release for these connectors.
    static func standard(_ release: InstalledRelease, _ connectors: [Connector]) throws -> [SynchronizationRule] {
        var rules: [SynchronizationRule] = []
        for file in try release.rules() {
            let templates = try RuleTemplates(bytes: file.bytes, file: file.name)
            for var rule in templates.rules(for: connectors.map(\.definition)) {
                rule.precedence = RuleTemplates.firstStandardPrecedence + rules.count
                rules.append(rule)
            }
        }
        return rules
    }

    /// What installing a release's standard rules changed.
    struct Installation: Equatable {
        var added: [String] = []
        var changed: [String] = []
        var removed: [String] = []
        /// Connectors with a rule that was added, changed or removed.
        var connectors: Set<String> = []
    }

    /// Replaces the standard rules by a release's. One that was deleted returns, one that is disabled stays disabled, and
    /// the administrator's own are not touched.
    static func install(_ db: Database, _ rules: [SynchronizationRule]) throws -> Installation {
        var result = Installation()
        let before = Dictionary(uniqueKeysWithValues: try all(db).map { ($0.rule.id, $0) })
        for var rule in rules {
            let old = before[rule.id]
            if let old, old.origin == .custom {
                throw ServiceError(
                    .failed, "the custom rule \"\(rule.id)\" has the id of a standard rule; give it another id")
            }
            rule.isDisabled = old?.rule.isDisabled ?? rule.isDisabled
            let new = StoredRule(rule: rule, origin: .standard)
            if let old, old.digest == new.digest, old.rule.precedence == rule.precedence { continue }
            if old == nil { result.added.append(rule.id) } else { result.changed.append(rule.id) }
            result.connectors.insert(rule.connector)
            try save(db, new)
        }
        let wanted = Set(rules.map(\.id))
        for (id, old) in before.sorted(by: { $0.key < $1.key }) where old.origin == .standard && !wanted.contains(id) {
            result.removed.append(id)
            result.connectors.insert(old.rule.connector)
            try db.execute(sql: "DELETE FROM rules WHERE id = ?", arguments: [id])
        }
        return result
    }
}
