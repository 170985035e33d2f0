/// Writes records as RFC 2849 has them: version first, values that need it in base64, long lines folded.
public struct LDIFWriter {
    /// The bytes written since they were last taken.
    public private(set) var bytes: [UInt8] = []
    private static let width = 76

    public init() { text("version: 1\n") }

    /// Hands out what was written so far, so that a large file need not be held in memory.
    public mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    public mutating func write(_ record: LDIFRecord) {
        begin(dn: record.dn)
        for control in record.controls { write(control) }
        switch record.content {
        case .entry(let attributes): write(attributes)
        case .change(.add(let attributes)):
            text("changetype: add\n")
            write(attributes)
        case .change(.delete): text("changetype: delete\n")
        case .change(.modify(let modifications)):
            text("changetype: modify\n")
            for modification in modifications {
                text("\(modification.operation.rawValue): \(modification.attribute.name)\n")
                write([modification.attribute])
                text("-\n")
            }
        case .change(.rename(let newRDN, let deleteOldRDN, let newSuperior)):
            text("changetype: \(newSuperior == nil ? "modrdn" : "moddn")\n")
            line("newrdn", Array(newRDN.utf8))
            text("deleteoldrdn: \(deleteOldRDN ? 1 : 0)\n")
            if let newSuperior { line("newsuperior", Array(newSuperior.utf8)) }
        }
    }

    /// Begins a record whose lines the caller writes one by one.
    public mutating func begin(dn: String) {
        text("\n")
        line("dn", Array(dn.utf8))
    }

    /// One line of a name and a value.
    public mutating func line(_ name: String, _ value: [UInt8]) {
        let start = bytes.count
        text(name)
        if Self.isSafe(value) {
            text(value.isEmpty ? ":" : ": ")
            bytes.append(contentsOf: value)
        } else {
            text(":: ")
            bytes.append(contentsOf: Base64.encode(value))
        }
        if bytes.count - start > Self.width { fold(from: start) }
        text("\n")
    }

    private mutating func write(_ attributes: [LDIFAttribute]) {
        for attribute in attributes {
            for value in attribute.values { line(attribute.name, value) }
        }
    }

    private mutating func write(_ control: LDIFControl) {
        let head = "control: \(control.oid)\(control.isCritical ? " true" : "")"
        guard let value = control.value else { return text("\(head)\n") }
        text("\(head):: ")
        bytes.append(contentsOf: Base64.encode(value))
        text("\n")
    }

    private mutating func text(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func fold(from start: Int) {
        let long = Array(bytes[start...])
        bytes.removeSubrange((start + Self.width)...)
        var position = Self.width
        while position < long.count {
            let end = min(position + Self.width - 1, long.count)
            text("\n ")
            bytes.append(contentsOf: long[position..<end])
            position = end
        }
    }

    /// Whether a value can stand as it is: ASCII without line ends, no space, colon or `<` first, no space last.
    private static func isSafe(_ value: [UInt8]) -> Bool {
        guard let first = value.first, let last = value.last else { return true }
        if first == UInt8(ascii: " ") || first == UInt8(ascii: ":") || first == UInt8(ascii: "<") { return false }
        if last == UInt8(ascii: " ") { return false }
        return value.allSatisfy { $0 < 0x80 && $0 != 0 && $0 != 0x0A && $0 != 0x0D }
    }
}
