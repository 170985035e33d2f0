import LinuxHost
import ReleaseContract

/// The attempts at one archive: each goes on at the border of the last verified chunk, at the next mirror.
final class ArchiveTransfer {
    private let assembler: ChunkAssembler
    private let context: TransferContext
    private let progress: (TransferProgress) -> Void
    private let shouldStop: () -> Bool
    private(set) var requests = 0
    private(set) var mirrors: MirrorQueue
    private let began: Int
    private var completedAt: Int?

    init(
        mirrors: MirrorQueue, assembler: ChunkAssembler, context: TransferContext,
        progress: @escaping (TransferProgress) -> Void, shouldStop: @escaping () -> Bool
    ) {
        self.mirrors = mirrors
        self.assembler = assembler
        self.context = context
        began = context.clock.monotonicMilliseconds()
        self.progress = progress
        self.shouldStop = shouldStop
    }

    /// Makes one request and keeps what it brings. Throws when there is no point in another attempt.
    func attempt(with handle: borrowing CurlHandle) throws(TransferError) {
        let before = assembler.verifiedChunks
        do throws(TransferError) {
            try request(handle)
        } catch {
            if error.isLocal { throw error }
            do throws(TransferError) {
                try mirrors.fail(error, by: context.clock, hasBrought: assembler.verifiedChunks > before)
            } catch {
                // What is whole is whole, whatever came after it.
                if !assembler.isComplete { throw error }
            }
        }
    }

    private func request(_ handle: borrowing CurlHandle) throws(TransferError) {
        let mirror = mirrors.current
        let address = mirror.address
        if shouldStop() { throw .cancelled(address) }
        requests += 1
        let offset = mirror.asksForRanges ? assembler.verifiedBytes : 0
        var begun = false
        let request = CurlRequest(
            address: address, totalSeconds: min(context.settings.limits.archiveSeconds, try secondsLeft()),
            offset: offset,
            entityTag: mirror.entityTag, context: context,
            receive: { [self] head, bytes throws(TransferError) in
                if !begun {
                    assembler.begin(at: try start(of: head, asked: offset, tag: mirror.entityTag))
                    mirrors.current.entityTag = head.entityTag
                    begun = true
                }
                try assembler.receive(bytes, from: address)
                report()
            }, shouldStop: { [self] in shouldStop() || lingers() })
        do throws(TransferError) {
            _ = try handle.perform(request)
        } catch {
            if error.kind == .cancelled, assembler.isComplete { return }
            throw error
        }
        guard assembler.isComplete else {
            throw TransferError(
                .incomplete, address: address.description,
                "the answer ended after \(assembler.receivedBytes) of \(assembler.list.archiveSize) bytes")
        }
    }

    /// What is left of the time for all attempts.
    private func secondsLeft() throws(TransferError) -> Int {
        let left = context.settings.limits.wholeSeconds - (context.clock.monotonicMilliseconds() - began) / 1000
        guard left > 0 else {
            throw TransferError(
                .outOfTime, address: mirrors.current.address.description,
                "the transfer has taken longer than \(context.settings.limits.wholeSeconds) seconds")
        }
        return left
    }

    func report() {
        progress(
            TransferProgress(
                verified: assembler.verifiedBytes, received: assembler.receivedBytes, total: assembler.list.archiveSize)
        )
    }

    /// Whether the server keeps the connection open and sends nothing, though everything has arrived. Nobody waits long
    /// for it to come to its end.
    private func lingers() -> Bool {
        guard assembler.isComplete else { return false }
        let now = context.clock.monotonicMilliseconds()
        completedAt = completedAt ?? now
        return now - (completedAt ?? now) > 1000
    }

    /// Where in the archive an answer begins. A whole answer to a request for a part is fine: what is here already is
    /// passed over.
    private func start(of head: ResponseHead, asked offset: Int, tag: String?) throws(TransferError) -> Int {
        let address = mirrors.current.address.description
        switch head.status {
        case 0: return offset
        case 200:
            // The file is another one now. Its bytes may be the same, but another mirror is the better one to ask.
            if offset > 0, let tag, head.entityTag != tag, mirrors.hasOther {
                throw TransferError(.changed, address: address, "the file was changed while it was fetched")
            }
            return 0
        default:
            guard offset > 0, head.rangeStart == offset,
                head.rangeTotal.map({ $0 == assembler.list.archiveSize }) ?? true
            else {
                throw TransferError(.wrongAnswer, address: address, "the server sent another part than was asked for")
            }
            if let tag, let now = head.entityTag, now != tag {
                throw TransferError(.wrongAnswer, address: address, "the server sent a part of another file")
            }
            return offset
        }
    }
}
