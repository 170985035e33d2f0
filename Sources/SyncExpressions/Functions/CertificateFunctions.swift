import Crypto
import SwiftASN1
import X509

/// Functions on X.509 certificates, in DER or Base64. What is no certificate is an error, which `IsCert` spares.
///
/// Each is the property of .NET's X509Certificate2 with the same description in the documents. Dates are instants: the documents speak
/// of local time, but what rules do with them is to compare them with `Now()`, and that is right in every time zone.
enum CertificateFunctions {
    static let all: [FunctionDefinition] = texts + dates + [isCert, extensionOids, nameInfo, thumbprint]

    private static func read(_ given: Arguments) throws(EvaluationError) -> CertificateReader {
        let bytes = try given.bytes(0)
        guard let certificate = CertificateReader(bytes) else {
            throw given.wrong(0, "an X.509 certificate in DER or Base64; test with IsCert first")
        }
        return certificate
    }

    private static func text(
        _ name: String, _ value: @escaping @Sendable (CertificateReader) -> String?
    ) -> FunctionDefinition {
        FunctionDefinition(name, [.one(.binary)], gives: .string) { (given) throws(EvaluationError) in
            value(try read(given)).map(Value.string) ?? .null
        }
    }

    private static let texts: [FunctionDefinition] = [
        text("CertSubject", subject), text("CertSubjectNameDN", subject),
        text("CertIssuer", issuer), text("CertIssuerDN", issuer),
        // .NET makes names from a certificate with an empty OID.
        text("CertSubjectNameOid") { _ in nil }, text("CertIssuerOid") { _ in nil },
        text("CertFormat") { _ in "X509" },
        // An alias is kept beside a certificate in a store, never in it.
        text("CertFriendlyName") { _ in "" },
        text("CertVersion") { String($0.version) },
        text("CertSerialNumber") { Hexadecimal.upper($0.serialNumber) },
        text("CertSignatureAlgorithmOid") { $0.signatureAlgorithm?.dotted },
        text("CertHashString", sha1), text("CertThumbprint", sha1),
        // .NET gives the parameters of a key the key's own OID.
        text("CertKeyAlgorithm", keyOid), text("CertPublicKeyOid", keyOid), text("CertPublicKeyParametersOid", keyOid),
        text("CertKeyAlgorithmParams") { Hexadecimal.upper($0.keyParameters) },
    ]

    @Sendable private static func subject(_ certificate: CertificateReader) -> String? {
        certificate.subject.text
    }

    @Sendable private static func issuer(_ certificate: CertificateReader) -> String? {
        certificate.issuer.text
    }

    @Sendable private static func sha1(_ certificate: CertificateReader) -> String? {
        Hexadecimal.upper(Insecure.SHA1.hash(data: certificate.bytes))
    }

    @Sendable private static func keyOid(_ certificate: CertificateReader) -> String? {
        certificate.keyAlgorithm?.dotted
    }

    private static let dates: [FunctionDefinition] = [
        FunctionDefinition("CertNotBefore", [.one(.binary)], gives: .date) { (given) throws(EvaluationError) in
            .date(try read(given).notBefore)
        },
        FunctionDefinition("CertNotAfter", [.one(.binary)], gives: .date) { (given) throws(EvaluationError) in
            .date(try read(given).notAfter)
        },
    ]

    private static let isCert = FunctionDefinition("IsCert", [.one(.binary)], gives: .boolean, nulls: .arePassed) {
        (given) throws(EvaluationError) in
        given[0] == .null ? .boolean(false) : .boolean(CertificateReader(try given.bytes(0)) != nil)
    }

    /// Absent where no extension is critical.
    private static let extensionOids = FunctionDefinition(
        "CertExtensionOids", [.one(.binary)], gives: ValueType.string.many
    ) { (given) throws(EvaluationError) in
        let oids = try read(given).extensions.filter(\.critical).map { Value.string($0.oid.dotted) }
        return oids.isEmpty ? .null : .list(oids)
    }

    // MARK: Names

    /// X509NameType of .NET.
    enum NameType: String, CaseIterable {
        case simpleName = "SimpleName"
        case emailName = "EmailName"
        case upnName = "UpnName"
        case dnsName = "DnsName"
        case dnsFromAlternativeName = "DnsFromAlternativeName"
        case urlName = "UrlName"
    }

    private static let nameInfo = FunctionDefinition(
        "CertNameInfo", [.one(.binary), .one(.string), .one(.boolean)], gives: .string
    ) { (given) throws(EvaluationError) in
        let certificate = try read(given)
        let ofIssuer = try given.boolean(2)
        let name = ofIssuer ? certificate.issuer : certificate.subject
        let others = certificate.alternativeNames(ofIssuer: ofIssuer)
        return .string(Self.name(try given.word(1, default: NameType.simpleName), name, others) ?? "")
    }

    private static func name(_ type: NameType, _ name: CertificateName, _ others: [GeneralName]) -> String? {
        switch type {
        case .simpleName:
            let types = [
                CertificateName.commonName, CertificateName.organizationalUnit, CertificateName.organization,
                CertificateName.email,
            ]
            return types.lazy.compactMap(name.first).first ?? email(others) ?? name.components.joined().first?.value
        case .emailName: return email(others) ?? name.first(CertificateName.email)
        case .upnName: return others.lazy.compactMap(principalName).first
        case .dnsName: return domain(others) ?? name.first(CertificateName.commonName)
        case .dnsFromAlternativeName: return domain(others)
        case .urlName:
            return others.lazy.compactMap { if case .uniformResourceIdentifier(let uri) = $0 { uri } else { nil } }
                .first
        }
    }

    private static func email(_ names: [GeneralName]) -> String? {
        names.lazy.compactMap { if case .rfc822Name(let address) = $0 { address } else { nil } }.first
    }

    private static func domain(_ names: [GeneralName]) -> String? {
        names.lazy.compactMap { if case .dnsName(let domain) = $0 { domain } else { nil } }.first
    }

    private static let principalNameType: ASN1ObjectIdentifier = [1, 3, 6, 1, 4, 1, 311, 20, 2, 3]

    private static func principalName(_ name: GeneralName) -> String? {
        guard case .otherName(let other) = name, other.typeID == principalNameType, let value = other.value else {
            return nil
        }
        var serializer = DER.Serializer()
        guard (try? serializer.serialize(value)) != nil, let node = try? DER.parse(serializer.serializedBytes) else {
            return nil
        }
        return CertificateName.text(node)
    }

    // MARK: Keys of devices

    /// SHA-256 of any bytes. Not documented; shipped rules put it before the parts of a key credential, and the format of those
    /// ([MS-ADTS] 2.2.20) says that entry 2 is the SHA-256 of the entries after it.
    private static let thumbprint = FunctionDefinition("Thumbprint", [.one(.binary)], gives: .binary) {
        (given) throws(EvaluationError) in .binary(Array(SHA256.hash(data: try given.bytes(0))))
    }
}
