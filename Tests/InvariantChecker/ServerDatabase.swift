import Foundation

/// The rows of a service's SQLite database, read with Python's own library.
enum ServerDatabase {
    /// Tables that every cycle writes, and parameters that are a state: judged elsewhere.
    private static let script = """
        import hashlib, sqlite3, sys
        passing = {"cycles", "run_history", "state", "scheduler_overrides", "sqlite_sequence"}
        states = ("Microsoft.OptionalFeature.AutoUpgradeState", "Microsoft.OptionalFeature.AutoUpgradeSuspensionReason",
                  "Microsoft.Synchronize.SchedulerSuspended", "Microsoft.Synchronize.NextStartTime",
                  "Microsoft.Synchronize.SynchronizationPolicy")
        database = sqlite3.connect(sys.argv[1], timeout=30)
        database.execute("BEGIN")
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for name in sorted(set(names) - passing):
            rows = database.execute('SELECT * FROM "%s"' % name).fetchall()
            lines = sorted(repr(row) for row in rows if name != "parameters" or row[0] not in states)
            print(name, hashlib.sha256("\\n".join(lines).encode()).hexdigest())
        """

    /// A digest per table, by `adsync.db/table`.
    static func digests(of database: URL) -> [String: String] {
        let (status, output) = ServerFiles.command(["/usr/bin/python3", "-c", script, database.path])
        guard status == 0 else { return [database.lastPathComponent: "cannot be read"] }
        var digests: [String: String] = [:]
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2 { digests["\(database.lastPathComponent)/\(words[0])"] = String(words[1]) }
        }
        return digests
    }
}
