import Documents
import GRDB
import Glibc
import LinuxHost
import ReleaseContract

/// Whether the process was asked to end, by SIGTERM or SIGINT. The signals are blocked and looked for, so nothing is
/// interrupted in the middle.
public struct StopSignals: Sendable {
    public init() {
        var signals = Self.set()
        // Before any other thread exists: threads inherit the mask.
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    public var isPending: Bool {
        var pending = sigset_t()
        sigpending(&pending)
        return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1
    }

    /// Lets time pass, or less where a signal comes. True for a signal, which stays pending.
    public func wait(milliseconds: Int) -> Bool {
        if isPending { return true }
        var signals = Self.set()
        var time = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
        let number = sigtimedwait(&signals, nil, &time)
        guard number > 0 else { return false }
        raise(number)
        return true
    }

    private static func set() -> sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        return signals
    }
}

extension Server {
    /// Runs one cycle now, whoever asks. One at a time; not while the scheduler is suspended, except on trial, where
    /// nothing is sent anyway.
    public func cycle(policy: CyclePolicy?, shouldStop: @escaping () -> Bool = { false }) throws -> JSONValue {
        try cycle(try open(), policy: policy, shouldStop: shouldStop).json
    }

    private func cycle(_ database: ServiceDatabase, policy: CyclePolicy?, shouldStop: @escaping () -> Bool) throws
        -> CycleSummary
    {
        let wanted = try database.read { try policy ?? Scheduler.view($0).policy(now: clock.now()) }
        let lock = try CycleLock(server: self, policy: wanted)
        defer { _ = lock.isHeld }
        // After the lock's record is there: see `wait-idle`.
        if try database.read({ try Scheduler.view($0).suspended }),
            try DurableFiles.kind("\(database.data)/trial.json") == nil
        {
            throw ServiceError(.notNow, "the scheduler is suspended; 'adsync status' tells by whom")
        }
        let cycle = try Cycle(server: self, database: database, policy: wanted, shouldStop: shouldStop)
        return try cycle.run()
    }

    /// The service: runs cycles by the schedule until it is asked to end.
    public func serve(stop: StopSignals, log: (String) -> Void) throws {
        guard let serving = try FileLock(trying: layout.serveLock) else {
            throw ServiceError(.notNow, "\(layout.serveLock): the service runs already")
        }
        defer { _ = serving.path }
        let generation = try activeGeneration()
        let database = try operate("serve") {
            let database = try open(data: layout.data(generation))
            let process = ServiceProcess(process: try ProcessIdentity.current(), generation: generation)
            try DurableFiles.replace(layout.serviceProcess, process.json.compact)
            return database
        }
        log("adsync \(release.version) serves generation \(generation)")
        defer { try? DurableFiles.remove(layout.serviceProcess) }
        while !stop.isPending {
            do {
                let milliseconds = try next(database, stop: stop, log: log)
                if stop.wait(milliseconds: milliseconds) { break }
            } catch {
                log("\(error)")
                if stop.wait(milliseconds: 1000) { break }
            }
        }
        log("adsync \(release.version) ends")
    }

    /// Does what is due and answers how long nothing will be.
    private func next(_ database: ServiceDatabase, stop: StopSignals, log: (String) -> Void) throws -> Int {
        let now = clock.now()
        switch try database.read({ try Scheduler.view($0).decision(now: now) }) {
        case .cycle(let policy):
            let summary = try cycle(database, policy: policy, shouldStop: { stop.isPending })
            log("cycle \(summary.number), \(summary.policy.rawValue): \(summary.result.rawValue)")
            return 0
        case .maintenance:
            try database.write { try Scheduler.maintain($0, now: now) }
            return 0
        // Settings may change meanwhile, so it looks again soon.
        case .wait(let seconds): return min(seconds * 1000, 500)
        case .idle: return 500
        }
    }
}
