import Documents
import Glibc
import LinuxHost
import ReleaseContract

/// The right to have the management console open: one at a time on a server, and told to whoever wants to upgrade it.
public struct ConsoleSession: ~Copyable {
    private let lock: FileLock

    public init(server: Server) throws {
        let path = server.layout.consoleLock
        guard let taken = try FileLock(trying: path) else {
            let open = try Self.open(server.layout)
            let holder = open.map { " (process \($0.process.pid) of \($0.user), since \($0.since))" } ?? ""
            throw ServiceError(.notNow, "\(path): a management console is open already\(holder); one at a time")
        }
        let record = ConsoleRecord(
            process: try ProcessIdentity.current(), since: server.clock.now(), user: Self.user())
        try taken.record(record.json.compact)
        lock = taken
    }

    deinit { try? lock.record([]) }

    /// The file that holds the lock, for as long as somebody asks.
    public var path: String { lock.path }

    /// The console that is open now. The record of a process that has ended, or of another boot, tells of none.
    public static func open(_ layout: ServerLayout) throws -> ConsoleRecord? {
        guard let bytes = try DurableFiles.read(layout.consoleLock, limit: 1 << 16), !bytes.isEmpty else { return nil }
        let record = try ConsoleRecord(bytes: bytes, file: layout.consoleLock)
        return record.process.isRunning ? record : nil
    }

    /// The account's name, or its number where it has none.
    private static func user() -> String {
        guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return "uid \(getuid())" }
        return String(cString: name)
    }
}
