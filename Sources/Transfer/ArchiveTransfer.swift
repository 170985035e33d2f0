import ReleaseContract

/// The attempts at one archive: each goes on at the border of the last verified chunk.
final class ArchiveTransfer {
    private let address: TransferAddress
    private let assembler: ChunkAssembler
    private let settings: TransferSettings
    private let progress: (TransferProgress) -> Void
    private let shouldStop: () -> Bool
    private(set) var requests = 0
    private var failuresInARow = 0
    private var damaged: [Int: Int] = [:]
    private var entityTag: String?
    /// Until the server has shown that it answers ranges wrongly.
    private var asksForRanges = true

    init(
        address: TransferAddress, assembler: ChunkAssembler, settings: TransferSettings,
        progress: @escaping (TransferProgress) -> Void, shouldStop: @escaping () -> Bool
    ) {
        self.address = address
        self.assembler = assembler
        self.settings = settings
        self.progress = progress
        self.shouldStop = shouldStop
    }

    /// Makes one request and keeps what it brings. Returns the number of failures in a row without a new chunk, or
    /// throws when there is no point in another attempt.
    func attempt(with handle: borrowing CurlHandle) throws(TransferError) -> Int {
        let before = assembler.verifiedChunks
        do throws(TransferError) {
            try request(handle)
            failuresInARow = 0
        } catch {
            if assembler.verifiedChunks > before { failuresInARow = 0 }
            failuresInARow += 1
            if case .damagedChunk(let chunk) = error.kind {
                damaged[chunk, default: 0] += 1
                if damaged[chunk, default: 0] >= settings.limits.damagedChunk { throw error }
            }
            guard error.isTemporary, failuresInARow < settings.limits.attempts else { throw error }
            if error.kind == .wrongAnswer { asksForRanges = false }
        }
        return failuresInARow
    }

    private func request(_ handle: borrowing CurlHandle) throws(TransferError) {
        if shouldStop() { throw TransferError(.cancelled, address: address.description, "the transfer was stopped") }
        requests += 1
        let offset = asksForRanges ? assembler.verifiedBytes : 0
        var begun = false
        let request = CurlRequest(
            address: address, totalSeconds: settings.limits.archiveSeconds, offset: offset, entityTag: entityTag,
            settings: settings,
            receive: { [self] head, bytes throws(TransferError) in
                if !begun {
                    assembler.begin(at: try start(of: head, asked: offset))
                    entityTag = head.entityTag
                    begun = true
                }
                try assembler.receive(bytes)
                progress(
                    TransferProgress(
                        verified: assembler.verifiedBytes, received: assembler.receivedBytes,
                        total: assembler.list.archiveSize))
            }, shouldStop: shouldStop)
        _ = try handle.perform(request)
        guard assembler.isComplete else {
            throw TransferError(
                .incomplete, address: address.description,
                "the answer ended after \(assembler.receivedBytes) of \(assembler.list.archiveSize) bytes")
        }
    }

    /// Where in the archive an answer begins. A whole answer to a request for a part is fine: what is here already is
    /// passed over.
    private func start(of head: ResponseHead, asked offset: Int) throws(TransferError) -> Int {
        switch head.status {
        case 0: return offset
        case 200: return 0
        default:
            guard offset > 0, head.rangeStart == offset else {
                throw TransferError(
                    .wrongAnswer, address: address.description, "the server sent another part than was asked for")
            }
            return offset
        }
    }
}
