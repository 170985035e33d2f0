import Documents
import Glibc

import struct Crypto.SHA256

/// SHA-256 of files and bytes.
public enum FileDigest {
    public static func sha256(_ bytes: [UInt8]) -> SHA256Digest { SHA256Digest(bytes: SHA256.hash(data: bytes)) }

    /// Reads the file once, in pieces.
    public static func sha256(file path: String) throws(HostError) -> SHA256Digest {
        let file = try Descriptor(opening: path, flags: O_RDONLY | O_NOFOLLOW)
        var hash = SHA256()
        while true {
            let chunk = try file.read(atMost: 1 << 20, path: path)
            if chunk.isEmpty { break }
            hash.update(data: chunk)
        }
        return SHA256Digest(bytes: hash.finalize())
    }
}
