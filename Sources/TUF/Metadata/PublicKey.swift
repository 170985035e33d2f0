import Documents

/// A public key as metadata lists it (specification, 4.2).
///
/// Its identifier is what signatures name it by. Two identifiers with the same key count as one signer: see
/// ``isSameKey(as:)``.
public struct PublicKey: Equatable, Sendable {
    public let id: String
    /// `ed25519`, `ecdsa` or `rsa`; `ecdsa-sha2-nistp256` and `-nistp384` are older names of the second.
    public let type: String
    /// How it signs, such as `ed25519`, `ecdsa-sha2-nistp256` or `rsassa-pss-sha256`.
    public let scheme: String
    /// Ed25519: 64 hexadecimal digits. The others: a SubjectPublicKeyInfo in PEM.
    public let value: String
    private let unknown: [String: JSONValue]
    private let unknownValues: [String: JSONValue]

    /// A key whose identifier follows from its content.
    public init(type: String, scheme: String, value: String) {
        self.type = type
        self.scheme = scheme
        self.value = value
        unknown = [:]
        unknownValues = [:]
        let content: JSONValue = [
            "keytype": .string(type), "scheme": .string(scheme), "keyval": ["public": .string(value)],
        ]
        id = content.canonicalDigest.hexadecimal
    }

    init(id: String, fields: inout FieldReader) throws(DocumentError) {
        self.id = id
        type = try fields.string("keytype")
        scheme = try fields.string("scheme")
        var values = try fields.object("keyval")
        value = try values.string("public")
        unknownValues = values.unknown
        unknown = fields.unknown
    }

    /// Without the identifier, which is the name that this stands under.
    public var json: JSONValue {
        var all = unknown
        var values = unknownValues
        values["public"] = .string(value)
        all["keytype"] = .string(type)
        all["scheme"] = .string(scheme)
        all["keyval"] = .object(values)
        return .object(all)
    }

    public func isSameKey(as other: PublicKey) -> Bool { value.utf8.elementsEqual(other.value.utf8) }
}
