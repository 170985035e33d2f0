extension XMLReader {
    mutating func text() throws(ContentProblem) {
        let start = index
        var isPlain = true
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") {
            switch bytes[index] {
            case UInt8(ascii: "&"), 0x0D: isPlain = false
            case 0..<0x20 where bytes[index] != 0x0A && bytes[index] != 0x09: isPlain = false
            case UInt8(ascii: "]") where matches("]]>"): throw fail("]]> outside a CDATA section")
            default: break
            }
            index += 1
        }
        add(try string(start, index, isPlain: isPlain, isAttribute: false))
    }

    mutating func literal() throws(ContentProblem) {
        let start = index + 9
        guard let end = find("]]>", from: start) else { throw fail("the file ends before its CDATA section does") }
        add(try verbatim(start, end))
        index = end + 3
    }

    /// Text in which no mark means anything.
    func verbatim(_ start: Int, _ end: Int) throws(ContentProblem) -> String {
        var buffer: [UInt8] = []
        try normalize(start, end, into: &buffer, resolving: false, isAttribute: false)
        return String(decoding: buffer, as: UTF8.self)
    }

    mutating func add(_ text: String) {
        let last = open.count - 1
        if let node = open[last].children.last, case .text(let before) = node {
            open[last].children[open[last].children.count - 1] = .text(before + text)
        } else {
            open[last].children.append(.text(text))
        }
    }

    mutating func comment() throws(ContentProblem) -> String {
        let start = index + 4
        guard let end = find("--", from: start) else { throw fail("a comment without an end") }
        guard end + 2 < bytes.count, bytes[end + 2] == UInt8(ascii: ">") else {
            throw fail("-- inside a comment, or a comment without an end", at: end)
        }
        index = end + 3
        return try verbatim(start, end)
    }

    mutating func instruction() throws(ContentProblem) -> String {
        let start = index
        guard let end = find("?>", from: start + 2) else { throw fail("a damaged XML declaration") }
        let text = try verbatim(start + 2, end)
        index = end + 2
        guard text.hasPrefix("xml"), text.dropFirst(3).first?.isWhitespace ?? true else { return text }
        guard start == 0 || (start == 3 && bytes[0] == 0xEF) else {
            throw fail(
                "an XML declaration that is not at the beginning; parts of two files may be in this one", at: start)
        }
        let lowered = text.lowercased()
        guard let name = lowered.firstRange(of: "encoding") else { return text }
        let value = lowered[name.upperBound...].drop { " =\"'".contains($0) }.prefix { $0 != "\"" && $0 != "'" }
        guard value == "utf-8" || value == "us-ascii" else {
            throw fail("expected UTF-8 text, found the encoding \(value)", at: start)
        }
        return text
    }

    func string(
        _ start: Int, _ end: Int, isPlain: Bool, isAttribute: Bool
    ) throws(ContentProblem) -> String {
        if isPlain { return String(decoding: bytes[start..<end], as: UTF8.self) }
        var buffer: [UInt8] = []
        buffer.reserveCapacity(end - start)
        try normalize(start, end, into: &buffer, resolving: true, isAttribute: isAttribute)
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Line ends become one kind, references become characters, and in attributes white space becomes spaces, as XML says.
    func normalize(
        _ start: Int, _ end: Int, into buffer: inout [UInt8], resolving: Bool, isAttribute: Bool
    ) throws(ContentProblem) {
        var place = start
        while place < end {
            let byte = bytes[place]
            switch byte {
            case UInt8(ascii: "&") where resolving:
                guard let next = Self.reference(bytes, place, end, into: &buffer) else {
                    throw fail(
                        "an entity that is not defined; expected only &amp; &lt; &gt; &quot; &apos; and numbers",
                        at: place)
                }
                place = next
                continue
            case 0x0D:
                if place + 1 < bytes.count, bytes[place + 1] == 0x0A { place += 1 }
                buffer.append(isAttribute ? 0x20 : 0x0A)
            case 0x09, 0x0A: buffer.append(isAttribute ? 0x20 : byte)
            case 0..<0x20: throw fail("a character that XML does not allow", at: place)
            default: buffer.append(byte)
            }
            place += 1
        }
    }

    /// Appends what a reference stands for and answers the place after it; nil where there is no such reference.
    static func reference(
        _ bytes: [UInt8], _ start: Int, _ end: Int, into buffer: inout [UInt8]
    ) -> Int? {
        guard let stop = bytes[start..<min(end, start + 12)].firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: bytes[(start + 1)..<stop], as: UTF8.self)
        let known: [String: String] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
        if let character = known[name] {
            buffer.append(contentsOf: character.utf8)
            return stop + 1
        }
        guard name.hasPrefix("#") else { return nil }
        let digits = name.dropFirst()
        let isHexadecimal = digits.hasPrefix("x")
        guard let first = (isHexadecimal ? digits.dropFirst() : digits).first, first.isASCII, first.isHexDigit,
            let number = UInt32(isHexadecimal ? digits.dropFirst() : digits, radix: isHexadecimal ? 16 : 10),
            let scalar = Unicode.Scalar(number), isAllowed(scalar)
        else { return nil }
        buffer.append(contentsOf: Character(scalar).utf8)
        return stop + 1
    }

    /// Whether XML allows the character.
    static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: true
        case 0..<0x20, 0xFFFE, 0xFFFF: false
        default: true
        }
    }
}

/// Gives names that occur again the same storage: a file has a few dozen names and tens of thousands of elements.
struct NameTable {
    private var slots: [(start: Int, end: Int, name: String)?] = Array(repeating: nil, count: 256)

    mutating func name(_ bytes: [UInt8], _ start: Int, _ end: Int) -> String {
        var hash = UInt32(2_166_136_261)
        for place in start..<end { hash = (hash ^ UInt32(bytes[place])) &* 16_777_619 }
        let slot = Int(hash >> 16 ^ hash) & 255
        if let known = slots[slot], known.end - known.start == end - start,
            bytes[known.start..<known.end].elementsEqual(bytes[start..<end])
        {
            return known.name
        }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        slots[slot] = (start, end, name)
        return name
    }
}
