import Documents
import LinuxHost
import ReleaseContract

/// Holds the pause lease of an attempt: takes it, renews it while the attempt lives, gives it back.
///
/// The rescuer and this program exclude each other by `lease.lock`, held for the moment of a change here and for the
/// whole of a rescue there. Whoever gets the lock reads the lease anew.
public final class LeaseKeeper {
    private let layout: ServerLayout
    private let clock: any Clock
    private let seconds: Int
    private let rescuer: String?
    private var held: PauseLease?
    private var renewedAt = 0

    /// - Parameter rescuer: the rescuer's program, started with every lease; nil starts none.
    public init(layout: ServerLayout, clock: any Clock, seconds: Int, rescuer: String?) {
        self.layout = layout
        self.clock = clock
        self.seconds = seconds
        self.rescuer = rescuer
    }

    /// The token for control commands, while a lease is held.
    public var token: Int? { held?.token }

    /// The lease on disk, whoever's it is.
    public static func read(_ layout: ServerLayout) throws -> PauseLease? {
        guard let bytes = try DurableFiles.read(layout.lease, limit: 1 << 20) else { return nil }
        return try PauseLease(bytes: bytes, file: layout.lease)
    }

    /// Takes the lease for an attempt, or takes it over from a dead process of the same attempt with a higher token.
    public func take(attempt: String, knownGood: PauseLease.KnownGood, schedulerWasSuspended: Bool) throws {
        try locked {
            let before = try Self.read(layout)
            if let before, before.attempt != attempt {
                throw StepFailure(
                    "LeaseHeldByAnother",
                    "\(layout.lease) belongs to attempt \(before.attempt); 'aadc-upgrade repair' ends it")
            }
            let now = clock.now()
            let me = try ProcessIdentity.current()
            let lease = PauseLease(
                attempt: attempt, token: max(Int(now.milliseconds), (before?.token ?? 0) + 1), owner: me,
                expires: now + seconds, bootId: me.bootId, knownGood: knownGood,
                schedulerWasSuspended: before?.schedulerWasSuspended ?? schedulerWasSuspended)
            try write(lease)
        }
        try startRescuer()
    }

    /// Renews the lease when a third of its time has passed; does nothing without one.
    public func renewIfDue() throws {
        guard held != nil, clock.monotonicMilliseconds() - renewedAt > seconds * 1000 / 3 else { return }
        try locked {
            var lease = try stillMine()
            lease.expires = clock.now() + seconds
            try write(lease)
        }
    }

    /// Removes the lease; the rescuer ends when it sees that.
    public func giveBack() throws {
        guard held != nil else { return }
        try locked {
            _ = try stillMine()
            try DurableFiles.remove(layout.lease)
        }
        held = nil
    }

    /// The lease was taken from us while we worked: the rescuer has acted.
    private func stillMine() throws -> PauseLease {
        guard let mine = held, let lease = try Self.read(layout), lease.token == mine.token else {
            held = nil
            throw StepFailure("LeaseLost", "the pause lease ended and the known-good generation was put back meanwhile")
        }
        return lease
    }

    private func write(_ lease: PauseLease) throws {
        try DurableFiles.replace(layout.lease, lease.json.pretty, mode: 0o644)
        held = lease
        renewedAt = clock.monotonicMilliseconds()
    }

    private func locked(_ body: () throws -> Void) throws {
        let start = clock.monotonicMilliseconds()
        while true {
            if let lock = try FileLock(trying: layout.leaseLock, mode: 0o644) {
                try body()
                _ = consume lock
                return
            }
            if clock.monotonicMilliseconds() - start > 120_000 {
                throw StepFailure("RescuerActing", "\(layout.leaseLock) has been held for two minutes by a rescuer")
            }
            clock.pause(milliseconds: 20)
        }
    }

    private func startRescuer() throws {
        guard let rescuer else { return }
        try DurableFiles.makeFolders(DurableFiles.folder(of: layout.serviceLog), mode: 0o755)
        _ = try ChildProcess.startDetached(
            Invocation(program: rescuer, arguments: ["--root", layout.root, "--watch"]),
            log: "\(DurableFiles.folder(of: layout.serviceLog))/rescuer.log")
    }
}
