import Documents
import GRDB
import LinuxHost
import ReleaseContract

extension Server {
    /// Copies the data of the active generation while everything goes on.
    ///
    /// `copier` is the program of this release; called with `copy-data`, it copies without a handle on the database.
    public func snapshotLive(to target: String, copier: String) throws -> JSONValue {
        let data = try dataFolder()
        let isCurrent = try DataCopy(from: data, to: target, isFinal: false, clock: clock).isCurrent()
        let database = try open(data: data)
        // With the log empty and this read transaction held, nothing writes to the main file until the copy is done. A copy
        // that is current needs its log only, and emptying that would change the main file.
        for _ in 0..<50 where !isCurrent {
            if try database.checkpoint() { break }
            clock.pause(milliseconds: 20)
        }
        return try database.read { db in
            _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM parameters")
            let child = Invocation(
                program: copier, arguments: ["copy-data", "--from", data, "--to", target, "--format", "json"])
            let completion = try ChildProcess.run(child, timeoutSeconds: 24 * 3600, clock: clock)
            guard completion.end == .exited(0) else {
                let kind: ServiceError.Kind = completion.end == .exited(75) ? .notNow : .failed
                throw ServiceError(kind, "copying \(data) failed: \(completion.diagnostics)")
            }
            return try JSONParser.parse(completion.output)
        }
    }

    /// Brings the copy to the state of the data of the stopped service. Opens no database.
    public func snapshotFinal(to target: String) throws -> JSONValue {
        if let service = try runningService() {
            throw ServiceError(
                .notNow, "the service runs (process \(service.process.pid)); stop it before the final copy")
        }
        if let running = try CycleLock.running(layout) {
            throw ServiceError(.notNow, "a cycle is running (\(running))")
        }
        return try DataCopy(from: try dataFolder(), to: target, isFinal: true, clock: clock).run()
    }
}
