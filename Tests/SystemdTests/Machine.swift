import Foundation
import Glibc
import Synchronization
import TestSupport

/// A whole machine with systemd as its first process, in systemd-nspawn. Its disk is a folder that keeps what was written
/// when the power goes.
final class Machine: Sendable {
    /// The disk; what the machine calls `/`.
    let disk: URL
    private let folder: URL
    private let name: String
    private let running = Mutex<(nspawn: pid_t, first: pid_t)?>(nil)

    /// The system that every disk is a copy of; `scripts/systemd-tree.sh` makes it.
    private static let system = packageFolder.appending(path: ".build/systemd-tree")

    /// Why there can be no machine here; nil where there can.
    static let obstacle: String? = {
        if getuid() != 0 { return "only root can run systemd-nspawn" }
        if !FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-nspawn") {
            return "systemd-nspawn is missing: apt-get install systemd-container"
        }
        let isWhole = FileManager.default.fileExists(atPath: system.appending(path: "etc/systemd-tree").path)
        return isWhole ? nil : "there is no system tree: scripts/systemd-tree.sh .build/systemd-tree makes it"
    }()

    init(name: String) throws {
        self.name = name
        folder = packageFolder.appending(path: ".build/\(name)")
        disk = folder.appending(path: "disk")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let copy = try TestSupport.run(
            URL(filePath: "/bin/cp"), ["-a", "--reflink=auto", Self.system.path, disk.path])
        if copy.status != 0 { throw HarnessError("cannot copy \(Self.system.path): \(copy.errors)") }
    }

    /// Switches it off and removes everything of it.
    func remove() {
        cutPower()
        _ = try? TestSupport.run(URL(filePath: "/bin/rm"), ["-rf", "--one-file-system", folder.path])
    }

    /// A path of the machine, seen from outside.
    func outside(_ path: String) -> URL { disk.appending(path: String(path.dropFirst())) }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: outside(path).path) }

    // MARK: Power

    private var console: URL { folder.appending(path: "console.log") }
    private var groups: [String] {
        ["systemd/", "unified/", ""].map { "/sys/fs/cgroup/\($0)" }.filter { access("\($0)cgroup.procs", W_OK) == 0 }
            .map { "\($0)\(name)" }
    }

    /// Boots and waits until all units of the boot have done their work. systemd-nspawn gives every boot a boot id of its own
    /// (it mounts one over the kernel's), so that a lease ends with the boot as it does on hardware; a test looks at that.
    func boot() throws {
        // A control group of its own: with --keep-unit the machine's groups are made in that of its starter.
        let joining = groups.map { "mkdir -p \($0) && echo $$ >\($0)/cgroup.procs; " }.joined()
        let options = [
            "--boot", "--quiet", "--directory=\(disk.path)", "--machine=\(name)", "--register=no", "--keep-unit",
            "--private-network", "--resolv-conf=off", "--timezone=off", "--link-journal=no", "--console=read-only",
            // What the unpacker's sandbox needs, and systemd 252 keeps from its containers.
            "--system-call-filter=landlock_create_ruleset landlock_add_rule landlock_restrict_self",
        ]
        let nspawn = try start(
            URL(filePath: "/bin/sh"), ["-c", "\(joining)exec systemd-nspawn \"$@\"", "sh"] + options, output: console,
            errors: console)
        var ended = false
        let isUp = try eventually(withinSeconds: 60) {
            if try awaitEnd(nspawn, milliseconds: 20) != nil {
                ended = true
                return true
            }
            guard let first = Self.firstChild(of: nspawn) else { return false }
            running.withLock { $0 = (nspawn, first) }
            let state = try inside(["systemctl", "is-system-running"]).output
            return ["running\n", "degraded\n"].contains(state)
        }
        if ended || !isUp {
            let words = (try? String(contentsOf: console, encoding: .utf8)) ?? ""
            throw HarnessError("the machine does not boot; its console's end: \(words.suffix(2000))")
        }
    }

    /// The power goes: every process of the machine ends in this moment. What the kernel has been given stays.
    func cutPower() {
        guard let (nspawn, first) = running.withLock({ $0.take() }) else { return }
        kill(first, SIGKILL)
        if (try? awaitEnd(nspawn, milliseconds: 20_000)) == .some(nil) { kill(nspawn, SIGKILL) }
        removeGroups()
    }

    /// Shuts down in order, as a person or an update does, and waits until the machine is off.
    func shutDown() throws {
        guard let (nspawn, _) = running.withLock({ $0 }) else { return }
        _ = try inside(["systemctl", "reboot", "--no-block"])
        if try awaitEnd(nspawn, milliseconds: 150_000) == nil { throw HarnessError("the machine does not shut down") }
        running.withLock { $0 = nil }
        removeGroups()
    }

    private func removeGroups() {
        for group in groups {
            let below = FileManager.default.enumerator(atPath: group)?.compactMap { $0 as? String } ?? []
            for path in below.sorted(by: { $0.count > $1.count }) { rmdir("\(group)/\(path)") }
            rmdir(group)
        }
    }

    private static func firstChild(of pid: pid_t) -> pid_t? {
        (try? String(contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8))?
            .split(separator: " ").first.flatMap { pid_t($0) }
    }

    // MARK: Programs

    /// Runs a program in the machine.
    @discardableResult
    func inside(_ words: [String], limitSeconds: Int = 120) throws -> ProgramResult {
        guard let (_, first) = running.withLock({ $0 }) else { throw HarnessError("the machine is off") }
        return try TestSupport.run(
            URL(filePath: "/usr/bin/nsenter"), ["-t", "\(first)", "-m", "-u", "-i", "-n", "-p", "-C", "--"] + words,
            limitSeconds: limitSeconds)
    }

    /// Runs what a test needs in the machine; its standard output.
    @discardableResult
    func expect(_ words: [String]) throws -> String {
        let result = try inside(words)
        if result.status != 0 {
            throw HarnessError("\(words.joined(separator: " ")): \(result.status): \(result.output)\(result.errors)")
        }
        return result.output
    }
}
