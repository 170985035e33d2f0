extension JSONValue {
    /// The one canonical form, for digests and signatures: keys in byte order, no spaces, only the escapes that JSON
    /// demands.
    public var canonical: [UInt8] {
        var output: [UInt8] = []
        write(into: &output, indent: nil)
        return output
    }

    /// The canonical form on one line, as text.
    public var line: String { String(decoding: canonical, as: UTF8.self) }

    /// For files that people read: two spaces of indentation, keys in order, a newline at the end.
    public var pretty: [UInt8] {
        var output: [UInt8] = []
        write(into: &output, indent: 0)
        output.append(UInt8(ascii: "\n"))
        return output
    }

    private func write(into output: inout [UInt8], indent: Int?) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): output.append(contentsOf: String(value).utf8)
        case .string(let value): Self.write(value, into: &output)
        case .array(let elements):
            let ends = (UInt8(ascii: "["), UInt8(ascii: "]"))
            Self.write(elements, ends, into: &output, indent: indent) { element, output, inner in
                element.write(into: &output, indent: inner)
            }
        case .object(let members):
            let ends = (UInt8(ascii: "{"), UInt8(ascii: "}"))
            let ordered = members.sorted { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }
            Self.write(ordered, ends, into: &output, indent: indent) { member, output, inner in
                Self.write(member.key, into: &output)
                output.append(contentsOf: (inner == nil ? ":" : ": ").utf8)
                member.value.write(into: &output, indent: inner)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], _ ends: (UInt8, UInt8), into output: inout [UInt8], indent: Int?,
        each: (Element, inout [UInt8], Int?) -> Void
    ) {
        output.append(ends.0)
        for (index, element) in elements.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            startLine(indent.map { $0 + 1 }, &output)
            each(element, &output, indent.map { $0 + 1 })
        }
        if !elements.isEmpty { startLine(indent, &output) }
        output.append(ends.1)
    }

    private static func startLine(_ indent: Int?, _ output: inout [UInt8]) {
        guard let indent else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * 2))
    }

    private static func write(_ text: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x0A: output.append(contentsOf: "\\n".utf8)
            case 0x0D: output.append(contentsOf: "\\r".utf8)
            case 0x09: output.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                output.append(contentsOf: "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }
}
