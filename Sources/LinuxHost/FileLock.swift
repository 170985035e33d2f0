import CLinux
import Glibc

/// An exclusive flock on a file that is never removed, held until its owner goes or the process ends.
///
/// The file's content is the holder's own record, for whoever finds the lock taken.
public struct FileLock: ~Copyable {
    public let path: String
    private let file: Descriptor

    /// Takes the lock; nil when somebody else holds it.
    public init?(trying path: String, mode: mode_t = 0o600) throws(HostError) {
        let file = try Descriptor(opening: path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: mode)
        let result = clinux_try_lock(file.number, 1)
        if result == -EWOULDBLOCK { return nil }
        try check(result, "lock", path)
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
