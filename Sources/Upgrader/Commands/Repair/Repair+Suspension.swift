import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

extension Repair {
    private func assess(attended: Bool) throws -> Assessment {
        var asked = Assessment.Options(repository: options.repository, retryFailed: true)
        asked.isAttended = attended
        asked.acceptedRisks = options.acceptedRisks
        return try Assessment.make(installation, catalog: catalog, asked)
    }

    /// Says why the server is Suspended, before anything is mended and the traces are gone.
    func explainSuspension() throws {
        var attempts = SuspensionCause.Attempts()
        if let attempt = try store.unfinished() {
            do {
                _ = try store.context(of: attempt, installation, source: nil)
                attempts.interrupted = attempt
            } catch {
                attempts.unreadable = attempt
            }
        }
        // A server that cannot answer now may after it was mended.
        guard let report = try? assess(attended: false).report else { return }
        for cause in SuspensionCause.causes(of: report, attempts: attempts) {
            installation.narrator.say("automatic upgrade is Suspended: \(cause.sentence)")
        }
    }

    /// A journal that cannot be read at all, not even in part: its attempt gets a new one that says so, and its result.
    ///
    /// - Returns: whether there was one.
    func setUnreadableJournalsAside() throws -> Bool {
        var found = false
        for attempt in try store.identifiers() {
            do {
                _ = try store.records(of: attempt)
            } catch let error as HostError where !error.isNotPermitted {
                found = true
                say("set the journal of attempt \(attempt) aside: \(error)")
                if options.dryRun { continue }
                let journal = "\(layout.attempt(attempt))/\(Journal.fileName)"
                try DurableFiles.rename(journal, "\(journal).unreadable-\(installation.clock.now().milliseconds)")
                try give(attempt, .inconsistent, .rollbackFailed("AttemptUnreadable"), because: error.description)
            }
        }
        return found
    }

    private func give(
        _ attempt: String, _ end: AttemptEnd, _ code: ResultCode, because reason: String
    ) throws {
        var journal = try Journal.open(folder: layout.attempt(attempt), clock: installation.clock)
        try journal.append(.noted("given up by repair: \(reason)"))
        try journal.append(.concluded(end, result: code.description))
    }

    /// An attempt that nobody can go on with, because its own documents cannot be read. It gets its result, and the
    /// folder stays for support.
    func setAside(_ attempt: String, _ progress: AttemptProgress, because reason: String) throws {
        say("give attempt \(attempt) up: \(reason)")
        if options.dryRun { return }
        let isBeforeSwitch = progress.entered.isDisjoint(with: [
            .switching, .starting, .postTesting, .resuming, .observing,
        ])
        if isBeforeSwitch {
            try give(attempt, .aborted, .aborted("AttemptUnreadable"), because: reason)
        } else if DurableFiles.exists(layout.lease) {
            // The known-good generation comes back next.
            try give(attempt, .rolledBack, .rolledBack("AttemptUnreadable"), because: reason)
        } else {
            try give(attempt, .inconsistent, .rollbackFailed("AttemptUnreadable"), because: reason)
        }
    }

    /// What became of the attended upgrade.
    enum AttendedUpgrade {
        /// There is nothing to upgrade to, or nothing was to be changed.
        case nothingToDo
        /// Done and observed.
        case upgraded(String)
        case ended(CommandEnd)
    }

    func upgradeAttended() throws -> AttendedUpgrade {
        let assessment = try assess(attended: true)
        guard assessment.report.verdict != .upToDate else {
            installation.narrator.say("nothing to upgrade to: \(assessment.report.reason)")
            return .nothingToDo
        }
        if options.dryRun {
            guard let plan = try assessment.plan(installation), assessment.report.verdict == .eligible else {
                say("not upgrade: \(UpgradeRun.refusal(assessment.report))")
                return .nothingToDo
            }
            say("upgrade, attended:\n\(plan.difference)")
            return .nothingToDo
        }
        var run = UpgradeRun.Options()
        run.assessment = Assessment.Options(repository: options.repository, retryFailed: true)
        run.assessment.isAttended = true
        run.assessment.acceptedRisks = options.acceptedRisks
        run.wait = true
        let end = try UpgradeRun(installation, catalog: catalog).begin(run, store)
        return end.code == .success ? .upgraded(end.message) : .ended(end)
    }

    /// Sets Enabled where nothing stands in the way, and says what does where something does.
    func liftSuspension() throws -> CommandEnd {
        let assessment = try assess(attended: false)
        let report = assessment.report
        guard report.facts.autoUpgradeState == .suspended else {
            return CommandEnd(
                0, nil,
                "automatic upgrade is \(report.facts.autoUpgradeState.map { "\($0)" } ?? "unknown"); nothing else to repair"
            )
        }
        let blocking = report.failures.filter { $0.code.kind == .notSupported }
        if let first = blocking.first {
            let remedies = blocking.map { "\n  \($0.condition.title): \($0.evidence). \($0.remedy ?? "")" }.joined()
            return .code(
                first.code,
                "automatic upgrade stays Suspended, because something still stands in its way:\(remedies)\(try attendedOffer())"
            )
        }
        guard Self.isEligible(report) else {
            return .code(
                report.verdict.code ?? .aborted("FactUnknown"),
                "automatic upgrade stays Suspended until this has passed and repair is called again: "
                    + UpgradeRun.refusal(report))
        }
        say("set automatic upgrade to Enabled: nothing stands in its way any more")
        if !options.dryRun {
            try assessment.commands.set(AutoUpgradeParameters.state, "Enabled")
            try assessment.commands.set(AutoUpgradeParameters.reason, "")
        }
        return CommandEnd(0, nil, options.dryRun ? "nothing was changed" : "repaired; the next run upgrades by itself")
    }

    /// Every condition passes. Whether there is a release to upgrade to is not the server's matter; what it would need
    /// of the disk is then the only thing that nobody can know.
    static func isEligible(_ report: EligibilityReport) -> Bool {
        report.failures.isEmpty
            && report.unknowns.allSatisfy {
                report.decision?.candidate == nil
                    && $0.condition.blocksWhen?.facts.isSubset(of: [.property(.diskSpare)]) == true
            }
    }

    /// Where only what binds automatic upgrade stands in the way, a person can upgrade the server now.
    private func attendedOffer() throws -> String {
        guard !options.upgrade else { return "" }
        let attended = try assess(attended: true)
        guard attended.report.verdict == .eligible, let release = attended.candidate?.offer?.manifest.version else {
            return ""
        }
        return
            "\n'aadc-upgrade repair --upgrade' upgrades it to \(release) now, with the same tests and the same way back."
    }
}
