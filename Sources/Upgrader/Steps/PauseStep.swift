import Documents
import LinuxHost
import ReleaseContract

extension AttemptContext {
    /// The live copy once more before anything stands still. Then lease first, then the scheduler, then the idleness, then the
    /// service.
    func pause() throws {
        try unpacker.verify(new.folder, manifest: manifest, document: manifestBytes)
        let status = try old.status()
        guard !status.suspended || status.suspendedBy == id else {
            throw StepFailure(
                "SchedulerSuspended",
                "somebody else has suspended the scheduler\(Self.by(status.suspendedBy)); it is left as it is")
        }
        try keep("snapshot-live.json", try DataCopy(context: self).refresh().json.pretty)
        try lease.take(attempt: id, knownGood: try knownGood(), schedulerWasSuspended: false)
        let suspend = try old.answer(.suspend, ownerArguments)
        guard suspend.exitStatus == 0 else {
            throw StepFailure(
                suspend.exitStatus == 75 ? "SchedulerSuspended" : "SuspendFailed",
                "\(suspend.commandName): \(suspend.problem)")
        }
        let wait = configuration.idleWaitSeconds
        let idle = try old.answer(.waitIdle, ["--timeout", String(wait)], extraSeconds: wait)
        guard idle.exitStatus == 0 else {
            throw StepFailure(
                "SyncOrConfigurationInProgress",
                "a synchronization cycle still ran after \(wait) s; the upgrade is tried again later")
        }
        // An administrator may have changed something while the rehearsal ran.
        var base = try baseLine()
        base.settings = try old.settings()
        try keep(BaseLine.fileName, base.json.pretty)
        findings["cyclesAtPause"] = JSONValue(base.status.cyclesCompleted)
        try supervisor.stop(tick: tick)
    }

    static func by(_ owner: String) -> String { owner.isEmpty ? "" : " (\(owner))" }
}
