import Documents
import LinuxHost
import ReleaseContract
import SyncConfiguration

extension AttemptContext {
    /// Nothing was switched: the old service runs again, the pause is lifted, the copy goes.
    func undoPause() throws {
        try bringBackOld(full: false, hadResumed: false)
        try discardCopies()
    }

    /// Back to the old generation. Its data is what it was, since nothing ever wrote to it.
    ///
    /// - Parameters:
    ///   - full: cycles of the new release may have exported already; then every connector is imported and
    ///     synchronized in full, and nothing is exported before the cloud side was imported again.
    ///   - hadResumed: the attempt's own pause had ended; another one in the new generation is somebody else's.
    func rollBack(full: Bool, hadResumed: Bool) throws {
        try bringBackOld(full: full, hadResumed: hadResumed)
        try discardCopies()
    }

    private func bringBackOld(full: Bool, hadResumed: Bool) throws {
        let foreign = try pauseOfAnother(hadResumed)
        // A rescuer may have done all of it; then there is no lease, the old generation serves, and nothing is paused.
        if lease.token == nil, !(try isWhole()) {
            try lease.take(
                attempt: id, knownGood: try knownGood(full: full), schedulerWasSuspended: foreign != nil)
        }
        try closeFence()
        if try supervisor.running()?.generation != plan.fromGeneration { try supervisor.stop(tick: tick) }
        if try DurableFiles.linkTarget(layout.current) != ServerLayout.currentTarget(plan.fromGeneration) {
            try DurableFiles.replaceLink(layout.current, target: ServerLayout.currentTarget(plan.fromGeneration))
        }
        try start(old, generation: plan.fromGeneration)
        if lease.token != nil {
            // A generation that an earlier upgrade left is still paused by that upgrade, not by this way back.
            let status = try old.status()
            let isOurs = try isOurPause(status)
            if full || isOurs { try lift(old, owner: isOurs ? status.suspendedBy : id, more: full ? ["--full"] : []) }
            if let foreign { try pauseAgain(foreign) }
            try lease.giveBack()
        }
    }

    private func isOurPause(_ status: StatusReport) throws -> Bool {
        guard status.suspended else { return false }
        return try status.suspendedBy == id || AttemptStore(layout: layout).identifiers().contains(status.suspendedBy)
    }

    /// Who else has paused the active generation, empty for a person; nil where nobody has, or where it cannot be asked.
    /// A process that died on the same way back has noted it in its lease.
    private func pauseOfAnother(_ hadResumed: Bool) throws -> String? {
        let isSwitched = try DurableFiles.linkTarget(layout.current) == ServerLayout.currentTarget(plan.toGeneration)
        let active = isSwitched ? (hadResumed ? new : nil) : old
        if let status = try? active?.status(), status.suspended, try !isOurPause(status) {
            return status.suspendedBy
        }
        let noted = try LeaseKeeper.read(layout)
        return noted?.attempt == id && noted?.schedulerWasSuspended == true ? "" : nil
    }

    /// The pause of somebody else stood in the generation that is left, and is to stand in this one.
    private func pauseAgain(_ owner: String) throws {
        if try old.status().suspended { return }
        if owner.isEmpty { return try old.set(GlobalParameter.schedulerSuspended, "True") }
        let answer = try old.answer(.suspend, ["--owner", owner] + tokenArguments)
        guard answer.exitStatus == 0 else {
            throw StepFailure("SuspendFailed", "\(answer.commandName): \(answer.problem)")
        }
    }

    /// Ends what a dead process left running. The lease's token has risen before: what begins later is refused.
    func closeFence() throws {
        if let ended = try OperationFence(layout: layout, clock: clock).close(tick: tick) {
            findings["ended"] = .string(ended)
        }
    }

    private func isWhole() throws -> Bool {
        guard try LeaseKeeper.read(layout) == nil,
            try DurableFiles.linkTarget(layout.current) == ServerLayout.currentTarget(plan.fromGeneration),
            try supervisor.running()?.generation == plan.fromGeneration
        else { return false }
        return try !isOurPause(old.status())
    }

    /// Copies that were never switched to. A generation that ran is kept for whoever wants to know why it failed.
    private func discardCopies() throws {
        try DurableFiles.removeTree(dataCopy)
        try DurableFiles.removeTree(scratchCopy)
        try DurableFiles.removeTree(layout.quarantine(id))
    }

    /// The generation that an aborted attempt made and nobody ever ran.
    func discardNewGeneration() throws {
        guard try DurableFiles.linkTarget(layout.current) != ServerLayout.currentTarget(plan.toGeneration) else {
            return
        }
        try DurableFiles.removeTree(layout.generation(plan.toGeneration))
    }

    /// The pre-tests once more, on the old release.
    func retest() throws {
        let status = try old.status()
        guard status.serving, status.generation == plan.fromGeneration, try !isOurPause(status) else {
            throw StepFailure(
                "RetestFailed",
                "after the rollback the service serves: \(status.serving), generation \(status.generation), "
                    + "scheduler suspended: \(status.suspended)")
        }
        let worse = try old.health().deterioration(since: try baseLine().health)
        guard worse.isEmpty else { throw StepFailure("RetestFailed", worse.joined(separator: "; ")) }
        let tests = try ReleaseTests(context: self)
            .run(.pre, of: old, generation: plan.fromGeneration, reason: "RetestFailed")
        findings["tests"] = .array(tests.map { .string($0) })
    }
}
