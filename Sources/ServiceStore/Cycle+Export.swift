import Documents
import GRDB
import LinuxHost
import SyncConfiguration
import SyncEngine

extension Cycle {
    /// So many operations are sent between two looks at the gate, and recorded together.
    static let batchSize = 100

    /// Sends what waits for a directory, unless something forbids it.
    func exportStep(_ connector: Connector) throws -> RunRecord {
        let started = server.clock.now()
        var run = RunRecord(connector, .export)
        let waiting = try database.read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM pending_exports WHERE connector = ?", arguments: [connector.id]) ?? 0
        }
        guard waiting > 0 else { return run }
        run.counts = ["pending": waiting, "sent": 0, "errors": 0]
        if connector.kind == .activeDirectory {
            run.note(.exportWarnings, "\(waiting) changes wait: this directory takes none")
        } else if let reason = try forbidden() {
            run.messages.append("\(waiting) changes are staged and not sent: \(reason)")
        } else {
            let exports = try pending(connector)
            if let problem = try tooManyDeletions(exports) {
                run.note(.deletionThreshold, problem)
            } else {
                try send(exports, to: connector, &run)
            }
        }
        try commit(run, started: started)
        return run
    }

    /// Why nothing may be sent now; nil when it may.
    private func forbidden() throws -> String? {
        if let reason = try ExportGate(server: server, data: database.data).closed() { return reason }
        return try database.read { db in
            if try Parameters.flag(db, Parameter.staging) { return "this server is in staging mode" }
            if try State.read(db, .exportsWithheld) == "True" {
                return "the cloud directory has not been imported again since the server was put back"
            }
            return nil
        }
    }

    /// Deletes first, so that what they give free can be taken, then adds, then updates, which may refer to them.
    private func pending(_ connector: Connector) throws -> [PendingExport] {
        var byOperation: [PendingExport.Operation: [PendingExport]] = [:]
        try engine().forEachPendingExport(connector: connector.id) { byOperation[$0.operation, default: []].append($0) }
        return [.delete, .add, .update].flatMap { byOperation[$0] ?? [] }
    }

    private func tooManyDeletions(_ exports: [PendingExport]) throws -> String? {
        let limit = try database.read { db -> Int? in
            guard try Parameters.flag(db, Parameter.deletionThreshold) else { return nil }
            return Int(try Parameters.read(db, Parameter.deletionThresholdValue)) ?? 500
        }
        guard let limit else { return nil }
        let deletes = exports.filter { $0.operation == .delete }
        guard deletes.count > limit else { return nil }
        let promotions = try promotions(exports)
        guard deletes.count - promotions > limit else { return nil }
        return
            "\(deletes.count - promotions) deletions wait (\(promotions) promotions not counted), \(limit) are allowed: look at 'adsync pending-exports', then raise \(Parameter.deletionThresholdValue)"
    }

    /// Contacts that become users: a delete and an add of one person, known by their mail address.
    private func promotions(_ exports: [PendingExport]) throws -> Int {
        var users: Set<[UInt8]> = []
        for export in exports where export.operation == .add && export.type == "user" {
            for change in export.changes where change.attribute.lowercased() == "mail" { users.formUnion(change.added) }
        }
        guard !users.isEmpty else { return 0 }
        let engine = try engine()
        return exports.filter { export in
            guard export.operation == .delete, export.type == "contact",
                let object = engine.object(export.object), let imported = object.imported
            else { return false }
            return engine.decode(imported, connector: object.connector).contains { attribute in
                attribute.name.lowercased() == "mail" && attribute.values.contains { users.contains($0) }
            }
        }.count
    }

    private func send(_ exports: [PendingExport], to connector: Connector, _ run: inout RunRecord) throws {
        let cloud = try CloudStore(folder: connector.path, clock: server.clock)
        var start = 0
        while start < exports.count {
            if shouldStop() {
                run.note(.exportWarnings, "stopped with \(exports.count - start) changes to send")
                return
            }
            if let reason = try forbidden() {
                run.messages.append("\(exports.count - start) changes are staged and not sent: \(reason)")
                return
            }
            let batch = Array(exports[start..<min(start + Self.batchSize, exports.count)])
            let answers = try cloud.apply(batch.map(CloudForm.operation))
            try record(batch, answers, &run)
            start += batch.count
            if answers.contains(.throttled) {
                let left = exports.count - start + answers.count(where: { $0 == .throttled })
                run.note(
                    .exportWarnings, "the cloud directory takes no more now; \(left) changes wait for the next cycle")
                return
            }
        }
    }

    private func record(_ batch: [PendingExport], _ answers: [CloudAnswer], _ run: inout RunRecord) throws {
        var sent = 0
        for (export, answer) in zip(batch, answers) {
            switch answer {
            case .accepted: sent += 1
            case .refused(let code, let detail):
                sent += 1
                run.counts["errors", default: 0] += 1
                run.note(.exportErrors, "\(export.dn): \(export.operation.rawValue) refused: \(code): \(detail)")
            case .throttled: break
            }
        }
        run.counts["sent", default: 0] += sent
        try database.write { db in
            for (export, answer) in zip(batch, answers) {
                switch answer {
                case .accepted: try PendingExports.remove(db, export.object)
                case .refused(let code, let detail): try PendingExports.fail(db, export.object, "\(code): \(detail)")
                case .throttled: break
                }
            }
            try State.write(db, .exportsTotal, try State.number(db, .exportsTotal) + sent)
        }
    }
}
