import Documents
import LinuxHost
import ReleaseContract
import TestSupport
import Testing

@testable import Upgrader

struct AttemptProgressTests {
    private func records(_ events: [JournalRecord.Event]) -> [JournalRecord] {
        events.enumerated().map { index, event in
            JournalRecord(
                index: index, time: WallTime(seconds: index),
                process: ProcessIdentity(pid: 1, startTime: 2, bootId: "b"),
                event: event, detail: ["message": .string("message \(index)")])
        }
    }

    private func progress(_ events: JournalRecord.Event...) -> AttemptProgress { AttemptProgress(records(events)) }

    @Test("A journal without records is a new attempt")
    func new() {
        #expect(AttemptProgress([]).position == .new)
        #expect(!AttemptProgress([]).isConcluded)
        #expect(AttemptProgress([]).failure == nil)
    }

    @Test("An intent without a result is a state that the process died in")
    func inside() {
        #expect(progress(.entered(.planning)).position == .inside(.planning))
        #expect(
            progress(.entered(.planning), .ended(.planning, .done, reason: nil), .entered(.acquiring)).position
                == .inside(.acquiring))
    }

    @Test("Notes and takeovers move nothing", arguments: [JournalRecord.Event.noted("n"), .takenOver, .unknown("u")])
    func moveNothing(_ event: JournalRecord.Event) {
        #expect(progress(.entered(.copying), event) == progress(.entered(.copying)))
        #expect(progress(event) == progress())
    }

    @Test("The failure is the first one: what goes wrong on the way back does not hide why there is a way back")
    func firstFailure() throws {
        let progress = progress(
            .entered(.starting), .ended(.starting, .failed, reason: "ServiceCanNotBeStarted"), .entered(.rollingBack),
            .ended(.rollingBack, .failed, reason: "Other"), .concluded(.inconsistent, result: "r"))
        let failure = try #require(progress.failure)
        #expect(failure.state == .starting)
        #expect(failure.reason == "ServiceCanNotBeStarted")
        #expect(failure.message == "message 1")
        #expect(!failure.isInterruption)
        #expect(progress.position == .concluded(.inconsistent, result: "r"))
        #expect(progress.conclusions == 1)
    }

    @Test(
        "A state that is merely done again after an interruption is no failure",
        arguments: [UpgradeState.resuming, .undoingPause, .rollingBack, .retesting])
    func doneAgain(_ state: UpgradeState) {
        #expect(progress(.entered(state), .ended(state, .interrupted, reason: "Interrupted")).failure == nil)
    }

    @Test("An interruption that turns the attempt back is its failure, and says that it was one")
    func interruption() throws {
        for outcome in [StateOutcome.interrupted, .rescued] {
            let failure = try #require(
                progress(.entered(.switching), .ended(.switching, outcome, reason: nil)).failure)
            #expect(failure.reason == "Interrupted")
            #expect(failure.isInterruption)
        }
    }

    @Test("Synchronization may have run as soon as resuming was entered", arguments: UpgradeState.allCases)
    func mayHaveResumed(_ state: UpgradeState) {
        #expect(progress(.entered(state)).mayHaveResumed == (state == .resuming || state == .observing))
        #expect(progress(.entered(.resuming), .entered(state)).mayHaveResumed)
        #expect(progress(.entered(state)).entered == [state])
    }

    @Test("Reading a journal record by record leads to the same place as reading it whole", arguments: UInt64(1)...50)
    func prefixes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var events: [JournalRecord.Event] = []
        var state = UpgradeState.planning
        for _ in 0..<40 {
            events.append(.entered(state))
            if Bool.random(using: &random) { events.append(.takenOver) }
            let outcome = StateOutcome.allCases.randomElement(using: &random) ?? .done
            events.append(.ended(state, outcome, reason: outcome == .done ? nil : "Reason"))
            guard case .enter(let next) = state.next(after: outcome) else { break }
            state = next
        }
        let all = records(events)
        for count in 0...all.count {
            var stepwise = AttemptProgress(Array(all[..<count]))
            for record in all[count...] { stepwise.add(record) }
            #expect(stepwise == AttemptProgress(all))
        }
    }
}

struct AttemptResultTests {
    private func failure(_ reason: String) -> AttemptProgress.Failure {
        AttemptProgress.Failure(state: .starting, reason: reason, message: "", isInterruption: false)
    }

    @Test(
        "The result names the end and the first failure's reason",
        arguments: [
            (AttemptEnd.committed, "Success"), (.aborted, "UpgradeAbortedPostTestFailed"),
            (.rolledBack, "UpgradeFailedRollbackSuccess-PostTestFailed"),
            (.inconsistent, "UpgradeFailedRollbackFailed-PostTestFailed"),
        ])
    func code(_ end: AttemptEnd, _ expected: String) {
        let first = end == .committed ? nil : failure("PostTestFailed")
        #expect(AttemptResult.code(end, first).description == expected)
    }

    @Test("A reason that is missing or no word is Unknown, never an empty code")
    func unknown() {
        #expect(AttemptResult.code(.aborted, nil).description == "UpgradeAbortedUnknown")
        #expect(AttemptResult.code(.aborted, failure("two words")).description == "UpgradeAbortedUnknown")
        #expect(AttemptResult.code(.rolledBack, failure("")).description == "UpgradeFailedRollbackSuccess-Unknown")
    }
}
