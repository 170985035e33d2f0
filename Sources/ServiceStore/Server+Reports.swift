import Documents
import GRDB
import LinuxHost
import ReleaseContract

extension Server {
    /// What the service does now and did last.
    public func status() throws -> JSONValue {
        let generation = try activeGeneration()
        let data = layout.data(generation)
        let running = try CycleLock.running(layout)
        var members: [String: JSONValue] = [
            "schema": "status/1", "serving": .bool(try runningService()?.generation == generation),
            "generation": JSONValue(generation), "version": .string(release.version.description),
            "onTrial": .bool(try DurableFiles.kind("\(data)/trial.json") != nil),
        ]
        try open(data: data).read { db in
            let view = try Scheduler.view(db)
            members["scheduler"] = [
                "cycleEnabled": .bool(view.cycleEnabled), "suspended": .bool(view.suspended),
                "suspendedBy": .string(view.suspended ? try State.read(db, .suspendedBy) : ""),
                "staging": .bool(try Parameters.flag(db, Parameter.staging)), "cycleInProgress": .bool(running != nil),
                "nextPolicy": .string(view.policy(now: clock.now()).rawValue),
                "intervalSeconds": JSONValue(view.intervalSeconds),
            ]
            members["cycles"] = [
                "completed": JSONValue(try State.number(db, .cyclesCompleted)),
                "lastPolicy": .string(try State.read(db, .lastPolicy)),
                "lastResult": .string(try State.read(db, .lastResult)),
                "lastEnded": .string(try State.read(db, .lastCycleEnded)),
                "fullImportPending": .array(try Override.pending(db, .fullImport).map { .string($0) }),
                "fullSynchronizationPending": .array(
                    try Override.pending(db, .fullSynchronization).map { .string($0) }),
            ]
            members["exports"] = ["total": JSONValue(try State.number(db, .exportsTotal))]
        }
        return .object(members)
    }

    /// Whether the server is well, and the counts that an upgrade must not make grow.
    public func health() throws -> JSONValue {
        let data = try dataFolder()
        var checks: [CheckOutcome] = []
        func check(_ name: String, _ status: CheckOutcome.Status, _ detail: String) {
            checks.append(CheckOutcome(name: name, status: status, detail: detail))
        }
        let database: ServiceDatabase
        do {
            database = try open(data: data)
        } catch {
            check("database", .failed, "\(error)")
            return HealthReport(healthy: false, checks: checks, measures: [:]).json
        }
        check("database", .ok, "schema \(try release.epoch())")
        let (recorded, connectors, result, problem) = try database.read { db in
            (
                try State.read(db, .hostName), try Connectors.all(db), try State.read(db, .lastResult),
                try State.read(db, .lastError)
            )
        }
        let actual = try Self.hostName()
        if recorded == actual {
            check("host-name", .ok, actual)
        } else {
            check(
                "host-name", .failed,
                "this server was set up as \"\(recorded)\" and is called \"\(actual)\" now: rename it back, or set it up anew under its new name"
            )
        }
        for connector in connectors {
            let readable = try DurableFiles.kind(connector.path) == .folder
            check(
                "connector \(connector.name)", readable ? .ok : .warning,
                readable ? connector.path : "\(connector.path): there is no such folder")
        }
        if let problem = try HealthAgent.check(data: data) {
            check("health-agent", .failed, problem)
        } else {
            check("health-agent", .ok, try HealthAgent.read(data: data)?.version.description ?? "")
        }
        // Some objects were not even looked at: what the last cycle says of the directory is not the whole.
        let isBroken = [RunStatus.serverError, .errorLimit].map(\.rawValue).contains(result)
        check("last-cycle", isBroken ? .failed : .ok, problem.isEmpty ? result : problem)
        // Nothing at all is exported until a person has looked: the service is not well.
        if result == RunStatus.deletionThreshold.rawValue {
            let allowed = try database.read { try Parameters.read($0, Parameter.deletionThresholdValue) }
            check(
                "export-deletions", .failed,
                "exports are stopped because more deletions wait than the \(allowed) that \(Parameter.deletionThresholdValue) allows: look at 'adsync pending-exports'"
            )
        } else {
            check("export-deletions", .ok, "within the threshold")
        }
        let measures = try database.read { db in
            [
                "importErrors": try State.errorCount(db, State.importErrors),
                "synchronizationErrors": try State.errorCount(db, State.synchronizationErrors),
                "exportErrors": try Self.count(db, "error <> ''"), "pendingExports": try Self.count(db, "1"),
                "pendingDeletes": try Self.count(db, "operation = 'delete'"),
            ]
        }
        let healthy = !checks.contains { $0.status == .failed }
        return HealthReport(healthy: healthy, checks: checks, measures: measures).json
    }

    private static func count(_ db: Database, _ condition: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM pending_exports WHERE \(condition)") ?? 0
    }
}
