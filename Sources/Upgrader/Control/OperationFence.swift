import Documents
import LinuxHost
import ReleaseContract

/// Makes sure that nothing which an earlier process started still changes the server.
///
/// A killed orchestrator leaves its control commands running. Whatever changes something holds `operation.lock` and has
/// written who it is: it is given a moment to end by itself, then killed and awaited.
public struct OperationFence {
    public let layout: ServerLayout
    public let clock: any Clock
    /// Time that a running operation gets to end by itself, such as an administrator's own command.
    public var graceMilliseconds = 2000
    public var limitMilliseconds = 60_000

    public init(layout: ServerLayout, clock: any Clock) {
        self.layout = layout
        self.clock = clock
    }

    /// Returns when nobody holds the lock. Says what it ended, if anything.
    public func close(tick: () throws -> Void = {}) throws -> String? {
        let start = clock.monotonicMilliseconds()
        var ended: String?
        while try FileLock.isHeld(layout.operationLock) {
            let waited = clock.monotonicMilliseconds() - start
            if waited > limitMilliseconds {
                throw StepFailure(
                    "OperationStillRunning",
                    "\(layout.operationLock) is still held after \(limitMilliseconds / 1000) s; find its holder with "
                        + "'fuser \(layout.operationLock)' and end it")
            }
            if waited >= graceMilliseconds, let holder = try holder() {
                if try holder.process.signal(9) {
                    ended = "\(holder.verb) (process \(holder.process.pid))"
                }
            }
            clock.pause(milliseconds: 20)
            try tick()
        }
        return ended
    }

    private func holder() throws -> OperationRecord? {
        guard let bytes = try DurableFiles.read(layout.operationLock, limit: 65_536) else { return nil }
        return try? OperationRecord(bytes: bytes, file: layout.operationLock)
    }
}
