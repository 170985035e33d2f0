import ReleaseContract
import VersionCatalog

/// A published release with its two documents, verified and read.
public struct Offer {
    public var published: PublishedRelease
    public var manifest: ReleaseManifest
    public var chunks: ChunkList
    /// The bytes of the release document, which the archive must begin with again.
    public var manifestBytes: [UInt8]
    /// Where the archive lies, below the repository.
    public var archivePath: String
}
