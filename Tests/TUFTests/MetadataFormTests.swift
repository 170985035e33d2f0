import Documents
import TUF
import Testing

@Suite("Metadata is read strictly and written as it was read")
struct MetadataFormTests {
    private let key = PublicKey(type: "ed25519", scheme: "ed25519", value: String(repeating: "ab", count: 32))
    private let expires = WallTime("2030-01-01T00:00:00Z") ?? WallTime(milliseconds: 0)

    private func root() -> RootMetadata {
        RootMetadata(
            version: 3, expires: expires, keys: [key.id: key],
            roles: Dictionary(uniqueKeysWithValues: RoleName.topLevel.map { ($0, RoleKeys(keyIds: [key.id])) }))
    }

    @Test("Root metadata comes back equal, unknown fields included")
    func roundTrip() throws {
        var content = root()
        content.unknown["x-note"] = ["kept": true]
        var metadata = SignedMetadata(content)
        metadata.signatures = [MetadataSignature(keyId: key.id, signature: "00")]
        let read = try SignedMetadata<RootMetadata>(bytes: metadata.bytes, file: "root.json")
        #expect(read == metadata)
        #expect(read.signed.canonical == metadata.signed.canonical)
    }

    @Test(
        "What is not as the specification says is refused with its place",
        arguments: [
            ("\"version\": 3", "\"version\": 0", "signed.version"),
            ("\"_type\": \"root\"", "\"_type\": \"targets\"", "signed._type"),
            ("\"spec_version\": \"1.0.31\"", "\"spec_version\": \"2.0.0\"", "signed.spec_version"),
            ("\"expires\": \"2030-01-01T00:00:00Z\"", "\"expires\": \"tomorrow\"", "signed.expires"),
            ("\"threshold\": 1", "\"threshold\": 0", "threshold"),
        ])
    func refused(_ found: String, _ replacement: String, _ place: String) throws {
        let text = String(decoding: SignedMetadata(root()).bytes, as: UTF8.self)
        #expect(text.contains(found))
        let error = #expect(throws: DocumentError.self) {
            try SignedMetadata<RootMetadata>(
                bytes: Array(text.replacing(found, with: replacement).utf8), file: "root.json")
        }
        #expect(error?.place.hasSuffix(place) == true, "\(String(describing: error))")
    }
}
