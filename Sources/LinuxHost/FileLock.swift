import CLinux
import Documents
import Glibc

/// An exclusive flock on a file that is never removed, held until its owner goes or the process ends.
///
/// The file's content is the holder's own record, for whoever finds the lock taken.
public struct FileLock: ~Copyable {
    public let path: String
    private let file: Descriptor

    /// Takes the lock; nil when somebody else holds it.
    ///
    /// - Parameter childrenHold: children that ``ChildProcess/run`` starts hold the lock too, until the last of them has
    ///   ended, however this process ends.
    public init?(trying path: String, mode: mode_t = 0o600, childrenHold: Bool = false) throws(HostError) {
        let file = try Descriptor(opening: path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: mode)
        let result = clinux_try_lock(file.number, 1)
        if result == -EWOULDBLOCK { return nil }
        try check(result, "lock", path)
        if childrenHold { try checkErrno(fcntl(file.number, F_SETFD, 0), "keep open", path) }
        self.path = path
        self.file = file
    }

    /// Replaces the holder's record.
    public borrowing func record(_ bytes: [UInt8]) throws(HostError) {
        try checkErrno(ftruncate(file.number, 0), "truncate", path)
        try checkErrno(Int32(truncatingIfNeeded: lseek(file.number, 0, SEEK_SET)), "seek", path)
        try file.write(bytes, path: path)
        try file.sync(path: path)
    }

    /// The processes that have the file open and thereby may hold its lock, without this one.
    public static func openers(_ path: String) throws(HostError) -> [ProcessIdentity] {
        guard let wanted = try DurableFiles.status(path) else { return [] }
        var found: [ProcessIdentity] = []
        for name in try DurableFiles.list("/proc") ?? [] {
            guard let pid = Int(name), pid != Int(getpid()) else { continue }
            // A process may end meanwhile, or belong to somebody else: then it is none that this user can end.
            guard let descriptors = try? DurableFiles.list("/proc/\(pid)/fd") else { continue }
            let holds = descriptors.contains { number in
                var status = stat()
                return stat("/proc/\(pid)/fd/\(number)", &status) == 0 && status.st_ino == wanted.st_ino
                    && status.st_dev == wanted.st_dev
            }
            if holds, let identity = try? ProcessIdentity.of(pid: pid) { found.append(identity) }
        }
        return found
    }

    /// Whether somebody holds the lock right now; false when there is no such file.
    public static func isHeld(_ path: String) throws(HostError) -> Bool {
        guard try DurableFiles.kind(path) != nil else { return false }
        let probe = try Descriptor(opening: path, flags: O_RDWR | O_NOFOLLOW)
        let result = clinux_try_lock(probe.number, 1)
        if result == -EWOULDBLOCK { return true }
        try check(result, "lock", path)
        return false
    }
}
