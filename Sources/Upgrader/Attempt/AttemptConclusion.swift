import Documents
import LinuxHost
import ReleaseContract

/// What an attempt's end brings with it, before the end itself is recorded: each part may be done again.
struct AttemptConclusion {
    let context: AttemptContext
    let end: AttemptEnd
    let failure: AttemptProgress.Failure?
    let result: ResultCode

    func carryOut() throws {
        switch end {
        case .committed:
            try remember { $0.forget(context.plan.toVersion) }
            tidy { try Retention(layout: context.layout, configuration: context.configuration).prune() }
        case .aborted:
            tidy { try context.discardNewGeneration() }
            try rememberDamagedArchive()
            try rememberPause()
        case .rolledBack:
            try rememberFailure()
            try rememberPause()
        case .inconsistent:
            try rememberFailure()
            try latch()
        }
        for copy in [context.dataCopy, context.scratchCopy, context.layout.quarantine(context.id)] {
            tidy { try DurableFiles.removeTree(copy) }
        }
    }

    /// What only takes room must not keep an attempt from its end; the next prune tries again.
    private func tidy(_ body: () throws -> Void) {
        do { try body() } catch { context.narrator.say("cannot tidy up: \(error)") }
    }

    private func remember(_ change: (inout FailureMemory) -> Void) throws {
        let before = try FailureMemory.read(context.layout)
        var memory = before
        change(&memory)
        if memory != before { try memory.write(context.layout) }
    }

    private func rememberFailure() throws {
        guard let failure, failure.state.countsAgainstRelease, !failure.isInterruption else { return }
        try remember {
            $0.remember(
                \.releases, version: context.plan.toVersion, archive: context.plan.archiveDigest, attempt: context.id,
                reason: failure.reason, now: context.clock.now())
        }
    }

    /// A pause that led to nothing, without the release being to blame: an obstacle, or an interruption.
    private func rememberPause() throws {
        guard let failure, failure.state.holdsLease, failure.isInterruption || !failure.state.countsAgainstRelease
        else { return }
        try remember {
            $0.remember(
                \.pauses, version: context.plan.toVersion, archive: context.plan.archiveDigest, attempt: context.id,
                reason: failure.reason, now: context.clock.now())
        }
    }

    /// An archive that is not what its publisher listed is counted, whoever damaged it.
    private func rememberDamagedArchive() throws {
        guard let failure, failure.state == .acquiring, AcquiringFailures.damage.contains(failure.reason) else {
            return
        }
        try remember {
            $0.remember(
                \.archives, version: context.plan.toVersion, archive: context.plan.archiveDigest, attempt: context.id,
                reason: failure.reason, now: context.clock.now())
        }
    }

    /// After an inconsistent end nothing is tried until a person has looked.
    private func latch() throws {
        let text: JSONValue = [
            "schema": "latch/1", "attempt": .string(context.id), "result": .string(result.description),
            "message": .string(failure?.message ?? ""), "since": .string(context.clock.now().description),
        ]
        try DurableFiles.replace(context.layout.latch, text.pretty, mode: 0o644)
        // The service may not answer at all now; the latch alone stops further upgrades.
        _ = try? context.old.set("Microsoft.OptionalFeature.AutoUpgradeSuspensionReason", result.description)
        _ = try? context.old.set("Microsoft.OptionalFeature.AutoUpgradeState", "Suspended")
        context.narrator.say(
            """
            Neither the new release nor the old one could be brought back. Reboot the server; if synchronization does not \
            run then, send the support data: the folder \(context.folder) and \(context.layout.serviceLog). \
            'aadc-upgrade repair' tries again and lifts this state.
            """)
    }
}

/// Reasons of `acquiring` that speak of the archive and not of the way to it.
enum AcquiringFailures {
    static let damage: Set<String> = ["PackageDamaged", "PackageRefused", "ReleaseDamaged"]
}
