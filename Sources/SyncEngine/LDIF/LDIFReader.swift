/// Reads LDIF as RFC 2849 has it, record by record, in memory that does not grow with the file.
///
/// Two things of the format are refused, because they read other files with the rights of whoever imports: values from a URL
/// (`attribute:< file:///…`) and `include:` lines. A file holds entries or changes, never both.
public final class LDIFReader {
    private var lines: LDIFLineReader
    private let limits: LDIFLimits
    /// The name that errors tell.
    public var file: String { lines.file }
    private var started = false
    private var ended = false
    private var holdsChanges: Bool?

    public init(file: String, limits: LDIFLimits = LDIFLimits(), source: @escaping LDIFByteSource) {
        self.limits = limits
        lines = LDIFLineReader(file: file, limits: limits, source: source)
    }

    /// For texts in memory.
    public convenience init(file: String, bytes: [UInt8], limits: LDIFLimits = LDIFLimits()) {
        var pieces = [bytes]
        self.init(file: file, limits: limits) { () throws(LDIFError) in pieces.popLast() ?? [] }
    }

    /// The next record, or nil at the end of the file. After an error the reader is of no further use.
    public func next() throws(LDIFError) -> LDIFRecord? {
        guard try skipToRecord() else { return nil }
        let line = lines.number
        let dn = try text(value(named: "dn", orElse: "expected \"dn:\" at the beginning of a record"))
        var content = RecordContent(limits: limits)
        let hasLine = try advance()
        if hasLine, name(is: "control") || name(is: "changetype") {
            try agree(changes: true, line: line)
            return try changeRecord(dn: dn, line: line)
        }
        try agree(changes: false, line: line)
        guard hasLine else { throw lines.failure("the entry \"\(dn)\" has no attributes") }
        repeat { try attribute(into: &content) } while try advance()
        return LDIFRecord(dn: dn, line: line, content: .entry(content.attributes))
    }

    // MARK: - Lines

    /// Goes to the first line of the next record, past empty lines and the version.
    private func skipToRecord() throws(LDIFError) -> Bool {
        while !ended {
            guard try lines.next() else {
                ended = true
                break
            }
            if lines.line.isEmpty { continue }
            if name(is: "version") {
                guard !started else { throw lines.failure("the version must be the first line of the file") }
                let version = try text(value(named: "version", orElse: "expected a version"))
                guard version == "1" else {
                    throw lines.failure("LDIF version \"\(version)\" is unknown, expected version 1")
                }
                started = true
                continue
            }
            if name(is: "include") {
                throw lines.failure("\"include:\" is refused: put the records of the other file into this one")
            }
            started = true
            return true
        }
        return false
    }

    /// The next line of this record; false where the record ends.
    private func advance() throws(LDIFError) -> Bool {
        guard try lines.next() else {
            ended = true
            return false
        }
        return !lines.line.isEmpty
    }

    private func agree(changes: Bool, line: Int) throws(LDIFError) {
        if let holdsChanges, holdsChanges != changes {
            throw LDIFError(
                file: lines.file, line: line,
                problem: changes
                    ? "a change record in a file of entries: keep dump and changes in files of their own"
                    : "a record without \"changetype:\" in a file of changes")
        }
        holdsChanges = changes
    }

    // MARK: - Change records

    private func changeRecord(dn: String, line: Int) throws(LDIFError) -> LDIFRecord {
        var controls: [LDIFControl] = []
        while name(is: "control") {
            controls.append(try control())
            guard try advance() else { throw lines.failure("expected \"changetype:\" after the controls") }
        }
        let kind = try text(value(named: "changetype", orElse: "expected \"changetype:\"")).lowercased()
        let change: LDIFChange
        switch kind {
        case "add": change = try addition()
        case "delete":
            if try advance() { throw lines.failure("a delete has no further lines, expected an empty one") }
            change = .delete
        case "modify": change = try modification()
        case "modrdn", "moddn": change = try rename()
        default: throw lines.failure("unknown changetype \"\(kind)\", expected add, delete, modify, modrdn or moddn")
        }
        return LDIFRecord(dn: dn, line: line, controls: controls, content: .change(change))
    }

    private func addition() throws(LDIFError) -> LDIFChange {
        var content = RecordContent(limits: limits)
        while try advance() { try attribute(into: &content) }
        if content.attributes.isEmpty { throw lines.failure("an added entry needs attributes") }
        return .add(content.attributes)
    }

    private func modification() throws(LDIFError) -> LDIFChange {
        var modifications: [LDIFModification] = []
        while try advance() {
            let (word, start) = try split()
            guard let operation = LDIFModification.Operation(rawValue: word.lowercased()) else {
                throw lines.failure("expected add:, delete:, replace: or increment:, found \"\(word):\"")
            }
            let name = try text(value(from: start))
            try check(attributeName: name)
            var content = RecordContent(limits: limits)
            while true {
                guard try advance() else { throw lines.failure("expected \"-\" at the end of the modification") }
                if lines.line == [UInt8(ascii: "-")] { break }
                let (found, start) = try split()
                guard found.lowercased() == name.lowercased() else {
                    throw lines.failure("expected a value of \"\(name)\" or \"-\", found \"\(found)\"")
                }
                try add(name, try value(from: start), to: &content)
            }
            let values = content.attributes.first?.values ?? []
            if operation == .add || operation == .increment, values.isEmpty {
                throw lines.failure("\(operation.rawValue): \(name) needs a value")
            }
            modifications.append(LDIFModification(operation, LDIFAttribute(name, values)))
        }
        return .modify(modifications)
    }

    private func rename() throws(LDIFError) -> LDIFChange {
        guard try advance() else { throw lines.failure("expected \"newrdn:\"") }
        let newRDN = try text(value(named: "newrdn", orElse: "expected \"newrdn:\""))
        guard try advance() else { throw lines.failure("expected \"deleteoldrdn:\"") }
        let flag = try text(value(named: "deleteoldrdn", orElse: "expected \"deleteoldrdn:\""))
        guard flag == "0" || flag == "1" else {
            throw lines.failure("expected 0 or 1 after deleteoldrdn:, found \"\(flag)\"")
        }
        var superior: String?
        if try advance() {
            superior = try text(value(named: "newsuperior", orElse: "expected \"newsuperior:\" or an empty line"))
            if try advance() { throw lines.failure("expected an empty line after newsuperior:") }
        }
        return .rename(newRDN: newRDN, deleteOldRDN: flag == "1", newSuperior: superior)
    }

    private func control() throws(LDIFError) -> LDIFControl {
        let (_, start) = try split()
        let bytes = lines.line
        var position = skipSpaces(start)
        let oidStart = position
        while position < bytes.count, bytes[position] != UInt8(ascii: " "), bytes[position] != UInt8(ascii: ":") {
            position += 1
        }
        let oid = String(decoding: bytes[oidStart..<position], as: UTF8.self)
        guard !oid.isEmpty,
            oid.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw lines.failure("expected the number of a control like 1.2.840.113556.1.4.805, found \"\(oid)\"") }
        position = skipSpaces(position)
        let wordStart = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ":") { position += 1 }
        let word = String(decoding: bytes[wordStart..<position], as: UTF8.self)
        guard ["", "true", "false"].contains(word) else {
            throw lines.failure("expected true or false after the control's number, found \"\(word)\"")
        }
        let value = position < bytes.count ? try self.value(from: position + 1) : nil
        return LDIFControl(oid: oid, isCritical: word == "true", value: value)
    }

    // MARK: - Names and values

    private func attribute(into content: inout RecordContent) throws(LDIFError) {
        let (name, start) = try split()
        try check(attributeName: name)
        try add(name, try value(from: start), to: &content)
    }

    private func add(_ name: String, _ value: [UInt8], to content: inout RecordContent) throws(LDIFError) {
        if let problem = content.add(name, value) { throw lines.failure(problem) }
    }

    private func name(is word: StaticString) -> Bool {
        guard lines.line.count > word.utf8CodeUnitCount, lines.line[word.utf8CodeUnitCount] == UInt8(ascii: ":") else {
            return false
        }
        for index in 0..<word.utf8CodeUnitCount where lines.line[index] | 0x20 != word.utf8Start[index] { return false }
        return true
    }

    /// The name before the colon, and where the rest begins.
    private func split() throws(LDIFError) -> (name: String, start: Int) {
        guard let colon = lines.line.firstIndex(of: UInt8(ascii: ":")) else {
            throw lines.failure("expected a name and a colon")
        }
        return (String(decoding: lines.line[..<colon], as: UTF8.self), colon + 1)
    }

    private func check(attributeName name: String) throws(LDIFError) {
        let isValid =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte | 0x20 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ";")
                }
            }
        if !isValid { throw lines.failure("\"\(name)\" is not the name of an attribute") }
    }

    private func value(named word: StaticString, orElse problem: String) throws(LDIFError) -> [UInt8] {
        guard name(is: word) else { throw lines.failure(problem) }
        return try value(from: word.utf8CodeUnitCount + 1)
    }

    /// What stands after the colon: text, `:` and base64, or `<` and a URL, which is refused.
    private func value(from start: Int) throws(LDIFError) -> [UInt8] {
        let bytes = lines.line
        guard start < bytes.count else { return [] }
        if bytes[start] == UInt8(ascii: "<") {
            throw lines.failure("a value from a URL is refused: put the value itself here, as \"::\" and base64")
        }
        if bytes[start] == UInt8(ascii: ":") {
            guard let decoded = Base64.decode(bytes[skipSpaces(start + 1)...]) else {
                throw lines.failure("not valid base64")
            }
            return decoded
        }
        let text = bytes[skipSpaces(start)...]
        if text.contains(0) { throw lines.failure("a zero byte in a value: write the value as \"::\" and base64") }
        return Array(text)
    }

    private func skipSpaces(_ start: Int) -> Int {
        var position = start
        while position < lines.line.count, lines.line[position] == UInt8(ascii: " ") { position += 1 }
        return position
    }

    private func text(_ bytes: [UInt8]) throws(LDIFError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw lines.failure("not valid UTF-8") }
        return text
    }
}

/// The attributes of one record, values of one name together whatever their order in the file.
private struct RecordContent {
    let limits: LDIFLimits
    var attributes: [LDIFAttribute] = []
    private var bytes = 0

    init(limits: LDIFLimits) { self.limits = limits }

    /// Says what is wrong where the record has become too large.
    mutating func add(_ name: String, _ value: [UInt8]) -> String? {
        bytes += value.count
        if attributes.last?.name == name {
            attributes[attributes.count - 1].values.append(value)
        } else if let known = attributes.firstIndex(where: { equalIgnoringASCIICase($0.name, name) }) {
            attributes[known].values.append(value)
        } else {
            attributes.append(LDIFAttribute(name, [value]))
        }
        if bytes > limits.recordBytes {
            return "the record's values are larger than the allowed \(limits.recordBytes) bytes"
        }
        if attributes.count > limits.recordAttributes {
            return "the record has more than the allowed \(limits.recordAttributes) attributes"
        }
        return nil
    }
}
