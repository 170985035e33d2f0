import Documents
import LinuxHost
import ReleaseContract

extension AttemptContext {
    /// Fetches, verifies and unpacks the new release beside the running one. What is there already and verifies is kept.
    func acquire() throws {
        let target = layout.release(plan.toVersion)
        if DurableFiles.exists(target) {
            try unpacker.verify(target, manifest: manifest)
            findings["staged"] = "the release was there already and verifies"
            return
        }
        try DurableFiles.makeFolders(layout.downloads, mode: 0o700)
        try DurableFiles.makeFolders(layout.releases)
        try requireSpace()
        guard let source else { throw StepFailure("RepositoryUnknown", "no repository is configured; give --catalog") }

        let archive = "\(layout.downloads)/\(plan.archiveDigest.hexadecimal).tar.zst"
        try source.fetch(archive: plan.archivePath, chunks: chunks, to: archive) { done, total in
            narrator.progress("fetching \(plan.toVersion)", done, total)
        }
        let quarantine = layout.quarantine(id)
        try DurableFiles.removeTree(quarantine)
        try DurableFiles.makeFolders(quarantine, mode: 0o755)
        try unpacker.unpack(archive, into: quarantine, manifest: manifest, tick: tick)
        try unpacker.verify(quarantine, manifest: manifest)
        let unpacked = try DurableFiles.read("\(quarantine)/\(ReleaseManifest.fileName)")
        guard unpacked.map({ FileDigest.sha256($0) }) == plan.releaseDocument else {
            throw StepFailure(
                "PackageMismatch", "the release.json inside \(plan.archivePath) is not the published one; tell its publisher")
        }
        try DurableFiles.syncFileSystem(of: quarantine)
        try DurableFiles.renameNew(quarantine, target)
        try DurableFiles.remove(archive)
        findings["archiveBytes"] = JSONValue(plan.archiveSize)
    }

    private func requireSpace() throws {
        let free = try DurableFiles.freeBytes(layout.upgrader)
        let wanted = plan.freeDiskNeeded + configuration.freeDiskReserve
        guard free >= wanted else {
            throw StepFailure(
                "InsufficientDiskSpace",
                "\(layout.upgrader): \(free) bytes are free and \(wanted) are needed; free space and run again")
        }
    }
}
