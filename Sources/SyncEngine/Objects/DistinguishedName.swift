/// Distinguished names as texts (RFC 4514): compared without case and without the spaces around separators.
public enum DistinguishedName {
    /// The form in which two names of the same object are equal.
    public static func normalized(_ dn: String) -> String {
        // Most names are ASCII, and folding those needs no tables.
        let isASCII = dn.utf8.allSatisfy { $0 < 0x80 }
        return isASCII
            ? normalized(dn.utf8.lazy.map(asciiFolded), count: dn.utf8.count)
            : normalized(dn.lowercased().utf8, count: dn.utf8.count)
    }

    private static func normalized(_ folded: some Sequence<UInt8>, count: Int) -> String {
        var output: [UInt8] = []
        output.reserveCapacity(count)
        var isEscaped = false
        var afterSeparator = true
        for byte in folded {
            if isEscaped {
                isEscaped = false
                afterSeparator = false
                output.append(byte)
                continue
            }
            switch byte {
            case UInt8(ascii: " ") where afterSeparator: continue
            case UInt8(ascii: ","), UInt8(ascii: "="), UInt8(ascii: "+"):
                while output.last == UInt8(ascii: " "), !endsInEscapedSpace(output) { output.removeLast() }
                output.append(byte)
                afterSeparator = true
            default:
                isEscaped = byte == UInt8(ascii: "\\")
                afterSeparator = false
                output.append(byte)
            }
        }
        while output.last == UInt8(ascii: " "), !endsInEscapedSpace(output) { output.removeLast() }
        return String(decoding: output, as: UTF8.self)
    }

    /// The name without its first part, or nil for a name of one part.
    public static func parent(_ dn: String) -> String? {
        let parts = parts(dn)
        return parts.count > 1 ? parts.dropFirst().joined(separator: ",") : nil
    }

    /// The parts between unescaped commas, the object's own first.
    public static func parts(_ dn: String) -> [Substring] {
        var isEscaped = false
        return dn.split(omittingEmptySubsequences: false) { character in
            if isEscaped {
                isEscaped = false
                return false
            }
            isEscaped = character == "\\"
            return character == ","
        }
    }

    private static func endsInEscapedSpace(_ bytes: [UInt8]) -> Bool {
        let escapes = bytes.dropLast().reversed().prefix { $0 == UInt8(ascii: "\\") }.count
        return escapes % 2 == 1
    }
}

/// Names of attributes and types are ASCII; folding them must not cost a Unicode case mapping.
func equalIgnoringASCIICase(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return zip(left.utf8, right.utf8).allSatisfy { asciiFolded($0) == asciiFolded($1) }
}

func asciiFolded(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte }
