import Documents
import LinuxHost
import ReleaseContract

/// Leads one attempt from state to state: intent into the journal, effect, result into the journal, and the one function
/// that says what follows. It goes on where a dead process left off in the same way.
public final class AttemptDriver {
    /// How far a call came.
    public enum Progress: Equatable, Sendable {
        case concluded(AttemptEnd, result: String)
        /// Synchronization works with the new release and is being watched.
        case observing(cyclesSeen: Int)
    }

    private let context: AttemptContext
    private var journal: Journal
    private var progress: AttemptProgress

    /// Opens an attempt. One that another process left inside a state is taken over.
    public init(_ context: AttemptContext) throws {
        self.context = context
        journal = try Journal.open(folder: context.folder, clock: context.clock)
        progress = AttemptProgress(journal.records)
    }

    private func append(_ event: JournalRecord.Event, _ detail: [String: JSONValue] = [:]) throws {
        try journal.append(event, detail)
        if let record = journal.records.last { progress.add(record) }
    }

    /// Drives the attempt until it has ended or has to wait for cycles.
    public func drive() throws -> Progress {
        try takeOverIfInterrupted()
        while true {
            switch progress.position {
            case .new: try enter(.planning)
            case .inside(.observing):
                if let waiting = try watch() { return waiting }
            case .inside(let state): throw StepFailure("InternalError", "state \(state.rawValue) has no recorded end")
            case .after(let state, let outcome):
                switch state.next(after: outcome) {
                case .enter(let next): try enter(next)
                case .conclude(let end): try conclude(end)
                }
            case .concluded(let end, let result): return .concluded(end, result: result)
            }
        }
    }

    private func takeOverIfInterrupted() throws {
        guard let state = stateLeftBehind else { return }
        try append(.takenOver)
        let rescued = try RescueRecord.read(context.layout, attempt: context.id)
        context.narrator.say("attempt \(context.id) was interrupted while \(state.rawValue); finishing it")
        if let rescued {
            try append(.ended(state, .rescued, reason: "Rescued"), ["message": .string(rescued.action)])
            try DurableFiles.remove(context.layout.rescueRecord)
        } else {
            try append(
                .ended(state, .interrupted, reason: "Interrupted"),
                ["message": .string("the process ended while \(state.rawValue)")])
        }
    }

    /// The state that a dead process was in. One that it had just ended counts too: the lease that the next state relies on
    /// died with the process. Watching has no effects and simply goes on.
    private var stateLeftBehind: UpgradeState? {
        switch progress.position {
        case .inside(.observing), .new, .concluded: return nil
        case .inside(let state): return state
        case .after(let state, .done):
            if case .enter = state.next(after: .done) { return state }
            return nil
        case .after: return nil
        }
    }

    private func enter(_ state: UpgradeState) throws {
        try append(.entered(state))
        if state == .observing { return }
        if let words = Self.words(state, context.plan) { context.narrator.say(words) }
        context.findings = [:]
        context.ticker.mayEnd = ![.undoingPause, .rollingBack, .retesting, .resuming].contains(state)
        do {
            try context.tick()
            try perform(state)
            try append(.ended(state, .done, reason: nil), context.findings)
        } catch {
            try failed(state, StepFailure(from: error))
        }
    }

    private func failed(_ state: UpgradeState, _ failure: StepFailure) throws {
        context.narrator.say("  \(failure.message)")
        if context.supervisor.machineStops {
            // Neither a verdict nor a way back now: no service starts any more. The state stays open, as after a power cut.
            throw StepFailure(
                "MachineStops",
                "this machine is shutting down; its next boot ends a pause, and the next run finishes attempt \(context.id)"
            )
        }
        var detail = context.findings
        detail["message"] = .string(failure.message)
        if failure.reason == "LeaseLost" {
            let rescued = try RescueRecord.read(context.layout, attempt: context.id)
            detail["rescue"] = rescued.map { .string($0.action) } ?? .null
            try append(.ended(state, .rescued, reason: "Rescued"), detail)
            if rescued != nil { try DurableFiles.remove(context.layout.rescueRecord) }
        } else {
            try append(.ended(state, .failed, reason: failure.reason), detail)
        }
    }

    private func perform(_ state: UpgradeState) throws {
        switch state {
        case .planning: context.findings["plan"] = .string(context.plan.digest.hexadecimal)
        case .acquiring: try context.acquire()
        case .preTesting: try context.preTest()
        case .rehearsing: try context.rehearse()
        case .waiting: break
        case .pausing: try context.pause()
        case .copying: try context.copyData()
        case .migrating: try context.migrateData()
        case .switching: try context.switchGeneration()
        case .starting: try context.startNew()
        case .postTesting: try context.postTest()
        case .resuming: try context.resume()
        case .observing: break
        case .undoingPause: try context.undoPause()
        case .rollingBack:
            try context.rollBack(
                full: progress.mayHaveResumed, hadResumed: progress.entered.contains(.observing))
        case .retesting: try context.retest()
        }
    }

    /// One look at the new release; nil when the watch has ended, well or badly.
    private func watch() throws -> Progress? {
        let resumed = journal.records.last {
            if case .ended(.resuming, .done, _) = $0.event { true } else { false }
        }
        switch try look(
            cyclesAtResume: resumed?.detail["cyclesAtResume"]?.integer ?? 0,
            resumedAt: resumed?.time ?? context.clock.now())
        {
        case .good:
            try append(.ended(.observing, .done, reason: nil), try stagedExports())
            return nil
        case .bad(let failure):
            try failed(.observing, failure)
            return nil
        case .stillWatching(let cycles): return .observing(cyclesSeen: cycles)
        }
    }

    /// A staging server exports nothing; what it would export is what its administrator compares before it goes active.
    private func stagedExports() throws -> [String: JSONValue] {
        guard try context.new.status().staging else { return [:] }
        let pending = try context.new.health().measures["pendingExports", default: 0]
        context.narrator.say("the server is in staging mode and stays there; \(pending) exports are pending")
        return ["pendingExports": JSONValue(pending)]
    }

    /// A new release that cannot even be asked is not well; asked once is not enough to say so.
    private func look(cyclesAtResume: Int, resumedAt: WallTime) throws -> Observation {
        var tries = 5
        while true {
            do {
                return try context.observe(cyclesAtResume: cyclesAtResume, resumedAt: resumedAt)
            } catch {
                tries -= 1
                if tries == 0 {
                    return .bad(StepFailure("ObservationUnavailable", StepFailure(from: error).message))
                }
                context.clock.pause(milliseconds: 500)
            }
        }
    }

    private func conclude(_ end: AttemptEnd) throws {
        let result = AttemptResult.code(end, progress.failure)
        try AttemptConclusion(context: context, end: end, failure: progress.failure, result: result).carryOut()
        try append(
            .concluded(end, result: result.description),
            ["message": .string(progress.failure?.message ?? "")])
    }

    static func words(_ state: UpgradeState, _ plan: UpgradePlan) -> String? {
        switch state {
        case .planning: "planning the upgrade from \(plan.fromVersion) to \(plan.toVersion)"
        case .acquiring: "fetching, verifying and unpacking \(plan.toVersion)"
        case .preTesting: "running the pre-tests"
        case .rehearsing: "rehearsing the upgrade on a copy of the data"
        case .waiting: nil
        case .pausing: "pausing synchronization"
        case .copying: "bringing the copy of the data up to date"
        case .migrating: "migrating the copy"
        case .switching: "switching to generation \(plan.toGeneration)"
        case .starting: "starting \(plan.toVersion) on trial"
        case .postTesting: "running the post-tests"
        case .resuming: "resuming synchronization"
        case .observing: "observing"
        case .undoingPause: "undoing the pause; \(plan.fromVersion) goes on"
        case .rollingBack: "rolling back to \(plan.fromVersion)"
        case .retesting: "running the pre-tests again on \(plan.fromVersion)"
        }
    }
}
