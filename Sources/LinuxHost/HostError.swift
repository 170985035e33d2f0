import Glibc

/// A system call that failed: what was tried, on which file, and why it failed.
public struct HostError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What could not be done, such as "open" or "rename to current".
    public let operation: String
    public let path: String
    public let code: Int32

    public init(_ operation: String, _ path: String, _ code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    public var description: String { "\(path): cannot \(operation): \(String(cString: strerror(code)))" }

    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }
    public var isNotPermitted: Bool { code == EACCES || code == EPERM || code == EROFS }
    public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
}

/// Turns the shims' convention (a negated errno) into an error.
@discardableResult
func check(_ result: Int32, _ operation: String, _ path: String) throws(HostError) -> Int32 {
    if result < 0 { throw HostError(operation, path, -result) }
    return result
}

/// Turns libc's convention (-1 and errno) into an error; errno is read before anything else can change it.
func checkErrno(_ result: Int32, _ operation: String, _ path: String) throws(HostError) {
    if result < 0 {
        let code = errno
        throw HostError(operation, path, code)
    }
}
