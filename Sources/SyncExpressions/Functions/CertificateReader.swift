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
    let signatureAlgorithm: ASN1ObjectIdentifier
    let issuer: ASN1Node
    let subject: ASN1Node
    let keyAlgorithm: ASN1ObjectIdentifier
    /// Encoded; nothing where there are none.
    let keyParameters: ArraySlice<UInt8>
    private let validity: (ASN1Node, ASN1Node)
    private let extensionsNode: ASN1Node?

    /// From DER, or from Base64 of DER with or without the lines around it; nil where it is no certificate.
    init?(_ data: [UInt8]) {
        guard let bytes = data.first == 0x30 ? data : Self.decoded(data), let reader = try? Self.init(der: bytes) else {
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

    private init(der bytes: [UInt8]) throws {
        self.bytes = bytes
        var certificate = try Self.children(DER.parse(bytes)).makeIterator()
        var fields = try Self.children(Self.next(&certificate)).makeIterator()
        signatureAlgorithm = try Self.algorithm(Self.next(&certificate)).0
        _ = try Self.next(&certificate)

        var field = try Self.next(&fields)
        if field.identifier == Self.tag(0) {
            var content = try Self.children(field).makeIterator()
            version = try Int(derEncoded: Self.next(&content)) + 1
            field = try Self.next(&fields)
        } else {
            version = 1
        }
        guard field.identifier == .integer, case .primitive(let serial) = field.content else {
            throw ASN1Error.unexpectedFieldType(field.identifier)
        }
        serialNumber = serial
        _ = try Self.next(&fields)
        issuer = try Self.next(&fields)
        var dates = try Self.children(Self.next(&fields)).makeIterator()
        validity = (try Self.next(&dates), try Self.next(&dates))
        subject = try Self.next(&fields)
        var key = try Self.children(Self.next(&fields)).makeIterator()
        (keyAlgorithm, keyParameters) = try Self.algorithm(Self.next(&key))
        var extensions: ASN1Node?
        while let more = fields.next() {
            guard more.identifier == Self.tag(3) else { continue }
            var content = try Self.children(more).makeIterator()
            extensions = try Self.next(&content)
        }
        extensionsNode = extensions
        // What is asked for later has to be readable now: IsCert promises it.
        guard Self.date(validity.0) != nil, Self.date(validity.1) != nil else {
            throw ASN1Error.invalidASN1Object(reason: "the dates of validity")
        }
        _ = try (Self.children(issuer), Self.children(subject))
    }

    var notBefore: DateTime { Self.date(validity.0) ?? DateTime(ticks: 0) }
    var notAfter: DateTime { Self.date(validity.1) ?? DateTime(ticks: 0) }

    var extensions: [Certificate.Extension] {
        guard let extensionsNode, let nodes = try? Self.children(extensionsNode) else { return [] }
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

    // MARK: Nodes

    private static func tag(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }

    static func children(_ node: ASN1Node) throws -> [ASN1Node] {
        guard case .constructed(let nodes) = node.content else {
            throw ASN1Error.unexpectedFieldType(node.identifier)
        }
        return Array(nodes)
    }

    private static func next(_ nodes: inout IndexingIterator<[ASN1Node]>) throws -> ASN1Node {
        guard let node = nodes.next() else { throw ASN1Error.truncatedASN1Field() }
        return node
    }

    private static func algorithm(_ node: ASN1Node) throws -> (ASN1ObjectIdentifier, ArraySlice<UInt8>) {
        var parts = try children(node).makeIterator()
        let oid = try ASN1ObjectIdentifier(derEncoded: next(&parts))
        return (oid, parts.next()?.encodedBytes ?? [])
    }

    private static func date(_ node: ASN1Node) -> DateTime? {
        func ticks(_ hours: Int, _ minutes: Int, _ seconds: Int) -> Int64 {
            Int64(hours * 3_600 + minutes * 60 + seconds) * CivilDate.ticksPerSecond
        }
        if node.identifier == .utcTime, let time = try? UTCTime(derEncoded: node) {
            let ofDay = ticks(time.hours, time.minutes, time.seconds)
            return CivilDate.date(time.year, time.month, time.day, ticks: ofDay)
        }
        guard let time = try? GeneralizedTime(derEncoded: node) else { return nil }
        let ofDay = ticks(time.hours, time.minutes, time.seconds)
        return CivilDate.date(time.year, time.month, time.day, ticks: ofDay)
    }
}

extension ASN1ObjectIdentifier {
    /// `2.5.29.17`.
    var dotted: String { oidComponents.map(String.init).joined(separator: ".") }
}
