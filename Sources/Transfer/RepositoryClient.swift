import Documents
import ReleaseContract
import VersionCatalog

/// A release's document with the bytes that it was read from.
public struct FetchedRelease: Equatable, Sendable {
    public let manifest: ReleaseManifest
    /// The bytes of `X.release.json`, which the archive must begin with again.
    public let document: [UInt8]
    public let chunks: ChunkList
}

/// Fetches from one published repository, and believes each file only as far as the repository vouches for it.
public struct RepositoryClient {
    /// More than any repository of small documents needs.
    private static let largestDocument = 16 << 20

    public let location: TransferAddress
    private let downloader: Downloader

    /// - Parameter location: the repository's folder; the address of its `catalog.json` is understood too.
    public init(location: String, downloader: Downloader) throws(TransferError) {
        let tail = "/\(PublishedRepository.fileName)"
        self.location = try TransferAddress(
            location.hasSuffix(tail) ? String(location.dropLast(tail.count)) : location)
        self.downloader = downloader
    }

    /// Fetches and opens the repository.
    public func repository(
        policy: TrustPolicy, shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) -> OpenedRepository {
        let address = location.appending(PublishedRepository.fileName)
        let bytes = try downloader.fetchDocument(address, limit: Self.largestDocument, shouldStop: shouldStop)
        do throws(RepositoryError) {
            return try PublishedRepository.open(bytes: bytes, file: address.description, policy: policy)
        } catch {
            throw TransferError(Self.kind(error), address: address.description, Self.words(error, address))
        }
    }

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
        return FetchedRelease(manifest: manifest, document: document, chunks: chunks)
    }

    /// Fetches a release's archive into a folder; see ``Downloader/fetchArchive(_:chunks:into:progress:shouldStop:)``.
    public func archive(
        of release: PublishedRelease, chunks: ChunkList, into folder: String,
        progress: @escaping (TransferProgress) -> Void = { _ in }, shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) -> FetchedArchive {
        try downloader.fetchArchive(
            location.appending(release.archive.path), chunks: chunks, into: folder, progress: progress,
            shouldStop: shouldStop)
    }

    private func fetch<Content: Document>(
        _ file: PublishedFile, as type: Content.Type, _ shouldStop: @escaping () -> Bool
    ) throws(TransferError) -> ([UInt8], Content) {
        let address = location.appending(file.path)
        let bytes = try downloader.fetchDocument(
            address, limit: Self.largestDocument, expecting: file, shouldStop: shouldStop)
        do throws(DocumentError) {
            return (bytes, try Content(bytes: bytes, file: address.description))
        } catch {
            throw TransferError(
                .badDocument, address: address.description,
                error.place.isEmpty ? error.problem : "\(error.place): \(error.problem)")
        }
    }

    private func bad(_ file: PublishedFile, _ problem: String) -> TransferError {
        TransferError(.badDocument, address: location.appending(file.path).description, problem)
    }

    private static func kind(_ error: RepositoryError) -> TransferError.Kind {
        switch error {
        case .document: .badDocument
        case .unsigned, .notEnoughSignatures: .notTrusted
        }
    }

    /// The error's words without the address, which the transfer's error names itself.
    private static func words(_ error: RepositoryError, _ address: TransferAddress) -> String {
        let words = error.description
        let prefix = "\(address): "
        return words.hasPrefix(prefix) ? String(words.dropFirst(prefix.count)) : words
    }
}
