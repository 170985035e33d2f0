import Documents
import Foundation
import LinuxHost
import ReleaseContract
import ReleaseTools
import Synchronization
import TestSupport
import Testing
import Transfer
import VersionCatalog

/// A clock on which pauses take no time and are counted.
final class CountingClock: LinuxHost.Clock {
    private let pauses = Mutex<[Int]>([])
    var pausedMilliseconds: [Int] { pauses.withLock { $0 } }

    func now() -> WallTime { WallTime(seconds: 0) }
    func monotonicMilliseconds() -> Int { 0 }
    func pause(milliseconds: Int) { pauses.withLock { $0.append(milliseconds) } }
}

/// A published release of twenty-one chunks, a server for it, and a downloader that has no patience.
struct TransferFixture {
    static let chunkSize = 4096
    let place: URL
    let repository: URL
    let downloads: String
    let server: LoopbackServer
    let clock = CountingClock()
    let published: PublishedRepository
    let chunks: ChunkList

    var release: PublishedRelease { published.releases[0] }
    var archivePath: String { "/\(release.archive.path)" }
    var partial: URL { URL(filePath: "\(downloads)/\(chunks.archiveDigest).partial") }

    static func with(_ body: (TransferFixture) throws -> Void) throws {
        try withTemporaryFolder { place in
            let repository = place.appending(path: "repository")
            var options = ReleaseBuildOptions()
            options.chunkSize = chunkSize
            let release = try SmallRelease(below: place, payload: noise(bytes: 20 * chunkSize))
            let built = try ReleaseBuilder.build(
                folder: release.folder.path, recipe: release.recipe.path, output: repository.path, options: options)
            let published = try RepositoryPublisher.publish(
                folder: repository.path, options: PublishOptions(product: "adsync", published: WallTime(seconds: 1)),
                signature: .unsigned)
            let list = Array(try Data(contentsOf: URL(filePath: built.chunkListPath)))
            try withLoopbackServer(repository) { server in
                try body(
                    TransferFixture(
                        place: place, repository: repository, downloads: place.appending(path: "downloads").path,
                        server: server, published: published, chunks: try ChunkList(bytes: list, file: "chunks")))
            }
        }
    }

    func downloader(_ change: (inout TransferSettings) -> Void = { _ in }) throws -> Downloader {
        var settings = TransferSettings()
        settings.proxy = .direct
        change(&settings)
        return try Downloader(settings: settings, clock: clock)
    }

    func fetch(
        with downloader: Downloader? = nil, from address: String? = nil,
        progress: @escaping (TransferProgress) -> Void = { _ in }, shouldStop: @escaping () -> Bool = { false }
    ) throws -> FetchedArchive {
        let location = try TransferAddress(address ?? server.address)
        return try (downloader ?? self.downloader()).fetchArchive(
            [location.appending(release.archive.path)], chunks: chunks, into: downloads, progress: progress,
            shouldStop: shouldStop)
    }

    /// Fetches the archive from several servers, and checks that what is handed out is exactly the archive's beginning,
    /// each byte only after it was kept.
    func fetch(
        with downloader: Downloader? = nil, mirrors: [LoopbackServer], taking limit: Int = .max,
        progress: @escaping (TransferProgress) -> Void = { _ in }, shouldStop: @escaping () -> Bool = { false }
    ) throws -> FetchedArchive {
        let archive = try Data(contentsOf: repository.appending(path: release.archive.path))
        let taken = Mutex(Data())
        let wasKept = Mutex(true)
        let kept = ["partial", "tar.zst"].map { "\(downloads)/\(chunks.archiveDigest).\($0)" }
        defer {
            #expect(archive.starts(with: taken.withLock { $0 }))
            #expect(wasKept.withLock { $0 })
        }
        let fetched = try (downloader ?? self.downloader()).fetchArchive(
            mirrors.map { try TransferAddress($0.address).appending(release.archive.path) }, chunks: chunks,
            into: downloads,
            receive: { bytes in
                taken.withLock { taken in
                    taken.append(contentsOf: bytes)
                    let onDisk = kept.compactMap { try? Data(contentsOf: URL(filePath: $0)) }.first ?? Data()
                    if !onDisk.starts(with: taken) { wasKept.withLock { $0 = false } }
                    return taken.count < limit
                }
            }, progress: progress, shouldStop: shouldStop)
        #expect(taken.withLock { $0 } == archive)
        return fetched
    }

    /// Runs the body with so many further servers for the same repository.
    func withMirrors(_ count: Int, _ body: ([LoopbackServer]) throws -> Void) throws {
        if count == 0 { return try body([]) }
        try withLoopbackServer(repository) { mirror in try withMirrors(count - 1) { try body([mirror] + $0) } }
    }

    /// The archive is there, whole, and nothing else is.
    func expectWhole(_ fetched: FetchedArchive) throws {
        #expect(try FileDigest.sha256(file: fetched.path) == chunks.archiveDigest)
        #expect(try DurableFiles.list(downloads) == ["\(chunks.archiveDigest).tar.zst"])
    }

    /// What is kept is a beginning of the archive, up to a chunk's border.
    func expectVerifiedBeginning(chunks count: ClosedRange<Int>) throws {
        let archive = try Data(contentsOf: repository.appending(path: release.archive.path))
        let kept = try Data(contentsOf: partial)
        #expect(kept.count % Self.chunkSize == 0)
        #expect(count.contains(kept.count / Self.chunkSize), "\(kept.count / Self.chunkSize) chunks are kept")
        #expect(archive.starts(with: kept))
    }

    var ranges: [String?] { server.requests.map(\.range) }
}
