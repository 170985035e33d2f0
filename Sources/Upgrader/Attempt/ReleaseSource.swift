import Documents
import ReleaseContract
import VersionCatalog

/// Where releases come from. Everything it hands out has been compared with the digests that the repository names.
public protocol ReleaseSource {
    /// As the administrator named it.
    var name: String { get }
    /// Reads the repository's catalog and checks its signatures.
    func open() throws -> OpenedRepository
    /// The documents of a release, compared with the repository's digests and with each other.
    func offer(_ release: PublishedRelease, of repository: PublishedRepository) throws -> Offer
    /// Fetches an archive into a folder, resuming what an earlier call left; complete and verified when it returns.
    /// Returns the file's path.
    func fetch(archive path: String, chunks: ChunkList, into folder: String, progress: @escaping (Int, Int) -> Void)
        throws
        -> String
}

/// Unpacks a verified archive into a folder and compares the result with the release document.
public protocol ReleaseUnpacker {
    func unpack(_ archive: String, into folder: String, manifest: ReleaseManifest, tick: () throws -> Void) throws
    /// Every file of an unpacked release as its document lists it, nothing more and nothing less; `document` is the
    /// published release document, byte for byte.
    func verify(_ folder: String, manifest: ReleaseManifest, document: [UInt8]) throws
}

/// Where a run tells what it does, line by line.
public protocol Narrator {
    func say(_ line: String)
    /// A measure of something long; redrawn in place on a terminal, silent in a pipe.
    func progress(_ what: String, _ done: Int, _ total: Int)
}
