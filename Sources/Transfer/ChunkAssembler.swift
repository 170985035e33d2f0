import Documents
import Glibc
import LinuxHost
import ReleaseContract

import struct Crypto.SHA256

/// Puts an archive together from what arrives: a chunk is kept on disk only after its digest was right, so that the file
/// is always a verified beginning of the archive.
final class ChunkAssembler {
    let list: ChunkList
    let path: String
    private let file: Descriptor
    private let address: String
    /// The chunks that are on disk, from the beginning.
    private(set) var verifiedChunks = 0
    private var pending: [UInt8] = []
    /// Bytes of a whole answer that are on disk already.
    private var toSkip = 0
    private var whole = SHA256()

    /// Opens a partial file, or begins one, and keeps as much of it as is right.
    init(path: String, list: ChunkList, address: String) throws(HostError) {
        self.path = path
        self.list = list
        self.address = address
        file = try Descriptor(opening: path, flags: O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
        pending.reserveCapacity(list.chunkSize)
        try keepVerified()
    }

    var verifiedBytes: Int { min(verifiedChunks * list.chunkSize, list.archiveSize) }
    var receivedBytes: Int { verifiedBytes + pending.count }
    var isComplete: Bool { verifiedChunks == list.chunks.count }

    private func keepVerified() throws(HostError) {
        while !isComplete {
            var chunk: [UInt8] = []
            let size = list.range(ofChunk: verifiedChunks).count
            while chunk.count < size {
                let bytes = try file.read(atMost: size - chunk.count, path: path)
                if bytes.isEmpty { break }
                chunk += bytes
            }
            guard FileDigest.sha256(chunk) == list.chunks[verifiedChunks] else { break }
            whole.update(data: chunk)
            verifiedChunks += 1
        }
        if ftruncate(file.number, off_t(verifiedBytes)) != 0 {
            let code = errno
            throw HostError("truncate", path, code)
        }
    }

    /// A new answer begins, with the byte at `offset` of the archive.
    func begin(at offset: Int) {
        pending.removeAll(keepingCapacity: true)
        toSkip = verifiedBytes - offset
        lseek(file.number, off_t(verifiedBytes), SEEK_SET)
    }

    /// Takes the next bytes of the answer.
    func receive(_ bytes: UnsafeRawBufferPointer) throws(TransferError) {
        var rest = bytes[...]
        let skipped = min(toSkip, rest.count)
        toSkip -= skipped
        rest = rest.dropFirst(skipped)
        while !rest.isEmpty {
            guard !isComplete else {
                throw TransferError(
                    .tooLarge, address: address, "more than the announced \(list.archiveSize) bytes arrive")
            }
            let wanted = list.range(ofChunk: verifiedChunks).count
            let part = rest.prefix(wanted - pending.count)
            pending.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
            if pending.count == wanted { try keepChunk() }
        }
    }

    private func keepChunk() throws(TransferError) {
        guard FileDigest.sha256(pending) == list.chunks[verifiedChunks] else {
            throw TransferError(
                .damagedChunk(verifiedChunks), address: address,
                "chunk \(verifiedChunks + 1) of \(list.chunks.count) is damaged (its SHA-256 differs)")
        }
        do throws(HostError) {
            try file.write(pending, path: path)
        } catch {
            throw TransferError(.file(error), address: address, error.description)
        }
        whole.update(data: pending)
        verifiedChunks += 1
        pending.removeAll(keepingCapacity: true)
    }

    /// The digest of all that is on disk.
    var digest: SHA256Digest { SHA256Digest(bytes: whole.finalize()) }

    func sync() throws(HostError) { try file.sync(path: path) }
}
