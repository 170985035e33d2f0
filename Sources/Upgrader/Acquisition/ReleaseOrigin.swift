import Documents
import LinuxHost
import ReleaseContract

/// What an installed release was made from: the verified release document, the chunk list and the archive. With it a
/// release can be judged by another list than its own, and be restored without a repository.
public struct ReleaseOrigin {
    static let chunksName = "release.chunks"
    static let archiveName = "release.tar.zst"

    public let folder: String
    public let manifest: ReleaseManifest
    /// The published document, byte for byte.
    public let document: [UInt8]
    public let chunks: ChunkList

    public var archive: String { "\(folder)/\(Self.archiveName)" }

    /// Whether the archive is there and is the one that was verified.
    public var hasWholeArchive: Bool { (try? FileDigest.sha256(file: archive)) == chunks.archiveDigest }

    /// Reads what was kept of a release; nil where nothing was, as for the release that a server was installed with.
    public static func read(_ version: ProductVersion, _ layout: ServerLayout) throws -> ReleaseOrigin? {
        let folder = layout.origin(version)
        let documentPath = "\(folder)/\(ReleaseManifest.fileName)"
        let chunksPath = "\(folder)/\(chunksName)"
        guard let document = try DurableFiles.read(documentPath), let chunks = try DurableFiles.read(chunksPath)
        else { return nil }
        return ReleaseOrigin(
            folder: folder, manifest: try ReleaseManifest(bytes: document, file: documentPath), document: document,
            chunks: try ChunkList(bytes: chunks, file: chunksPath))
    }

    /// Keeps a release's documents and takes its archive over; whole or not at all.
    static func keep(
        _ version: ProductVersion, document: [UInt8], chunks: ChunkList, archive: String, _ layout: ServerLayout
    ) throws {
        let temporary = "\(layout.downloads)/.new-\(version)"
        try DurableFiles.removeTree(temporary)
        try DurableFiles.makeFolders(temporary, mode: 0o750)
        try DurableFiles.replace("\(temporary)/\(ReleaseManifest.fileName)", document, mode: 0o640)
        try DurableFiles.replace("\(temporary)/\(chunksName)", chunks.json.pretty, mode: 0o640)
        try DurableFiles.rename(archive, "\(temporary)/\(archiveName)")
        try DurableFiles.removeTree(layout.origin(version))
        try DurableFiles.renameNew(temporary, layout.origin(version))
    }

    /// Removes all that was fetched but for what installed releases were made from.
    static func prune(_ layout: ServerLayout) throws {
        for name in try DurableFiles.list(layout.downloads) ?? [] {
            if let version = ProductVersion(name), DurableFiles.exists(layout.release(version)) { continue }
            try DurableFiles.removeTree("\(layout.downloads)/\(name)")
        }
    }
}
