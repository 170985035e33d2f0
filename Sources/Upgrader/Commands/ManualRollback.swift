import Documents
import LinuxHost
import ReleaseContract

/// `aadc-upgrade rollback`: back to the generation that ran before the last upgrade, through the same states as a rollback
/// that the program decides itself.
public struct ManualRollback {
    private let installation: Installation

    public init(_ installation: Installation) { self.installation = installation }

    private var layout: ServerLayout { installation.layout }

    public func run(confirmed: Bool) throws -> CommandEnd {
        try RunLock.holding(installation, else: "wait for its end") { try roll(confirmed) }
    }

    private func roll(_ confirmed: Bool) throws -> CommandEnd {
        let store = AttemptStore(layout: layout)
        let active = try InstalledRelease.active(layout)
        guard let attempt = try upgradeThatMade(active.generation, store) else {
            throw CommandError(
                ExitStatus.noInput,
                "generation \(active.generation) was not made by an upgrade that is still known; there is nothing to go back to"
            )
        }
        let plan = try store.plan(of: attempt)
        guard DurableFiles.exists(layout.data(plan.fromGeneration)) else {
            throw CommandError(
                ExitStatus.noInput, "generation \(plan.fromGeneration) is not kept any more (see generationsKept)")
        }
        if !confirmed {
            return CommandEnd(
                ExitStatus.usage, nil,
                "this goes back from \(plan.toVersion) to \(plan.fromVersion) and its data of "
                    + "\(try began(attempt, store)): run history, staged changes and settings made since are lost; directory "
                    + "data is imported and synchronized again in full. Add --yes to do it")
        }
        let own = try prepare(attempt, plan, store)
        let context = try store.context(of: own, installation, source: nil)
        guard case .concluded(let end, let result) = try AttemptDriver(context).drive() else {
            throw StepFailure("InternalError", "a rollback cannot end in observation")
        }
        if end == .rolledBack {
            return CommandEnd(
                0, ResultCode(result), "\(plan.fromVersion) works again; \(plan.toVersion) was left by hand")
        }
        return try UpgradeRun.end(end, result, context)
    }

    private func began(_ attempt: String, _ store: AttemptStore) throws -> String {
        try store.records(of: attempt).first.map { "\($0.time)" } ?? "an unknown time"
    }

    private func upgradeThatMade(_ generation: Int, _ store: AttemptStore) throws -> String? {
        for attempt in try store.identifiers().reversed() {
            guard let plan = try? store.plan(of: attempt), plan.toGeneration == generation else { continue }
            let progress = try store.progress(of: attempt)
            switch progress.position {
            case .concluded(.committed, _): return attempt
            case .inside(.observing): return attempt
            default: continue
            }
        }
        return nil
    }

    /// An upgrade that is being observed ends here. A committed one keeps its result, and the way back is an attempt of its
    /// own, which begins where a failed observation would.
    private func prepare(_ attempt: String, _ plan: UpgradePlan, _ store: AttemptStore) throws -> String {
        let failed = JournalRecord.Event.ended(.observing, .failed, reason: FailureMemory.byHand)
        let detail: [String: JSONValue] = ["message": "an administrator asked for the rollback"]
        guard try store.progress(of: attempt).isConcluded else {
            var journal = try Journal.open(folder: layout.attempt(attempt), clock: installation.clock)
            try journal.append(failed, detail)
            return attempt
        }
        let folder = layout.attempt(attempt)
        func bytes(_ name: String) throws -> [UInt8] { try DurableFiles.read("\(folder)/\(name)") ?? [] }
        let (now, me) = (installation.clock.now(), try ProcessIdentity.current())
        let events: [(JournalRecord.Event, [String: JSONValue])] = [
            (.noted("rollback by hand of attempt \(attempt)"), [:]), (.entered(.observing), [:]), (failed, detail),
        ]
        // The journal comes with the folder, so that nobody ever finds an attempt that could be taken for an upgrade.
        let lines = events.enumerated().flatMap { index, event in
            JournalRecord(index: index, time: now, process: me, event: event.0, detail: event.1).line
                + [UInt8(ascii: "\n")]
        }
        return try store.create(
            plan, manifest: try bytes(AttemptStore.manifestName), chunks: try bytes(AttemptStore.chunksName),
            more: [BaseLine.fileName: try bytes(BaseLine.fileName), Journal.fileName: lines], now: now)
    }
}
