import Documents
import GRDB
import LinuxHost
import SyncConfiguration
import SyncEngine

/// What an administrator looks at object by object. Nothing of this is written.
extension Server {
    /// What waits to be sent, in the order in which it will be, with how earlier attempts failed.
    public func pendingExports(_ format: EvaluationReport.Format, _ line: (String) throws -> Void) throws {
        let (engine, waiting) = try open().read { db in
            (try ObjectStore.load(db, today: clock.now()), try PendingExports.all(db))
        }
        let order: [String: Int] = ["delete": 0, "add": 1, "update": 2]
        let sorted = waiting.sorted {
            (order[$0.operation] ?? 3, $0.object) < (order[$1.operation] ?? 3, $1.object)
        }
        let entries = sorted.lazy.map { entry in
            PendingExportList.Entry(
                export: engine.reportedExport(object: entry.object) ?? Self.remembered(entry, engine),
                attempts: entry.attempts, error: entry.error)
        }
        try PendingExportList(entries).write(format, line)
    }

    /// Why one object is what it is: `text` is its distinguished name or a name that only it has.
    public func preview(_ text: String, connector: String? = nil) throws -> ObjectPreview {
        let engine = try open().read { db in try ObjectStore.load(db, today: clock.now()) }
        return try engine.preview(named: text, connector: connector)
    }

    /// An export that the list still has and whose object wants nothing any more.
    private static func remembered(_ entry: PendingExports.Entry, _ engine: SynchronizationEngine) -> ReportedExport {
        ReportedExport(
            object: entry.object,
            connector: engine.connectors.first { $0.id == entry.connector }?.name ?? entry.connector,
            operation: PendingExport.Operation(rawValue: entry.operation) ?? .update, type: entry.type, dn: entry.dn,
            name: engine.personalName(ofObject: entry.object))
    }
}
