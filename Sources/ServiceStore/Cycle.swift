import Documents
import GRDB
import LinuxHost
import SyncConfiguration
import SyncEngine

/// What a cycle did.
public struct CycleSummary: Equatable, Sendable {
    public var number: Int
    public var policy: CyclePolicy
    public var result: RunStatus
    public var runs: [RunRecord]

    public var json: JSONValue {
        [
            "schema": "cycle-summary/1", "number": JSONValue(number), "policy": .string(policy.rawValue),
            "result": .string(result.rawValue), "runs": .array(runs.map(\.json)),
        ]
    }
}

/// One synchronization cycle: imports, synchronizations and exports in the documented order. The caller holds the cycle lock.
///
/// Each step is one transaction, so that a stop between two steps, or a crash, loses nothing and the next cycle goes on.
public final class Cycle {
    let server: Server
    let database: ServiceDatabase
    let policy: CyclePolicy
    /// Whether to end before the next step or batch.
    let shouldStop: () -> Bool

    let connectors: [Connector]
    let number: Int
    private var loaded: SynchronizationEngine?
    private(set) var runs: [RunRecord] = []
    private var status = RunStatus.success

    public init(
        server: Server, database: ServiceDatabase, policy: CyclePolicy, shouldStop: @escaping () -> Bool = { false }
    ) throws {
        self.server = server
        self.database = database
        self.policy = policy
        self.shouldStop = shouldStop
        (connectors, number) = try database.read { db in
            (try Connectors.all(db), try State.number(db, .cyclesCompleted) + 1)
        }
    }

    public func run() throws -> CycleSummary {
        let started = server.clock.now()
        do {
            try steps()
            if status < .terminated { try finish(started: started) }
        } catch {
            // Recorded apart: what failed may be the very table in which cycles are recorded.
            status = .serverError
            try database.write { db in
                try State.write(db, .lastResult, RunStatus.serverError.rawValue)
                try State.write(db, .lastError, "\(error)")
                try schedule(db, started: started)
            }
            throw ServiceError(.failed, "cycle \(number) stopped: \(error)")
        }
        return CycleSummary(number: number, policy: policy, result: status, runs: runs)
    }

    private var inOrder: [Connector] {
        connectors.filter { $0.kind == .activeDirectory } + connectors.filter { $0.kind == .cloud }
    }

    private func steps() throws {
        for connector in inOrder { try step { try importStep(connector) } }
        for connector in inOrder { try step { try synchronizeStep(connector) } }
        if loaded != nil { try refreshPending() }
        for connector in inOrder.reversed() { try step { try exportStep(connector) } }
    }

    private func step(_ body: () throws -> RunRecord) throws {
        if status == .terminated { return }
        if shouldStop() {
            status = .terminated
            return
        }
        let run = try body()
        runs.append(run)
        status = max(status, run.status)
    }

    /// The engine with all objects, read from the database when a step first needs it.
    func engine() throws -> SynchronizationEngine {
        if let loaded { return loaded }
        let engine = try database.read { db in try ObjectStore.load(db, today: server.clock.now()) }
        loaded = engine
        return engine
    }

    var isLoaded: Bool { loaded != nil }

    /// Writes what a step changed, and the step itself, in one transaction.
    func commit(_ run: RunRecord, started: WallTime, _ more: (Database) throws -> Void = { _ in }) throws {
        try database.write { db in
            if let loaded { try ObjectStore.save(db, loaded.takeStoreChanges()) }
            try more(db)
            try run.save(db, cycle: number, started: started, ended: server.clock.now())
        }
    }

    private func refreshPending() throws {
        let engine = try engine()
        try database.write { db in try PendingExports.refresh(db, engine: engine) }
    }

    private func finish(started: WallTime) throws {
        let ended = server.clock.now()
        try database.write { db in
            try db.execute(
                sql: "INSERT INTO cycles(number, policy, started, ended, result) VALUES (?, ?, ?, ?, ?)",
                arguments: [number, policy.rawValue, started.description, ended.description, status.rawValue])
            try ObjectCounts.keep(db, loaded)
            try State.write(db, .cyclesCompleted, number)
            try State.write(db, .lastPolicy, policy.rawValue)
            try State.write(db, .lastResult, status.rawValue)
            try State.write(db, .lastError, "")
            try State.write(db, .lastCycleEnded, ended.description)
            try Parameters.write(db, Parameter.policy, CyclePolicy.delta.rawValue)
            try schedule(db, started: started)
        }
    }

    private func schedule(_ db: Database, started: WallTime) throws {
        let view = try Scheduler.view(db)
        let next = view.nextStart(started: started, ended: server.clock.now())
        try Parameters.write(db, Parameter.nextStart, HTTPDate.text(next))
    }
}

/// The scheduler's settings inside a transaction.
public enum Scheduler {
    public static func view(_ db: Database) throws -> SchedulerView {
        SchedulerView(
            cycleEnabled: try Parameters.flag(db, Parameter.cycleEnabled),
            suspended: try Parameters.flag(db, Parameter.suspended),
            intervalSeconds: TimeSpan.seconds(try Parameters.read(db, Parameter.timeInterval)) ?? 1800,
            nextPolicy: CyclePolicy(rawValue: try Parameters.read(db, Parameter.policy)) ?? .delta,
            nextStart: HTTPDate.parse(try Parameters.read(db, Parameter.nextStart)),
            lastCycleEnded: WallTime(try State.read(db, .lastCycleEnded)),
            maintenanceEnabled: try Parameters.flag(db, Parameter.maintenanceEnabled),
            lastMaintenance: WallTime(try State.read(db, .lastMaintenance)))
    }

    /// Removes the history of runs that is older than its setting allows.
    static func maintain(_ db: Database, now: WallTime) throws {
        let keep = TimeSpan.seconds(try Parameters.read(db, Parameter.purgeInterval)) ?? 7 * 86_400
        let limit = (now + -keep).description
        try db.execute(sql: "DELETE FROM run_history WHERE ended < ?", arguments: [limit])
        try db.execute(sql: "DELETE FROM cycles WHERE ended < ?", arguments: [limit])
        try State.write(db, .lastMaintenance, now.description)
    }
}
