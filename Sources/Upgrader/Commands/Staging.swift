import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

/// What `aadc-upgrade stage` does: brings the release that a run would take onto this server, beside the running one, and
/// does nothing else. The run that follows finds it there.
public struct Staging {
    let installation: Installation
    let catalog: EligibilityCatalog

    public init(_ installation: Installation, catalog: EligibilityCatalog) {
        self.installation = installation
        self.catalog = catalog
    }

    private var layout: ServerLayout { installation.layout }

    public func run(_ options: Assessment.Options) throws -> CommandEnd {
        try RunLock.holding(installation) { try stage(options) }
    }

    private func stage(_ options: Assessment.Options) throws -> CommandEnd {
        if let attempt = try AttemptStore(layout: layout).unfinished() {
            return .code(
                .aborted("AttemptUnfinished"), "attempt \(attempt) is under way; 'aadc-upgrade run' finishes it first")
        }
        let assessment = try Assessment.make(installation, catalog: catalog, options)
        let report = assessment.report
        switch report.verdict {
        case .upToDate: return CommandEnd(0, nil, "nothing to do: \(report.reason)")
        case .notSupported(let code), .aborted(let code): return .code(code, UpgradeRun.refusal(report))
        case .conditional:
            return .code(.aborted("FactUnknown"), "a live server answered with unknown facts: \(report.reason)")
        case .eligible: break
        }
        guard let offer = assessment.candidate?.offer, let source = assessment.source,
            let plan = try assessment.plan(installation)
        else { return .code(.aborted("NoCandidate"), "no release was chosen: \(report.reason)") }
        let acquisition = ReleaseAcquisition(
            layout: layout, manifest: offer.manifest, document: offer.manifestBytes, chunks: offer.chunks,
            supply: .repository(source, path: offer.archivePath), unpacker: installation.unpacker,
            narrator: installation.narrator)
        let wanted = plan.freeDiskNeeded + installation.configuration.freeDiskReserve
        switch try acquisition.acquire(owner: "stage", wantedBytes: wanted) {
        case .wasThere: return CommandEnd(0, .success, "release \(plan.toVersion) was there already and verifies")
        case .fetched(let bytes):
            return CommandEnd(
                0, .success,
                "release \(plan.toVersion) lies in \(layout.release(plan.toVersion)), fetched with \(bytes) bytes and "
                    + "compared with its list; 'aadc-upgrade run' takes it from there")
        }
    }
}
