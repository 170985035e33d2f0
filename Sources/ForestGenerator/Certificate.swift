/// A certificate as a hybrid join leaves one on a computer: X.509 version 3 with an RSA key of 2048 bits whose factors nobody
/// knows, and a signature that nobody made.
enum Certificate {
    /// Times are `YYMMDDhhmmssZ`.
    static func der(subject: String, notBefore: String, notAfter: String, random: inout SeededRandom) -> [UInt8] {
        // sha256WithRSAEncryption and rsaEncryption.
        let signing = algorithm([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B])
        let encryption = algorithm([0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01])
        let version = element(0xA0, element(0x02, [2]))
        let number = element(0x02, [0x01] + random.bytes(15))
        let validity = element(0x30, element(0x17, Array(notBefore.utf8)) + element(0x17, Array(notAfter.utf8)))
        var modulus = random.bytes(256)
        modulus[0] |= 0x80
        modulus[255] |= 1
        let rsa = element(0x30, element(0x02, [0] + modulus) + element(0x02, [1, 0, 1]))
        let key = element(0x30, encryption + element(0x03, [0] + rsa))
        let body =
            version + number + signing + name("Device Registration") + validity + name(subject) + key
        return element(0x30, element(0x30, body) + signing + element(0x03, [0] + random.bytes(256)))
    }

    private static func algorithm(_ identifier: [UInt8]) -> [UInt8] {
        element(0x30, element(0x06, identifier) + [0x05, 0x00])
    }

    private static func name(_ commonName: String) -> [UInt8] {
        let pair = element(0x06, [0x55, 0x04, 0x03]) + element(0x0C, Array(commonName.utf8))
        return element(0x30, element(0x31, element(0x30, pair)))
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        let length: [UInt8]
        switch count {
        case 0..<0x80: length = [UInt8(count)]
        case 0x80..<0x100: length = [0x81, UInt8(count)]
        default: length = [0x82, UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
        }
        return [tag] + length + content
    }
}

/// Identifiers as AD writes them.
enum Identifier {
    /// S-1-5-32-544, the same in every domain.
    static let builtinAdministrators: [UInt8] = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0]

    /// The text of a stored GUID: the first three groups are reversed.
    static func text(_ guid: [UInt8]) -> String {
        let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
        var text = ""
        for (place, source) in order.enumerated() {
            if [4, 6, 8, 10].contains(place) { text += "-" }
            let digits = String(guid[source], radix: 16)
            text += digits.count == 1 ? "0" + digits : digits
        }
        return text
    }

    /// The binary form of S-1-5-21-a-b-c-relative.
    static func sid(domain: [UInt32], relative: UInt32) -> [UInt8] {
        let parts = [21] + domain + [relative]
        var sid: [UInt8] = [1, UInt8(parts.count), 0, 0, 0, 0, 0, 5]
        for part in parts {
            for shift in [0, 8, 16, 24] { sid.append(UInt8(truncatingIfNeeded: part >> UInt32(shift))) }
        }
        return sid
    }

    static func sidText(domain: [UInt32], relative: UInt32) -> String {
        "S-1-5-21-" + (domain + [relative]).map(String.init).joined(separator: "-")
    }
}
