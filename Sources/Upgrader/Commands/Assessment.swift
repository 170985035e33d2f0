import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

/// A look at a living server: its facts, the repository's offer, and the eligibility that follows.
public struct Assessment {
    /// What a person may ask of it.
    public struct Options: Equatable, Sendable {
        /// Overrides the configured repository.
        public var repository: String?
        public var target: ProductVersion?
        /// Try a release again whose back-off has not passed.
        public var retryFailed = false
        /// Risks accepted for this call, beside those of the configuration.
        public var acceptedRisks: Set<String> = []
        /// A person stands beside it: what binds only automatic upgrade, its floor first, does not count, and releases
        /// that are offered for download may be had, too.
        public var isAttended = false

        public init(repository: String? = nil, target: ProductVersion? = nil, retryFailed: Bool = false) {
            self.repository = repository
            self.target = target
            self.retryFailed = retryFailed
        }
    }

    public let installed: InstalledRelease
    public let commands: ControlCommands
    public let source: (any ReleaseSource)?
    public let candidate: Candidate?
    public let report: EligibilityReport

    public static func make(
        _ installation: Installation, catalog: EligibilityCatalog, _ options: Options
    ) throws -> Assessment {
        let layout = installation.layout
        let configuration = installation.configuration
        let (installed, commands) = try installation.activeCommands()
        let name = options.repository ?? configuration.repository
        var facts = ServerFacts(
            report: try commands.facts(), root: layout.root,
            host: HostMeasurement.measure(layout, configuration, repository: name))
        let source = try name.map(installation.openSource)
        var candidate: Candidate?
        facts.host.repositoryAccess = .notNamed
        if let source {
            let memory = options.retryFailed ? FailureMemory() : try FailureMemory.read(layout)
            do {
                candidate = try Candidate.choose(
                    source, installed: installed, facts: facts, configuration: configuration, memory: memory,
                    options: options, now: installation.clock.now())
                facts.host.repositoryAccess = .reached(source.name)
            } catch {
                // What has a condition of its own is reported as one; every other trouble keeps its own code.
                guard let access = RepositoryAccess(from: error), access.hasCondition(StepFailure(from: error).reason)
                else { throw error }
                facts.host.repositoryAccess = access
            }
        }
        let conditions = options.isAttended ? catalog.conditions.filter { !$0.isAutomaticOnly } : catalog.conditions
        var report = Eligibility.evaluate(
            facts: facts, conditions: conditions, advice: catalog.advice, decision: candidate?.decision, live: true)
        if let candidate {
            report.notes += candidate.repository.notes.map(EligibilityNotes.sentence)
            report.notes += (source?.remarks ?? []).map(EligibilityNotes.sentence)
            report.tell(candidate.repository.repository, today: ReleaseDate(installation.clock.now()))
            if let offer = candidate.offer {
                report.brings += ReleaseContents.changes(
                    from: installed.manifest, to: offer.manifest, known: BuiltInCatalog.standardRules)
            }
        }
        return Assessment(
            installed: installed, commands: commands, source: source, candidate: candidate, report: report)
    }

    /// What a run would do now; nil when there is no candidate.
    public func plan(_ installation: Installation) throws -> UpgradePlan? {
        guard let candidate, let offer = candidate.offer else { return nil }
        return UpgradePlan(
            UpgradePlan.Inputs(
                installed: installed, freeGeneration: try InstalledRelease.freeGeneration(installation.layout),
                offer: offer, repository: source?.name ?? "", signedBy: candidate.repository.signedBy,
                databaseBytes: report.facts.databaseBytes ?? 0,
                acceptedRisks: candidate.decision.risks.filter { $0.outcome == .accepted }.map(\.risk.id),
                configuration: installation.configuration))
    }
}

extension RepositoryAccess {
    fileprivate func hasCondition(_ reason: String) -> Bool {
        if case .failed(.unreachable, _) = self { return reason == "CannotConnect" }
        return true
    }
}
