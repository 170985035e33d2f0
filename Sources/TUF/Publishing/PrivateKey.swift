import Crypto
import CryptoExtras
import Documents

/// The kinds of keys that can be made here.
public enum KeyAlgorithm: String, CaseIterable, Sendable {
    case ed25519
    case ecdsaP256 = "ecdsa-p256"
    case ecdsaP384 = "ecdsa-p384"
    /// Signs with RSASSA-PSS and SHA-256.
    case rsa3072 = "rsa-3072"

    /// What metadata calls the key's type.
    var type: String {
        switch self {
        case .ed25519: "ed25519"
        case .ecdsaP256, .ecdsaP384: "ecdsa"
        case .rsa3072: "rsa"
        }
    }

    /// What metadata calls the way it signs.
    var scheme: String {
        switch self {
        case .ed25519: "ed25519"
        case .ecdsaP256: "ecdsa-sha2-nistp256"
        case .ecdsaP384: "ecdsa-sha2-nistp384"
        case .rsa3072: "rsassa-pss-sha256"
        }
    }

    /// The algorithm of a public key, where it is one of these.
    public init?(_ key: PublicKey) {
        guard let algorithm = Self.allCases.first(where: { $0.scheme == key.scheme && $0.type == key.type }) else {
            return nil
        }
        self = algorithm
    }
}

/// A key that signs metadata.
public struct PrivateKey: Sendable {
    private enum Secret: Sendable {
        case ed25519(Curve25519.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    private let secret: Secret
    public let publicKey: PublicKey

    /// A new key from the system's randomness.
    public init(generating algorithm: KeyAlgorithm) throws(PublishingError) {
        switch algorithm {
        case .ed25519: self.init(.ed25519(Curve25519.Signing.PrivateKey()))
        case .ecdsaP256: self.init(.p256(P256.Signing.PrivateKey()))
        case .ecdsaP384: self.init(.p384(P384.Signing.PrivateKey()))
        case .rsa3072:
            do {
                self.init(.rsa(try _RSA.Signing.PrivateKey(keySize: .bits3072)))
            } catch {
                throw .key(file: "", problem: "no key could be made: \(error)")
            }
        }
    }

    /// Reads what ``secretBytes`` wrote; nil where it is no such key.
    init?(_ algorithm: KeyAlgorithm, secretBytes: [UInt8]) {
        switch algorithm {
        case .ed25519:
            guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secretBytes) else { return nil }
            self.init(.ed25519(key))
        case .ecdsaP256:
            guard let key = try? P256.Signing.PrivateKey(rawRepresentation: secretBytes) else { return nil }
            self.init(.p256(key))
        case .ecdsaP384:
            guard let key = try? P384.Signing.PrivateKey(rawRepresentation: secretBytes) else { return nil }
            self.init(.p384(key))
        case .rsa3072:
            guard let key = try? _RSA.Signing.PrivateKey(derRepresentation: secretBytes) else { return nil }
            self.init(.rsa(key))
        }
    }

    private init(_ secret: Secret) {
        self.secret = secret
        let (algorithm, value): (KeyAlgorithm, String) =
            switch secret {
            case .ed25519(let key): (.ed25519, Hexadecimal.text(key.publicKey.rawRepresentation))
            case .p256(let key): (.ecdsaP256, key.publicKey.pemRepresentation)
            case .p384(let key): (.ecdsaP384, key.publicKey.pemRepresentation)
            case .rsa(let key): (.rsa3072, key.publicKey.pemRepresentation)
            }
        publicKey = PublicKey(type: algorithm.type, scheme: algorithm.scheme, value: value)
    }

    /// The secret: 32 or 48 bytes, of RSA the DER form.
    var secretBytes: [UInt8] {
        switch secret {
        case .ed25519(let key): Array(key.rawRepresentation)
        case .p256(let key): Array(key.rawRepresentation)
        case .p384(let key): Array(key.rawRepresentation)
        case .rsa(let key): Array(key.derRepresentation)
        }
    }

    /// Signs bytes as the scheme of the public key says.
    public func sign(_ bytes: [UInt8]) throws(PublishingError) -> [UInt8] {
        do {
            return switch secret {
            case .ed25519(let key): Array(try key.signature(for: bytes))
            case .p256(let key): Array(try key.signature(for: bytes).derRepresentation)
            case .p384(let key): Array(try key.signature(for: bytes).derRepresentation)
            case .rsa(let key): Array(try key.signature(for: bytes, padding: .PSS).rawRepresentation)
            }
        } catch {
            throw .key(file: publicKey.id, problem: "the key cannot sign: \(error)")
        }
    }
}

extension SignedMetadata {
    /// Adds a key's signature, or replaces the one that it has.
    public mutating func sign(with key: PrivateKey, named id: String? = nil) throws(PublishingError) {
        let name = id ?? key.publicKey.id
        let signature = MetadataSignature(keyId: name, signature: Hexadecimal.text(try key.sign(signed.canonical)))
        signatures.removeAll { $0.keyId == name }
        signatures.append(signature)
    }
}
