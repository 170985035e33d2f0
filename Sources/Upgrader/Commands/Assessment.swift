import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

/// A look at a living server: its facts, the repository's offer, and the eligibility that follows.
public struct Assessment {
    public let installed: InstalledRelease
    public let commands: ControlCommands
    public let source: (any ReleaseSource)?
    public let candidate: Candidate?
    public let report: EligibilityReport

    public static func make(
        _ installation: Installation, conditions: [Condition], repository: String?, target: ProductVersion?,
        retryFailed: Bool
    ) throws -> Assessment {
        let layout = installation.layout
        let (installed, commands) = try installation.activeCommands()
        let host = HostFacts(
            freeDiskBytes: try? DurableFiles.freeBytes(
                DurableFiles.exists(layout.upgrader) ? layout.upgrader : layout.service),
            attemptsWritable: DurableFiles.mayWrite(below: layout.upgrader))
        let facts = ServerFacts(report: try commands.facts(), root: layout.root, host: host)
        let name = repository ?? installation.configuration.repository
        let source = try name.map(installation.openSource)
        let memory = retryFailed ? FailureMemory() : try FailureMemory.read(layout)
        let candidate = try source.map {
            try Candidate.choose(
                $0, installed: installed, configuration: installation.configuration, memory: memory, target: target,
                now: installation.clock.now())
        }
        let report = Eligibility.evaluate(
            facts: facts, conditions: conditions, decision: candidate?.decision, live: true)
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
                databaseBytes: report.facts.databaseBytes ?? 0, configuration: installation.configuration))
    }
}
