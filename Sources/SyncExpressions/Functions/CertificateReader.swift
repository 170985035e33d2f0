import SwiftASN1
import X509

/// What the certificate functions need of an X.509 certificate (RFC 5280).
///
/// Neither key nor signature is looked into: like .NET this reads certificates whose algorithms it does not know, and checking
/// nothing keeps it fast. swift-certificates' own `Certificate` refuses both, and sets up every key that it reads.
struct CertificateReader {
    let bytes: [UInt8]
    let version: Int
    /// As encoded: the sign's zero before a high bit stays, as in .NET.
    let serialNumber: ArraySlice<UInt8>
    let notBefore: DateTime
    let notAfter: DateTime
    /// Encoded; empty where there are none.
    let keyParameters: ArraySlice<UInt8>
    // Encoded, and read where they are asked for.
    private let issuerName: ArraySlice<UInt8>
    private let subjectName: ArraySlice<UInt8>
    private let signatureIdentifier: ArraySlice<UInt8>
    private let keyIdentifier: ArraySlice<UInt8>
    private let encodedExtensions: ArraySlice<UInt8>

    /// From DER, or from Base64 of DER with or without the lines around it; nil where it is no certificate.
    init?(_ data: [UInt8]) {
        guard let bytes = data.first == 0x30 ? data : Self.decoded(data), let reader = Self.init(der: bytes) else {
            return nil
        }
        self = reader
    }

    private static func decoded(_ data: [UInt8]) -> [UInt8]? {
        guard data.allSatisfy({ $0 < 0x80 }) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        guard text.utf8.contains(UInt8(ascii: "-")) else { return Base64.decode(text) }
        let lines = text.split { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }.map { $0.drop { $0 == " " } }
        guard let first = lines.firstIndex(where: { $0.hasPrefix("-----BEGIN ") }),
            let last = lines[first...].firstIndex(where: { $0.hasPrefix("-----END ") })
        else { return nil }
        return Base64.decode(lines[(first + 1)..<last].joined())
    }

    private init?(der bytes: [UInt8]) {
        var file = DERCursor(bytes[...])
        guard var certificate = file.next()?.inside(DERCursor.sequence), file.isAtEnd,
            var fields = certificate.next()?.inside(DERCursor.sequence),
            let (signature, _) = Self.algorithm(certificate.next()),
            certificate.next(0x03) != nil, certificate.isAtEnd, var field = fields.next()
        else { return nil }
        if field.tag == Self.tagged(0) {
            var content = DERCursor(field.content)
            guard let number = content.next(DERCursor.integer)?.content, number.count == 1, let next = fields.next()
            else { return nil }
            version = Int(number[number.startIndex]) + 1
            field = next
        } else {
            version = 1
        }
        guard field.tag == DERCursor.integer, !field.content.isEmpty, Self.algorithm(fields.next()) != nil,
            let issuer = fields.next(), Self.isName(issuer),
            var dates = fields.next()?.inside(DERCursor.sequence),
            let start = dates.next().flatMap(Self.date), let end = dates.next().flatMap(Self.date),
            let subject = fields.next(), Self.isName(subject),
            var key = fields.next()?.inside(DERCursor.sequence),
            let (keyAlgorithm, parameters) = Self.algorithm(key.next()), key.next(0x03) != nil
        else { return nil }
        var extensions: ArraySlice<UInt8> = []
        while !fields.isAtEnd {
            guard let more = fields.next() else { return nil }
            if more.tag == Self.tagged(3) { extensions = more.content }
        }
        self.bytes = bytes
        serialNumber = field.content
        notBefore = start
        notAfter = end
        keyParameters = parameters
        issuerName = issuer.whole
        subjectName = subject.whole
        signatureIdentifier = signature
        keyIdentifier = keyAlgorithm
        encodedExtensions = extensions
    }

    var issuer: CertificateName { CertificateName(issuerName) }
    var subject: CertificateName { CertificateName(subjectName) }
    var signatureAlgorithm: ASN1ObjectIdentifier? { Self.identifier(signatureIdentifier) }
    var keyAlgorithm: ASN1ObjectIdentifier? { Self.identifier(keyIdentifier) }

    var extensions: [Certificate.Extension] {
        guard !encodedExtensions.isEmpty, let node = try? DER.parse(encodedExtensions),
            let nodes = try? Self.children(node)
        else { return [] }
        return nodes.compactMap { try? Certificate.Extension(derEncoded: $0) }
    }

    /// The names of an alternative-name extension (2.5.29.17 for the subject, .18 for the issuer) that can be read.
    func alternativeNames(ofIssuer: Bool) -> [GeneralName] {
        let wanted: ASN1ObjectIdentifier = ofIssuer ? [2, 5, 29, 18] : [2, 5, 29, 17]
        guard let found = extensions.first(where: { $0.oid == wanted }),
            let node = try? DER.parse(found.value), let nodes = try? Self.children(node)
        else { return [] }
        return nodes.compactMap { try? GeneralName(derEncoded: $0) }
    }

    // MARK: Parts

    /// A context's own tag around other elements.
    private static func tagged(_ number: UInt8) -> UInt8 { 0xA0 | number }

    static func children(_ node: ASN1Node) throws -> [ASN1Node] {
        guard case .constructed(let nodes) = node.content else {
            throw ASN1Error.unexpectedFieldType(node.identifier)
        }
        return Array(nodes)
    }

    private static func identifier(_ encoded: ArraySlice<UInt8>) -> ASN1ObjectIdentifier? {
        (try? DER.parse(encoded)).flatMap { try? ASN1ObjectIdentifier(derEncoded: $0) }
    }

    private static func algorithm(
        _ element: DERCursor.Element?
    ) -> (identifier: ArraySlice<UInt8>, parameters: ArraySlice<UInt8>)? {
        guard var parts = element?.inside(DERCursor.sequence), let identifier = parts.next(DERCursor.identifier),
            identifier.content.last.map({ $0 < 0x80 }) ?? false
        else { return nil }
        let parameters = parts.next()
        return parts.isAtEnd ? (identifier.whole, parameters?.whole ?? []) : nil
    }

    /// A sequence of sets of pairs of an identifier and a value.
    private static func isName(_ element: DERCursor.Element) -> Bool {
        guard var components = element.inside(DERCursor.sequence) else { return false }
        while !components.isAtEnd {
            guard var attributes = components.next()?.inside(DERCursor.set) else { return false }
            while !attributes.isAtEnd {
                guard var pair = attributes.next()?.inside(DERCursor.sequence),
                    pair.next(DERCursor.identifier) != nil, pair.next() != nil, pair.isAtEnd
                else { return false }
            }
        }
        return true
    }

    /// UTCTime `YYMMDDHHMMSSZ`, of which 50 to 99 are 1950 to 1999, or GeneralizedTime `YYYYMMDDHHMMSSZ` (RFC 5280, 4.1.2.5).
    private static func date(_ element: DERCursor.Element) -> DateTime? {
        let yearDigits = element.tag == 0x17 ? 2 : 4
        let text = element.content
        guard element.tag == 0x17 || element.tag == 0x18, text.count == yearDigits + 11, text.last == UInt8(ascii: "Z"),
            text.dropLast().allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        func number(_ start: Int, _ count: Int) -> Int {
            let first = text.startIndex + start
            return text[first..<first + count].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        let digits = number(0, yearDigits)
        let year = yearDigits == 4 ? digits : digits + (digits < 50 ? 2_000 : 1_900)
        let time = [0, 2, 4].map { number(yearDigits + 4 + $0, 2) }
        guard time[0] < 24, time[1] < 60, time[2] < 60 else { return nil }
        let seconds = Int64(time[0] * 3_600 + time[1] * 60 + time[2])
        return CivilDate.date(
            year, number(yearDigits, 2), number(yearDigits + 2, 2), ticks: seconds * CivilDate.ticksPerSecond)
    }
}

extension ASN1ObjectIdentifier {
    /// `2.5.29.17`.
    var dotted: String { oidComponents.map(String.init).joined(separator: ".") }
}
