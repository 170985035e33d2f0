import Documents
import LinuxHost
import ReleaseContract
import VersionCatalog

/// An archive that lies whole on this machine, each of its chunks verified.
public struct FetchedArchive: Equatable, Sendable {
    public let path: String
    /// How much of it was there already, from an earlier run.
    public let resumedBytes: Int
    /// Requests that were made; 0 where it was all there.
    public let requests: Int
    /// What mirrors did wrong, in the order in which they did.
    public var failures: [MirrorFailure] = []
}

/// Fetches documents and archives. It works on the caller's thread and keeps connections alive; use one per thread.
public final class Downloader {
    let handle: CurlHandle
    let context: TransferContext
    /// Origins that failed, the latest last: they are asked after the others from then on.
    private var failed: [String] = []
    /// What mirrors did wrong in all transfers of this downloader, in the order in which they did.
    public private(set) var failures: [MirrorFailure] = []

    public init(settings: TransferSettings = TransferSettings(), clock: any Clock) throws(TransferError) {
        guard let handle = CurlHandle() else {
            throw TransferError(.other(2), address: "libcurl", "libcurl cannot be started on this machine")
        }
        self.handle = handle
        context = TransferContext(settings: settings, secrets: try TransferSecrets(settings), clock: clock)
    }

    // MARK: Mirrors

    /// The mirrors in the order in which they are asked.
    func queue(_ mirrors: [TransferAddress], missingIsAnswer: Bool) throws(TransferError) -> MirrorQueue {
        let ranked = mirrors.enumerated().sorted { left, right in
            let ranks = (rank(left.element), rank(right.element))
            return ranks.0 == ranks.1 ? left.offset < right.offset : ranks.0 < ranks.1
        }
        return try MirrorQueue(ranked.map(\.element), limits: context.settings.limits, missingIsAnswer: missingIsAnswer)
    }

    private func rank(_ mirror: TransferAddress) -> Int { failed.firstIndex(of: mirror.origin).map { $0 + 1 } ?? 0 }

    /// Keeps what a transfer has learnt about its mirrors.
    func remember(_ queue: MirrorQueue) {
        for failure in queue.failures where failure.reason.kind != .notFound {
            failed.removeAll { $0 == failure.origin }
            failed.append(failure.origin)
        }
        failures += queue.failures
    }

    /// Waits until the mirror may be asked (again).
    func awaitTurn(of mirror: MirrorQueue.Mirror, _ shouldStop: () -> Bool) throws(TransferError) {
        var left = mirror.notBefore - context.clock.monotonicMilliseconds()
        while left > 0 {
            if shouldStop() { throw .cancelled(mirror.address) }
            // In pieces, so that nobody waits long for a transfer to stop.
            let piece = min(left, 5000)
            context.clock.pause(milliseconds: piece)
            left -= piece
        }
    }

    // MARK: Documents

    /// Fetches a small file into memory, from the first of several mirrors that has it.
    ///
    /// Any failure at one mirror leads to the next. Where none succeeds, the error is the last one; without `file`, it is
    /// ``TransferError/Kind/notFound`` as soon as one mirror has said so and all the others have failed once.
    ///
    /// - Parameters:
    ///   - limit: more bytes than this are refused, whatever the server says beforehand.
    ///   - file: the size and digest that the content must have, where they are known.
    ///   - shouldStop: asked at least once a second; true ends the transfer with ``TransferError/Kind/cancelled``.
    public func fetchDocument(
        _ mirrors: [TransferAddress], limit: Int, expecting file: PublishedFile? = nil,
        shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) -> [UInt8] {
        var queue = try queue(mirrors, missingIsAnswer: file == nil)
        defer { remember(queue) }
        while true {
            try awaitTurn(of: queue.current, shouldStop)
            do throws(TransferError) {
                return try fetchOnce(queue.current.address, limit: min(limit, file?.size ?? limit), file, shouldStop)
            } catch {
                if error.isLocal { throw error }
                try queue.fail(error, by: context.clock, hasBrought: false)
            }
        }
    }

    /// Fetches a small file from its one address.
    public func fetchDocument(
        _ address: TransferAddress, limit: Int, expecting file: PublishedFile? = nil,
        shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) -> [UInt8] {
        try fetchDocument([address], limit: limit, expecting: file, shouldStop: shouldStop)
    }

    private func fetchOnce(
        _ address: TransferAddress, limit: Int, _ file: PublishedFile?, _ shouldStop: @escaping () -> Bool
    ) throws(TransferError) -> [UInt8] {
        var content: [UInt8] = []
        let request = CurlRequest(
            address: address, totalSeconds: context.settings.limits.documentSeconds, context: context,
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
}
