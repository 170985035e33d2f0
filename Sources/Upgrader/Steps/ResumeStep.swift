import Documents
import LinuxHost
import ReleaseContract

extension AttemptContext {
    /// Ends the trial, then the pause, then the lease; each may be done already.
    func resume() throws {
        if lease.token == nil {
            // A lease that is still there says that nothing was exported yet.
            let full = try LeaseKeeper.read(layout) == nil
            try lease.take(attempt: id, knownGood: try knownGood(full: full), schedulerWasSuspended: false)
            try closeFence()
        }
        try start(new, generation: plan.toGeneration)
        let cycles = try new.status().cyclesCompleted
        try DurableFiles.remove(layout.trialMark(plan.toGeneration))
        try lift(new, more: [])
        try lease.giveBack()
        findings["cyclesAtResume"] = JSONValue(cycles)
    }

    /// Lifts this attempt's pause, or that of the owner named, through a release's own command.
    func lift(_ release: ControlCommands, owner: String? = nil, more: [String]) throws {
        let answer = try release.answer(.resume, ["--owner", owner ?? id] + tokenArguments + more)
        guard answer.exitStatus == 0 else {
            throw StepFailure("ResumeFailed", "\(answer.commandName): \(answer.problem)")
        }
        let status = try release.status()
        guard !status.suspended else {
            throw StepFailure("ResumeFailed", "the scheduler is still suspended\(Self.by(status.suspendedBy))")
        }
    }
}
