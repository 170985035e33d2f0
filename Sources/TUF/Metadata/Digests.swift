import Documents

import struct Crypto.SHA256

extension JSONValue {
    /// The SHA-256 digest of the canonical form.
    var canonicalDigest: SHA256Digest { SHA256Digest(bytes: SHA256.hash(data: canonical)) }
}
