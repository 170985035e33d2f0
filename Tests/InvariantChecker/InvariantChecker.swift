import Foundation

/// Judges a server from outside against the invariants of an upgrade. It shares no code with what it judges: it reads
/// files, calls the active release's control commands and looks at the process table.
public struct InvariantChecker: Sendable {
    /// What a run of the upgrader has reported to whoever called it.
    public struct Run: Sendable {
        public let exitStatus: Int
        /// The result code that it printed or that its history names, where the test has one.
        public let result: String?

        public init(exitStatus: Int, result: String? = nil) {
            self.exitStatus = exitStatus
            self.result = result
        }
    }

    let files: ServerFiles
    let cloudLog: URL
    /// Published `release.json` documents by version; the signed lists.
    let published: [String: URL]

    public init(root: URL, cloudLog: URL, published: [String: URL] = [:]) {
        files = ServerFiles(root: root)
        self.cloudLog = cloudLog
        self.published = published
    }

    /// Records a server whose service runs, before an attempt.
    public func record() throws -> ServerRecord {
        guard let generation = files.activeGeneration, let status = files.answer("status"),
            let scheduler = SchedulerState(status), let version = status["version"] as? String,
            let settings = files.answer("settings get")?["parameters"] as? [String: String]
        else { throw RecordError(description: "no whole server below \(files.root.path)") }
        return ServerRecord(
            generation: generation, version: version, scheduler: scheduler, settings: settings,
            data: lastingData(generation), cloudLines: cloudLines().count, attempts: Set(attemptNames()),
            agentRegistration: agentRegistration(), serviceUser: serviceProcess()?.user)
    }

    /// Everything that contradicts an invariant now. What may still settle is looked at again until the time is up: the
    /// first cycle, the end of a helper process.
    ///
    /// - Parameters:
    ///   - before: the same server before the attempts that are judged.
    ///   - run: how the last run ended.
    ///   - isObserving: an attempt may still be without its result, because it watches cycles.
    public func violations(
        since before: ServerRecord, run: Run? = nil, isObserving: Bool = false, settlingSeconds: Double = 5
    ) -> [Violation] {
        let deadline = Date().addingTimeInterval(settlingSeconds)
        while true {
            let found = look(before, run, isObserving)
            if found.isEmpty || Date() > deadline { return found }
        }
    }

    private func look(_ before: ServerRecord, _ run: Run?, _ isObserving: Bool) -> [Violation] {
        let journals = newJournals(before)
        return releaseIsWhole() + schedulerIsAsBefore(before) + exportsWerePaused(journals, before)
            + dataIsAsBefore(journals, before) + verifiedBeforeUse(journals)
            + oneResultEach(journals, isObserving) + oneActor(journals) + serviceWorks(before)
            + stateHasItsReason(journals, before) + settingsAreAsBefore(before)
            + resultsAgree(journals, before, run, isObserving)
    }

    // MARK: - What several judgements read

    func attemptNames() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: files.attempts.path)) ?? []).filter {
            !$0.hasPrefix(".")
        }.sorted()
    }

    func newJournals(_ before: ServerRecord) -> [AttemptJournal] {
        attemptNames().filter { !before.attempts.contains($0) }
            .map { AttemptJournal(folder: files.attempts.appending(path: $0)) }
    }

    func cloudLines() -> [CloudLine] {
        let text = (try? String(contentsOf: cloudLog, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { CloudLine(String($0)) }
    }

    /// Counters, the scheduler's state, requests for full runs and marks change by themselves and are judged elsewhere.
    /// A database is judged by its rows.
    func lastingData(_ generation: Int) -> [String: String] {
        let passing: Set<String> = ["counters", "scheduler", "full-asked", "trial.json", "settings"]
        let folder = files.data(generation)
        let lasting = ServerFiles.files(below: folder).filter { !passing.contains($0) && !$0.hasPrefix(".") }
        let databases = lasting.filter { $0.hasSuffix(".db") }
        let plain = lasting.filter { name in !databases.contains { name.hasPrefix($0) } }
        return databases.reduce(into: ServerFiles.digests(plain, below: folder)) { digests, name in
            digests.merge(ServerDatabase.digests(of: folder.appending(path: name))) { $1 }
        }
    }

    /// As the service says it, or as it lies beside the service's configuration.
    func agentRegistration() -> String? {
        let agent = files.answer("facts")?["healthAgent"] as? [String: Any]
        return agent?["registration"] as? String
            ?? (try? String(
                contentsOf: files.root.appending(path: "etc/adsync/health-agent-registration"), encoding: .utf8))
    }

    /// The process that serve.json names, if it is alive and the same.
    func serviceProcess() -> ObservedProcess? {
        guard let record = ServerFiles.object(files.service.appending(path: "serve.json")),
            let pid = record["pid"] as? Int, let process = ObservedProcess(pid: pid),
            process.startTime == record["startTime"] as? Int
        else { return nil }
        return process
    }
}
