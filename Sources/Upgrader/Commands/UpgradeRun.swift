import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

/// What `aadc-upgrade run` does, unattended: finish what an earlier run left, look whether this server may and should be
/// upgraded, and upgrade it.
public struct UpgradeRun {
    public struct Options: Equatable, Sendable {
        public var assessment = Assessment.Options()
        /// Stay until the observation has ended.
        public var wait = false

        public init() {}
    }

    let installation: Installation
    let catalog: EligibilityCatalog

    public init(_ installation: Installation, catalog: EligibilityCatalog) {
        self.installation = installation
        self.catalog = catalog
    }

    private var layout: ServerLayout { installation.layout }
    private var narrator: any Narrator { installation.narrator }

    public func run(_ options: Options) throws -> CommandEnd {
        try RunLock.holding(installation) { try runLocked(options) }
    }

    private func runLocked(_ options: Options) throws -> CommandEnd {
        let store = AttemptStore(layout: layout)
        if let attempt = try store.unfinished() {
            let source = try (options.assessment.repository ?? installation.configuration.repository).map(
                installation.openSource)
            return try drive(attempt, store, source: source, options)
        }
        if DurableFiles.exists(layout.latch) {
            return CommandEnd(
                11, nil,
                "an earlier upgrade ended in a state that needs a person (\(layout.latch)); nothing is tried until "
                    + "'aadc-upgrade repair' has lifted it")
        }
        return try begin(options, store)
    }

    // MARK: A new attempt

    func begin(_ options: Options, _ store: AttemptStore) throws -> CommandEnd {
        let assessment = try assess(options)
        let report = assessment.report
        try VerdictLog(layout: layout).record(report, now: installation.clock.now())
        if report.isDisabled, !options.assessment.isAttended {
            return CommandEnd(
                0, nil,
                "automatic upgrade is Disabled on this server; nothing was done ('aadc-upgrade enable' allows it)")
        }
        switch report.verdict {
        case .upToDate: return CommandEnd(0, nil, "nothing to do: \(report.reason)")
        case .notSupported(let code):
            // A version that a person asked for and cannot have says nothing about the server.
            if options.assessment.target == nil { try suspend(assessment, code) }
            return .code(code, Self.refusal(report))
        case .aborted(let code): return .code(code, Self.refusal(report))
        case .conditional:
            return .code(.aborted("FactUnknown"), "a live server answered with unknown facts: \(report.reason)")
        case .eligible: break
        }
        guard let offer = assessment.candidate?.offer, let plan = try assessment.plan(installation) else {
            return .code(.aborted("NoCandidate"), "no release was chosen: \(report.reason)")
        }
        // A person beside it takes the server forward; whether automatic upgrade is for it is judged afterwards.
        if !options.assessment.isAttended { try liftSuspension(assessment) }
        let attempt = try store.create(
            plan, manifest: offer.manifestBytes, chunks: offer.chunks.json.pretty, now: installation.clock.now())
        for note in (assessment.candidate?.repository.notes ?? []) + (assessment.source?.remarks ?? []) {
            narrator.say(note)
        }
        return try drive(attempt, store, source: assessment.source, options)
    }

    /// Where nothing but an open console stands in the way, one that somebody forgot six hours ago is asked to close; one
    /// that is in use keeps the upgrade waiting.
    private func assess(_ options: Options) throws -> Assessment {
        let assessment = try Assessment.make(installation, catalog: catalog, options.assessment)
        let now = installation.clock.now()
        guard assessment.report.verdict == .aborted(.aborted("SyncExeInUse")), !assessment.report.isDisabled,
            let console = try ConsoleLock(layout), console.wasLeftOpen(now: now)
        else { return assessment }
        narrator.say(
            "the management console of process \(console.record.process.pid) has been open for "
                + "\(console.secondsOpen(now: now) / 3600) hours; it is asked to close")
        try console.askToLeave()
        let start = installation.clock.monotonicMilliseconds()
        while try ConsoleLock(layout) != nil, installation.clock.monotonicMilliseconds() - start < 5000 {
            installation.clock.pause(milliseconds: 20)
        }
        return try Assessment.make(installation, catalog: catalog, options.assessment)
    }

    /// What stands in the way, what was seen of it, and what to do about each.
    static func refusal(_ report: EligibilityReport) -> String {
        let decisive = report.failures.first { $0.code == report.verdict.code }
        let reason = decisive.map { "\($0.evidence). \(report.reason)" } ?? report.reason
        let remedies = report.failures.compactMap { failure in
            failure.remedy.map { "\n  \(failure.condition.title): \($0)" }
        }
        return reason + remedies.joined()
    }

    /// Suspended with its reason, the reason first: the state never stands without one.
    private func suspend(_ assessment: Assessment, _ code: ResultCode) throws {
        let facts = assessment.report.facts
        let lacksReason = facts.autoUpgradeState == .suspended && facts.suspensionReason == nil
        guard facts.autoUpgradeState == .enabled || lacksReason else { return }
        try assessment.commands.set(AutoUpgradeParameters.reason, code.description)
        try assessment.commands.set(AutoUpgradeParameters.state, "Suspended")
    }

    /// A suspended server that has become eligible is enabled again.
    private func liftSuspension(_ assessment: Assessment) throws {
        guard assessment.report.facts.autoUpgradeState == .suspended else { return }
        try assessment.commands.set(AutoUpgradeParameters.state, "Enabled")
        try assessment.commands.set(AutoUpgradeParameters.reason, "")
        narrator.say("the server was Suspended and is eligible now; it is Enabled again")
    }

    // MARK: Driving

    private func drive(_ attempt: String, _ store: AttemptStore, source: (any ReleaseSource)?, _ options: Options)
        throws
        -> CommandEnd
    {
        let context = try store.context(of: attempt, installation, source: source)
        while true {
            let driver = try AttemptDriver(context)
            switch try driver.drive() {
            case .concluded(let end, let result): return try Self.end(end, result, context)
            case .observing(let seen):
                let words =
                    "\(context.plan.toVersion) runs and synchronizes; observing: \(seen) of "
                    + "\(context.plan.observedCycles) cycles seen. A later run concludes it"
                guard options.wait, Termination.requested == nil else { return CommandEnd(0, nil, words) }
                narrator.progress("observing", seen, context.plan.observedCycles)
                installation.clock.pause(milliseconds: 200)
            }
        }
    }

    static func end(_ end: AttemptEnd, _ result: String, _ context: AttemptContext) throws -> CommandEnd {
        let plan = context.plan
        let code = ResultCode(result) ?? .rollbackFailed("Unknown")
        let reason = try AttemptStore(layout: context.layout).progress(of: context.id).failure?.message ?? ""
        switch end {
        case .committed: return .code(code, "upgraded from \(plan.fromVersion) to \(plan.toVersion)")
        case .aborted:
            return .code(code, "the upgrade to \(plan.toVersion) was aborted and is tried again later: \(reason)")
        case .rolledBack:
            return .code(code, "the upgrade to \(plan.toVersion) failed and \(plan.fromVersion) works again: \(reason)")
        case .inconsistent:
            return .code(
                code,
                "the upgrade to \(plan.toVersion) failed and so did the way back: \(reason)\n"
                    + "reboot, then send the support data in \(context.folder)")
        }
    }
}

/// The names under which a server keeps the state of automatic upgrade.
public enum AutoUpgradeParameters {
    public static let state = "Microsoft.OptionalFeature.AutoUpgradeState"
    public static let reason = "Microsoft.OptionalFeature.AutoUpgradeSuspensionReason"
}
