import Documents
import Glibc
import LinuxHost
import ReleaseContract

/// The management console that is open on a server, as `console.lock` tells it.
public struct ConsoleLock: Equatable, Sendable {
    /// One that is open as long as this was left open: whoever forgot it is asked to close it.
    public static let patienceSeconds = 6 * 3600

    public let record: ConsoleRecord

    /// nil where no console is open: there is no record, or it is that of a process that has ended or of another boot.
    public init?(_ layout: ServerLayout) throws {
        guard let bytes = try DurableFiles.read(layout.consoleLock, limit: 1 << 16), !bytes.isEmpty else { return nil }
        let record = try ConsoleRecord(bytes: bytes, file: layout.consoleLock)
        guard record.process.isRunning else { return nil }
        self.record = record
    }

    /// How long it has been open; zero where its beginning lies in the future, as after somebody set the clock back.
    public func secondsOpen(now: WallTime) -> Int { max(0, Int((now.milliseconds - record.since.milliseconds) / 1000)) }

    public func wasLeftOpen(now: WallTime) -> Bool { secondsOpen(now: now) >= Self.patienceSeconds }

    /// Asks exactly this console to end, with SIGTERM; false where it has ended already. It may take a while to do so.
    @discardableResult
    public func askToLeave() throws -> Bool { try record.process.signal(SIGTERM) }
}
