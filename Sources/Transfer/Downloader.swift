import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

/// An archive that lies whole and verified on this machine.
public struct FetchedArchive: Equatable, Sendable {
    public let path: String
    /// How much of it was there already, from an earlier run.
    public let resumedBytes: Int
    /// Requests that were made; 0 where it was all there.
    public let requests: Int
}

/// Fetches documents and archives. It works on the caller's thread and keeps connections alive; use one per thread.
public final class Downloader {
    private let handle: CurlHandle
    private let settings: TransferSettings
    private let clock: any Clock

    public init(settings: TransferSettings = TransferSettings(), clock: any Clock) throws(TransferError) {
        guard let handle = CurlHandle() else {
            throw TransferError(.other(2), address: "libcurl", "libcurl cannot be started on this machine")
        }
        self.handle = handle
        self.settings = settings
        self.clock = clock
    }

    // MARK: Documents

    /// Fetches a small file into memory.
    ///
    /// - Parameters:
    ///   - limit: more bytes than this are refused, whatever the server says beforehand.
    ///   - file: the size and digest that the content must have, where they are known.
    ///   - shouldStop: asked at least once a second; true ends the transfer with ``TransferError/Kind/cancelled``.
    public func fetchDocument(
        _ address: TransferAddress, limit: Int, expecting file: PublishedFile? = nil,
        shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) -> [UInt8] {
        var failures = 0
        while true {
            do throws(TransferError) {
                return try fetchOnce(address, limit: min(limit, file?.size ?? limit), file, shouldStop)
            } catch {
                failures += 1
                guard error.isTemporary, failures < settings.limits.attempts else { throw error }
                pause(afterFailures: failures)
            }
        }
    }

    private func fetchOnce(
        _ address: TransferAddress, limit: Int, _ file: PublishedFile?, _ shouldStop: @escaping () -> Bool
    ) throws(TransferError) -> [UInt8] {
        var content: [UInt8] = []
        let request = CurlRequest(
            address: address, totalSeconds: settings.limits.documentSeconds, settings: settings,
            receive: { head, bytes throws(TransferError) in
                if head.status == 206 { throw Self.unasked(address) }
                guard bytes.count <= limit - content.count else {
                    throw TransferError(
                        .tooLarge, address: address.description, "is larger than the \(limit) bytes that are expected")
                }
                content.append(contentsOf: bytes)
            }, shouldStop: shouldStop)
        _ = try handle.perform(request)
        if let file, content.count != file.size || FileDigest.sha256(content) != file.digest {
            throw TransferError(
                .wrongContent, address: address.description,
                "differs from what the repository announces (\(file.size) bytes, SHA-256 \(file.digest.short)…)")
        }
        return content
    }

    private static func unasked(_ address: TransferAddress) -> TransferError {
        TransferError(.wrongAnswer, address: address.description, "the server sent another part than was asked for")
    }

    private func pause(afterFailures failures: Int) {
        clock.pause(milliseconds: settings.limits.firstPauseMilliseconds << min(failures - 1, 10))
    }

    // MARK: Archives

    /// Fetches an archive into a folder, verifying each chunk as it arrives, and goes on where an earlier call stopped.
    ///
    /// The bytes gather in `<SHA-256>.partial`; the whole archive is renamed to `<SHA-256>.tar.zst` and on disk when this
    /// returns.
    public func fetchArchive(
        _ address: TransferAddress, chunks: ChunkList, into folder: String,
        progress: @escaping (TransferProgress) -> Void = { _ in }, shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) -> FetchedArchive {
        let final = "\(folder)/\(chunks.archiveDigest.hexadecimal).tar.zst"
        let partial = "\(folder)/\(chunks.archiveDigest.hexadecimal).partial"
        let assembler = try files(address) { () throws(HostError) -> ChunkAssembler? in
            try DurableFiles.makeFolders(folder)
            if try Self.isWhole(final, chunks) { return nil }
            return try ChunkAssembler(path: partial, list: chunks, address: address.description)
        }
        guard let assembler else {
            return FetchedArchive(path: final, resumedBytes: chunks.archiveSize, requests: 0)
        }
        let resumed = assembler.verifiedBytes
        let transfer = ArchiveTransfer(
            address: address, assembler: assembler, settings: settings, progress: progress, shouldStop: shouldStop)
        while !assembler.isComplete {
            let failures = try transfer.attempt(with: handle)
            if failures > 0 { pause(afterFailures: failures) }
        }
        guard assembler.digest == chunks.archiveDigest else {
            try files(address) { () throws(HostError) in try DurableFiles.remove(partial) }
            throw TransferError(
                .wrongContent, address: address.description, "every chunk is right, but the whole archive is not")
        }
        try files(address) { () throws(HostError) in
            try assembler.sync()
            try DurableFiles.rename(partial, final)
        }
        return FetchedArchive(path: final, resumedBytes: resumed, requests: transfer.requests)
    }

    /// Whether an earlier call has finished; what is there and wrong is removed.
    private static func isWhole(_ path: String, _ chunks: ChunkList) throws(HostError) -> Bool {
        guard let kind = try DurableFiles.kind(path) else { return false }
        if kind == .file(bytes: chunks.archiveSize), try FileDigest.sha256(file: path) == chunks.archiveDigest {
            return true
        }
        try DurableFiles.removeTree(path)
        return false
    }

    private func files<Result>(
        _ address: TransferAddress, _ body: () throws(HostError) -> Result
    ) throws(TransferError) -> Result {
        do throws(HostError) {
            return try body()
        } catch {
            throw TransferError(.file(error), address: address.description, error.description)
        }
    }
}
