/// What an attempt is doing. The order is the order of a good upgrade; the last three lead back.
public enum UpgradeState: String, CaseIterable, Sendable {
    /// Fixing what will be done, from catalog, server and policy.
    case planning
    /// Fetching, verifying and unpacking the release beside the running one.
    case acquiring
    /// Running the tests that must pass before anything is touched, and taking the base line.
    case preTesting
    /// Migrating and running a copy of the live data with the new release.
    case rehearsing
    /// Holding for a window, an approval or a hold.
    case waiting
    /// Taking the lease, suspending the scheduler, awaiting its idleness, stopping the service.
    case pausing
    /// Bringing the copy of the data up to date and making the new generation of it.
    case copying
    /// Migrating the new generation's data.
    case migrating
    /// Pointing `current` at the new generation.
    case switching
    /// Starting the new release on trial.
    case starting
    /// Running the tests that must pass before synchronization goes on.
    case postTesting
    /// Ending trial and pause.
    case resuming
    /// Watching real cycles against the base line.
    case observing
    /// Starting the old service again and lifting the pause; nothing was switched.
    case undoingPause
    /// Going back to the old generation.
    case rollingBack
    /// Running the pre-tests again on the old release.
    case retesting
}

/// How a state ended.
public enum StateOutcome: String, CaseIterable, Sendable {
    case done
    case failed
    /// The process ended inside it and another took over.
    case interrupted
    /// The rescuer acted meanwhile: the known-good generation is in place.
    case rescued
}

/// How an attempt ends.
public enum AttemptEnd: String, CaseIterable, Sendable {
    case committed
    case aborted
    case rolledBack
    case inconsistent
}

/// What follows a state.
public enum NextMove: Equatable, Sendable {
    case enter(UpgradeState)
    case conclude(AttemptEnd)
}

extension UpgradeState {
    /// The one function that decides what follows: every verdict, error, signal, time-out and crash passes through it.
    ///
    /// Before `pausing` the running server is untouched, so every trouble ends the attempt. From `pausing` to `migrating`
    /// the pause is undone. From `switching` on the old generation is put back. After passed post-tests the way is
    /// forward, because cycles of the new release may have run already.
    public func next(after outcome: StateOutcome) -> NextMove {
        switch (self, outcome) {
        case (.planning, .done): .enter(.acquiring)
        case (.acquiring, .done): .enter(.preTesting)
        case (.preTesting, .done): .enter(.rehearsing)
        case (.rehearsing, .done): .enter(.waiting)
        case (.waiting, .done): .enter(.pausing)
        case (.planning, _), (.acquiring, _), (.preTesting, _), (.rehearsing, _), (.waiting, _): .conclude(.aborted)

        case (.pausing, .done): .enter(.copying)
        case (.copying, .done): .enter(.migrating)
        case (.migrating, .done): .enter(.switching)
        case (.pausing, _), (.copying, _), (.migrating, _): .enter(.undoingPause)

        case (.switching, .done): .enter(.starting)
        case (.starting, .done): .enter(.postTesting)
        case (.postTesting, .done): .enter(.resuming)
        case (.switching, _), (.starting, _), (.postTesting, _): .enter(.rollingBack)

        case (.resuming, .done): .enter(.observing)
        case (.resuming, .interrupted): .enter(.resuming)
        case (.resuming, .failed), (.resuming, .rescued): .enter(.rollingBack)

        case (.observing, .done): .conclude(.committed)
        case (.observing, .interrupted): .enter(.observing)
        case (.observing, .failed), (.observing, .rescued): .enter(.rollingBack)

        case (.undoingPause, .done): .conclude(.aborted)
        case (.undoingPause, .interrupted), (.undoingPause, .rescued): .enter(.undoingPause)
        case (.undoingPause, .failed): .conclude(.inconsistent)

        case (.rollingBack, .done): .enter(.retesting)
        case (.rollingBack, .interrupted), (.rollingBack, .rescued): .enter(.rollingBack)
        case (.rollingBack, .failed): .conclude(.inconsistent)

        case (.retesting, .done): .conclude(.rolledBack)
        case (.retesting, .interrupted), (.retesting, .rescued): .enter(.retesting)
        case (.retesting, .failed): .conclude(.inconsistent)
        }
    }

    /// Whether a pause lease is held while the attempt is in this state.
    public var holdsLease: Bool {
        switch self {
        case .pausing, .copying, .migrating, .switching, .starting, .postTesting, .resuming, .undoingPause,
            .rollingBack:
            true
        case .planning, .acquiring, .preTesting, .rehearsing, .waiting, .observing, .retesting: false
        }
    }

    /// Whether a failure here speaks against the release, not against the circumstances.
    public var countsAgainstRelease: Bool {
        switch self {
        case .switching, .starting, .postTesting, .resuming, .observing: true
        case .planning, .acquiring, .preTesting, .rehearsing, .waiting, .pausing, .copying, .migrating, .undoingPause,
            .rollingBack, .retesting:
            false
        }
    }
}

extension UpgradeState {
    /// Every transition there is, for the drawing and for the tests that are generated from it.
    public static var transitions: [(from: UpgradeState, outcome: StateOutcome, to: NextMove)] {
        allCases.flatMap { state in StateOutcome.allCases.map { (state, $0, state.next(after: $0)) } }
    }

    /// The state graph in the language of Graphviz, as it is checked in under `docs/`.
    public static var drawing: String {
        var lines = ["digraph upgrade {", "  rankdir=LR; node [shape=box];"]
        for end in AttemptEnd.allCases { lines.append("  \(end.rawValue) [shape=ellipse];") }
        var edges: [(String, String, [String])] = []
        for (from, outcome, move) in transitions {
            let target =
                switch move {
                case .enter(let state): state.rawValue
                case .conclude(let end): end.rawValue
                }
            if let index = edges.firstIndex(where: { $0.0 == from.rawValue && $0.1 == target }) {
                edges[index].2.append(outcome.rawValue)
            } else {
                edges.append((from.rawValue, target, [outcome.rawValue]))
            }
        }
        for (from, to, outcomes) in edges {
            lines.append("  \(from) -> \(to) [label=\"\(outcomes.joined(separator: ", "))\"];")
        }
        return (lines + ["}", ""]).joined(separator: "\n")
    }
}
