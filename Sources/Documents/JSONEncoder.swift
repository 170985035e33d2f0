extension JSONValue {
    /// On one line: keys in byte order, no spaces, only the escapes that JSON demands. Equal values have equal bytes, so
    /// that digests of this project's own documents are taken over it.
    public var compact: [UInt8] {
        var output: [UInt8] = []
        Form.compact.write(self, into: &output)
        return output
    }

    /// The compact form as text.
    public var line: String { String(decoding: compact, as: UTF8.self) }

    /// Canonical JSON as the signatures of The Update Framework cover it: like ``compact``, but a string has two escapes
    /// only, those of the quotation mark and the backslash. With control characters in a string it is no JSON any more;
    /// it is signed and never stored.
    public var canonical: [UInt8] {
        var output: [UInt8] = []
        Form.canonical.write(self, into: &output)
        return output
    }

    /// For files that people read: two spaces of indentation, keys in order, a newline at the end.
    public var pretty: [UInt8] {
        var output: [UInt8] = []
        Form.pretty(depth: 0).write(self, into: &output)
        output.append(UInt8(ascii: "\n"))
        return output
    }
}

/// In which way a value is written.
private enum Form {
    case compact
    case canonical
    case pretty(depth: Int)

    /// The form of what lies inside an array or object.
    var inner: Form { if case .pretty(let depth) = self { .pretty(depth: depth + 1) } else { self } }
    private var afterKey: String { if case .pretty = self { ": " } else { ":" } }

    func write(_ value: JSONValue, into output: inout [UInt8]) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): output.append(contentsOf: String(value).utf8)
        case .string(let value): write(value, into: &output)
        case .array(let elements):
            write(elements, between: "[", "]", into: &output) { inner, element, output in
                inner.write(element, into: &output)
            }
        case .object(let members):
            let ordered = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            write(ordered, between: "{", "}", into: &output) { inner, member, output in
                inner.write(member.key, into: &output)
                output.append(contentsOf: inner.afterKey.utf8)
                inner.write(member.value, into: &output)
            }
        }
    }

    private func write<Element>(
        _ elements: [Element], between first: Unicode.Scalar, _ last: Unicode.Scalar, into output: inout [UInt8],
        each: (Form, Element, inout [UInt8]) -> Void
    ) {
        output.append(UInt8(ascii: first))
        for (index, element) in elements.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            inner.startLine(&output)
            each(inner, element, &output)
        }
        if !elements.isEmpty { startLine(&output) }
        output.append(UInt8(ascii: last))
    }

    private func startLine(_ output: inout [UInt8]) {
        guard case .pretty(let depth) = self else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    private func write(_ text: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0..<0x20: writeControl(byte, into: &output)
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    private func writeControl(_ byte: UInt8, into output: inout [UInt8]) {
        if case .canonical = self { return output.append(byte) }
        switch byte {
        case 0x0A: output.append(contentsOf: "\\n".utf8)
        case 0x0D: output.append(contentsOf: "\\r".utf8)
        case 0x09: output.append(contentsOf: "\\t".utf8)
        default:
            let digits = String(byte, radix: 16)
            output.append(contentsOf: "\\u00\(digits.count == 1 ? "0" : "")\(digits)".utf8)
        }
    }
}
