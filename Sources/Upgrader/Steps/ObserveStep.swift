import Documents
import LinuxHost
import ReleaseContract

/// What watching the new release says so far.
public enum Observation: Equatable, Sendable {
    case good
    case stillWatching(cyclesSeen: Int)
    case bad(StepFailure)
}

extension Observation {
    /// A pure judgement over what was seen.
    ///
    /// - Parameters:
    ///   - cyclesAtResume: whole cycles that had ended when the pause ended.
    ///   - secondsSinceResume: by the wall clock; a clock set back counts as no time.
    public static func judge(
        base: HealthReport, now: HealthReport, status: StatusReport, generation: Int, cyclesAtResume: Int,
        secondsSinceResume: Int, plan: UpgradePlan
    ) -> Observation {
        let worse = now.deterioration(since: base)
        if !worse.isEmpty { return .bad(StepFailure("ObservationHealth", worse.joined(separator: "; "))) }
        if status.generation != generation || !status.serving {
            return .bad(
                StepFailure(
                    "ObservationService",
                    "generation \(status.generation) is active, serving: \(status.serving); expected \(generation)"))
        }
        let seen = status.cyclesCompleted - cyclesAtResume
        let pending = status.fullImportPending + status.fullSynchronizationPending
        if seen >= plan.observedCycles, pending.isEmpty { return .good }
        if secondsSinceResume > plan.observationSeconds {
            return .bad(
                StepFailure(
                    "ObservationTimedOut",
                    "\(max(0, seen)) of \(plan.observedCycles) cycles ended within \(plan.observationSeconds) s"))
        }
        return .stillWatching(cyclesSeen: max(0, seen))
    }
}

extension AttemptContext {
    /// Looks at the living server once. A person who suspended the scheduler or switched the cycle off stops the watch's
    /// clock, not the upgrade.
    func observe(cyclesAtResume: Int, resumedAt: WallTime) throws -> Observation {
        let base = try baseLine()
        let status = try new.status()
        let observation = Observation.judge(
            base: base.health, now: try new.health(), status: status, generation: plan.toGeneration,
            cyclesAtResume: cyclesAtResume, secondsSinceResume: max(0, clock.now() - resumedAt), plan: plan)
        if case .bad(let failure) = observation, failure.reason == "ObservationTimedOut",
            status.suspended || !status.cycleEnabled
        {
            return .stillWatching(cyclesSeen: max(0, status.cyclesCompleted - cyclesAtResume))
        }
        return observation
    }
}
