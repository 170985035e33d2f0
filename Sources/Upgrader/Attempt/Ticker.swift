import LinuxHost

/// What happens again and again while something takes its time.
final class Ticker {
    private let lease: LeaseKeeper
    /// On the way back nothing is given up half-way.
    var mayEnd = true

    init(lease: LeaseKeeper) { self.lease = lease }

    func tick() throws {
        try lease.renewIfDue()
        if mayEnd, let signal = Termination.requested {
            throw StepFailure(
                StepFailure.terminated, "this program was asked to end (signal \(signal)); the next run tries again")
        }
    }
}
