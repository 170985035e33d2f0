import Documents
import Foundation

import struct Crypto.SHA256

/// A public key that may sign repositories.
public struct TrustedKey: Equatable, Sendable {
    public var keyId: String
    /// The 32 bytes of an Ed25519 public key.
    public var publicKey: [UInt8]
    /// Whose key it is, for people.
    public var comment: String?
    /// Fields that were read and not understood.
    public var unknown: [String: JSONValue] = [:]

    /// The key's identifier follows from its bytes, so that one key cannot count as two.
    public init(publicKey: [UInt8], comment: String? = nil) {
        keyId = Self.identifier(publicKey: publicKey)
        self.publicKey = publicKey
        self.comment = comment
    }

    /// The SHA-256 digest of a public key's bytes.
    public static func identifier(publicKey: [UInt8]) -> String {
        SHA256Digest(bytes: SHA256.hash(data: publicKey)).hexadecimal
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        let algorithm = try fields.string("algorithm")
        guard algorithm == EnvelopeSignature.ed25519 else {
            throw fields.failure("algorithm", "expected \"\(EnvelopeSignature.ed25519)\", found \"\(algorithm)\"")
        }
        let key: Data = try fields.parsed("publicKey", "32 bytes in base64") { text in
            Data(base64Encoded: text).flatMap { $0.count == 32 ? $0 : nil }
        }
        publicKey = Array(key)
        keyId = try fields.string("keyId")
        guard keyId == Self.identifier(publicKey: publicKey) else {
            throw fields.failure("keyId", "expected the SHA-256 digest of the public key")
        }
        comment = try fields.optionalString("comment")
        unknown = fields.unknown
    }

    var json: JSONValue {
        var all = unknown
        all["keyId"] = .string(keyId)
        all["algorithm"] = .string(EnvelopeSignature.ed25519)
        all["publicKey"] = .string(Data(publicKey).base64EncodedString())
        all["comment"] = comment.map { .string($0) }
        return .object(all)
    }
}

/// `trusted-keys/1`: the keys whose signatures an administrator accepts.
public struct TrustedKeys: Document, Equatable {
    public static let schemaName = "trusted-keys"

    public var keys: [TrustedKey]
    public var unknown: [String: JSONValue] = [:]

    public init(keys: [TrustedKey]) { self.keys = keys }

    public init(fields: inout FieldReader) throws(DocumentError) {
        keys = []
        for var reader in try fields.objects("keys") { keys.append(try TrustedKey(fields: &reader)) }
    }

    public var members: [String: JSONValue] { ["keys": .array(keys.map(\.json))] }
}
