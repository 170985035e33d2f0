import Documents
import Glibc

import struct Crypto.SHA256

/// SHA-256 of files and bytes.
public enum FileDigest {
    public static func sha256(_ bytes: [UInt8]) -> SHA256Digest { SHA256Digest(bytes: SHA256.hash(data: bytes)) }

    /// Large enough that system calls do not count, small enough for a processor's cache and the allocator's free list.
    private static let pieceSize = 65_536

    /// Reads the file once, in pieces; only its first bytes where that is said.
    public static func sha256(file path: String, first limit: Int = .max) throws(HostError) -> SHA256Digest {
        let file = try Descriptor(opening: path, flags: O_RDONLY | O_NOFOLLOW)
        var hash = SHA256()
        var failure: HostError?
        withUnsafeTemporaryAllocation(byteCount: pieceSize, alignment: 64) { buffer in
            do throws(HostError) {
                var left = limit
                while left > 0 {
                    let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(left, pieceSize)])
                    let count = try file.read(into: room, path: path)
                    if count == 0 { break }
                    hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: room[..<count]))
                    left -= count
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return SHA256Digest(bytes: hash.finalize())
    }
}
