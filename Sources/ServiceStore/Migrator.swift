import Documents
import GRDB
import LinuxHost

/// Brings a data folder to a release's schema, standard rules and components.
public struct Migrator: Sendable {
    let release: InstalledRelease
    let data: String

    public init(release: InstalledRelease, data: String) {
        self.release = release
        self.data = data
    }

    /// What was done; empty steps where nothing was left to do.
    public struct Outcome: Equatable, Sendable {
        public var from = 0
        public var to = 0
        public var steps: [String] = []
        public var fullImport: [String] = []
        public var fullSynchronization: [String] = []

        public var json: JSONValue {
            [
                "schema": "migrate/1", "from": JSONValue(from), "to": JSONValue(to),
                "steps": .array(steps.map { .string($0) }), "fullImport": .array(fullImport.map { .string($0) }),
                "fullSynchronization": .array(fullSynchronization.map { .string($0) }),
            ]
        }
    }

    public func run() throws -> Outcome {
        let migrations = try release.migrations()
        let (database, epoch) = try ServiceDatabase.forMigration(data: data, newest: migrations.count)
        var outcome = Outcome(from: epoch, to: migrations.count)
        for migration in migrations where migration.epoch > epoch {
            try apply(migration, to: database)
            outcome.steps.append("schema \(migration.epoch): \(migration.name)")
        }
        try installRules(database, &outcome)
        if let version = release.components[HealthAgent.component],
            let step = try HealthAgent.upgrade(data: data, to: version)
        {
            outcome.steps.append(step)
        }
        // The header of the main file then tells the epoch without the log.
        if !outcome.steps.isEmpty { try database.checkpoint() }
        try database.read { db in
            outcome.fullImport = try Override.pending(db, .fullImport)
            outcome.fullSynchronization = try Override.pending(db, .fullSynchronization)
        }
        return outcome
    }

    /// One migration and its epoch, in one transaction.
    private func apply(_ migration: InstalledRelease.Migration, to database: ServiceDatabase) throws {
        do {
            try database.write { db in
                try db.execute(sql: migration.sql)
                try ObjectCounts.forget(db)
                try db.execute(sql: "PRAGMA application_id = \(DatabaseHeader.applicationID)")
                try db.execute(sql: "PRAGMA user_version = \(migration.epoch)")
            }
        } catch let error as DatabaseError {
            throw ServiceError(
                .failed,
                "\(release.folder)/migrations/\(migration.name): \(error.message ?? error.description); the data stays at schema \(migration.epoch - 1)"
            )
        }
    }

    private func installRules(_ database: ServiceDatabase, _ outcome: inout Outcome) throws {
        let version = release.version.description
        let steps = try database.write { db -> [String] in
            var steps: [String] = []
            let connectors = try Connectors.all(db)
            let installation = try RuleStore.install(db, try RuleStore.standard(release, connectors))
            if installation != RuleStore.Installation() {
                let counts = (installation.added.count, installation.changed.count, installation.removed.count)
                steps.append("standard rules: \(counts.0) added, \(counts.1) changed, \(counts.2) removed")
            }
            for connector in connectors where installation.connectors.contains(connector.id) {
                try Override.require(
                    db, .fullSynchronization, connector: connector.id, reason: "standard rules of \(version)")
            }
            if try State.read(db, .releaseVersion) != version {
                try State.write(db, .releaseVersion, version)
                try Parameters.write(db, Parameter.configurationVersion, version)
                steps.append("release \(version)")
            }
            return steps
        }
        outcome.steps += steps
    }
}
