import Documents
import ReleaseContract
import Testing

@testable import Upgrader

private func health(_ change: (inout HealthReport) -> Void = { _ in }) -> HealthReport {
    var report = HealthReport(
        healthy: true,
        checks: [
            CheckOutcome(name: "database", status: .ok, detail: ""),
            CheckOutcome(name: "agent", status: .failed, detail: "has been off for years"),
        ], measures: ["exportErrors": 3, "importErrors": 0, "pendingExports": 5])
    change(&report)
    return report
}

struct ObservationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var cycles = 12
        var seconds = 100
        var generation = 4
        var serving = true
        var pending: [String] = []
        var exportErrors = 3
        let expected: Observation

        init(_ description: String, _ expected: Observation, _ change: (inout Case) -> Void = { _ in }) {
            testDescription = description
            self.expected = expected
            change(&self)
        }
    }

    /// Ten cycles had ended at the resumption; two must follow within 21600 seconds.
    static let cases: [Case] = [
        Case("two cycles ended well", .good),
        Case("more cycles than needed", .good) { $0.cycles = 30 },
        Case("no cycle yet", .stillWatching(cyclesSeen: 0)) { $0.cycles = 10 },
        Case("one cycle", .stillWatching(cyclesSeen: 1)) { $0.cycles = 11 },
        Case("a count that fell is no cycle", .stillWatching(cyclesSeen: 0)) { $0.cycles = 3 },
        Case("a full step is still owed", .stillWatching(cyclesSeen: 2)) { $0.pending = ["{1}"] },
        Case("at the limit it is still watched", .stillWatching(cyclesSeen: 1)) {
            $0.cycles = 11
            $0.seconds = 21_600
        },
        Case(
            "beyond the limit it has failed",
            .bad(StepFailure("ObservationTimedOut", "1 of 2 cycles ended within 21600 s"))
        ) {
            $0.cycles = 11
            $0.seconds = 21_601
        },
        Case("what has ended well is not late", .good) { $0.seconds = 1_000_000 },
        Case(
            "one more error than before",
            .bad(StepFailure("ObservationHealth", "exportErrors rose from 3 to 4"))
        ) { $0.exportErrors = 4 },
        Case("fewer errors than before", .good) { $0.exportErrors = 0 },
        Case(
            "another generation is active",
            .bad(StepFailure("ObservationService", "generation 3 is active, serving: true; expected 4"))
        ) { $0.generation = 3 },
        Case(
            "the service does not serve",
            .bad(StepFailure("ObservationService", "generation 4 is active, serving: false; expected 4"))
        ) { $0.serving = false },
    ]

    @Test("The new release is judged by what was seen of it", arguments: cases)
    func judge(_ seen: Case) throws {
        var members = DocumentSamples.status
        members["schema"] = "status/1"
        var status = try StatusReport(json: .object(members), file: "status")
        status.generation = seen.generation
        status.serving = seen.serving
        status.cyclesCompleted = seen.cycles
        status.fullImportPending = []
        status.fullSynchronizationPending = seen.pending
        var planMembers = DocumentSamples.plan
        planMembers["schema"] = "plan/1"
        let observation = Observation.judge(
            base: health(), now: health { $0.measures["exportErrors"] = seen.exportErrors }, status: status,
            generation: 4, cyclesAtResume: 10, secondsSinceResume: seen.seconds,
            plan: try UpgradePlan(json: .object(planMembers), file: "plan"))
        #expect(observation == seen.expected)
    }
}

struct DeteriorationTests {
    private func worse(_ change: (inout HealthReport) -> Void) -> [String] {
        health(change).deterioration(since: health())
    }

    @Test("What was so before is not worse")
    func same() {
        #expect(worse { _ in } == [])
    }

    @Test("A check that fails only now is worse, one that failed before is not")
    func checks() {
        #expect(
            worse { $0.checks[0] = CheckOutcome(name: "database", status: .failed, detail: "is corrupt") }
                == ["database: is corrupt"])
        #expect(worse { $0.checks[1].detail = "is off" } == [])
        #expect(worse { $0.checks.append(CheckOutcome(name: "new", status: .failed, detail: "d")) } == ["new: d"])
        #expect(worse { $0.checks[0].status = .warning } == [])
    }

    @Test("Errors that grew are worse, in the order of their names; what waits for export is not an error")
    func measures() {
        #expect(
            worse {
                $0.measures = ["importErrors": 1, "exportErrors": 4, "pendingExports": 500, "synchronizationErrors": 2]
            } == [
                "exportErrors rose from 3 to 4", "importErrors rose from 0 to 1",
                "synchronizationErrors rose from 0 to 2",
            ])
        #expect(worse { $0.measures = ["exportErrors": 2] } == [])
    }

    @Test("A service that calls itself unhealthy, and did not before, is worse even without a failed check")
    func unhealthy() {
        #expect(worse { $0.healthy = false } == ["the service says that it is not healthy"])
        let before = health { $0.healthy = false }
        #expect(health { $0.healthy = false }.deterioration(since: before) == [])
        // The failed check says it better.
        let broken = worse {
            $0.healthy = false
            $0.checks[0] = CheckOutcome(name: "database", status: .failed, detail: "is corrupt")
        }
        #expect(broken == ["database: is corrupt"])
    }
}

struct VolatileSettingsTests {
    @Test(
        "What an administrator set and is not so any more is found",
        arguments: [
            (["a": "1"], ["a": "1"], []),
            (["a": "1"], ["a": "2"], ["a changed from '1' to '2'"]),
            (["a": "1"], [:], ["a was '1' and is lost"]),
            ([:], ["a": "1"], ["a is new with '1'"]),
            (["a": ""], [:], ["a was '' and is lost"]),
            (
                ["b": "1", "a": "1", "c": "1"], ["b": "2", "c": "1", "d": "4"],
                ["a was '1' and is lost", "b changed from '1' to '2'", "d is new with '4'"]
            ),
        ] as [([String: String], [String: String], [String])])
    func differences(_ before: [String: String], _ after: [String: String], _ expected: [String]) {
        #expect(VolatileSettings.differences(before: before, after: after) { _ in false } == expected)
    }

    @Test("What a release declares may change, and only that")
    func declared() {
        let found = VolatileSettings.differences(before: ["a": "1", "b": "1"], after: ["a": "2", "b": "2"]) {
            $0 == "a"
        }
        #expect(found == ["b changed from '1' to '2'"])
    }

    @Test(
        "The upgrade's own state and the next start are nobody's settings", arguments: VolatileSettings.names.sorted())
    func volatile(_ name: String) {
        #expect(VolatileSettings.differences(before: [name: "1"], after: [:]) { _ in false } == [])
        // Their neighbours are settings.
        #expect(!VolatileSettings.differences(before: [name + "2": "1"], after: [:]) { _ in false }.isEmpty)
    }
}
