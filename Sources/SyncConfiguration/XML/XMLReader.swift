/// Reads the XML of an export: elements, attributes, text, CDATA, comments, instructions.
///
/// Nothing outside the bytes is ever read. A document type declaration, which could name other files or entities, is refused, and
/// so is any encoding but UTF-8, which could hide one. The reader keeps the order of attributes and the place of every element,
/// and never recurses: nesting costs memory of its own, and its depth has an end.
struct XMLReader {
    /// No export nests half as deep.
    static let deepest = 100
    /// Elements and attributes of one file; a real file has forty thousand elements.
    static let most = 4_000_000

    let bytes: [UInt8]
    var index = 0
    var open: [ExportElement] = []
    var count = 0
    var names = NameTable()

    static func read(_ bytes: [UInt8], root: String) throws(ContentProblem) -> ExportDocument {
        var reader = XMLReader(bytes)
        return try reader.document(root)
    }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    // MARK: The document

    mutating func document(_ expected: String) throws(ContentProblem) -> ExportDocument {
        if bytes.isEmpty { throw fail("the file is empty, expected <\(expected)>", at: 0) }
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) || bytes.prefix(4).contains(0) {
            throw fail("expected UTF-8 text, found another encoding", at: 0)
        }
        try checkIsUTF8()
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        let before = try remarks(expected)
        guard index < bytes.count else { throw fail("the file ends before its content does, expected <\(expected)>") }
        let root = try rootElement(expected)
        let after = try remarks(nil)
        guard index == bytes.count else {
            throw fail("expected nothing after the end of <\(root.name)>; parts of two files may be in this one")
        }
        return ExportDocument(before: before, root: root, after: after)
    }

    /// Once for the whole file, so that nothing is repaired where a part of it becomes a text.
    private func checkIsUTF8() throws(ContentProblem) {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            throw fail("text that is not UTF-8", at: error.byteOffsets.lowerBound)
        }
    }

    /// What may stand before and after the outermost element.
    mutating func remarks(_ expected: String?) throws(ContentProblem) -> [ExportElement.Node] {
        var nodes: [ExportElement.Node] = []
        while true {
            skipSpace()
            guard index < bytes.count else { return nodes }
            if matches("<!--") {
                nodes.append(.comment(try comment()))
            } else if matches("<?") {
                nodes.append(.instruction(try instruction()))
            } else if matches("<!") {
                throw fail("a document type declaration, which no export has and which is never followed")
            } else if bytes[index] == UInt8(ascii: "<") || expected == nil {
                return nodes
            } else {
                throw fail("expected <\(expected ?? "")>, found text that is not XML")
            }
        }
    }

    mutating func rootElement(_ expected: String) throws(ContentProblem) -> ExportElement {
        let start = index
        if let whole = try startTag() {
            guard whole.name == expected else { throw other(expected, whole.name, start) }
            return whole
        }
        guard open[0].name == expected else { throw other(expected, open[0].name, start) }
        while true {
            guard index < bytes.count else { throw fail("the file ends before its content does") }
            guard bytes[index] == UInt8(ascii: "<") else {
                try text()
                continue
            }
            if index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "/") {
                let closed = try endTag()
                guard !open.isEmpty else { return closed }
                open[open.count - 1].children.append(.element(closed))
            } else if matches("<!--") {
                let words = try comment()
                open[open.count - 1].children.append(.comment(words))
            } else if matches("<![CDATA[") {
                try literal()
            } else if matches("<?") {
                let words = try instruction()
                open[open.count - 1].children.append(.instruction(words))
            } else if matches("<!") {
                throw fail("a declaration, which no export has and which is never followed")
            } else if let whole = try startTag() {
                open[open.count - 1].children.append(.element(whole))
            }
        }
    }

    func other(_ expected: String, _ found: String, _ offset: Int) -> ContentProblem {
        ContentProblem(
            "expected <\(expected)> as the outermost element, found <\(found)>", at: offset, in: found)
    }

    // MARK: Tags

    /// An element without content is answered; one with content is put on the stack.
    mutating func startTag() throws(ContentProblem) -> ExportElement? {
        let start = index
        index += 1
        var element = ExportElement(try name(of: "an element"))
        element.offset = start
        while true {
            let hadSpace = skipSpace()
            guard index < bytes.count else { throw fail("the file ends before its content does") }
            switch bytes[index] {
            case UInt8(ascii: ">"):
                index += 1
                guard open.count < Self.deepest else {
                    throw fail("nested deeper than \(Self.deepest) elements", at: start)
                }
                try countOne(start)
                open.append(element)
                return nil
            case UInt8(ascii: "/"):
                guard index + 1 < bytes.count else { throw fail("the file ends before its content does") }
                guard bytes[index + 1] == UInt8(ascii: ">") else {
                    throw damagedTag(element.name, "expected > after /")
                }
                index += 2
                try countOne(start)
                return element
            default:
                guard hadSpace else { throw damagedTag(element.name, "expected a space, > or />") }
                let attribute = try attribute(of: element.name)
                guard !element.attributes.contains(where: { $0.name == attribute.name }) else {
                    throw damagedTag(element.name, "the attribute \(attribute.name) occurs twice")
                }
                try countOne(start)
                element.attributes.append(attribute)
            }
        }
    }

    mutating func countOne(_ start: Int) throws(ContentProblem) {
        count += 1
        if count > Self.most { throw fail("more than \(Self.most) elements and attributes", at: start) }
    }

    mutating func endTag() throws(ContentProblem) -> ExportElement {
        let start = index
        index += 2
        let name = try name(of: "an end tag")
        skipSpace()
        guard index < bytes.count else { throw fail("the file ends before its content does") }
        guard bytes[index] == UInt8(ascii: ">") else { throw damagedTag(name, "expected >") }
        index += 1
        guard let element = open.popLast(), element.name == name else {
            throw ContentProblem(
                "the end tag </\(name)> does not match its start; part of the file is missing or damaged", at: start,
                in: name)
        }
        return element
    }

    mutating func attribute(of element: String) throws(ContentProblem) -> ExportElement.Attribute {
        let name = try name(of: "an attribute")
        skipSpace()
        guard index < bytes.count else { throw fail("the file ends before its content does") }
        guard bytes[index] == UInt8(ascii: "=") else { throw damagedTag(element, "expected = after \(name)") }
        index += 1
        skipSpace()
        guard index < bytes.count else { throw fail("the file ends before its content does") }
        let quote = bytes[index]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw damagedTag(element, "expected the value of \(name) in quotation marks")
        }
        index += 1
        let start = index
        var isPlain = true
        while index < bytes.count, bytes[index] != quote {
            switch bytes[index] {
            case UInt8(ascii: "<"): throw damagedTag(element, "a < in the value of \(name)")
            case UInt8(ascii: "&"), 0..<0x20: isPlain = false
            default: break
            }
            index += 1
        }
        guard index < bytes.count else { throw fail("the file ends before its content does") }
        defer { index += 1 }
        return ExportElement.Attribute(name, try string(start, index, isPlain: isPlain, isAttribute: true))
    }

    mutating func name(of what: String) throws(ContentProblem) -> String {
        let start = index
        while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
        guard index < bytes.count else { throw fail("the file ends before its content does") }
        guard index > start, !Self.isInnerNameByte(bytes[start]) else {
            throw fail("a tag is damaged: expected the name of \(what)", at: start)
        }
        return names.name(bytes, start, index)
    }

    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: ":"), 0x80...:
            true
        default: isInnerNameByte(byte)
        }
    }

    /// Bytes that a name may hold and not begin with.
    static func isInnerNameByte(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "-")
            || byte == UInt8(ascii: ".")
    }

    // MARK: Bytes

    @discardableResult
    mutating func skipSpace() -> Bool {
        let start = index
        while index < bytes.count,
            bytes[index] == 0x20 || bytes[index] == 0x0A || bytes[index] == 0x09 || bytes[index] == 0x0D
        {
            index += 1
        }
        return index > start
    }

    func matches(_ mark: StaticString) -> Bool {
        guard index + mark.utf8CodeUnitCount <= bytes.count else { return false }
        return mark.withUTF8Buffer { mark in mark.indices.allSatisfy { bytes[index + $0] == mark[$0] } }
    }

    func find(_ mark: String, from start: Int) -> Int? {
        let mark = Array(mark.utf8)
        guard start <= bytes.count - mark.count else { return nil }
        return (start...(bytes.count - mark.count)).first { place in
            bytes[place] == mark[0] && bytes[place..<(place + mark.count)].elementsEqual(mark)
        }
    }

    func damagedTag(_ element: String, _ detail: String) -> ContentProblem {
        ContentProblem("a tag is damaged: \(detail)", at: index, in: element)
    }

    func fail(_ problem: String, at offset: Int? = nil) -> ContentProblem {
        ContentProblem(problem, at: offset ?? index, in: open.last?.name)
    }
}
