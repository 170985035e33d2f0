import Documents
import ReleaseContract
import VersionCatalog

/// Where releases come from. Everything it hands out has been compared with the digests that the repository names.
public protocol ReleaseSource {
    /// As the administrator named it.
    var name: String { get }
    /// What mirrors did wrong so far, one line each.
    var remarks: [String] { get }
    /// Reads the repository's catalog and checks its signatures.
    func open() throws -> OpenedRepository
    /// The documents of a release, compared with the repository's digests and with each other.
    func offer(_ release: PublishedRelease, of repository: PublishedRepository) throws -> Offer
    /// Fetches an archive into a folder, resuming what an earlier call left; complete and verified when it returns.
    /// Returns the file's path.
    ///
    /// - Parameters:
    ///   - path: as the offer has it.
    ///   - receive: takes the archive's bytes in order, each verified before. False ends the transfer.
    func fetch(
        archive path: String, chunks: ChunkList, into folder: String,
        receive: @escaping (UnsafeRawBufferPointer) -> Bool, progress: @escaping (Int, Int) -> Void
    ) throws -> String
}

/// Unpacks an archive into a folder and compares the result with the release document.
public protocol ReleaseUnpacker {
    /// Begins to unpack into an empty folder.
    ///
    /// - Parameter document: the published release document, byte for byte; nothing that it does not list is made.
    func begin(into folder: String, manifest: ReleaseManifest, document: [UInt8]) throws -> any UnpackSession
    /// Every file of an unpacked release as its document lists it, nothing more and nothing less; `document` is the
    /// published release document, byte for byte.
    func verify(_ folder: String, manifest: ReleaseManifest, document: [UInt8]) throws
}

/// An archive that is being unpacked while its bytes arrive. What is in the folder counts only after ``finish()``.
public protocol UnpackSession {
    /// Takes the next verified bytes of the archive; false where the unpacker has ended, and ``finish()`` says why.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool
    /// The archive has no more bytes: waits for the unpacker's end.
    func finish() throws
    /// Ends the unpacker; the folder is left as it is.
    func cancel()
}

/// Where a run tells what it does, line by line.
public protocol Narrator {
    func say(_ line: String)
    /// A measure of something long; redrawn in place on a terminal, silent in a pipe.
    func progress(_ what: String, _ done: Int, _ total: Int)
}
