/// GUIDs as texts and as the sixteen bytes that directories keep, of which the first three groups are little-endian.
enum GUIDText {
    /// Which byte stands at each place of the text.
    private static let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]

    /// .NET's format D: lower case, no braces.
    static func format(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for (place, index) in order.enumerated() {
            if [4, 6, 8, 10].contains(place) { text.append(UInt8(ascii: "-")) }
            text.append(contentsOf: Hexadecimal.digits(bytes[index], "0123456789abcdef"))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The two documented shapes, braces or none, and nothing else.
    static func parse(_ text: String) -> [UInt8]? {
        var characters = Array(text.utf8)
        if characters.count == 38, characters[0] == UInt8(ascii: "{"), characters[37] == UInt8(ascii: "}") {
            characters = Array(characters[1..<37])
        }
        guard characters.count == 36, [8, 13, 18, 23].allSatisfy({ characters[$0] == UInt8(ascii: "-") }) else {
            return nil
        }
        let groups = [0..<8, 9..<13, 14..<18, 19..<23, 24..<36].flatMap { characters[$0] }
        guard let values = Hexadecimal.bytes(groups) else { return nil }
        var bytes = [UInt8](repeating: 0, count: 16)
        for (place, index) in order.enumerated() { bytes[index] = values[place] }
        return bytes
    }
}

enum Hexadecimal {
    static func digits(_ byte: UInt8, _ alphabet: StaticString) -> [UInt8] {
        alphabet.withUTF8Buffer { [$0[Int(byte >> 4)], $0[Int(byte & 15)]] }
    }

    static func upper(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { digits($0, "0123456789ABCDEF") }, as: UTF8.self)
    }

    /// nil unless all are digits and their number is even.
    static func bytes(_ characters: [UInt8]) -> [UInt8]? {
        guard characters.count.isMultiple(of: 2) else { return nil }
        var result: [UInt8] = []
        for index in stride(from: 0, to: characters.count, by: 2) {
            guard let high = value(characters[index]), let low = value(characters[index + 1]) else { return nil }
            result.append(high << 4 | low)
        }
        return result
    }

    static func value(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
