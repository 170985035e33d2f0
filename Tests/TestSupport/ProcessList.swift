import Foundation
import Glibc

/// One line of the process table.
public struct RunningProcess: Hashable, Sendable {
    public let pid: pid_t
    public let session: pid_t
    public let commandLine: String

    /// All processes but zombies.
    public static func all() -> [RunningProcess] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { name in
            guard let pid = pid_t(name), let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let end = text.lastIndex(of: ")"),
                let words = try? Data(contentsOf: URL(filePath: "/proc/\(pid)/cmdline"))
            else { return nil }
            // After the name: state, parent, group, session.
            let fields = text[text.index(after: end)...].split(separator: " ")
            guard fields.count > 3, fields[0] != "Z", let session = pid_t(fields[3]) else { return nil }
            let line = words.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            return RunningProcess(pid: pid, session: session, commandLine: line)
        }
    }

    /// Those that name a folder, with everything in their sessions; never the tests' own.
    public static func working(below folder: URL) -> [RunningProcess] {
        let processes = all()
        let own = getsid(0)
        let named = processes.filter { $0.pid != getpid() && $0.commandLine.contains(folder.path) }
        let sessions = Set(named.map(\.session)).subtracting([own])
        return processes.filter { sessions.contains($0.session) || named.contains($0) }
    }

    /// Kills what works below a folder until nothing is left; returns what was there.
    @discardableResult
    public static func endAll(below folder: URL) throws -> [RunningProcess] {
        let found = working(below: folder)
        let gone = eventually {
            let left = working(below: folder)
            for process in left { kill(process.pid, SIGKILL) }
            // Children of the tests leave zombies until they are collected.
            for process in found { waitpid(process.pid, nil, WNOHANG) }
            return left.isEmpty
        }
        if !gone { throw HarnessError("processes below \(folder.path) do not end: \(working(below: folder))") }
        return found
    }
}
