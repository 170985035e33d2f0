import SwiftASN1
import X509

/// An X.500 name as .NET on Windows writes it: the last component first, as `CertNameToStr` with the options of X509Certificate2.Subject.
struct CertificateName {
    struct Attribute {
        let type: ASN1ObjectIdentifier
        let value: String
    }

    /// In the order of the encoding.
    let components: [[Attribute]]

    init(_ encoded: ArraySlice<UInt8>) {
        let parts = (try? DER.parse(encoded)).map(Self.parts) ?? []
        components = parts.map { component in Self.parts(component).compactMap(Self.attribute) }
    }

    private static func parts(_ node: ASN1Node) -> [ASN1Node] { (try? CertificateReader.children(node)) ?? [] }

    private static func attribute(_ node: ASN1Node) -> Attribute? {
        let parts = parts(node)
        guard parts.count == 2, let type = try? ASN1ObjectIdentifier(derEncoded: parts[0]) else { return nil }
        return Attribute(type: type, value: text(parts[1]) ?? "")
    }

    /// The string types of RFC 5280; T61 as Latin-1, which is what is in it in practice.
    static func text(_ node: ASN1Node) -> String? {
        guard case .primitive(let bytes) = node.content else { return nil }
        switch node.identifier {
        case .utf8String, .printableString, .ia5String, .numericString, .visibleString:
            return String(decoding: bytes, as: UTF8.self)
        case .teletexString: return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        case .bmpString: return String(decoding: units(bytes, width: 2).map { UInt16($0) }, as: UTF16.self)
        case .universalString: return String(decoding: units(bytes, width: 4), as: UTF32.self)
        default: return nil
        }
    }

    /// Big-endian.
    private static func units(_ bytes: ArraySlice<UInt8>, width: Int) -> [UInt32] {
        stride(from: bytes.startIndex, to: bytes.endIndex - width + 1, by: width).map { start in
            bytes[start..<start + width].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
    }

    /// `CN=Jane Doe, O="Doe, Sons"`. The values of a component that has several are joined with a plus sign.
    var text: String {
        components.reversed().map { component in
            component.map { Self.name($0.type) + "=" + Self.quoted($0.value) }.joined(separator: " + ")
        }.joined(separator: ", ")
    }

    func first(_ type: ASN1ObjectIdentifier) -> String? { components.joined().first { $0.type == type }?.value }

    private static func quoted(_ value: String) -> String {
        let scalars = value.unicodeScalars
        let isPlain = scalars.allSatisfy { !",+=\"\n<>#;".unicodeScalars.contains($0) }
        let isPadded = [scalars.first, scalars.last].contains { $0.map(UTF16Text.isBlank) ?? false }
        if isPlain, !isPadded { return value }
        let inner = scalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
        return "\"" + String(String.UnicodeScalarView(inner)) + "\""
    }

    static let commonName: ASN1ObjectIdentifier = .RDNAttributeType.commonName
    static let organizationalUnit: ASN1ObjectIdentifier = .RDNAttributeType.organizationalUnitName
    static let organization: ASN1ObjectIdentifier = .RDNAttributeType.organizationName
    static let email: ASN1ObjectIdentifier = .RDNAttributeType.emailAddress

    /// Windows' short names; what has none is written by its number.
    private static let names: [ASN1ObjectIdentifier: String] = [
        commonName: "CN", organizationalUnit: "OU", organization: "O", email: "E",
        .RDNAttributeType.countryName: "C", .RDNAttributeType.localityName: "L",
        .RDNAttributeType.stateOrProvinceName: "S", .RDNAttributeType.streetAddress: "STREET",
        .RDNAttributeType.domainComponent: "DC", [2, 5, 4, 4]: "SN", [2, 5, 4, 5]: "SERIALNUMBER", [2, 5, 4, 12]: "T",
        [2, 5, 4, 13]: "Description", [2, 5, 4, 17]: "PostalCode", [2, 5, 4, 18]: "POBox", [2, 5, 4, 20]: "Phone",
        [2, 5, 4, 24]: "X21Address", [2, 5, 4, 42]: "G", [2, 5, 4, 43]: "I", [2, 5, 4, 46]: "dnQualifier",
    ]

    private static func name(_ type: ASN1ObjectIdentifier) -> String { names[type] ?? "OID." + type.dotted }
}
