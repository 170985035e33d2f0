import Documents
import Glibc
import LinuxHost
import ReleaseContract

/// Puts an archive together from what arrives: a chunk is kept on disk only after its digest was right, so that the file
/// is always a verified beginning of the archive; and only what is kept is handed out, in order. One chunk is in memory.
final class ChunkAssembler {
    let list: ChunkList
    let path: String
    private let file: Descriptor
    private let taker: (UnsafeRawBufferPointer) -> Bool
    /// The chunks that are on disk and handed out, from the beginning.
    private(set) var verifiedChunks = 0
    private let pending: ChunkBuffer
    /// Bytes of a whole answer that are on disk already.
    private var toSkip = 0

    /// Opens what is kept, or begins it.
    ///
    /// - Parameter taker: gets the verified bytes; false ends the transfer.
    init(
        path: String, list: ChunkList, taker: @escaping (UnsafeRawBufferPointer) -> Bool
    ) throws(HostError) {
        self.path = path
        self.list = list
        self.taker = taker
        pending = ChunkBuffer(capacity: min(list.chunkSize, list.archiveSize))
        file = try Descriptor(opening: path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
    }

    var verifiedBytes: Int { min(verifiedChunks * list.chunkSize, list.archiveSize) }
    var receivedBytes: Int { verifiedBytes + pending.count }
    var isComplete: Bool { verifiedChunks == list.chunks.count }

    /// Hands out as much of an earlier run's file as is right. True if that is the whole file, byte for byte.
    ///
    /// - Parameter afterChunk: called after each of its chunks.
    func takeKept(afterChunk: () throws(TransferError) -> Void) throws(TransferError) -> Bool {
        defer { pending.removeAll() }
        while !isComplete {
            pending.removeAll()
            let size = list.range(ofChunk: verifiedChunks).count
            try local { () throws(HostError) in try pending.fill(from: file, upTo: size, path: path) }
            guard pending.digest == list.chunks[verifiedChunks] else { break }
            try handOut()
            try afterChunk()
        }
        let kept = try local { () throws(HostError) in try size() }
        return isComplete && kept == list.archiveSize
    }

    /// Cuts off what is not verified.
    func truncate() throws(HostError) {
        if ftruncate(file.number, off_t(verifiedBytes)) != 0 {
            let code = errno
            throw HostError("truncate", path, code)
        }
    }

    private func size() throws(HostError) -> Int {
        var status = stat()
        if fstat(file.number, &status) != 0 {
            let code = errno
            throw HostError("look at", path, code)
        }
        return Int(status.st_size)
    }

    /// A new answer begins, with the byte at `offset` of the archive.
    func begin(at offset: Int) {
        pending.removeAll()
        toSkip = verifiedBytes - offset
        lseek(file.number, off_t(verifiedBytes), SEEK_SET)
    }

    /// Takes the next bytes of the answer from `address`.
    func receive(_ bytes: UnsafeRawBufferPointer, from address: TransferAddress) throws(TransferError) {
        let skipped = min(toSkip, bytes.count)
        toSkip -= skipped
        var rest = UnsafeRawBufferPointer(rebasing: bytes[skipped...])
        while !rest.isEmpty {
            guard !isComplete else {
                throw TransferError(
                    .tooLarge, address: address.description, "more than the announced \(list.archiveSize) bytes arrive")
            }
            let wanted = list.range(ofChunk: verifiedChunks).count
            rest = pending.fill(from: rest, upTo: wanted)
            if pending.count == wanted { try keepChunk(from: address) }
        }
    }

    private func keepChunk(from address: TransferAddress) throws(TransferError) {
        guard pending.digest == list.chunks[verifiedChunks] else {
            throw TransferError(
                .damagedChunk(verifiedChunks), address: address.description,
                "chunk \(verifiedChunks + 1) of \(list.chunks.count) is damaged (its SHA-256 differs)")
        }
        try local { () throws(HostError) in try pending.write(to: file, path: path) }
        file.beginWriting(list.range(ofChunk: verifiedChunks))
        try handOut()
        pending.removeAll()
    }

    /// Hands out the chunk in memory, which is right and kept.
    private func handOut() throws(TransferError) {
        verifiedChunks += 1
        guard taker(pending.bytes) else {
            throw TransferError(.notTaken, address: path, "the transfer was ended by what takes its bytes")
        }
    }

    private func local<Result>(_ body: () throws(HostError) -> Result) throws(TransferError) -> Result {
        do throws(HostError) {
            return try body()
        } catch {
            throw TransferError(.file(error), address: path, error.description)
        }
    }

    func sync() throws(HostError) { try file.sync(path: path) }
}
