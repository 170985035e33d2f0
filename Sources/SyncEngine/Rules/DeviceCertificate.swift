import Documents

/// What a hybrid join's certificate says of its computer: the subject's common name and until when it is valid.
///
/// The certificate is read from its DER encoding (X.690). Its signature is the cloud's to check; here it decides scope only.
struct DeviceCertificate {
    let commonName: String
    let notBefore: WallTime
    let notAfter: WallTime

    /// nil where the bytes are no X.509 certificate with a common name.
    init?(_ bytes: ArraySlice<UInt8>) {
        var outer = DERReader(bytes)
        guard var certificate = outer.enter(0x30), var body = certificate.enter(0x30) else { return nil }
        _ = body.enter(0xA0)
        // Serial number, algorithm, issuer, validity, subject.
        guard body.enter(0x02) != nil, body.enter(0x30) != nil, body.enter(0x30) != nil,
            var validity = body.enter(0x30), var subject = body.enter(0x30),
            let notBefore = validity.time(), let notAfter = validity.time(),
            let commonName = subject.commonName()
        else { return nil }
        self.commonName = commonName
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// Whether the subject is the computer with this objectGUID, and the time lies in the certificate's.
    func identifies(guid: ArraySlice<UInt8>, at time: WallTime) -> Bool {
        guard time >= notBefore, time <= notAfter, let text = GUIDText.text(guid) else { return false }
        let name = commonName.lowercased()
        return name == text || name == "{\(text)}"
    }
}

/// A GUID as AD writes it: the first three groups of the stored bytes are reversed.
enum GUIDText {
    private static let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ guid: ArraySlice<UInt8>) -> String? {
        guard guid.count == 16 else { return nil }
        var output: [UInt8] = []
        for (place, source) in order.enumerated() {
            if [4, 6, 8, 10].contains(place) { output.append(UInt8(ascii: "-")) }
            let byte = guid[guid.startIndex + source]
            output.append(digits[Int(byte >> 4)])
            output.append(digits[Int(byte & 15)])
        }
        return String(decoding: output, as: UTF8.self)
    }
}

/// Walks over the elements of one DER value.
private struct DERReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    private mutating func element() -> (tag: UInt8, content: ArraySlice<UInt8>)? {
        var cursor = rest
        guard let tag = cursor.popFirst(), let first = cursor.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            let count = Int(first & 0x7F)
            guard (1...4).contains(count), cursor.count >= count else { return nil }
            length = cursor.prefix(count).reduce(0) { $0 << 8 | Int($1) }
            cursor = cursor.dropFirst(count)
        }
        guard length <= cursor.count else { return nil }
        rest = cursor.dropFirst(length)
        return (tag, cursor.prefix(length))
    }

    /// The content of the next element if it has this tag; else nothing is passed over.
    mutating func enter(_ tag: UInt8) -> DERReader? {
        let before = rest
        guard let (found, content) = element(), found == tag else {
            rest = before
            return nil
        }
        return DERReader(content)
    }

    /// UTCTime (two digits of the year, 1950 to 2049) or GeneralizedTime, both in UTC.
    mutating func time() -> WallTime? {
        guard let (tag, content) = element(), tag == 0x17 || tag == 0x18 else { return nil }
        var text = String(decoding: content, as: UTF8.self)
        if tag == 0x17 { text = (text < "50" ? "20" : "19") + text }
        let digits = Array(text.utf8)
        guard digits.count == 15, digits.last == UInt8(ascii: "Z") else { return nil }
        func part(_ range: Range<Int>) -> String { String(decoding: digits[range], as: UTF8.self) }
        return WallTime(
            "\(part(0..<4))-\(part(4..<6))-\(part(6..<8))T\(part(8..<10)):\(part(10..<12)):\(part(12..<14))Z")
    }

    /// The value of the attribute 2.5.4.3 in a name.
    mutating func commonName() -> String? {
        while var set = enter(0x31) {
            while var pair = set.enter(0x30) {
                guard let oid = pair.enter(0x06), let (_, value) = pair.element() else { return nil }
                if oid.rest.elementsEqual([0x55, 0x04, 0x03]) { return String(decoding: value, as: UTF8.self) }
            }
        }
        return nil
    }
}
