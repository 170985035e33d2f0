import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

extension Repair {
    /// Puts the active release in order where its files are not what its list says. Returns why it could not.
    func restoreRelease() throws -> StepFailure? {
        let finding = try ReleaseCheck(installation).activeRelease()
        guard let damage = finding.damage else { return nil }
        say("restore the active release \(finding.version): \(damage.message)")
        if options.dryRun { return nil }
        do {
            try acquisition(of: finding.version).replace(
                owner: "repair", wantedBytes: installation.configuration.freeDiskReserve)
        } catch {
            let failure = StepFailure(from: error)
            return StepFailure(
                "ReleaseDamaged",
                "\(damage.message); the release \(finding.version) could not be restored: \(failure.message)",
                obstacle: failure.obstacle)
        }
        try startAgain()
        return nil
    }

    /// From what was kept when the release was installed, or else from the repository.
    private func acquisition(of version: ProductVersion) throws -> ReleaseAcquisition {
        if let origin = try? ReleaseOrigin.read(version, layout), origin.hasWholeArchive {
            return ReleaseAcquisition(
                layout: layout, manifest: origin.manifest, document: origin.document, chunks: origin.chunks,
                supply: .kept(origin.archive), unpacker: installation.unpacker, narrator: installation.narrator)
        }
        guard let name = options.repository ?? installation.configuration.repository else {
            throw StepFailure(
                "RepositoryUnknown", "nothing was kept of it and no repository is configured; give --catalog")
        }
        let source = try installation.openSource(name)
        let repository = try source.open().repository
        guard let release = repository.release(version) else {
            throw StepFailure("ReleaseNotPublished", "\(name) does not publish it any more; give --catalog with one")
        }
        let offer = try source.offer(release, of: repository)
        return ReleaseAcquisition(
            layout: layout, manifest: offer.manifest, document: offer.manifestBytes, chunks: offer.chunks,
            supply: .repository(source, path: offer.archivePath), unpacker: installation.unpacker,
            narrator: installation.narrator)
    }

    /// What runs was started from the damaged files.
    private func startAgain() throws {
        guard try installation.supervisor.running() != nil else { return }
        let (installed, commands) = try installation.activeCommands()
        say("start the service again from the restored files")
        try installation.supervisor.stop(tick: {})
        try installation.supervisor.start(
            try commands.commandLine(.serve), generation: installed.generation, tick: {})
    }
}
