import Documents
import Foundation
import LinuxHost
import VersionCatalog

import enum Crypto.Curve25519

/// `signing-key/1`: a publisher's private Ed25519 key.
public struct SigningKey: Document {
    public static let schemaName = "signing-key"

    private let key: Curve25519.Signing.PrivateKey
    public var comment: String?
    public var unknown: [String: JSONValue] = [:]

    /// A new key from the system's randomness.
    public init(comment: String? = nil) {
        key = Curve25519.Signing.PrivateKey()
        self.comment = comment
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        let algorithm = try fields.string("algorithm")
        guard algorithm == EnvelopeSignature.ed25519 else {
            throw fields.failure("algorithm", "expected \"\(EnvelopeSignature.ed25519)\", found \"\(algorithm)\"")
        }
        // The text is a secret: no message may repeat it.
        let text = try fields.string("privateKey")
        guard let bytes = Data(base64Encoded: text),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        else { throw fields.failure("privateKey", "expected 32 bytes in base64") }
        self.key = key
        comment = try fields.optionalString("comment")
    }

    public var members: [String: JSONValue] {
        var all: [String: JSONValue] = [
            "algorithm": .string(EnvelopeSignature.ed25519),
            "privateKey": .string(key.rawRepresentation.base64EncodedString()),
        ]
        all["comment"] = comment.map { .string($0) }
        return all
    }

    /// The half that may be shown.
    public var publicKey: TrustedKey { TrustedKey(publicKey: Array(key.publicKey.rawRepresentation), comment: comment) }

    /// Signs the canonical form of a document.
    public func sign(_ json: JSONValue) throws(PublishError) -> EnvelopeSignature {
        do {
            let signature = try key.signature(for: json.canonical)
            return EnvelopeSignature(keyId: publicKey.keyId, signature: signature.base64EncodedString())
        } catch {
            throw .input(file: "", problem: "cannot sign: \(error)")
        }
    }

    /// Makes a new key: the private half at `path` (mode 0600), the public one as `trusted-keys/1` at `path.pub`.
    /// Neither file may be there already.
    @discardableResult
    public static func generate(at path: String, comment: String? = nil) throws(PublishError) -> TrustedKey {
        try publishing {
            let key = SigningKey(comment: comment)
            let publicPath = "\(path).pub"
            for file in [path, publicPath] where try DurableFiles.kind(file) != nil {
                throw PublishError.input(file: file, problem: "is there already: a key is never replaced")
            }
            try DurableFiles.replace(path, key.json.pretty, mode: 0o600)
            try DurableFiles.replace(publicPath, TrustedKeys(keys: [key.publicKey]).json.pretty, mode: 0o644)
            return key.publicKey
        }
    }

    public init(file path: String) throws(PublishError) {
        self = try publishing { try SigningKey(bytes: try readFile(path, limit: 1 << 20), file: path) }
    }
}
