import CLinux
import Documents
import Glibc

/// A program to start, with everything it gets.
public struct Invocation: Equatable, Sendable {
    public var program: String
    public var arguments: [String]
    /// The whole environment; nothing is inherited.
    public var environment: [String: String]
    public var folder: String

    public init(
        program: String, arguments: [String] = [], environment: [String: String] = Invocation.cleanEnvironment,
        folder: String = "/"
    ) {
        self.program = program
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
    }

    /// What control commands and tests get (docs/release-contract.md): nothing that came with the caller.
    public static let cleanEnvironment = [
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TZ": "UTC",
        "HOME": "/root",
    ]
}

/// How a program ended.
public struct Completion: Equatable, Sendable {
    public enum End: Equatable, Sendable {
        case exited(Int)
        case signalled(Int)
        /// It did not end in time and was killed with its whole process group.
        case timedOut(seconds: Int)
    }

    public let end: End
    /// At most as many bytes as the caller allowed.
    public let output: [UInt8]
    public let outputWasCut: Bool
    /// The end of standard error, for messages.
    public let diagnostics: String
}

/// Starting programs and waiting for them. The caller is one thread, so that a signal to its process group or its death
/// leaves nothing half-handled inside.
public enum ChildProcess {
    /// Runs a program to its end. `tick` is called at least every second meanwhile.
    public static func run(
        _ invocation: Invocation, timeoutSeconds: Int, outputLimit: Int = 16 << 20, clock: some Clock,
        started: (ProcessIdentity) throws -> Void = { _ in }, tick: () throws -> Void = {}
    ) throws -> Completion {
        var output = try PipeReader(limit: outputLimit)
        var diagnostics = try PipeReader(limit: 1 << 20)
        let input = try Descriptor(opening: "/dev/null", flags: O_RDONLY)
        let pid = try spawn(
            invocation, in: input.number, out: output.writeEnd, err: diagnostics.writeEnd,
            flags: CLINUX_SPAWN_GROUP | CLINUX_SPAWN_KEEP)
        output.closeWriteEnd()
        diagnostics.closeWriteEnd()
        var running = true
        defer {
            // Only reached with a living child when `started` or `tick` threw.
            if running { killGroup(pid) }
        }
        if let identity = try? ProcessIdentity.of(pid: Int(pid)) { try started(identity) }

        let deadline = clock.monotonicMilliseconds() + timeoutSeconds * 1000
        var code: Int32 = 0
        var signal: Int32 = 0
        var wait: Int32 = 2
        while true {
            try output.drain()
            try diagnostics.drain()
            let ended = try check(clinux_wait_child(pid, wait, &code, &signal), "wait for", invocation.program)
            if ended == 1 { break }
            if clock.monotonicMilliseconds() > deadline {
                killGroup(pid)
                running = false
                try output.drain()
                try diagnostics.drain()
                return completion(.timedOut(seconds: timeoutSeconds), output, diagnostics)
            }
            // Short at first, because most verbs take milliseconds; pipes are drained at each round.
            wait = min(wait * 2, 50)
            try tick()
        }
        running = false
        // What a grandchild holds open is not waited for.
        try output.drain()
        try diagnostics.drain()
        return completion(signal > 0 ? .signalled(Int(signal)) : .exited(Int(code)), output, diagnostics)
    }

    /// Starts a program in a session of its own that outlives the caller; its output goes to the end of a file.
    public static func startDetached(_ invocation: Invocation, log: String) throws -> ProcessIdentity {
        let input = try Descriptor(opening: "/dev/null", flags: O_RDONLY)
        let output = try Descriptor(opening: log, flags: O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, mode: 0o640)
        let pid = try spawn(
            invocation, in: input.number, out: output.number, err: output.number, flags: CLINUX_SPAWN_SESSION)
        return try ProcessIdentity.of(pid: Int(pid))
    }

    /// Ends a process: SIGTERM, then SIGKILL after the given time. True when it has ended.
    public static func stop(
        _ process: ProcessIdentity, graceSeconds: Int, clock: some Clock, tick: () throws -> Void = {}
    )
        throws -> Bool
    {
        guard try process.signal(SIGTERM) else { return true }
        let deadline = clock.monotonicMilliseconds() + graceSeconds * 1000
        var wait = 1
        while clock.monotonicMilliseconds() < deadline {
            reap(process)
            if !process.isRunning { return true }
            clock.pause(milliseconds: wait)
            wait = min(wait * 2, 20)
            try tick()
        }
        try process.signal(SIGKILL)
        for _ in 0..<500 {
            reap(process)
            if !process.isRunning { return true }
            clock.pause(milliseconds: 10)
        }
        return false
    }

    /// Collects a child of this process if it has ended, such as a service that was started here; leaves every other
    /// child to whoever waits for it.
    public static func reap(_ process: ProcessIdentity) { waitpid(pid_t(process.pid), nil, WNOHANG) }

    static func killGroup(_ pid: pid_t) {
        kill(-pid, SIGKILL)
        kill(pid, SIGKILL)
        var code: Int32 = 0
        var signal: Int32 = 0
        _ = clinux_wait_child(pid, 5000, &code, &signal)
    }

    static func completion(
        _ end: Completion.End, _ output: borrowing PipeReader, _ errors: borrowing PipeReader
    )
        -> Completion
    {
        Completion(
            end: end, output: output.bytes, outputWasCut: output.wasCut,
            diagnostics: String(decoding: errors.bytes.suffix(4096), as: UTF8.self))
    }

    /// - Parameter extra: a descriptor that the program gets as its number 3; none where it is negative.
    static func spawn(
        _ invocation: Invocation, in input: Int32, out: Int32, err: Int32, extra: Int32 = -1, flags: Int32
    ) throws(HostError) -> pid_t {
        var words = ([invocation.program] + invocation.arguments).map { strdup($0) }
        words.append(nil)
        var settings = invocation.environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") }
        settings.append(nil)
        defer { for text in words + settings { free(text) } }
        let pid = clinux_spawn_giving(
            invocation.program, words, settings, invocation.folder, input, out, err, extra, flags)
        if pid < 0 { throw HostError("start", invocation.program, -pid) }
        return pid
    }
}

/// The reading end of a pipe whose writer is a child; never blocks, keeps at most `limit` bytes and goes on reading, so
/// that a talkative child is not stopped by a full pipe.
struct PipeReader: ~Copyable {
    private let readEnd: Int32
    private(set) var writeEnd: Int32
    private let limit: Int
    private(set) var bytes: [UInt8] = []
    private(set) var wasCut = false

    init(limit: Int) throws(HostError) {
        var ends: [Int32] = [0, 0]
        try checkErrno(pipe(&ends), "make a pipe", "pipe")
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        (readEnd, writeEnd) = (ends[0], ends[1])
        self.limit = limit
    }

    deinit {
        close(readEnd)
        if writeEnd >= 0 { close(writeEnd) }
    }

    mutating func closeWriteEnd() {
        close(writeEnd)
        writeEnd = -1
    }

    mutating func drain() throws(HostError) {
        while true {
            var got = 0
            var code: Int32 = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, size in
                got = read(readEnd, buffer.baseAddress, 65_536)
                code = got < 0 ? errno : 0
                size = max(0, got)
            }
            if got > 0 {
                let room = limit - bytes.count
                if chunk.count > room { wasCut = true }
                bytes.append(contentsOf: chunk.prefix(room))
            } else if got == 0 || code == EAGAIN {
                return
            } else if code != EINTR {
                throw HostError("read from a child", "pipe", code)
            }
        }
    }
}
