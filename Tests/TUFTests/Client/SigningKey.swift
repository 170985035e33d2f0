import Crypto
import CryptoExtras
import Documents
import Foundation
import TUF
import TestSupport

/// A key pair of a test's own.
struct SigningKey: Sendable {
    let publicKey: PublicKey
    let sign: @Sendable ([UInt8]) throws -> Data

    static func ed25519(_ seed: UInt64) -> SigningKey {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        // Any 32 bytes are a key.
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes) else {
            preconditionFailure("32 bytes are no key")
        }
        return SigningKey(
            publicKey: PublicKey(
                type: "ed25519", scheme: "ed25519", value: hexadecimal(key.publicKey.rawRepresentation)),
            sign: { try key.signature(for: $0) })
    }

    static func p256(type: String = "ecdsa") -> SigningKey {
        let key = P256.Signing.PrivateKey()
        return SigningKey(
            publicKey: PublicKey(
                type: type, scheme: "ecdsa-sha2-nistp256", value: key.publicKey.pemRepresentation),
            sign: { try key.signature(for: $0).derRepresentation })
    }

    static func p384(type: String = "ecdsa") -> SigningKey {
        let key = P384.Signing.PrivateKey()
        return SigningKey(
            publicKey: PublicKey(
                type: type, scheme: "ecdsa-sha2-nistp384", value: key.publicKey.pemRepresentation),
            sign: { try key.signature(for: $0).derRepresentation })
    }

    static func rsa(_ scheme: String, bits: Int = 2048) throws -> SigningKey {
        let key = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: bits))
        return SigningKey(
            publicKey: PublicKey(type: "rsa", scheme: scheme, value: key.publicKey.pemRepresentation),
            sign: { message in
                switch scheme {
                case "rsassa-pss-sha384":
                    try key.signature(for: SHA384.hash(data: message), padding: .PSS).rawRepresentation
                case "rsassa-pss-sha512":
                    try key.signature(for: SHA512.hash(data: message), padding: .PSS).rawRepresentation
                default: try key.signature(for: SHA256.hash(data: message), padding: .PSS).rawRepresentation
                }
            })
    }

    func signature<Content>(over metadata: SignedMetadata<Content>) throws -> MetadataSignature {
        MetadataSignature(keyId: publicKey.id, signature: hexadecimal(try sign(metadata.signed.canonical)))
    }
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
}
