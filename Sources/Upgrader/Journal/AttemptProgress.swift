import Documents

/// Where an attempt stands: a fold of its journal and of nothing else.
public struct AttemptProgress: Equatable, Sendable {
    public enum Position: Equatable, Sendable {
        /// No state was entered yet.
        case new
        /// Entered, and no end recorded.
        case inside(UpgradeState)
        /// Ended, and what follows has not begun.
        case after(UpgradeState, StateOutcome)
        case concluded(AttemptEnd, result: String)
    }

    public private(set) var position: Position = .new
    /// The first state that failed, and why: the reason that the result names.
    public private(set) var failure: Failure?
    /// Synchronization may have run with the new release.
    public private(set) var mayHaveResumed = false
    /// Every state that was ever entered.
    public private(set) var entered: Set<UpgradeState> = []
    public private(set) var conclusions = 0

    public struct Failure: Equatable, Sendable {
        public var state: UpgradeState
        public var reason: String
        public var message: String
        /// Not the release's or the server's doing.
        public var isInterruption: Bool
    }

    public init(_ records: [JournalRecord]) {
        for record in records { add(record) }
    }

    public mutating func add(_ record: JournalRecord) {
        switch record.event {
        case .entered(let state):
            position = .inside(state)
            entered.insert(state)
            if state == .resuming || state == .observing { mayHaveResumed = true }
        case .ended(let state, let outcome, let reason):
            position = .after(state, outcome)
            if outcome != .done, failure == nil, state.next(after: outcome) != .enter(state) {
                failure = Failure(
                    state: state, reason: reason ?? "Interrupted", message: record.detail["message"]?.string ?? "",
                    isInterruption: outcome == .interrupted || outcome == .rescued || reason == StepFailure.terminated)
            }
        case .concluded(let end, let result):
            position = .concluded(end, result: result)
            conclusions += 1
        case .takenOver, .noted, .unknown: break
        }
    }

    public var isConcluded: Bool { if case .concluded = position { true } else { false } }
}
