import Documents
import GRDB
import LinuxHost
import SyncConfiguration
import SyncEngine

extension Server {
    /// Every setting that an administrator can make, by name.
    public func settings() throws -> JSONValue {
        try open().read { db in try Self.settings(db) }
    }

    static func settings(_ db: Database) throws -> JSONValue {
        var values = try Parameters.all(db)
        for connector in try Connectors.all(db) {
            values["connector.\(connector.id).name"] = connector.name
            values["connector.\(connector.id).kind"] = connector.kindWord
            for (name, value) in connector.settings { values["connector.\(connector.id).\(name)"] = value }
        }
        for stored in try RuleStore.all(db) {
            if stored.origin == .custom { values["rule.\(stored.rule.id)"] = stored.digest.hexadecimal }
            // A standard rule that the administrator switched off is a setting too.
            if stored.rule.isDisabled { values["rule.\(stored.rule.id).disabled"] = "True" }
        }
        return ["schema": "settings/1", "parameters": .object(values.mapValues { .string($0) })]
    }

    /// Changes one parameter, or one setting of a connector (`connector.<id>.<key>`).
    public func set(_ name: String, to value: String, token: Int?) throws -> JSONValue {
        try operate("settings set", token: token) {
            try open().write { db in
                if name.hasPrefix("connector.") {
                    try Self.setConnector(db, name, value)
                } else if name.hasPrefix("Microsoft.") {
                    try Parameters.write(db, name, value)
                    // Whoever sets this by hand has no name.
                    if name == Parameter.suspended { try State.write(db, .suspendedBy, "") }
                } else {
                    throw ServiceError(
                        .usage,
                        "\(name): expected a parameter (Microsoft.…) or a connector's setting (connector.<id>.<key>)")
                }
                return try Self.settings(db)
            }
        }
    }

    private static func setConnector(_ db: Database, _ name: String, _ value: String) throws {
        for connector in try Connectors.all(db) {
            let prefix = "connector.\(connector.id)."
            guard name.hasPrefix(prefix), name.count > prefix.count else { continue }
            let key = String(name.dropFirst(prefix.count))
            if ["name", "kind"].contains(key) { throw ServiceError(.usage, "\(name): cannot be changed") }
            return try Connectors.set(db, connector: connector.id, key, value)
        }
        throw ServiceError(.usage, "\(name): there is no such connector; 'adsync connector list' shows them")
    }

    // MARK: - The pause

    /// Stops new cycles in the name of an owner.
    public func suspend(owner: String, token: Int?) throws -> JSONValue {
        try operate("suspend", token: token) {
            try open().write { db in
                let holder = try Self.holder(db)
                if let holder, holder != owner { throw Self.foreignPause("suspend", holder, owner) }
                if holder == nil {
                    try Parameters.write(db, Parameter.suspended, "True")
                    try State.write(db, .suspendedBy, owner)
                }
                return ["schema": "suspend/1", "suspended": true, "suspendedBy": .string(owner)]
            }
        }
    }

    /// Lifts the owner's pause, and with `force` anybody's.
    public func resume(owner: String, token: Int?, force: Bool, full: Bool) throws -> JSONValue {
        try operate("resume", token: token) {
            try open().write { db in
                if let holder = try Self.holder(db), holder != owner, !force {
                    throw Self.foreignPause("resume", holder, owner)
                }
                if full { try Self.startAnew(db, reason: "put back by \(owner)") }
                try Parameters.write(db, Parameter.suspended, "False")
                try State.write(db, .suspendedBy, "")
                return ["schema": "resume/1", "suspended": false, "suspendedBy": ""]
            }
        }
    }

    /// Who suspended the scheduler; empty for a person or an older release, nil where nobody did.
    private static func holder(_ db: Database) throws -> String? {
        try Parameters.flag(db, Parameter.suspended) ? try State.read(db, .suspendedBy) : nil
    }

    private static func foreignPause(_ verb: String, _ holder: String, _ owner: String) -> ServiceError {
        ServiceError(
            .notNow,
            "the scheduler is suspended by \(holder.isEmpty ? "somebody without a name" : holder), not by \(owner)",
            details: ["schema": .string("\(verb)/1"), "suspended": true, "suspendedBy": .string(holder)])
    }

    /// Nothing that the database knows of the directories is trusted any more.
    private static func startAnew(_ db: Database, reason: String) throws {
        for connector in try Connectors.all(db) {
            try Override.require(db, .fullImport, connector: connector.id, reason: reason)
            try Override.require(db, .fullSynchronization, connector: connector.id, reason: reason)
        }
        try State.write(db, .exportsWithheld, "True")
    }

    /// Waits until no cycle runs.
    public func waitIdle(timeoutSeconds: Int) throws -> JSONValue {
        let deadline = clock.monotonicMilliseconds() + timeoutSeconds * 1000
        while let running = try CycleLock.running(layout) {
            if clock.monotonicMilliseconds() >= deadline {
                throw ServiceError(
                    .notNow, "still running after \(timeoutSeconds) s: \(running)",
                    details: ["schema": "wait-idle/1", "idle": false, "running": .string(running)])
            }
            clock.pause(milliseconds: 50)
        }
        return ["schema": "wait-idle/1", "idle": true]
    }
}
