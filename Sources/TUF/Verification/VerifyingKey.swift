import Crypto
import CryptoExtras

/// A public key that was understood and can verify.
///
/// A key of a type or scheme that is not known here, or one that is malformed, is no error: it verifies nothing, so that
/// a repository may list keys that only newer clients know (specification, 4.2).
enum VerifyingKey {
    case ed25519(Curve25519.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case rsa(_RSA.Signing.PublicKey, RSAScheme)

    /// With which digest and padding an RSA key signs.
    enum RSAScheme: String {
        case pssWithSHA256 = "rsassa-pss-sha256"
        case pssWithSHA384 = "rsassa-pss-sha384"
        case pssWithSHA512 = "rsassa-pss-sha512"
    }

    init?(_ key: PublicKey) {
        switch (key.type, key.scheme) {
        case ("ed25519", "ed25519"):
            guard let bytes = Hexadecimal.bytes(key.value),
                let read = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes)
            else { return nil }
            self = .ed25519(read)
        case ("ecdsa", "ecdsa-sha2-nistp256"), ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"):
            guard let read = try? P256.Signing.PublicKey(pemRepresentation: key.value) else { return nil }
            self = .p256(read)
        case ("ecdsa", "ecdsa-sha2-nistp384"), ("ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"):
            guard let read = try? P384.Signing.PublicKey(pemRepresentation: key.value) else { return nil }
            self = .p384(read)
        case ("rsa", _):
            // The library refuses keys of less than 2048 bits here.
            guard let scheme = RSAScheme(rawValue: key.scheme),
                let read = try? _RSA.Signing.PublicKey(pemRepresentation: key.value)
            else { return nil }
            self = .rsa(read, scheme)
        default: return nil
        }
    }

    /// The key itself in one form, however its text was spelled: two identifiers with equal material are one signer.
    var material: [UInt8] {
        switch self {
        case .ed25519(let key): [1] + key.rawRepresentation
        case .p256(let key): [2] + key.x963Representation
        case .p384(let key): [3] + key.x963Representation
        case .rsa(let key, _): [4] + key.derRepresentation
        }
    }

    func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        switch self {
        case .ed25519(let key): return key.isValidSignature(signature, for: message)
        case .p256(let key):
            guard let read = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(read, for: SHA256.hash(data: message))
        case .p384(let key):
            guard let read = try? P384.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(read, for: SHA384.hash(data: message))
        case .rsa(let key, let scheme):
            let read = _RSA.Signing.RSASignature(rawRepresentation: signature)
            return switch scheme {
            case .pssWithSHA256: key.isValidSignature(read, for: SHA256.hash(data: message), padding: .PSS)
            case .pssWithSHA384: key.isValidSignature(read, for: SHA384.hash(data: message), padding: .PSS)
            case .pssWithSHA512: key.isValidSignature(read, for: SHA512.hash(data: message), padding: .PSS)
            }
        }
    }
}

extension PublicKey {
    /// Whether this key can verify anything here: its type and scheme are known and its value is well-formed.
    public var isUsable: Bool { VerifyingKey(self) != nil }

    /// Whether the signature, in hexadecimal, is this key's over the message. A key or signature that is malformed or of
    /// an unknown kind verifies nothing.
    public func verifies(_ signature: String, of message: [UInt8]) -> Bool {
        guard let bytes = Hexadecimal.bytes(signature) else { return false }
        return VerifyingKey(self)?.verifies(bytes, of: message) ?? false
    }
}
