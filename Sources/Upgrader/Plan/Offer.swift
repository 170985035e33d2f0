import ReleaseContract
import VersionCatalog

/// A published release with its two documents, verified and read.
public struct Offer {
    public var published: PublishedRelease
    public var manifest: ReleaseManifest
    public var chunks: ChunkList
    /// The bytes of both, to be kept with the attempt.
    public var manifestBytes: [UInt8]
    public var chunksBytes: [UInt8]
}
