import LinuxHost

/// A mirror that was left for another one, or for good, and why.
public struct MirrorFailure: Equatable, Sendable, CustomStringConvertible {
    /// Without user names and passwords.
    public let address: String
    public let reason: TransferError
    /// The machine, in other words.
    let origin: String

    public var description: String { reason.description }
}

/// Which mirror is asked next within one transfer: one that failed comes last again, and one that cannot be expected to
/// do better is out.
struct MirrorQueue {
    struct Mirror {
        let address: TransferAddress
        /// Without anything new from it between them.
        var failuresInARow = 0
        /// How often it sent a chunk damaged.
        var damaged: [Int: Int] = [:]
        /// Not to be asked before this, on the monotonic clock.
        var notBefore = 0
        /// Of the file that it sent a part of.
        var entityTag: String?
        /// Until it has shown that it answers ranges wrongly.
        var asksForRanges = true
    }

    private var waiting: [Mirror]
    private let count: Int
    private let limits: TransferLimits
    private let missingIsAnswer: Bool
    /// In the order in which they happened.
    private(set) var failures: [MirrorFailure] = []

    /// - Parameters:
    ///   - mirrors: at least one.
    ///   - missingIsAnswer: whether one mirror's "there is no such file" is believed where no other one says anything else.
    init(_ mirrors: [TransferAddress], limits: TransferLimits, missingIsAnswer: Bool) throws(TransferError) {
        if mirrors.isEmpty { throw TransferError(.badAddress, address: "\"\"", "there is no address to fetch from") }
        waiting = mirrors.map { Mirror(address: $0) }
        count = mirrors.count
        self.limits = limits
        self.missingIsAnswer = missingIsAnswer
    }

    /// The one to ask.
    var current: Mirror {
        get { waiting[0] }
        set { waiting[0] = newValue }
    }

    /// Whether there is one beside the current one.
    var hasOther: Bool { waiting.count > 1 }

    /// The current mirror failed. The next one is current then; without any, the error is thrown.
    ///
    /// - Parameters:
    ///   - clock: both of its times are asked.
    ///   - hasBrought: whether it sent something of use before.
    mutating func fail(_ error: TransferError, by clock: any Clock, hasBrought: Bool) throws(TransferError) {
        var mirror = waiting.removeFirst()
        failures.append(
            MirrorFailure(address: mirror.address.description, reason: error, origin: mirror.address.origin))
        mirror.failuresInARow = hasBrought ? 1 : mirror.failuresInARow + 1
        var mayTryAgain = error.isTemporary && mirror.failuresInARow < limits.attempts
        if case .damagedChunk(let chunk) = error.kind {
            mirror.damaged[chunk, default: 0] += 1
            if mirror.damaged[chunk, default: 0] >= limits.damagedChunk { mayTryAgain = false }
        }
        if error.kind == .wrongAnswer { mirror.asksForRanges = false }
        if error.kind == .changed { mirror.entityTag = nil }
        let wanted = error.retryAfter?.milliseconds(from: clock.now(), limit: limits.longestPauseMilliseconds) ?? 0
        let usual = limits.firstPauseMilliseconds << min(mirror.failuresInARow - 1, 10)
        mirror.notBefore = clock.monotonicMilliseconds() + max(wanted, usual)
        if mayTryAgain { waiting.append(mirror) }
        if missingIsAnswer, let missing = failures.first(where: { $0.reason.kind == .notFound }),
            !waiting.contains(where: { $0.failuresInARow == 0 })
        {
            throw named(missing.reason)
        }
        if waiting.isEmpty { throw named(error) }
    }

    /// The error with what the other mirrors did.
    private func named(_ error: TransferError) -> TransferError {
        guard count > 1 else { return error }
        var others: [MirrorFailure] = []
        for failure in failures.reversed()
        where failure.reason != error && !others.contains(where: { $0.address == failure.address }) {
            others.append(failure)
        }
        return error.adding(others: others.reversed())
    }
}
