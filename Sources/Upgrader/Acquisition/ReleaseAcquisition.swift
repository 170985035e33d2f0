import Documents
import Glibc
import LinuxHost
import ReleaseContract

/// Brings one release onto this server, beside the running one: fetched, verified, unpacked, compared with its list, and
/// only then under its name. Nothing that runs is touched.
public struct ReleaseAcquisition {
    public enum Outcome: Equatable, Sendable {
        /// It was there already, and is what its list says.
        case wasThere
        case fetched(archiveBytes: Int)
    }

    /// Where the archive comes from.
    public enum Supply {
        /// Below a published repository.
        case repository(any ReleaseSource, path: String)
        /// A file on this server.
        case kept(String)
        case none
    }

    let layout: ServerLayout
    let manifest: ReleaseManifest
    /// The published release document, byte for byte.
    let document: [UInt8]
    let chunks: ChunkList
    let supply: Supply
    let unpacker: any ReleaseUnpacker
    let narrator: any Narrator

    private var version: ProductVersion { manifest.version }

    /// - Parameters:
    ///   - owner: names the quarantine folder, so that a later call finds and removes what this one leaves when killed.
    ///   - wantedBytes: what must be free before anything is fetched.
    public func acquire(owner: String, wantedBytes: Int) throws -> Outcome {
        let target = layout.release(version)
        if DurableFiles.exists(target) {
            do {
                try unpacker.verify(target, manifest: manifest, document: document)
                return .wasThere
            } catch let failure as StepFailure where failure.reason == "ReleaseDamaged" {
                narrator.say("  \(failure.message); it is fetched again")
                try DurableFiles.removeTree(target)
            }
        }
        try requireSpace(wantedBytes)
        let quarantine = layout.quarantine(owner)
        let archive = try fill(quarantine)
        try ReleaseOrigin.keep(version, document: document, chunks: chunks, archive: archive, layout)
        try DurableFiles.renameNew(quarantine, target)
        // Only now: an ordinary user cannot rename a folder that is read-only.
        try DurableFiles.makeReadOnly(target)
        return .fetched(archiveBytes: chunks.archiveSize)
    }

    /// Puts a release that differs from its list in order: a whole new tree takes its place in one step.
    public func replace(owner: String, wantedBytes: Int) throws {
        let target = layout.release(version)
        try requireSpace(wantedBytes)
        let quarantine = layout.quarantine(owner)
        let archive = try fill(quarantine)
        if case .repository = supply {
            try ReleaseOrigin.keep(version, document: document, chunks: chunks, archive: archive, layout)
        }
        if DurableFiles.exists(target) {
            try DurableFiles.exchange(quarantine, target)
        } else {
            try DurableFiles.renameNew(quarantine, target)
        }
        try DurableFiles.makeReadOnly(target)
        try DurableFiles.removeTree(quarantine)
    }

    /// Fetches and unpacks into the quarantine, in one pass, and returns the archive's path. The tree is compared and on
    /// disk.
    private func fill(_ quarantine: String) throws -> String {
        try DurableFiles.makeFolders(layout.downloads, mode: 0o700)
        try DurableFiles.makeFolders(layout.releases)
        try DurableFiles.removeTree(quarantine)
        try DurableFiles.makeFolders(quarantine, mode: 0o755)
        let session = try unpacker.begin(into: quarantine, manifest: manifest, document: document)
        var takesMore = true
        let archive: String
        do {
            archive = try feed { bytes in
                takesMore = session.take(bytes)
                return takesMore
            }
            try session.finish()
        } catch {
            // Where the unpacker has ended, its reason is the one that counts.
            if !takesMore { try session.finish() }
            session.cancel()
            throw error
        }
        // The unpacker has read what came from outside; it is not believed. The disk writes while the processors compare.
        try ParallelWork.both(
            { try unpacker.verify(quarantine, manifest: manifest, document: document) },
            { () throws(HostError) in try DurableFiles.syncFileSystem(of: quarantine) })
        return archive
    }

    /// Hands the archive's bytes out in order, each verified before, and returns the path of the whole.
    private func feed(_ receive: @escaping (UnsafeRawBufferPointer) -> Bool) throws -> String {
        switch supply {
        case .none: throw StepFailure("RepositoryUnknown", "no repository is configured; give --catalog")
        case .kept(let path):
            try KeptArchive.feed(path, chunks, to: receive)
            return path
        case .repository(let source, let path):
            let (narrator, what) = (narrator, "fetching \(version)")
            let before = source.remarks.count
            defer { for remark in source.remarks.dropFirst(before) { narrator.say("  \(remark)") } }
            return try source.fetch(archive: path, chunks: chunks, into: layout.downloads, receive: receive) {
                narrator.progress(what, $0, $1)
            }
        }
    }

    private func requireSpace(_ wanted: Int) throws {
        let free = try DurableFiles.freeBytes(layout.upgrader)
        guard free >= wanted else {
            throw StepFailure(
                "InsufficientDiskSpace",
                "\(layout.upgrader): \(free) bytes are free and \(wanted) are needed; free space and run again")
        }
    }
}
