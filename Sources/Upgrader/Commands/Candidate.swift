import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

/// Which release of a repository this server should be upgraded to.
public struct Candidate {
    public let decision: ReleaseDecision
    public let repository: OpenedRepository
    /// The chosen release with its documents.
    public let offer: Offer?

    public static func choose(
        _ source: any ReleaseSource, installed: InstalledRelease, facts: ServerFacts,
        configuration: UpgraderConfiguration, memory: FailureMemory, options: Assessment.Options, now: WallTime
    ) throws -> Candidate {
        let opened = try source.open()
        let repository = opened.repository
        guard repository.product == installed.manifest.product else {
            throw StepFailure(
                "WrongProduct",
                "\(source.name) publishes '\(repository.product)', this server runs '\(installed.manifest.product)'")
        }
        if repository.isExpired(at: now) {
            throw StepFailure(
                "RepositoryExpired", "\(source.name) expired at \(repository.expires.map { "\($0)" } ?? "?")")
        }
        // Only what could be chosen is read further: a run with nothing to do fetches one document.
        var offers: [ProductVersion: Offer] = [:]
        var offered: [OfferedRelease] = []
        var withheld: [ProductVersion: String] = [:]
        for release in repository.releases.sorted(by: { $0.version > $1.version }) {
            let isDownload = options.isAttended && release.channels.contains(ReleaseHistory.downloadChannel)
            var entry = OfferedRelease(
                product: repository.product, version: release.version,
                channels: release.channels + (isDownload ? [configuration.channel] : []))
            entry.withdrawn = release.withdrawn
            withheld[release.version] = memory.withheld(release.version, archive: release.archive.digest, now: now)
            // What is older than a wanted release may be on the way to it.
            let mayServe = options.target.map { release.version <= $0 } ?? true
            if release.version > installed.manifest.version, mayServe, release.withdrawn == nil,
                entry.channels.contains(configuration.channel), withheld[release.version] == nil
            {
                let offer = try source.offer(release, of: repository)
                entry.upgradesFrom = offer.manifest.upgradesFrom
                entry.notOffered = foreignPlatform(of: offer.manifest, installed.manifest)
                entry.requiredDiskBytes =
                    offer.chunks.archiveSize + offer.manifest.unpackedBytes + offer.manifest.freeDiskBytes
                offers[release.version] = offer
            }
            offered.append(entry)
        }
        let risks = try knownRisks(repository, source.name)
        let strangers = options.acceptedRisks.subtracting(risks.map(\.id))
        if !strangers.isEmpty {
            throw CommandError(
                ExitStatus.badInput,
                "no release in \(source.name) has a risk called \(strangers.sorted().joined(separator: ", "))")
        }
        let accepted = options.acceptedRisks.union(configuration.acceptedRisks)
        let decision = ReleaseChoice.candidate(
            installed: installed.manifest.version, product: repository.product, offered: offered,
            channel: configuration.channel, target: options.target, withheld: withheld
        ) { from, to in
            risks.filter { $0.concerns(from: from, to: to) }.map { risk in
                risk.judge(accepted: accepted) { facts.fact($0, requiredDiskBytes: nil) }
            }
        }
        return Candidate(
            decision: decision, repository: opened, offer: decision.candidate.flatMap { offers[$0.version] })
    }

    /// Why a rightly signed release is none for this machine; nil where it is one.
    private static func foreignPlatform(of release: ReleaseManifest, _ installed: ReleaseManifest) -> String? {
        if release.platform == installed.platform { return nil }
        return "for the platform \(release.platform), and this server runs on \(installed.platform)"
    }

    /// What the repository says of all its releases, each risk once.
    private static func knownRisks(_ repository: PublishedRepository, _ name: String) throws -> [Risk] {
        var risks: [String: Risk] = [:]
        for release in repository.releases {
            let place = "\(name), release \(release.version)"
            for risk in try Risk.published(release.risks, product: repository.product, file: place) {
                guard let known = risks.updateValue(risk, forKey: risk.id), known != risk else { continue }
                throw DocumentError(
                    file: place, place: "risks", problem: "\(risk.id) is described in two ways; each risk has one name")
            }
        }
        return risks.values.sorted { $0.id < $1.id }
    }
}
