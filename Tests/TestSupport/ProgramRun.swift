import CLinux
import Foundation
import Glibc

/// How a program that a test ran has ended.
public struct ProgramResult: Sendable {
    /// The exit status, or 128 and the signal's number.
    public let status: Int
    /// It was killed, with its session, because it took too long.
    public let timedOut: Bool
    public let output: String
    public let errors: String

    /// The one JSON object on standard output.
    public var document: [String: Any] {
        let value = try? JSONSerialization.jsonObject(with: Data(output.utf8))
        return value as? [String: Any] ?? [:]
    }
}

/// What a test could not arrange.
public struct HarnessError: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// The environment that control commands get.
public let plainEnvironment = [
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TZ": "UTC",
    "HOME": "/root",
]

/// Runs a program in a session of its own and waits for its end. Its output goes to files, so that no full pipe can hold it
/// up, and a grandchild that keeps them open is not waited for.
public func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], input: String = "/dev/null",
    limitSeconds: Int = 120
) throws -> ProgramResult {
    let folder = FileManager.default.temporaryDirectory.appending(path: "run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (output, errors) = (folder.appending(path: "out"), folder.appending(path: "err"))
    let pid = try start(program, arguments, environment: environment, input: input, output: output, errors: errors)
    let end = try awaitEnd(pid, milliseconds: limitSeconds * 1000)
    if end == nil {
        kill(-pid, SIGKILL)
        _ = try awaitEnd(pid, milliseconds: 10_000)
    }
    return ProgramResult(
        status: end ?? 128 + Int(SIGKILL), timedOut: end == nil,
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
}

/// Starts a program in a session of its own; its output goes to the ends of two files, its input is a file or empty.
public func start(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:], input path: String = "/dev/null",
    output: URL, errors: URL
) throws -> pid_t {
    let input = open(path, O_RDWR | O_CLOEXEC)
    let out = open(output.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    let err = open(errors.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    defer { for file in [input, out, err] where file >= 0 { close(file) } }
    var words = ([program.path] + arguments).map { strdup($0) }
    words.append(nil)
    var settings = plainEnvironment.merging(environment) { $1 }.map { strdup("\($0.key)=\($0.value)") }
    settings.append(nil)
    defer { for text in words + settings { free(text) } }
    let pid = clinux_spawn(program.path, words, settings, "/", input, out, err, CLINUX_SPAWN_SESSION)
    if pid < 0 { throw HarnessError("cannot start \(program.path): \(String(cString: strerror(-pid)))") }
    return pid
}

/// Waits for a child's end: its status as a shell gives it, or nil when the time is up.
public func awaitEnd(_ pid: pid_t, milliseconds: Int) throws -> Int? {
    var code: Int32 = 0
    var signal: Int32 = 0
    let ended = clinux_wait_child(pid, Int32(milliseconds), &code, &signal)
    if ended < 0 { throw HarnessError("cannot wait for process \(pid): \(String(cString: strerror(-ended)))") }
    if ended == 0 { return nil }
    return signal > 0 ? 128 + Int(signal) : Int(code)
}

/// Looks until the condition holds or the limit is over; says which.
public func eventually(withinSeconds limit: Double = 20, _ condition: () throws -> Bool) rethrows -> Bool {
    let deadline = Date().addingTimeInterval(limit)
    while true {
        if try condition() { return true }
        if Date() > deadline { return false }
        poll(nil, 0, 2)
    }
}
