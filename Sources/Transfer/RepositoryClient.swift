import Documents
import LinuxHost
import ReleaseContract
import TUF
import VersionCatalog

/// A release's documents with the bytes that the first was read from.
public struct FetchedRelease: Equatable, Sendable {
    public let manifest: ReleaseManifest
    /// The bytes of `X.release.json`, which the archive must begin with again.
    public let document: [UInt8]
    public let chunks: ChunkList
    /// Where the archive lies, below the repository.
    public let archivePath: String
}

/// Fetches from one published repository and its mirrors, and believes each file only as far as signatures that follow
/// from the pinned root vouch for it.
public final class RepositoryClient {
    static let metadataFolder = "metadata"
    static let targetsFolder = "targets"
    /// More than any repository of small documents needs.
    private static let largestDocument = 16 << 20

    /// The repository's folder and those of its mirrors, in order of preference.
    public private(set) var locations: [TransferAddress]
    private let downloader: Downloader
    private let trust: RepositoryTrust
    private let clock: any Clock
    /// Set once the metadata was refreshed.
    private var client: Client?
    /// What mirrors gave out that was not believed.
    public private(set) var refused: [TransferError] = []

    /// What went wrong with single mirrors, one line each.
    public var remarks: [String] {
        guard locations.count > 1 else { return [] }
        return refused.map { "a mirror was left for the next one: \($0)" }
            + downloader.failures.filter { failure in
                failure.reason.kind != .notFound && !refused.contains { $0.address == failure.reason.address }
            }.map { "a mirror was left for the next one: \($0.reason)" }
    }

    /// - Parameter locations: repositories' folders; the address of a `catalog.json` in one is understood too.
    public init(
        locations: [String], trust: RepositoryTrust, downloader: Downloader, clock: any Clock
    ) throws(TransferError) {
        let tail = "/\(PublishedRepository.fileName)"
        var addresses: [TransferAddress] = []
        for location in locations {
            addresses.append(
                try TransferAddress(location.hasSuffix(tail) ? String(location.dropLast(tail.count)) : location))
        }
        guard !addresses.isEmpty else { throw TransferError(.badAddress, address: "", "no repository is named") }
        self.locations = addresses
        self.trust = trust
        self.downloader = downloader
        self.clock = clock
    }

    // MARK: The repository

    /// Fetches and opens the repository. A mirror that is not believed, or cannot be reached, is left for the next one.
    public func repository(shouldStop: @escaping () -> Bool = { false }) throws(TransferError) -> OpenedRepository {
        switch trust {
        case .nothing(let path):
            throw TransferError(
                .notTrusted, address: first.description,
                "nobody has said whose signatures count: there is no trusted root at \(path). Pin one with "
                    + "'aadc-upgrade catalog trust --pin FILE', or allow unsigned repositories in the settings, for a "
                    + "folder of this machine")
        case .unsignedFolder: return try unsigned(shouldStop)
        case .signed(let root, let folder, let keeps):
            var failure: TransferError?
            for _ in locations {
                do throws(TransferError) {
                    return try signed(root, folder: folder, keeps: keeps, shouldStop)
                } catch {
                    if error.kind == .cancelled { throw error }
                    // What a person reads first is what the first mirror did.
                    failure = failure ?? error
                    refused.append(error)
                    locations.append(locations.removeFirst())
                }
            }
            throw failure ?? TransferError(.badAddress, address: "", "no repository is named")
        }
    }

    private var first: TransferAddress { locations[0] }

    private func unsigned(_ shouldStop: @escaping () -> Bool) throws(TransferError) -> OpenedRepository {
        guard first.scheme == .file else {
            throw TransferError(
                .notTrusted, address: first.description,
                "an unsigned repository is accepted from a folder of this machine and from nowhere else: sign it, and "
                    + "pin its root with 'aadc-upgrade catalog trust --pin FILE'")
        }
        let address = first.appending(PublishedRepository.fileName)
        let bytes = try downloader.fetchDocument(address, limit: Self.largestDocument, shouldStop: shouldStop)
        return try documents(address) { () throws(DocumentError) in
            try OpenedRepository(
                bytes: bytes, file: address.description, signedBy: [],
                notes: ["the repository \(first) is UNSIGNED; the configuration allows that explicitly"])
        }
    }

    private func signed(
        _ root: PinnedRoot, folder: String, keeps: Bool, _ shouldStop: @escaping () -> Bool
    ) throws(TransferError) -> OpenedRepository {
        let place = "\(folder)/\(root.identifier)"
        let address = first.appending(PublishedRepository.fileName)
        do {
            let store = Self.store(place, keeps: keeps)
            let time = ConfirmedTime(store)
            let now = clock.now()
            // One that does not answer is left for the next at once; one that is not believed, by who calls this.
            let fetcher = MetadataDownload(
                locations.map { $0.appending(Self.metadataFolder) }, downloader, shouldStop: shouldStop)
            var client = try Client(trustedRoot: root.bytes, store: store, fetcher: fetcher, now: time.now(now))
            try client.refresh()
            try time.confirm(time.now(now))
            let info = try client.target(PublishedRepository.fileName)
            let bytes = try content(
                of: info, named: client.targetFileName(PublishedRepository.fileName, info),
                kept: Self.store("\(place)/targets", keeps: keeps), shouldStop)
            self.client = client
            return try OpenedRepository(
                bytes: bytes, file: address.description, signedBy: Self.signers(client), notes: transportNotes)
        } catch let error as TUFError {
            throw RepositoryFailure.transferError(error, at: first, root: root)
        } catch let error as DocumentError {
            throw RepositoryFailure.transferError(error, at: address)
        } catch let error as TransferError {
            throw error
        } catch let error as HostError {
            throw TransferError(.file(error), address: place, error.description)
        } catch {
            throw TransferError(.badDocument, address: address.description, "\(error)")
        }
    }

    private static func store(_ folder: String, keeps: Bool) -> any MetadataStore {
        let store = FolderStore(folder)
        return keeps ? store : OverlayStore(over: store)
    }

    /// The catalog changes seldom: what was verified before is taken from the store.
    private func content(
        of info: TargetFileInfo, named name: String, kept: any MetadataStore, _ shouldStop: @escaping () -> Bool
    ) throws -> [UInt8] {
        let file = PublishedRepository.fileName
        if let bytes = try kept.read(file, limit: info.length), info.problem(of: bytes) == nil { return bytes }
        let path = "\(Self.targetsFolder)/\(name)"
        let address = first.appending(path)
        guard info.length <= Self.largestDocument else {
            throw TransferError(.tooLarge, address: address.description, "is signed with \(info.length) bytes")
        }
        let bytes = try downloader.fetchDocument(
            locations.map { $0.appending(path) }, limit: info.length, shouldStop: shouldStop)
        if let problem = info.problem(of: bytes) {
            throw TransferError(.wrongContent, address: address.description, problem)
        }
        try kept.write(file, bytes)
        return bytes
    }

    private static func signers(_ client: Client) -> [String] {
        guard let targets = client.trusted.targets,
            let role = client.trusted.root.content.roles[.targets]
        else { return [] }
        return targets.signatures.map(\.keyId).filter { role.keyIds.contains($0) }.sorted()
    }

    private var transportNotes: [String] {
        guard first.scheme == .http else { return [] }
        return [
            "the repository \(first) is reached over plain http: signatures protect what is fetched, but anybody on the way "
                + "can see it"
        ]
    }

    // MARK: Releases

    /// Fetches a release's two documents and checks that they belong to the release and to each other.
    public func release(
        _ release: PublishedRelease, of repository: PublishedRepository, shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) -> FetchedRelease {
        let (document, manifest) = try fetch(release.releaseDocument, as: ReleaseManifest.self, shouldStop)
        guard manifest.version == release.version, manifest.product == repository.product else {
            throw bad(
                release.releaseDocument,
                "is about \(manifest.product) \(manifest.version); expected \(repository.product) \(release.version)")
        }
        let (_, chunks) = try fetch(release.chunkList, as: ChunkList.self, shouldStop)
        guard chunks.archiveSize == release.archive.size, chunks.archiveDigest == release.archive.digest else {
            throw bad(release.chunkList, "is about another archive than the repository announces")
        }
        return FetchedRelease(
            manifest: manifest, document: document, chunks: chunks, archivePath: try path(of: release.archive))
    }

    /// Fetches an archive; see ``Downloader/fetchArchive(_:chunks:into:receive:progress:shouldStop:)``.
    public func archive(
        _ path: String, chunks: ChunkList, into folder: String,
        receive: @escaping (UnsafeRawBufferPointer) -> Bool = { _ in true },
        progress: @escaping (TransferProgress) -> Void = { _ in }, shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) -> FetchedArchive {
        try downloader.fetchArchive(
            locations.map { $0.appending(path) }, chunks: chunks, into: folder, receive: receive, progress: progress,
            shouldStop: shouldStop)
    }

    /// Where a file lies below the repository. In a signed one it must be signed by itself, with the size and the digest
    /// that the catalog has.
    private func path(of file: PublishedFile) throws(TransferError) -> String {
        guard case .signed(let root, _, _) = trust else { return file.path }
        guard var client else { throw bad(file, "the repository was not opened before") }
        let info: TargetFileInfo
        do throws(TUFError) {
            info = try client.target(file.path)
        } catch {
            throw RepositoryFailure.transferError(error, at: first, root: root)
        }
        self.client = client
        guard info.length == file.size, info.hashes.values["sha256"] == file.digest.hexadecimal else {
            throw bad(file, "is signed with another size or digest than the catalog has")
        }
        return "\(Self.targetsFolder)/\(client.targetFileName(file.path, info))"
    }

    private func fetch<Content: Document>(
        _ file: PublishedFile, as type: Content.Type, _ shouldStop: @escaping () -> Bool
    ) throws(TransferError) -> ([UInt8], Content) {
        let path = try path(of: file)
        let bytes = try downloader.fetchDocument(
            locations.map { $0.appending(path) }, limit: Self.largestDocument, expecting: file, shouldStop: shouldStop)
        let address = first.appending(path)
        return (
            bytes,
            try documents(address) { () throws(DocumentError) in
                try Content(bytes: bytes, file: address.description)
            }
        )
    }

    private func documents<Value>(
        _ address: TransferAddress, _ read: () throws(DocumentError) -> Value
    ) throws(TransferError) -> Value {
        do throws(DocumentError) { return try read() } catch {
            throw RepositoryFailure.transferError(error, at: address)
        }
    }

    private func bad(_ file: PublishedFile, _ problem: String) -> TransferError {
        TransferError(.badDocument, address: first.appending(file.path).description, problem)
    }
}
