import Foundation
import Glibc
import Synchronization

/// Looks at a server from outside while something is done to it: how long the pause lease lies there, and how much memory
/// each program of the server needs at most.
final class Watch: Sendable {
    struct Seen: Sendable {
        /// When the lease was first and last there.
        var leaseBegan: Double?
        var leaseEnded: Double?
        /// The high-water mark of resident memory, by program and verb.
        var peaks: [String: Int] = [:]

        var pause: Double? {
            guard let leaseBegan, let leaseEnded else { return nil }
            return leaseEnded - leaseBegan
        }
    }

    private let root: String
    private let lease: String
    private let seen = Mutex(Seen())
    private let isOver = Mutex(false)

    init(root: String) {
        self.root = root
        lease = "\(root)/var/lib/adsync/lease.json"
    }

    /// Runs the body under observation.
    static func during<Value>(root: String, _ body: () throws -> Value) rethrows -> (Value, Seen) {
        let watch = Watch(root: root)
        let group = DispatchGroup()
        for look in [watch.watchLease, watch.watchMemory] {
            group.enter()
            Thread.detachNewThread {
                look()
                group.leave()
            }
        }
        defer {
            watch.isOver.withLock { $0 = true }
            group.wait()
        }
        let value = try body()
        watch.isOver.withLock { $0 = true }
        group.wait()
        return (value, watch.seen.withLock { $0 })
    }

    @Sendable private func watchLease() {
        while !isOver.withLock({ $0 }) {
            if access(lease, F_OK) == 0 {
                let now = Monotonic.now()
                seen.withLock {
                    if $0.leaseBegan == nil { $0.leaseBegan = now }
                    $0.leaseEnded = now
                }
            }
            usleep(1000)
        }
    }

    @Sendable private func watchMemory() {
        // What ran before and is not the server's never becomes so; a new process may not have come to its program yet.
        let strangers = Set(Self.processes().filter { Self.name($0, root: root) == nil })
        while !isOver.withLock({ $0 }) {
            for pid in Self.processes() where !strangers.contains(pid) {
                guard let name = Self.name(pid, root: root), let peak = Memory.peak(pid) else { continue }
                seen.withLock { $0.peaks[name] = max($0.peaks[name, default: 0], peak) }
            }
            usleep(25_000)
        }
    }

    private static func processes() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.filter { $0.first?.isNumber == true }
    }

    /// The program's name and verb; nil for a process that has nothing to do with the server.
    private static func name(_ pid: String, root: String) -> String? {
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline"), !bytes.isEmpty else {
            return nil
        }
        let words = String(decoding: bytes, as: UTF8.self).split(separator: "\0").map(String.init)
        guard words.contains(where: { $0.hasPrefix(root) }), let program = words.first?.split(separator: "/").last,
            ["adsync", "aadc-upgrade", "aadc-unpack", "aadc-rescuer"].contains(String(program))
        else { return nil }
        let verb = words.dropFirst().first.map { $0.hasPrefix("-") ? "" : " \($0)" } ?? ""
        return program + (program == "adsync" ? verb : "")
    }
}

enum Memory {
    /// The high-water mark of a process's resident memory.
    static func peak(_ pid: String) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("VmHWM:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
        }
        return nil
    }
}
