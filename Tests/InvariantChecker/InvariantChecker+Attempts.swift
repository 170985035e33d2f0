import Foundation

/// The invariants that the records of the attempts show.
extension InvariantChecker {
    /// 3: nothing is exported between pausing and the passed post-tests.
    func exportsWerePaused(_ journals: [AttemptJournal], _ before: ServerRecord) -> [Violation] {
        let exports = cloudLines().dropFirst(before.cloudLines).filter { !$0.isImport }
        return journals.flatMap { journal in
            Self.pauses(journal).flatMap { pause in
                exports.filter { pause.contains($0.time) }.map {
                    Violation(3, "\(journal.attempt) had paused, and this was exported: \($0.text)")
                }
            } + tooEarly(exports.filter { $0.time < Self.end(of: journal, in: journals) }, journal)
        }
    }

    /// From the end of `pausing` until the way back or the resuming begins. Where the rescuer has acted, synchronization
    /// goes on at a time that no journal has.
    private static func pauses(_ journal: AttemptJournal) -> [ClosedRange<Date>] {
        guard !journal.wasRescued else { return [] }
        var pauses: [ClosedRange<Date>] = []
        var start: Date?
        for record in journal.records {
            if record.kind == "result", record.state == "pausing", record.outcome == "done" { start = record.time }
            guard let paused = start, record.kind == "intent",
                ["resuming", "rollingBack", "undoingPause"].contains(record.state)
            else { continue }
            if record.time > paused { pauses.append(paused...record.time) }
            start = nil
        }
        return pauses
    }

    /// Whatever happens, the new generation exports nothing before its post-tests have passed.
    private func tooEarly(_ exports: [CloudLine], _ journal: AttemptJournal) -> [Violation] {
        guard let generation = newGeneration(journal), !journal.isRollbackByHand else { return [] }
        let passed = journal.ended("postTesting")?.time ?? .distantFuture
        return exports.filter { line in
            line.generation == generation && line.time < passed
                && journal.records.first.map { line.time > $0.time } == true
        }.map { Violation(3, "\(journal.attempt): the release on trial exported: \($0.text)") }
    }

    /// When the next attempt begins, which may make a generation of the same number.
    private static func end(of journal: AttemptJournal, in journals: [AttemptJournal]) -> Date {
        let began = journal.records.first?.time ?? .distantPast
        return journals.compactMap { $0.records.first?.time }.filter { $0 > began }.min() ?? .distantFuture
    }

    private func plan(_ journal: AttemptJournal) -> [String: Any]? {
        ServerFiles.object(files.attempts.appending(path: "\(journal.attempt)/plan.json"))
    }

    private func newGeneration(_ journal: AttemptJournal) -> Int? {
        (plan(journal)?["to"] as? [String: Any])?["generation"] as? Int
    }

    /// 4: after a rollback or an aborted attempt the data is what it was, and the old release works on it. After one that
    /// had resumed, the cloud is imported again before anything is exported.
    func dataIsAsBefore(_ journals: [AttemptJournal], _ before: ServerRecord) -> [Violation] {
        guard let last = journals.last, let end = last.conclusions.last?.end, end == "rolledBack" || end == "aborted"
        else { return [] }
        if files.activeGeneration != before.generation {
            return [Violation(4, "generation \(before.generation) was active; after a rollback it is not")]
        }
        let now = lastingData(before.generation)
        // What is made of the directories follows them: the new release has changed one.
        let following: Set<String> =
            last.mayHaveExported
            ? ["connector_space", "metaverse", "pending_exports", "watermarks", "attribute_names"] : []
        let names = Set(before.data.keys).union(now.keys).sorted().filter { name in
            !(name.contains(".db/") && following.contains(String(name.split(separator: "/").last ?? "")))
        }
        var found = names.filter { before.data[$0] != now[$0] }
            .map { Violation(4, "\($0) of the data is not as it was before the attempt") }
        if last.mayHaveExported, let back = last.entered("rollingBack"),
            !before.scheduler.staging
        {
            let after = cloudLines().filter { $0.time >= back.time && $0.generation == before.generation }
            if let first = after.first, !first.isImport {
                found.append(Violation(4, "exported before the cloud was imported again: \(first.text)"))
            }
        }
        return found
    }

    /// 5: nothing is used before it was verified: no state after `acquiring` without its success, and every installed
    /// release is whole and of the published list.
    func verifiedBeforeUse(_ journals: [AttemptJournal]) -> [Violation] {
        var found: [Violation] = []
        for journal in journals where !journal.isRollbackByHand {
            var isAcquired = false
            for record in journal.records {
                if record.kind == "result", record.state == "acquiring", record.outcome == "done" { isAcquired = true }
                if record.kind == "intent", !["planning", "acquiring"].contains(record.state), !isAcquired {
                    found.append(Violation(5, "\(journal.attempt) entered \(record.state) without a verified release"))
                    break
                }
            }
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: files.releases.path)) ?? []
        for name in names.sorted() where !name.hasPrefix(".") {
            let folder = files.releases.appending(path: name)
            found += Self.differences(of: folder, published: published[name]).map {
                Violation(5, "an unverified release is installed: \($0)")
            }
        }
        return found
    }

    /// 6: every attempt has exactly one recorded result with its reason, and a journal that can be read.
    func oneResultEach(_ journals: [AttemptJournal], _ isObserving: Bool) -> [Violation] {
        journals.flatMap { journal -> [Violation] in
            var found = journal.problems.map { Violation(6, $0) }
            let mayBeOpen = isObserving && journal.lastState == "observing"
            switch journal.conclusions.count {
            case 0 where !mayBeOpen: found.append(Violation(6, "\(journal.attempt) has no result"))
            case 2...: found.append(Violation(6, "\(journal.attempt) has \(journal.conclusions.count) results"))
            default: break
            }
            if journal.conclusions.contains(where: { $0.result.isEmpty }) {
                found.append(Violation(6, "\(journal.attempt) has a result without a code"))
            }
            return found
        }
    }

    /// 7: one process at a time acts on an attempt: whoever was followed by another has ended and never comes back. None
    /// is left beside the service.
    func oneActor(_ journals: [AttemptJournal]) -> [Violation] {
        var found: [Violation] = []
        for journal in journals {
            var actors: [(pid: Int, start: Int)] = []
            for record in journal.records where actors.last.map({ $0 != (record.pid, record.startTime) }) ?? true {
                if actors.contains(where: { $0 == (record.pid, record.startTime) }) {
                    found.append(
                        Violation(7, "\(journal.attempt): process \(record.pid) acts beside another one"))
                    break
                }
                actors.append((record.pid, record.startTime))
            }
            found += actors.dropLast().filter { ObservedProcess(pid: $0.pid)?.startTime == $0.start }.map {
                Violation(7, "\(journal.attempt): process \($0.pid) was followed by another one and still runs")
            }
        }
        let service = serviceProcess()?.session
        // On a whole machine every path lies below the root.
        let marks =
            files.root.path == "/"
            ? ["/opt/adsync/", "/var/lib/adsync/", "aadc-upgrade ", "aadc-rescuer "] : [files.root.path]
        let own = ObservedProcess(pid: Int(ProcessInfo.processInfo.processIdentifier))
        for process in ObservedProcess.all()
        where marks.contains(where: process.commandLine.contains) && process.session != service
            && process.session != own?.session
        {
            found.append(Violation(7, "process \(process.pid) is left: \(process.commandLine)"))
        }
        return found
    }

    /// 11: the exit status, the recorded result and what is active tell the same.
    func resultsAgree(
        _ journals: [AttemptJournal], _ before: ServerRecord, _ run: Run?, _ isObserving: Bool
    ) -> [Violation] {
        guard let journal = journals.last else {
            let isSame = files.activeGeneration == before.generation
            return isSame ? [] : [Violation(11, "another generation is active and no attempt is recorded")]
        }
        guard let conclusion = journal.conclusions.last else {
            guard let run, isObserving, run.exitStatus != 0 else { return [] }
            return [Violation(11, "the attempt observes and the exit status is \(run.exitStatus)")]
        }
        let ends: [String: (status: Int, prefix: String)] = [
            "committed": (0, "Success"), "aborted": (75, "UpgradeAborted"),
            "rolledBack": (10, "UpgradeFailedRollbackSuccess-"),
            "inconsistent": (11, "UpgradeFailedRollbackFailed-"),
        ]
        guard let expected = ends[conclusion.end] else {
            return [Violation(11, "\(journal.attempt) ends as \(conclusion.end)")]
        }
        var found: [Violation] = []
        if let run, run.exitStatus != expected.status {
            found.append(Violation(11, "\(conclusion.end) is recorded and the exit status is \(run.exitStatus)"))
        }
        if let result = run?.result, result != conclusion.result {
            found.append(Violation(11, "\(conclusion.result) is recorded and \(result) was reported"))
        }
        if !conclusion.result.hasPrefix(expected.prefix) {
            found.append(Violation(11, "\(conclusion.end) is recorded with the result \(conclusion.result)"))
        }
        let active = files.answer("status")?["version"] as? String
        let target = (plan(journal)?["to"] as? [String: Any])?["version"] as? String
        let wanted = conclusion.end == "committed" ? target : before.version
        if conclusion.end != "inconsistent", active != wanted {
            found.append(
                Violation(11, "\(conclusion.end) is recorded and \(active ?? "nothing") runs, not \(wanted ?? "?")"))
        }
        return found
    }
}
