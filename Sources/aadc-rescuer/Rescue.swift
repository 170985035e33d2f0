import CLinux
import Glibc

/// Puts the known-good generation back when a pause lease has ended and nobody did it.
///
/// It reads the lease and nothing of the orchestrator's: fences the owner, points `current` at the known-good generation,
/// starts its service, lifts the pause, leaves a record for the journal, removes the lease. Each step may be done already.
struct Rescue {
    let root: String

    private var service: String { "\(root)/var/lib/adsync" }
    private var leasePath: String { "\(service)/lease.json" }
    private var log: String { "\(root)/var/log/adsync/rescuer.log" }
    private var serviceLog: String { "\(root)/var/log/adsync/serve.log" }

    enum Outcome: Equatable { case noLease, notEnded, rescued, unreadable }

    /// Acts if the lease has ended.
    func act() throws(RescueError) -> Outcome {
        guard let early = Host.read(leasePath) else { return .noLease }
        guard let lease = LeaseFile(early) else { return .unreadable }
        guard lease.hasEnded(now: Host.now(), boot: Host.bootId()) else { return .notEnded }

        let lock = clinux_open("\(service)/lease.lock", O_RDWR | O_CREAT | O_NOFOLLOW, 0o644)
        guard lock >= 0 else { throw RescueError("open", "\(service)/lease.lock", -lock) }
        defer { close(lock) }
        guard clinux_try_lock(lock, 1) == 0 else { return .notEnded }
        // Read again under the lock: it may have been renewed or given back a moment ago.
        guard let bytes = Host.read(leasePath) else { return .noLease }
        guard let lease = LeaseFile(bytes) else { return .unreadable }
        guard lease.hasEnded(now: Host.now(), boot: Host.bootId()) else { return .notEnded }
        try rescue(lease)
        return .rescued
    }

    private func rescue(_ lease: LeaseFile) throws(RescueError) {
        Host.say("the lease of attempt \(lease.attempt) has ended; putting generation \(lease.generation) back")
        try fence(lease)
        try stopOther(lease)
        try Host.replaceLink("\(service)/current", target: "gen/\(lease.generation)")
        try startService(lease)
        if !lease.schedulerWasSuspended {
            let status = try Host.run(lease.resume, log: log, seconds: 120)
            guard status == 0 else {
                throw RescueError("\(lease.resume[0]) resume ended with \(status.map { "\($0)" } ?? "no answer")")
            }
        }
        let action = "generation \(lease.generation) is active, its service runs, the pause is lifted"
        try Host.replace(
            "\(service)/rescued.json",
            "{\"schema\": \"rescued/1\", \"attempt\": \"\(lease.attempt)\", \"action\": \"\(action)\", "
                + "\"time\": \"\(Host.now())\"}\n")
        try Host.remove(leasePath)
        Host.say(action)
    }

    /// Ends the owner and whatever it left running.
    private func fence(_ lease: LeaseFile) throws(RescueError) {
        if lease.ownerBootId == Host.bootId() {
            guard
                Host.end(
                    pid: lease.ownerPid, startTime: lease.ownerStartTime, signal: SIGKILL, milliseconds: 10_000)
            else { throw RescueError("process \(lease.ownerPid), the lease's owner, does not end") }
        }
        let path = "\(service)/operation.lock"
        var waited = 0
        while true {
            let lock = clinux_open(path, O_RDWR | O_NOFOLLOW, 0)
            if lock < 0 { return }
            let free = clinux_try_lock(lock, 1) == 0
            close(lock)
            if free { return }
            if waited > 60_000 { throw RescueError("\(path) is held and its holder does not end") }
            // What began by itself, such as the service at boot, gets a moment to end by itself.
            if waited >= 2000, let record = Host.read(path).flatMap(SmallJSON.parse), let pid = record["pid"]?.number,
                let start = record["startTime"]?.number, record["bootId"]?.text == Host.bootId()
            {
                _ = Host.end(pid: pid, startTime: start, signal: SIGKILL, milliseconds: 5000)
            }
            Host.pause(50)
            waited += 50
        }
    }

    /// The running service by its own record.
    private func running() -> (pid: Int, startTime: Int, generation: Int)? {
        guard let record = Host.read("\(service)/serve.json").flatMap(SmallJSON.parse),
            let pid = record["pid"]?.number, let start = record["startTime"]?.number,
            let generation = record["generation"]?.number, record["bootId"]?.text == Host.bootId(),
            Host.isRunning(pid: pid, startTime: start)
        else { return nil }
        return (pid, start, generation)
    }

    private func stopOther(_ lease: LeaseFile) throws(RescueError) {
        if let service = running(), service.generation == lease.generation { return }
        if let unit = lease.unit {
            // Also where no service is recorded: the unit may just be starting the other generation.
            _ = try Host.run(["/usr/bin/systemctl", "stop", "--quiet", unit], log: log, seconds: 120)
        }
        guard let other = running() else { return }
        let ended =
            Host.end(pid: other.pid, startTime: other.startTime, signal: SIGTERM, milliseconds: 10_000)
            || Host.end(pid: other.pid, startTime: other.startTime, signal: SIGKILL, milliseconds: 10_000)
        guard ended else {
            throw RescueError("process \(other.pid) serves generation \(other.generation) and does not end")
        }
    }

    private func startService(_ lease: LeaseFile) throws(RescueError) {
        for _ in 1...3 {
            if running()?.generation == lease.generation { return }
            if let unit = lease.unit {
                _ = try Host.run(["/usr/bin/systemctl", "reset-failed", "--quiet", unit], log: log, seconds: 60)
                _ = try Host.run(["/usr/bin/systemctl", "start", "--quiet", unit], log: log, seconds: 120)
            } else {
                _ = try Host.start(lease.serve, log: serviceLog)
            }
            for _ in 0..<600 {
                if running()?.generation == lease.generation { return }
                Host.pause(50)
            }
        }
        throw RescueError("the service of generation \(lease.generation) does not start; see \(serviceLog)")
    }
}
