import Documents
import LinuxHost
import ReleaseContract

/// One run at a time, and no run beside an orphan of a dead one.
///
/// The programs that a run starts hold the lock with it. When a run is killed, its lock is free only once the last of them
/// has ended; the next run ends what is left, since nobody waits for it any more.
enum RunLock {
    static let orphanLimitMilliseconds = 30_000

    /// Runs a command's body while it holds the lock.
    ///
    /// - Parameter advice: what a person is told who finds another run at work.
    static func holding(
        _ installation: Installation, else advice: String = "this one has done nothing", _ body: () throws -> CommandEnd
    ) throws -> CommandEnd {
        guard let lock = try take(installation) else {
            return .code(
                .aborted("AnotherRunActive"), "another run holds \(installation.layout.runLock); \(advice)")
        }
        let end = try body()
        _ = consume lock
        return end
    }

    /// nil when another run lives.
    private static func take(_ installation: Installation) throws -> FileLock? {
        let (layout, clock) = (installation.layout, installation.clock)
        // Nothing is made below a folder that is no server.
        guard DurableFiles.exists(layout.service) else {
            throw StepFailure(
                "NoActiveGeneration", "there is no \(layout.service); is \(layout.root) the root of a server?")
        }
        try DurableFiles.makeFolders(layout.upgrader, mode: 0o755)
        let start = clock.monotonicMilliseconds()
        while true {
            if let lock = try FileLock(trying: layout.runLock, childrenHold: true) {
                try lock.record(JSONValue.object(try ProcessIdentity.current().members).pretty)
                return lock
            }
            if try owner(layout)?.isRunning ?? false { return nil }
            if clock.monotonicMilliseconds() - start > orphanLimitMilliseconds { return nil }
            for orphan in try FileLock.openers(layout.runLock) where try owner(layout)?.isRunning != true {
                // Another run that waits for the same lock has the file open too; it is no orphan.
                if try isRun(orphan) { continue }
                try orphan.signal(9)
            }
            clock.pause(milliseconds: 20)
        }
    }

    private static func isRun(_ process: ProcessIdentity) throws -> Bool {
        let own = try DurableFiles.linkTarget("/proc/self/exe")
        return try DurableFiles.linkTarget("/proc/\(process.pid)/exe") == own
    }

    private static func owner(_ layout: ServerLayout) throws -> ProcessIdentity? {
        guard let bytes = try DurableFiles.read(layout.runLock, limit: 65_536), let json = try? JSONParser.parse(bytes),
            var fields = try? FieldReader(json, file: layout.runLock)
        else { return nil }
        return try? ProcessIdentity(fields: &fields)
    }
}
