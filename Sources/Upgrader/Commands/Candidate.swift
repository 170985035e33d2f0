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
        _ source: any ReleaseSource, installed: InstalledRelease, configuration: UpgraderConfiguration,
        memory: FailureMemory, target: ProductVersion?, now: WallTime
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
            var entry = OfferedRelease(
                product: repository.product, version: release.version, channels: release.channels)
            entry.withdrawn = release.withdrawn
            withheld[release.version] = memory.withheld(release.version, archive: release.archive.digest, now: now)
            let isWanted = target.map { $0 == release.version } ?? true
            if release.version > installed.manifest.version, isWanted, release.withdrawn == nil,
                release.channels.contains(configuration.channel), withheld[release.version] == nil
            {
                let offer = try source.offer(release, of: repository)
                entry.upgradesFrom = offer.manifest.upgradesFrom
                entry.requiredDiskBytes =
                    offer.chunks.archiveSize + offer.manifest.unpackedBytes + offer.manifest.freeDiskBytes
                offers[release.version] = offer
            }
            offered.append(entry)
        }
        let decision = ReleaseChoice.candidate(
            installed: installed.manifest.version, product: repository.product, offered: offered,
            channel: configuration.channel, target: target, withheld: withheld)
        return Candidate(
            decision: decision, repository: opened, offer: decision.candidate.flatMap { offers[$0.version] })
    }
}
