import Documents
import GRDB
import LinuxHost
import SyncConfiguration
import SyncEngine

extension Cycle {
    /// Reads what a directory has or what changed in it.
    func importStep(_ connector: Connector) throws -> RunRecord {
        let started = server.clock.now()
        let (watermarks, overridden) = try database.read { db in
            (
                try Self.watermarks(db, connector.id),
                try Override.pending(db, .fullImport).contains(connector.id)
            )
        }
        let isFull = policy == .initial || overridden || watermarks.isEmpty
        var run = RunRecord(connector, isFull ? .fullImport : .deltaImport)
        var result = ImportResult(watermarks: watermarks)
        switch connector.kind {
        case .activeDirectory: try importFolder(connector, isFull, &run, &result)
        case .cloud: try importCloud(connector, isFull, &run, &result)
        }
        let errors = result.summary.errors.count + (result.isWhole ? 0 : 1)
        for error in result.summary.errors.prefix(RunRecord.messageLimit) { run.note(.importErrors, "\(error)") }
        run.counts = [
            "adds": result.summary.adds, "updates": result.summary.updates, "deletes": result.summary.deletes,
            "renames": result.summary.renames, "unchanged": result.summary.unchanged, "errors": errors,
        ]
        let unchanged = result.watermarks == watermarks && !isFull && errors == 0 && !isLoaded
        if unchanged { return run }
        try commit(run, started: started) { db in
            for (partition, watermark) in result.watermarks {
                try Self.setWatermark(db, connector.id, partition, watermark)
            }
            try State.count(db, errors: errors, of: run)
            guard result.isWhole else { return }
            if isFull { try Override.done(db, .fullImport, connector: connector.id) }
            if connector.kind == .cloud { try State.write(db, .exportsWithheld, "") }
        }
        return run
    }

    struct ImportResult {
        var watermarks: [String: Int]
        var summary = ImportSummary()
        /// Everything that should be read was read.
        var isWhole = true
    }

    // MARK: - Folders of LDIF files

    private func importFolder(
        _ connector: Connector, _ isFull: Bool, _ run: inout RunRecord, _ result: inout ImportResult
    )
        throws
    {
        let directory = try DirectoryFolder(path: connector.path, known: Array(result.watermarks.keys))
        var session: SynchronizationEngine?
        func begin() throws -> SynchronizationEngine {
            if let session { return session }
            let engine = try engine()
            try engine.beginImport(connector: connector.id, full: isFull)
            session = engine
            return engine
        }
        if isFull { _ = try begin() }
        for partition in directory.partitions {
            // A new partition is read whole even in a delta import; nothing is taken for deleted then.
            let known = isFull ? nil : result.watermarks[partition.name]
            do {
                var watermark = known ?? 0
                if known == nil {
                    try Self.read(partition.dump, into: try begin())
                    watermark = try Self.dumpWatermark(partition)
                }
                let (numbers, gap) = try partition.changes(after: watermark)
                for number in numbers {
                    try Self.read(partition.change(number), into: try begin())
                    result.watermarks[partition.name] = number
                }
                if known == nil, numbers.isEmpty { result.watermarks[partition.name] = watermark }
                if let gap {
                    result.isWhole = false
                    run.note(.importWarnings, "\(partition.change(gap)): missing, later ones wait: put it there")
                }
            } catch let error as LDIFError {
                result.isWhole = false
                run.note(.importWarnings, "\(error); nothing of this partition is taken for deleted")
            } catch let error as HostError {
                result.isWhole = false
                run.note(.importWarnings, "\(error); nothing of this partition is taken for deleted")
            }
        }
        if let session { result.summary = result.isWhole ? session.finishImport() : session.abandonImport() }
    }

    private static func read(_ file: String, into engine: SynchronizationEngine) throws {
        let reader = try LDIFReader.open(file)
        while let record = try reader.next() { engine.importRecord(record) }
    }

    /// The number of the last change that a dump already has, from `full.watermark` beside it; 0 without one.
    private static func dumpWatermark(_ partition: DirectoryFolder.Partition) throws -> Int {
        let path = "\(partition.folder)/full.watermark"
        guard let bytes = try DurableFiles.read(path, limit: 64) else { return 0 }
        guard let number = Int(String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)), number >= 0 else {
            throw LDIFError(file: path, line: 1, problem: "expected the number of a change file")
        }
        return number
    }

    // MARK: - The cloud directory

    private func importCloud(
        _ connector: Connector, _ isFull: Bool, _ run: inout RunRecord, _ result: inout ImportResult
    )
        throws
    {
        let cloud: CloudStore
        do {
            cloud = try CloudStore(folder: connector.path, clock: server.clock)
        } catch let error as ServiceError {
            result.isWhole = false
            run.note(.importWarnings, "\(error)")
            return
        }
        if isFull {
            let engine = try engine()
            try engine.beginImport(connector: connector.id, full: true)
            do {
                result.watermarks[""] = try cloud.everything { engine.importEntry(CloudForm.entry($0)) }
                result.summary = engine.finishImport()
            } catch {
                result.summary = engine.abandonImport()
                throw error
            }
            return
        }
        let changes = try cloud.changes(after: result.watermarks["", default: 0])
        guard changes.watermark != result.watermarks[""] else { return }
        let engine = try engine()
        try engine.beginImport(connector: connector.id, full: false)
        for object in changes.objects { engine.importEntry(CloudForm.entry(object)) }
        for dn in changes.deleted where engine.object(connector: connector.id, dn: dn)?.imported != nil {
            engine.importDelete(dn: dn)
        }
        result.watermarks[""] = changes.watermark
        result.summary = engine.finishImport()
    }

    // MARK: - Watermarks

    private static func watermarks(_ db: Database, _ connector: String) throws -> [String: Int] {
        var watermarks: [String: Int] = [:]
        let sql = "SELECT partition, watermark FROM watermarks WHERE connector = ?"
        for row in try Row.fetchAll(db, sql: sql, arguments: [connector]) { watermarks[row[0]] = row[1] }
        return watermarks
    }

    private static func setWatermark(_ db: Database, _ connector: String, _ partition: String, _ watermark: Int) throws
    {
        try db.execute(
            sql: """
                INSERT INTO watermarks(connector, partition, watermark) VALUES (?, ?, ?)
                ON CONFLICT(connector, partition) DO UPDATE SET watermark = excluded.watermark
                """,
            arguments: [connector, partition, watermark])
    }
}
