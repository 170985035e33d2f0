import CLinux
import Glibc

/// A program that reads on its standard input what it is fed, piece by piece, while the caller goes on with other work.
/// Used by one thread. It is killed with its process group when its owner cancels it or forgets it.
public final class ChildProcessFeed {
    /// What the pipe has room for, so that the two work side by side and not in turns.
    private static let pipeBytes = 1 << 20

    private let pid: pid_t
    private let program: String
    private let clock: any Clock
    private let stallSeconds: Int
    /// Open while there is more to come.
    private var feed: Descriptor?
    private var diagnostics: PipeReader
    private var isRunning = true
    private var hasStalled = false

    /// Starts a program. Its standard output leads nowhere.
    ///
    /// - Parameters:
    ///   - file: what the program reads as `/dev/fd/3`: a file in memory that nobody can change.
    ///   - stallSeconds: how long the program may take nothing of what it is fed before it is killed.
    public init(
        _ invocation: Invocation, file: [UInt8], stallSeconds: Int, clock: any Clock
    ) throws(HostError) {
        let memory = Descriptor(
            owning: try check(
                file.withUnsafeBytes { clinux_memory_file("given", $0.baseAddress, Int64($0.count)) },
                "make a file in memory for", invocation.program))
        var ends: (read: Int32, write: Int32) = (-1, -1)
        try check(clinux_pipe(&ends.read, &ends.write, Int32(Self.pipeBytes)), "make a pipe for", invocation.program)
        let input = Descriptor(owning: ends.read)
        let feed = Descriptor(owning: ends.write)
        _ = fcntl(feed.number, F_SETFL, O_NONBLOCK)
        var diagnostics = try PipeReader(limit: 1 << 20)
        let output = try Descriptor(opening: "/dev/null", flags: O_WRONLY)
        pid = try ChildProcess.spawn(
            invocation, in: input.number, out: output.number, err: diagnostics.writeEnd, extra: memory.number,
            flags: CLINUX_SPAWN_GROUP)
        diagnostics.closeWriteEnd()
        self.diagnostics = diagnostics
        self.feed = consume feed
        program = invocation.program
        self.clock = clock
        self.stallSeconds = stallSeconds
    }

    deinit { cancel() }

    /// Feeds the program.
    ///
    /// - Returns: false where it reads no more; ``finish(timeoutSeconds:)`` says why.
    public func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard isRunning, let number = feed?.number else { return false }
        var done = 0
        var deadline = clock.monotonicMilliseconds() + stallSeconds * 1000
        while done < bytes.count, let start = bytes.baseAddress {
            let put = clinux_write_quietly(number, start + done, Int64(bytes.count - done))
            if put > 0 {
                done += Int(put)
                deadline = clock.monotonicMilliseconds() + stallSeconds * 1000
                continue
            }
            guard put == -Int64(EAGAIN) || put == -Int64(EINTR) else {
                feed = nil
                return false
            }
            // A program that is held up by what it says would never read on.
            try? diagnostics.drain()
            if clock.monotonicMilliseconds() > deadline {
                kill()
                hasStalled = true
                return false
            }
            _ = clinux_wait_writable(number, 50)
        }
        return true
    }

    /// Ends the input and waits for the program's end.
    public func finish(timeoutSeconds: Int) throws(HostError) -> Completion {
        feed = nil
        if hasStalled { return try completion(.timedOut(seconds: stallSeconds)) }
        let deadline = clock.monotonicMilliseconds() + timeoutSeconds * 1000
        var code: Int32 = 0
        var signal: Int32 = 0
        var wait: Int32 = 2
        while isRunning {
            try diagnostics.drain()
            if try check(clinux_wait_child(pid, wait, &code, &signal), "wait for", program) == 1 {
                isRunning = false
            } else if clock.monotonicMilliseconds() > deadline {
                kill()
                return try completion(.timedOut(seconds: timeoutSeconds))
            }
            wait = min(wait * 2, 50)
        }
        return try completion(signal > 0 ? .signalled(Int(signal)) : .exited(Int(code)))
    }

    /// Kills the program, where it still runs, and waits until it is gone.
    public func cancel() {
        feed = nil
        kill()
    }

    private func kill() {
        guard isRunning else { return }
        isRunning = false
        ChildProcess.killGroup(pid)
    }

    private func completion(_ end: Completion.End) throws(HostError) -> Completion {
        try diagnostics.drain()
        return Completion(
            end: end, output: [], outputWasCut: false,
            diagnostics: String(decoding: diagnostics.bytes.suffix(4096), as: UTF8.self))
    }
}
