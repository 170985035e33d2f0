import TestSupport
import Testing

@testable import Upgrader

struct TransitionTests {
    /// What follows each state after: done, failed, interrupted, rescued. Written down here once more, from the
    /// description of the machine and not from its code.
    static let expectations: [(state: String, done: String, failed: String, interrupted: String, rescued: String)] = [
        ("planning", "acquiring", "aborted", "aborted", "aborted"),
        ("acquiring", "preTesting", "aborted", "aborted", "aborted"),
        ("preTesting", "rehearsing", "aborted", "aborted", "aborted"),
        ("rehearsing", "waiting", "aborted", "aborted", "aborted"),
        ("waiting", "pausing", "aborted", "aborted", "aborted"),
        ("pausing", "copying", "undoingPause", "undoingPause", "undoingPause"),
        ("copying", "migrating", "undoingPause", "undoingPause", "undoingPause"),
        ("migrating", "switching", "undoingPause", "undoingPause", "undoingPause"),
        ("switching", "starting", "rollingBack", "rollingBack", "rollingBack"),
        ("starting", "postTesting", "rollingBack", "rollingBack", "rollingBack"),
        ("postTesting", "resuming", "rollingBack", "rollingBack", "rollingBack"),
        ("resuming", "observing", "rollingBack", "resuming", "rollingBack"),
        ("observing", "committed", "rollingBack", "observing", "rollingBack"),
        ("undoingPause", "aborted", "inconsistent", "undoingPause", "undoingPause"),
        ("rollingBack", "retesting", "inconsistent", "rollingBack", "rollingBack"),
        ("retesting", "rolledBack", "inconsistent", "retesting", "retesting"),
    ]

    private static func name(_ move: NextMove) -> String {
        switch move {
        case .enter(let state): state.rawValue
        case .conclude(let end): end.rawValue
        }
    }

    @Test("Every state and outcome leads where the description says", arguments: expectations.indices)
    func transitions(_ index: Int) throws {
        let row = Self.expectations[index]
        let state = try #require(UpgradeState(rawValue: row.state))
        #expect(Self.name(state.next(after: .done)) == row.done)
        #expect(Self.name(state.next(after: .failed)) == row.failed)
        #expect(Self.name(state.next(after: .interrupted)) == row.interrupted)
        #expect(Self.name(state.next(after: .rescued)) == row.rescued)
    }

    @Test("The table names every state once, and there are no other outcomes")
    func complete() {
        #expect(Self.expectations.map(\.state) == UpgradeState.allCases.map(\.rawValue))
        #expect(StateOutcome.allCases == [.done, .failed, .interrupted, .rescued])
        #expect(UpgradeState.transitions.count == Self.expectations.count * 4)
    }

    @Test("The drawing in docs/ is the drawing of these transitions")
    func drawing() {
        if let difference = recordedDifference("docs/upgrade-states.dot", UpgradeState.drawing) {
            Issue.record("\(difference)")
        }
    }

    @Test("Every state and every end can be reached from planning")
    func reachable() {
        var states: Set<UpgradeState> = [.planning]
        var ends: Set<AttemptEnd> = []
        var unseen: [UpgradeState] = [.planning]
        while let state = unseen.popLast() {
            for outcome in StateOutcome.allCases {
                switch state.next(after: outcome) {
                case .enter(let next): if states.insert(next).inserted { unseen.append(next) }
                case .conclude(let end): ends.insert(end)
                }
            }
        }
        #expect(states == Set(UpgradeState.allCases))
        #expect(ends == Set(AttemptEnd.allCases))
    }

    @Test(
        "No state is entered a second time except by itself, so that every path ends", arguments: UpgradeState.allCases)
    func noCycle(_ start: UpgradeState) {
        // What can follow, without the loops of a state that is merely done again.
        var seen: Set<UpgradeState> = []
        var unseen = [start]
        while let state = unseen.popLast() {
            for outcome in StateOutcome.allCases {
                guard case .enter(let next) = state.next(after: outcome), next != state else { continue }
                #expect(next != start, "\(start) follows itself by way of \(state)")
                if seen.insert(next).inserted { unseen.append(next) }
            }
        }
    }

    @Test("A state is done again only after an interruption or a rescue, never after a result of its own")
    func loops() {
        for (from, outcome, to) in UpgradeState.transitions where to == .enter(from) {
            #expect(outcome == .interrupted || outcome == .rescued, "\(from) after \(outcome)")
        }
    }

    @Test(
        "However often it is killed or rescued, an attempt ends within as many states as there are, once left alone",
        arguments: UInt64(1)...200)
    func killedOften(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var state = UpgradeState.planning
        var trouble = Int.random(in: 0...5, using: &random)
        for _ in 0..<(UpgradeState.allCases.count + 6) {
            var outcome = StateOutcome.done
            if trouble > 0, Bool.random(using: &random) {
                trouble -= 1
                outcome = [.failed, .interrupted, .rescued].randomElement(using: &random) ?? .failed
            }
            switch state.next(after: outcome) {
            case .conclude: return
            case .enter(let next): state = next
            }
        }
        Issue.record("still in \(state)")
    }

    @Test("A lease is held exactly where synchronization stands still")
    func lease() {
        let held = UpgradeState.allCases.filter(\.holdsLease).map(\.rawValue)
        #expect(
            held == [
                "pausing", "copying", "migrating", "switching", "starting", "postTesting", "resuming", "undoingPause",
                "rollingBack",
            ])
    }

    @Test("Only failures after the switch speak against the release")
    func counting() {
        let counted = UpgradeState.allCases.filter(\.countsAgainstRelease).map(\.rawValue)
        #expect(counted == ["switching", "starting", "postTesting", "resuming", "observing"])
    }
}
