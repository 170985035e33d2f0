import Documents
import GRDB
import LinuxHost
import SyncEngine

extension Cycle {
    /// Evaluates the rules over the objects of a connector: all of them, or those that an import changed.
    func synchronizeStep(_ connector: Connector) throws -> RunRecord {
        let started = server.clock.now()
        let (overridden, waiting) = try database.read { db in
            (
                try Override.pending(db, .fullSynchronization).contains(connector.id),
                try Self.hasImports(db, connector.id)
            )
        }
        let isFull = policy == .initial || overridden
        var run = RunRecord(connector, isFull ? .fullSynchronization : .deltaSynchronization)
        // Loading a large server to find nothing to do would be all the work of an idle cycle.
        guard isFull || waiting || isLoaded else { return run }
        let summary = try engine().synchronize(connector: connector.id, isFull ? .full : .delta)
        for error in summary.errors.prefix(RunRecord.messageLimit) { run.note(.synchronizationErrors, "\(error)") }
        if summary.isStopped {
            run.note(
                .errorLimit,
                "stopped after \(summary.errors.count) errors; objects that were not looked at stay as they were: correct the rules or the data, the next cycle goes on"
            )
        }
        run.counts = [
            "evaluated": summary.evaluated, "projections": summary.projections, "joins": summary.joins,
            "disjoins": summary.disjoins, "metaverseDeletes": summary.metaverseDeletes,
            "provisioned": summary.provisioned, "deprovisioned": summary.deprovisioned, "staged": summary.staged,
            "errors": summary.errors.count,
        ]
        try commit(run, started: started) { db in
            if isFull, !summary.isStopped { try Override.done(db, .fullSynchronization, connector: connector.id) }
            try State.count(db, errors: summary.errors.count, of: run)
        }
        return run
    }

    /// Whether an import left something that no synchronization has seen: after a stop between the two.
    private static func hasImports(_ db: Database, _ connector: String) throws -> Bool {
        let flags = StoredObject.Flags([.pendingImport, .importedDelete]).rawValue
        // The condition is that of an index, word for word: without it, every idle cycle would read all objects.
        let sql = "SELECT EXISTS (SELECT 1 FROM connector_space WHERE connector = ? AND flags & \(flags) <> 0)"
        return try Bool.fetchOne(db, sql: sql, arguments: [connector]) ?? false
    }
}
