import Documents
import Glibc
import LinuxHost

import struct Crypto.SHA256

/// Room for one chunk, allocated once.
final class ChunkBuffer {
    private let memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(capacity: Int) { memory = .allocate(byteCount: max(1, capacity), alignment: 64) }

    deinit { memory.deallocate() }

    /// What is in it. Not to be kept.
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<count]) }

    var digest: SHA256Digest {
        var hash = SHA256()
        hash.update(bufferPointer: bytes)
        return SHA256Digest(bytes: hash.finalize())
    }

    func removeAll() { count = 0 }

    /// Takes so many of the bytes that it holds at most `limit`, and returns the others.
    func fill(from source: UnsafeRawBufferPointer, upTo limit: Int) -> UnsafeRawBufferPointer {
        let taken = min(source.count, limit - count)
        UnsafeMutableRawBufferPointer(rebasing: memory[count...])
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<taken]))
        count += taken
        return UnsafeRawBufferPointer(rebasing: source[taken...])
    }

    /// Reads from a file until it holds `limit` bytes or the file ends.
    func fill(from file: borrowing Descriptor, upTo limit: Int, path: String) throws(HostError) {
        while count < limit {
            let got = read(file.number, memory.baseAddress?.advanced(by: count), limit - count)
            let code = errno
            if got == 0 { return }
            if got > 0 {
                count += got
            } else if code != EINTR {
                throw HostError("read", path, code)
            }
        }
    }

    /// Appends all to a file, however many calls it takes.
    func write(to file: borrowing Descriptor, path: String) throws(HostError) {
        var done = 0
        while done < count {
            let put = Glibc.write(file.number, memory.baseAddress?.advanced(by: done), count - done)
            let code = errno
            if put >= 0 {
                done += put
            } else if code != EINTR {
                throw HostError("write", path, code)
            }
        }
    }
}
