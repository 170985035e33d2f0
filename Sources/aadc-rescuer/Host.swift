import CLinux
import Glibc

/// The few system calls of a rescue. A failed one is a text; there is nobody to catch a type.
struct RescueError: Error, CustomStringConvertible {
    let description: String

    init(_ what: String, _ path: String, _ code: Int32) {
        description = "\(path): cannot \(what): \(String(cString: strerror(code)))"
    }
    init(_ description: String) { self.description = description }
}

enum Host {
    static func read(_ path: String) -> [UInt8]? {
        let file = clinux_open(path, O_RDONLY | O_NOFOLLOW, 0)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let got = Glibc.read(file, &buffer, buffer.count)
            if got <= 0 || content.count > 1 << 20 { return got == 0 ? content : nil }
            content.append(contentsOf: buffer[..<got])
        }
    }

    /// Writes a new file beside, then renames it into its place, each step on disk.
    static func replace(_ path: String, _ text: String) throws(RescueError) {
        let temporary = "\(path).rescue"
        unlink(temporary)
        let file = clinux_open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644)
        guard file >= 0 else { throw RescueError("create", temporary, -file) }
        defer { close(file) }
        let bytes = Array(text.utf8)
        guard write(file, bytes, bytes.count) == bytes.count, fsync(file) == 0 else {
            throw RescueError("write", temporary, errno)
        }
        try rename(temporary, path)
    }

    static func replaceLink(_ path: String, target: String) throws(RescueError) {
        let temporary = "\(path).rescue"
        unlink(temporary)
        guard symlink(target, temporary) == 0 else { throw RescueError("make the link", temporary, errno) }
        try rename(temporary, path)
    }

    static func remove(_ path: String) throws(RescueError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw RescueError("remove", path, errno) }
        try syncFolder(of: path)
    }

    private static func rename(_ from: String, _ to: String) throws(RescueError) {
        guard Glibc.rename(from, to) == 0 else { throw RescueError("rename to \(to)", from, errno) }
        try syncFolder(of: to)
    }

    private static func syncFolder(of path: String) throws(RescueError) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let handle = clinux_open(folder, O_RDONLY | O_DIRECTORY, 0)
        guard handle >= 0 else { throw RescueError("open", folder, -handle) }
        defer { close(handle) }
        guard fsync(handle) == 0 else { throw RescueError("write to disk", folder, errno) }
    }

    static func bootId() -> String {
        let bytes = read("/proc/sys/kernel/random/boot_id") ?? []
        return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
    }

    /// `YYYY-MM-DDThh:mm:ssZ`
    static func now() -> String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 32)
        let length = strftime(&buffer, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
        return String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func isRunning(pid: Int, startTime: Int) -> Bool {
        guard let bytes = read("/proc/\(pid)/stat"), let close = bytes.lastIndex(of: 0x29) else { return false }
        let fields = bytes[(close + 1)...].split(separator: 0x20).map { String(decoding: $0, as: UTF8.self) }
        return fields.count > 19 && fields[0] != "Z" && fields[0] != "X" && Int(fields[19]) == startTime
    }

    /// Signals exactly this process and waits for its end; true when it has ended.
    static func end(pid: Int, startTime: Int, signal: Int32, milliseconds: Int) -> Bool {
        let handle = clinux_pidfd_open(pid_t(pid))
        if handle < 0 { return true }
        defer { close(handle) }
        guard isRunning(pid: pid, startTime: startTime) else { return true }
        _ = clinux_pidfd_signal(handle, signal)
        var waited = 0
        while isRunning(pid: pid, startTime: startTime) {
            if waited > milliseconds { return false }
            pause(20)
            waited += 20
        }
        return true
    }

    static func pause(_ milliseconds: Int) {
        while waitpid(-1, nil, WNOHANG) > 0 {}
        usleep(UInt32(milliseconds) * 1000)
    }

    static func say(_ line: String) {
        let bytes = Array("\(now()) aadc-rescuer: \(line)\n".utf8)
        _ = write(2, bytes, bytes.count)
    }

    /// Starts a program with a clean environment; its output goes to the end of a file.
    static func start(_ words: [String], log: String) throws(RescueError) -> pid_t {
        let input = clinux_open("/dev/null", O_RDONLY, 0)
        var output = clinux_open(log, O_WRONLY | O_CREAT | O_APPEND, 0o640)
        if output < 0 { output = clinux_open("/dev/null", O_WRONLY, 0) }
        defer {
            close(input)
            close(output)
        }
        let environment = [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "TZ=UTC", "HOME=/root",
        ]
        var arguments = words.map { strdup($0) } + [nil]
        var settings = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + settings { free(text) } }
        let pid = clinux_spawn(words[0], &arguments, &settings, "/", input, output, output, CLINUX_SPAWN_SESSION)
        if pid < 0 { throw RescueError("start", words[0], -pid) }
        return pid
    }

    /// Runs a program to its end and returns its exit status; nil when it does not end in time.
    static func run(_ words: [String], log: String, seconds: Int) throws(RescueError) -> Int? {
        let pid = try start(words, log: log)
        var code: Int32 = 0
        var signal: Int32 = 0
        let ended = clinux_wait_child(pid, Int32(seconds * 1000), &code, &signal)
        if ended == 1 { return Int(code) }
        kill(-pid, SIGKILL)
        return nil
    }
}
