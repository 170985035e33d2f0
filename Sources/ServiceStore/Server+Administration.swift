import Documents
import GRDB
import LinuxHost
import SyncConfiguration
import SyncEngine

/// What an administrator looks at and changes, beside the verbs of the release contract.
extension Server {
    /// The scheduler under the names of `Get-ADSyncScheduler`.
    public func scheduler() throws -> JSONValue {
        let running = try CycleLock.running(layout)
        return try open().read { db in
            let view = try Scheduler.view(db)
            let interval = try Parameters.read(db, Parameter.timeInterval)
            return [
                "schema": "scheduler/1", "CurrentlyEffectiveSyncCycleInterval": .string(interval),
                "CustomizedSyncCycleInterval": .string(interval),
                "NextSyncCyclePolicyType": .string(view.policy(now: clock.now()).rawValue),
                "NextSyncCycleStartTimeInUTC": .string(try Parameters.read(db, Parameter.nextStart)),
                "PurgeRunHistoryInterval": .string(try Parameters.read(db, Parameter.purgeInterval)),
                "SyncCycleEnabled": .bool(view.cycleEnabled), "MaintenanceEnabled": .bool(view.maintenanceEnabled),
                "StagingModeEnabled": .bool(try Parameters.flag(db, Parameter.staging)),
                "SchedulerSuspended": .bool(view.suspended), "SyncCycleInProgress": .bool(running != nil),
            ]
        }
    }

    /// Changes parameters, all or none.
    public func change(_ parameters: [String: String]) throws {
        try operate("scheduler set") {
            try open().write { db in
                for (name, value) in parameters.sorted(by: { $0.key < $1.key }) {
                    try Parameters.write(db, name, value)
                }
            }
        }
    }

    public func connectorList() throws -> JSONValue {
        try open().read { db in
            let list = try Connectors.all(db).map { connector -> JSONValue in
                let sql = "SELECT count(*) FROM connector_space WHERE connector = ?"
                let objects = try Int.fetchOne(db, sql: sql, arguments: [connector.id]) ?? 0
                return [
                    "id": .string(connector.id), "name": .string(connector.name), "kind": .string(connector.kindWord),
                    "objects": JSONValue(objects), "settings": .object(connector.settings.mapValues { .string($0) }),
                ]
            }
            return ["schema": "connectors/1", "connectors": .array(list)]
        }
    }

    /// The last steps of cycles, newest first.
    public func history(limit: Int) throws -> JSONValue {
        try open().read { db in
            let names = Dictionary(uniqueKeysWithValues: try Connectors.all(db).map { ($0.id, $0.name) })
            let sql = """
                SELECT cycle, connector, profile, started, ended, status, messages FROM run_history
                ORDER BY id DESC LIMIT ?
                """
            let runs = try Row.fetchAll(db, sql: sql, arguments: [limit]).map { row -> JSONValue in
                let connector: String = row[1]
                let messages: String = row[6]
                return [
                    "cycle": JSONValue(row[0] as Int), "connector": .string(names[connector] ?? connector),
                    "profile": .string(row[2]), "started": .string(row[3]), "ended": .string(row[4]),
                    "status": .string(row[5]), "messages": try JSONParser.parse(Array(messages.utf8)),
                ]
            }
            return ["schema": "run-history/1", "runs": .array(runs)]
        }
    }

    // MARK: - Rules

    public func ruleList() throws -> JSONValue {
        try open().read { db in
            let list = try RuleStore.all(db).map { stored -> JSONValue in
                [
                    "id": .string(stored.rule.id), "name": .string(stored.rule.name),
                    "origin": .string(stored.origin.rawValue), "precedence": JSONValue(stored.rule.precedence),
                    "disabled": .bool(stored.rule.isDisabled), "digest": .string(stored.digest.hexadecimal),
                ]
            }
            return ["schema": "rule-list/1", "rules": .array(list)]
        }
    }

    /// Adds or replaces a custom rule from a JSON file.
    public func addRule(file: String) throws -> JSONValue {
        guard let bytes = try DurableFiles.read(file) else {
            throw ServiceError(.usage, "\(file): there is no such file; name one with a rule in JSON")
        }
        let rule = try SynchronizationRule(json: try JSONValue(bytes: bytes, file: file), file: file)
        guard rule.precedence < RuleTemplates.firstStandardPrecedence else {
            throw ServiceError(
                .usage,
                "\(file): precedence: expected less than \(RuleTemplates.firstStandardPrecedence) for a custom rule, found \(rule.precedence)"
            )
        }
        return try changeRules("rule add", connector: rule.connector) { db in
            if try RuleStore.all(db).contains(where: { $0.rule.id == rule.id && $0.origin == .standard }) {
                throw ServiceError(.usage, "\(file): id: \"\(rule.id)\" is a standard rule; choose another id")
            }
            try RuleStore.save(db, StoredRule(rule: rule, origin: .custom))
            // Rules that do not fit together are refused here, not in the next cycle.
            _ = try SynchronizationEngine(
                connectors: try Connectors.all(db).map(\.definition), rules: try RuleStore.all(db).map(\.rule),
                today: clock.now())
        }
    }

    /// Removes a rule. A standard one returns with the next upgrade.
    public func removeRule(id: String) throws -> JSONValue {
        try changeRules("rule remove", id: id) { db, _ in
            try db.execute(sql: "DELETE FROM rules WHERE id = ?", arguments: [id])
        }
    }

    /// Switches a rule off or on. Upgrades leave it so.
    public func switchRule(id: String, disabled: Bool) throws -> JSONValue {
        try changeRules("rule switch", id: id) { db, _ in
            try db.execute(sql: "UPDATE rules SET disabled = ? WHERE id = ?", arguments: [disabled, id])
        }
    }

    private func changeRules(_ verb: String, id: String, _ body: (Database, StoredRule) throws -> Void) throws
        -> JSONValue
    {
        let stored = try open().read { db in try RuleStore.all(db).first { $0.rule.id == id } }
        guard let stored else {
            throw ServiceError(.usage, "\(id): there is no such rule; 'adsync rule list' shows them")
        }
        return try changeRules(verb, connector: stored.rule.connector) { db in try body(db, stored) }
    }

    private func changeRules(_ verb: String, connector: String, _ body: (Database) throws -> Void) throws -> JSONValue {
        try operate(verb) {
            try open().write { db in
                guard try Connectors.all(db).contains(where: { $0.id == connector }) else {
                    throw ServiceError(
                        .usage, "connector: there is no connector \"\(connector)\"; 'adsync connector list' shows them")
                }
                try body(db)
                try Override.require(db, .fullSynchronization, connector: connector, reason: "a rule was changed")
            }
        }
        return try ruleList()
    }
}
