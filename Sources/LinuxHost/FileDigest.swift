import Documents
import Glibc

import struct Crypto.SHA256

/// SHA-256 of files and bytes.
public enum FileDigest {
    public static func sha256(_ bytes: [UInt8]) -> SHA256Digest { SHA256Digest(bytes: SHA256.hash(data: bytes)) }

    /// Reads the file once, in pieces; only its first bytes where that is said.
    public static func sha256(file path: String, first limit: Int = .max) throws(HostError) -> SHA256Digest {
        let file = try Descriptor(opening: path, flags: O_RDONLY | O_NOFOLLOW)
        var hash = SHA256()
        var left = limit
        while left > 0 {
            let chunk = try file.read(atMost: min(left, 1 << 20), path: path)
            if chunk.isEmpty { break }
            hash.update(data: chunk)
            left -= chunk.count
        }
        return SHA256Digest(bytes: hash.finalize())
    }
}
