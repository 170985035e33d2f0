import CLinux
import Glibc

/// A right that could not be given up: what was tried, and why it failed.
public struct SandboxError: Error, Equatable, Sendable, CustomStringConvertible {
    public let operation: String
    public let code: Int32

    public var description: String { "cannot \(operation): \(String(cString: strerror(code)))" }
}

/// What a process gives up, for good, before it reads what a stranger wrote. Afterwards it reads descriptor 0, writes to
/// descriptor 2, makes and writes files and folders beneath one open folder, and does nothing else.
public enum Sandbox {
    /// Numbers that the process itself needs to go on with.
    public struct Limits: Equatable, Sendable {
        /// The size of the largest file that may be written.
        public var fileBytes: Int
        /// Memory that may be written, with what is in use already.
        public var memoryBytes: Int
        public var openFiles: Int

        public init(fileBytes: Int, memoryBytes: Int, openFiles: Int) {
            self.fileBytes = fileBytes
            self.memoryBytes = memoryBytes
            self.openFiles = openFiles
        }
    }

    /// Enters the sandbox. Where this fails, the process must end: some rights may be given up already.
    ///
    /// - Parameter folder: an open folder, the only place that files may be made in. Every other descriptor from 3 on is
    ///   closed.
    public static func enter(folder: Int32, limits: Limits) throws(SandboxError) {
        try must(clinux_close_others(folder), "close the descriptors that came with the caller")
        // Standard output may be anything; nothing is written there.
        if dup2(2, 1) < 0 {
            let code = errno
            throw SandboxError(operation: "close standard output", code: code)
        }
        try limit(RLIMIT_CORE, 0)
        try limit(__RLIMIT_NPROC, 0)
        try limit(RLIMIT_FSIZE, limits.fileBytes)
        try limit(RLIMIT_DATA, limits.memoryBytes)
        // A number from here on cannot be opened; the folder keeps its own.
        try limit(RLIMIT_NOFILE, max(limits.openFiles, Int(folder) + limits.openFiles))
        try must(clinux_renounce_privileges(), "give up the privileges of the account")
        try must(
            clinux_confine_writing(folder),
            "confine writing to the folder with Landlock, which the kernel must have and permit")
        try must(
            SystemCallFilter(rules: SystemCallFilter.unpacking(folderFrom: 3)).load(),
            "filter system calls with seccomp, which the kernel must have and permit")
    }

    private static func limit(_ resource: __rlimit_resource, _ value: Int) throws(SandboxError) {
        try must(clinux_limit(Int32(resource.rawValue), Int64(value)), "lower a resource limit")
    }

    private static func must(_ result: Int32, _ operation: String) throws(SandboxError) {
        if result < 0 { throw SandboxError(operation: operation, code: -result) }
    }
}
