import Documents
import LinuxHost
import ReleaseContract

extension AttemptContext {
    /// Fetches, verifies and unpacks the new release beside the running one. What is there already and verifies is kept.
    func acquire() throws {
        let target = layout.release(plan.toVersion)
        if DurableFiles.exists(target) {
            do {
                try unpacker.verify(target, manifest: manifest, document: manifestBytes)
                findings["staged"] = "the release was there already and verifies"
                return
            } catch let failure as StepFailure where failure.reason == "ReleaseDamaged" {
                narrator.say("  \(failure.message); it is fetched again")
                try DurableFiles.removeTree(target)
            }
        }
        try DurableFiles.makeFolders(layout.downloads, mode: 0o700)
        try DurableFiles.makeFolders(layout.releases)
        try requireSpace()
        guard let source else { throw StepFailure("RepositoryUnknown", "no repository is configured; give --catalog") }

        let (narrator, what) = (narrator, "fetching \(plan.toVersion)")
        let archive = try source.fetch(archive: plan.archivePath, chunks: chunks, into: layout.downloads) {
            narrator.progress(what, $0, $1)
        }
        let quarantine = layout.quarantine(id)
        try DurableFiles.removeTree(quarantine)
        try DurableFiles.makeFolders(quarantine, mode: 0o755)
        try unpacker.unpack(archive, into: quarantine, manifest: manifest, tick: tick)
        try unpacker.verify(quarantine, manifest: manifest, document: manifestBytes)
        try DurableFiles.syncFileSystem(of: quarantine)
        try DurableFiles.renameNew(quarantine, target)
        // Only now: an ordinary user cannot rename a folder that is read-only.
        try DurableFiles.makeReadOnly(target)
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
