import CLinux
import Documents
import Glibc

extension ProcessIdentity {
    /// This process.
    public static func current() throws(HostError) -> ProcessIdentity { try of(pid: Int(getpid())) }

    /// A running process.
    public static func of(pid: Int) throws(HostError) -> ProcessIdentity {
        guard let state = try state(of: pid) else { throw HostError("find the process", "/proc/\(pid)", ESRCH) }
        return ProcessIdentity(pid: pid, startTime: state.startTime, bootId: try Boot.id())
    }

    /// Whether exactly this process still runs. A zombie has ended.
    public var isRunning: Bool {
        guard let boot = try? Boot.id(), boot == bootId, let state = try? Self.state(of: pid) else { return false }
        return state.startTime == startTime && state.letter != "Z" && state.letter != "X"
    }

    /// Sends a signal if exactly this process still runs; false when it does not.
    @discardableResult
    public func signal(_ number: Int32) throws(HostError) -> Bool {
        let handle = clinux_pidfd_open(pid_t(pid))
        if handle == -ESRCH { return false }
        try check(handle, "open the process", "/proc/\(pid)")
        let owned = Descriptor(owning: handle)
        // Looked at after the descriptor is open: it names the process that is looked at now, whatever happens next.
        guard isRunning else { return false }
        let result = clinux_pidfd_signal(owned.number, number)
        if result == -ESRCH { return false }
        try check(result, "signal the process", "/proc/\(pid)")
        return true
    }

    /// Waits until the process has ended; false when the time is up.
    public func awaitEnd(milliseconds: Int, host: some Clock) -> Bool {
        let start = host.monotonicMilliseconds()
        while isRunning {
            if host.monotonicMilliseconds() - start > milliseconds { return false }
            host.pause(milliseconds: 10)
        }
        return true
    }

    private static func state(of pid: Int) throws(HostError) -> (letter: Character, startTime: Int)? {
        let path = "/proc/\(pid)/stat"
        let bytes: [UInt8]?
        do throws(HostError) {
            bytes = try DurableFiles.read(path, limit: 8192)
        } catch {
            if error.code == ESRCH { return nil }
            throw error
        }
        guard let bytes, let close = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        // Fields after the command's closing parenthesis: the state is the third of all, the start time the 22nd.
        let fields = bytes[(close + 1)...].split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        guard fields.count > 19, let letter = fields[0].first, let start = Int(fields[19]) else { return nil }
        return (letter, start)
    }
}

/// This boot of the machine.
public enum Boot {
    /// The kernel's random name for this boot.
    public static func id() throws(HostError) -> String {
        let path = "/proc/sys/kernel/random/boot_id"
        guard let bytes = try DurableFiles.read(path, limit: 256) else { throw HostError("read", path, ENOENT) }
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }
}
