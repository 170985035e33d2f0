import Documents

/// One signature over the canonical form of an envelope's content.
public struct EnvelopeSignature: Equatable, Sendable {
    /// Names the key: see ``TrustedKey/identifier(publicKey:)``.
    public var keyId: String
    public var algorithm: String
    /// In base64.
    public var signature: String

    public init(keyId: String, algorithm: String = ed25519, signature: String) {
        self.keyId = keyId
        self.algorithm = algorithm
        self.signature = signature
    }

    /// The only algorithm that is known.
    public static let ed25519 = "ed25519"
}

/// `envelope/1`: a document and the signatures over its canonical form. An unsigned envelope has none.
public struct SignedEnvelope: Document, Equatable {
    public static let schemaName = "envelope"

    /// The content as it was read, unknown fields included: what was signed is what is used.
    public var signed: JSONValue
    public var signatures: [EnvelopeSignature]
    public var unknown: [String: JSONValue] = [:]

    public init(signed: JSONValue, signatures: [EnvelopeSignature] = []) {
        self.signed = signed
        self.signatures = signatures
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        signed = try fields.value("signed")
        signatures = []
        for var reader in try fields.objects("signatures") {
            signatures.append(
                EnvelopeSignature(
                    keyId: try reader.string("keyId"), algorithm: try reader.string("algorithm"),
                    signature: try reader.string("signature")))
        }
    }

    public var members: [String: JSONValue] {
        [
            "signed": signed,
            "signatures": .array(
                signatures.map {
                    [
                        "keyId": .string($0.keyId), "algorithm": .string($0.algorithm),
                        "signature": .string($0.signature),
                    ]
                }),
        ]
    }
}
