/// Base64 with the standard alphabet and padding (RFC 4648, section 4).
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let padding = UInt8(ascii: "=")
    private static let values: [UInt8] = {
        var table = [UInt8](repeating: 0xFF, count: 256)
        for (value, letter) in alphabet.enumerated() { table[Int(letter)] = UInt8(value) }
        return table
    }()

    /// nil where the text is not whole groups of four letters with padding only at the end.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(text.count / 4 * 3)
        var group: UInt32 = 0
        var letters = 0
        var padded = 0
        for letter in text {
            if letter == padding {
                padded += 1
                group <<= 6
            } else {
                let value = values[Int(letter)]
                guard value != 0xFF, padded == 0 else { return nil }
                group = group << 6 | UInt32(value)
            }
            letters += 1
            if letters % 4 == 0 {
                output.append(UInt8(truncatingIfNeeded: group >> 16))
                if padded < 2 { output.append(UInt8(truncatingIfNeeded: group >> 8)) }
                if padded < 1 { output.append(UInt8(truncatingIfNeeded: group)) }
                group = 0
            }
        }
        return padded <= 2 ? output : nil
    }

    static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        var group: UInt32 = 0
        var held = 0
        func letter(_ shift: UInt32) -> UInt8 { alphabet[Int(group >> shift & 0x3F)] }
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            held += 1
            if held == 3 {
                output.append(contentsOf: [letter(18), letter(12), letter(6), letter(0)])
                group = 0
                held = 0
            }
        }
        if held == 1 {
            group <<= 16
            output.append(contentsOf: [letter(18), letter(12), padding, padding])
        } else if held == 2 {
            group <<= 8
            output.append(contentsOf: [letter(18), letter(12), letter(6), padding])
        }
        return output
    }
}
