import Documents
import LinuxHost
import ReleaseContract

extension Downloader {
    /// Fetches an archive in one pass: each chunk is verified as it arrives, kept in a folder, and handed on.
    ///
    /// The bytes gather in `<SHA-256>.partial`; the whole archive is renamed to `<SHA-256>.tar.zst` and on disk when this
    /// returns. Its own digest is the caller's to compare: the chunks' cover every byte. What an earlier call has kept is read, verified and handed on first; the rest is fetched from the border
    /// of the last verified chunk on. A mirror that fails is left for the next one there, and asked again after it.
    ///
    /// - Parameters:
    ///   - mirrors: where the archive is, in order of preference.
    ///   - receive: takes the archive's bytes in order, a chunk at most at a time, from the first byte on, each only after
    ///     it was verified and kept. It may block. False ends the transfer with ``TransferError/Kind/notTaken``. That the
    ///     archive is whole is known only when this returns.
    ///   - progress: called as bytes arrive, and for what is kept.
    ///   - shouldStop: asked at least once a second; true ends the transfer with ``TransferError/Kind/cancelled``.
    public func fetchArchive(
        _ mirrors: [TransferAddress], chunks: ChunkList, into folder: String,
        receive: @escaping (UnsafeRawBufferPointer) -> Bool = { _ in true },
        progress: @escaping (TransferProgress) -> Void = { _ in }, shouldStop: @escaping () -> Bool = { false }
    ) throws(TransferError) -> FetchedArchive {
        let final = "\(folder)/\(chunks.archiveDigest.hexadecimal).tar.zst"
        let partial = "\(folder)/\(chunks.archiveDigest.hexadecimal).partial"
        let mirrors = try queue(mirrors, missingIsAnswer: false)
        let (assembler, wasFinished) = try files(folder) { () throws(HostError) in
            try DurableFiles.makeFolders(folder)
            let isFinished = try Self.isFile(final)
            return (try ChunkAssembler(path: isFinished ? final : partial, list: chunks, taker: receive), isFinished)
        }
        let transfer = ArchiveTransfer(
            mirrors: mirrors, assembler: assembler, context: context,
            progress: progress, shouldStop: shouldStop)
        defer { remember(transfer.mirrors) }
        let isWhole = try assembler.takeKept { () throws(TransferError) in
            transfer.report()
            if shouldStop() { throw .cancelled(mirrors.current.address) }
        }
        let kept = assembler.verifiedBytes
        if wasFinished, !isWhole {
            try files(final) { () throws(HostError) in try DurableFiles.rename(final, partial) }
        }
        if !isWhole { try files(partial) { () throws(HostError) in try assembler.truncate() } }
        while !assembler.isComplete {
            try awaitTurn(of: transfer.mirrors.current, shouldStop)
            try transfer.attempt(with: handle)
        }
        try finish(assembler, wasFinished && isWhole ? nil : partial, final)
        return FetchedArchive(
            path: final, resumedBytes: kept, requests: transfer.requests, failures: transfer.mirrors.failures)
    }

    /// - Parameter partial: where the archive gathered; nil where it was finished before.
    private func finish(_ assembler: ChunkAssembler, _ partial: String?, _ final: String) throws(TransferError) {
        guard let partial else { return }
        try files(final) { () throws(HostError) in
            try assembler.sync()
            try DurableFiles.rename(partial, final)
        }
    }

    /// Whether an earlier call has finished; what else has its name is removed.
    private static func isFile(_ path: String) throws(HostError) -> Bool {
        switch try DurableFiles.kind(path) {
        case nil: return false
        case .file: return true
        default:
            try DurableFiles.removeTree(path)
            return false
        }
    }

    private func files<Result>(_ path: String, _ body: () throws(HostError) -> Result) throws(TransferError) -> Result {
        do throws(HostError) {
            return try body()
        } catch {
            throw TransferError(.file(error), address: path, error.description)
        }
    }
}
