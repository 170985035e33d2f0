import Documents

/// The content of one role's metadata.
public protocol RoleContent: Equatable, Sendable {
    /// What `_type` says.
    static var typeName: String { get }
    var version: Int { get set }
    /// From this moment on it is not believed any more.
    var expires: WallTime { get set }
    /// Fields that were read and not understood, of the role itself.
    var unknown: [String: JSONValue] { get set }

    /// Reads what the role has beside the fields that all roles have.
    init(version: Int, expires: WallTime, fields: inout FieldReader) throws(DocumentError)
    /// The same, to be written.
    var members: [String: JSONValue] { get }
}

/// One signature over the canonical form of a role's content.
public struct MetadataSignature: Equatable, Sendable {
    public var keyId: String
    /// In hexadecimal, as it was read. Empty in metadata that waits for a signature.
    public var signature: String

    public init(keyId: String, signature: String) {
        self.keyId = keyId
        self.signature = signature
    }
}

/// A role's metadata with its signatures (specification, 4.2). Reading checks the form and no signature.
public struct SignedMetadata<Content: RoleContent>: Equatable, Sendable {
    /// The version of the specification that written metadata states.
    public static var specificationVersion: String { "1.0.31" }

    /// As it was read, unknown fields included: its canonical form is what was signed.
    public let signed: JSONValue
    public let content: Content
    public var signatures: [MetadataSignature]
    public var unknown: [String: JSONValue] = [:]

    /// New metadata without signatures.
    public init(_ content: Content) {
        self.content = content
        var all = content.unknown.merging(content.members) { $1 }
        all["_type"] = .string(Content.typeName)
        all["spec_version"] = .string(Self.specificationVersion)
        all["version"] = JSONValue(content.version)
        all["expires"] = .string(content.expires.description)
        signed = .object(all)
        signatures = []
    }

    /// - Parameter file: how errors name the source.
    public init(bytes: [UInt8], file: String) throws(DocumentError) {
        let json = try JSONValue(bytes: bytes, file: file)
        var fields = try FieldReader(json, file: file)
        signed = try fields.value("signed")
        signatures = []
        // A set: whoever sends megabytes of signatures must not make this slow.
        var signers: Set<String> = []
        for var reader in try fields.objects("signatures") {
            let signature = MetadataSignature(
                keyId: try reader.string("keyid"), signature: try reader.string("sig"))
            if !signers.insert(signature.keyId).inserted {
                throw reader.failure("keyid", "the key \(signature.keyId) signs twice")
            }
            signatures.append(signature)
        }
        unknown = fields.unknown
        var inner = try FieldReader(signed, file: file, path: "signed")
        content = try Self.content(&inner)
    }

    private static func content(_ fields: inout FieldReader) throws(DocumentError) -> Content {
        let type = try fields.string("_type")
        guard type == Content.typeName else {
            throw fields.failure("_type", "expected \"\(Content.typeName)\", found \"\(type)\"")
        }
        let specification = try fields.string("spec_version")
        let parts = specification.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts.allSatisfy({ UInt($0) != nil }), parts[0] == "1" else {
            throw fields.failure(
                "spec_version", "expected a version 1.x of the specification, found \"\(specification)\"")
        }
        let version = try fields.versionNumber("version")
        let expires = try fields.time("expires")
        var content = try Content(version: version, expires: expires, fields: &fields)
        content.unknown = fields.unknown
        return content
    }

    /// As a file.
    public var bytes: [UInt8] {
        var all = unknown
        all["signed"] = signed
        all["signatures"] = .array(
            signatures.map { ["keyid": .string($0.keyId), "sig": .string($0.signature)] })
        return JSONValue.object(all).pretty
    }
}
