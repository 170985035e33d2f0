import Documents
import ReleaseContract
import VersionCatalog

/// Where releases come from. Everything it hands out has been compared with the digests that the repository names.
public protocol ReleaseSource {
    /// As the administrator named it.
    var name: String { get }
    /// Reads the repository's catalog and checks its signatures.
    func open() throws -> OpenedRepository
    /// A small document, such as `X.release.json`.
    func document(_ file: PublishedFile) throws -> [UInt8]
    /// Fetches an archive into `path`, resuming what an earlier call left; complete and verified when it returns.
    func fetch(archive path: String, chunks: ChunkList, to file: String, progress: (Int, Int) -> Void) throws
}

/// Unpacks a verified archive into a folder and compares the result with the release document.
public protocol ReleaseUnpacker {
    func unpack(_ archive: String, into folder: String, manifest: ReleaseManifest, tick: () throws -> Void) throws
    /// Every file of an unpacked release as its document lists it, nothing more and nothing less.
    func verify(_ folder: String, manifest: ReleaseManifest) throws
}

/// Where a run tells what it does, line by line.
public protocol Narrator {
    func say(_ line: String)
    /// A measure of something long; redrawn in place on a terminal, silent in a pipe.
    func progress(_ what: String, _ done: Int, _ total: Int)
}
