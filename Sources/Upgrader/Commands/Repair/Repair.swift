import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

/// What `aadc-upgrade repair` does: says why a server is Suspended, finishes what was interrupted, lifts what was left
/// behind, upgrades where a person asked for it, and enables automatic upgrade again where the server is eligible. It
/// can be run as often as one likes.
public struct Repair {
    public struct Options: Equatable, Sendable {
        public var dryRun = false
        public var repository: String?
        /// Lift a pause of the scheduler that cannot be told from a person's own.
        public var resume = false
        /// Upgrade with a person beside it: not bound by what only binds automatic upgrade.
        public var upgrade = false
        public var acceptedRisks: Set<String> = []

        public init() {}
    }

    let installation: Installation
    let catalog: EligibilityCatalog
    let options: Options

    public init(_ installation: Installation, catalog: EligibilityCatalog, options: Options) {
        self.installation = installation
        self.catalog = catalog
        self.options = options
    }

    var layout: ServerLayout { installation.layout }
    var store: AttemptStore { AttemptStore(layout: layout) }
    func say(_ line: String) { installation.narrator.say(options.dryRun ? "would: \(line)" : line) }

    public func run() throws -> CommandEnd {
        if let missing = RepairRights.missing(layout) { throw CommandError(ExitStatus.notPermitted, missing) }
        return try RunLock.holding(installation, else: "repair waits for no run, call it again", repair)
    }

    private func repair() throws -> CommandEnd {
        if try setUnreadableJournalsAside(), options.dryRun {
            return CommandEnd(
                0, nil, "nothing was changed; what else there is to repair shows once the journal is aside")
        }
        try explainSuspension()
        let damage = try restoreRelease()
        if let end = try finishInterrupted() { return end }
        try endForgottenLease()
        try restartService()
        if let end = try liftPause() { return end }
        try liftLatch()
        // Everything else was put right; automatic upgrade waits for a release that is what its list says.
        if let damage { throw damage }
        guard options.upgrade else { return try liftSuspension() }
        switch try upgradeAttended() {
        case .ended(let end): return end
        case .nothingToDo: return try liftSuspension()
        case .upgraded(let words):
            // The upgrade that was asked for is done; what is left to say of automatic upgrade does not undo that.
            let state = try liftSuspension()
            return CommandEnd(0, .success, "\(words); \(state.message)")
        }
    }

    /// An attempt that a dead process left: the ordinary way to its end.
    private func finishInterrupted() throws -> CommandEnd? {
        guard let attempt = try store.unfinished() else { return nil }
        let progress = try store.progress(of: attempt)
        if case .inside(.observing) = progress.position { return nil }
        say("finish attempt \(attempt), which was interrupted")
        let context: AttemptContext
        do {
            context = try store.context(of: attempt, installation, source: nil)
        } catch {
            try setAside(attempt, progress, because: StepFailure(from: error).message)
            return nil
        }
        if options.dryRun { return nil }
        guard case .concluded(let end, let result) = try AttemptDriver(context).drive() else { return nil }
        let ended = try UpgradeRun.end(end, result, context)
        say(ended.message)
        return end == .inconsistent ? ended : nil
    }

    /// A lease whose attempt has ended, or never was: the rescuer's work, done here.
    private func endForgottenLease() throws {
        guard DurableFiles.exists(layout.lease) else { return }
        guard let lease = try? LeaseKeeper.read(layout) else {
            say("set the unreadable lease \(layout.lease) aside")
            if !options.dryRun {
                try DurableFiles.rename(
                    layout.lease, "\(layout.lease).unreadable-\(installation.clock.now().milliseconds)")
            }
            return
        }
        say("end the pause of attempt \(lease.attempt) and bring generation \(lease.knownGood.generation) back")
        if options.dryRun { return }
        _ = try OperationFence(layout: layout, clock: installation.clock).close()
        let good = try InstalledRelease.ofGeneration(lease.knownGood.generation, layout)
        if try installation.supervisor.running()?.generation != good.generation {
            try installation.supervisor.stop(tick: {})
        }
        try DurableFiles.replaceLink(layout.current, target: ServerLayout.currentTarget(good.generation))
        let commands = ControlCommands(
            release: good.manifest, folder: good.folder, layout: layout, clock: installation.clock)
        try installation.supervisor.start(
            try commands.commandLine(.serve), generation: good.generation, tick: {})
        if !lease.schedulerWasSuspended {
            let answer = try commands.answer(.resume, ["--owner", lease.attempt, "--force"])
            guard answer.exitStatus == 0 else {
                throw StepFailure("ResumeFailed", "\(answer.commandName): \(answer.problem)")
            }
        }
        try DurableFiles.remove(layout.lease)
        try DurableFiles.remove(layout.rescueRecord)
    }

    private func restartService() throws {
        guard try installation.supervisor.running() == nil else { return }
        let (installed, commands) = try installation.activeCommands()
        say("start the service of generation \(installed.generation)")
        if options.dryRun { return }
        try installation.supervisor.start(
            try commands.commandLine(.serve), generation: installed.generation, tick: {})
    }

    /// A pause that a dead attempt left. A person's own pause stays.
    private func liftPause() throws -> CommandEnd? {
        let (_, commands) = try installation.activeCommands()
        let status = try commands.status()
        guard status.suspended else { return nil }
        let isDeadAttempt = try store.identifiers().contains(status.suspendedBy)
        guard isDeadAttempt || options.resume else {
            return .code(
                .aborted("SchedulerSuspended"),
                "the scheduler is suspended\(AttemptContext.by(status.suspendedBy)) and no attempt of this program did it. "
                    + "If nobody wants it so, run 'aadc-upgrade repair --resume'")
        }
        say("lift the pause\(AttemptContext.by(status.suspendedBy))")
        if options.dryRun { return nil }
        let answer = try commands.answer(
            .resume, ["--owner", status.suspendedBy.isEmpty ? "repair" : status.suspendedBy, "--force"])
        guard answer.exitStatus == 0 else {
            throw StepFailure("ResumeFailed", "\(answer.commandName): \(answer.problem)")
        }
        return nil
    }

    private func liftLatch() throws {
        guard DurableFiles.exists(layout.latch) else { return }
        let (_, commands) = try installation.activeCommands()
        let health = try commands.health()
        guard health.healthy else {
            let failed = health.checks.filter { $0.status == .failed }.map { "\($0.name): \($0.detail)" }
            throw StepFailure(
                "StillInconsistent",
                "the server is not healthy: \(failed.joined(separator: "; ")); reboot it, then send the support data in "
                    + layout.attempts)
        }
        say("lift the latch of the inconsistent attempt: the server is healthy")
        if !options.dryRun { try DurableFiles.remove(layout.latch) }
    }
}
