import Foundation
import Glibc

/// Something that could not be measured, in one line.
struct BenchError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// What a program that has ended cost.
struct Cost: Sendable {
    var status: Int32
    var seconds: Double
    /// Processor time of the program and of the children it waited for.
    var processor: Double
    /// The largest resident memory of the program or of one child it waited for; never below this program's own, because
    /// the kernel counts the moment before exec.
    var peakBytes: Int
    var output: String
}

/// Starting programs and seeing what they cost.
enum Child {
    /// Runs a program to its end.
    static func run(_ words: [String], environment: [String: String] = [:], log: String? = nil) throws -> Cost {
        let file = log ?? NSTemporaryDirectory() + "bench-\(getpid())-\(UInt32.random(in: 0 ... .max)).out"
        defer { if log == nil { unlink(file) } }
        let start = Monotonic.now()
        let pid = try spawn(words, environment: environment, log: file, detached: false)
        var status: Int32 = 0
        var usage = rusage()
        while wait4(pid, &status, 0, &usage) < 0 {
            guard errno == EINTR else { throw BenchError("\(words[0]): cannot be waited for") }
        }
        let seconds = Monotonic.now() - start
        let output = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return Cost(
            status: (status & 0x7f) == 0 ? (status >> 8) & 0xff : -(status & 0x7f), seconds: seconds,
            processor: Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime), peakBytes: usage.ru_maxrss * 1024,
            output: output)
    }

    /// Runs a program that must end well.
    @discardableResult
    static func must(_ words: [String], environment: [String: String] = [:]) throws -> Cost {
        let cost = try run(words, environment: environment)
        guard cost.status == 0 else {
            throw BenchError("\(words.joined(separator: " ")) ended with \(cost.status): \(cost.output.suffix(2000))")
        }
        return cost
    }

    /// Starts a program that goes on by itself.
    static func start(_ words: [String], log: String) throws -> pid_t {
        try spawn(words, environment: [:], log: log, detached: true)
    }

    /// Whether a process is there and has not ended; a child that has ended is collected.
    static func isRunning(_ pid: pid_t) -> Bool {
        var status: Int32 = 0
        _ = waitpid(pid, &status, WNOHANG)
        guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
        return line.split(separator: ")").last?.hasPrefix(" Z") == false
    }

    /// POSIX_SPAWN_SETSID, which the headers show to GNU programs only.
    private static let newSession: Int16 = 0x80

    private static func spawn(_ words: [String], environment: [String: String], log: String, detached: Bool) throws
        -> pid_t
    {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        if detached { posix_spawnattr_setflags(&attributes, newSession) }
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        var arguments = words.map { strdup($0) }
        arguments.append(nil)
        var settings = variables.map { strdup("\($0.key)=\($0.value)") }
        settings.append(nil)
        defer { for text in arguments + settings { free(text) } }
        var pid: pid_t = 0
        let failure = posix_spawnp(&pid, words[0], &actions, &attributes, arguments, settings)
        guard failure == 0 else { throw BenchError("\(words[0]): \(String(cString: strerror(failure)))") }
        return pid
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
}

/// A clock that nobody sets.
enum Monotonic {
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
