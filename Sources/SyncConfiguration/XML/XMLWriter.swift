/// Writes an export's file: as it was read where it was read, indented where it was made.
struct XMLWriter {
    private var bytes: [UInt8] = []

    static func bytes(of document: ExportDocument) throws(ContentProblem) -> [UInt8] {
        var writer = XMLWriter()
        for node in document.before {
            try writer.write(node, in: document.root)
            writer.bytes.append(0x0A)
        }
        try writer.write(document.root)
        writer.bytes.append(0x0A)
        for node in document.after {
            try writer.write(node, in: document.root)
            writer.bytes.append(0x0A)
        }
        return writer.bytes
    }

    private mutating func write(_ node: ExportElement.Node, in parent: ExportElement) throws(ContentProblem) {
        switch node {
        case .element(let element): try write(element)
        case .text(let text): try escape(text, isAttribute: false, parent)
        case .comment(let text):
            guard !text.contains("--"), !text.hasSuffix("-") else {
                throw ContentProblem("a comment may not hold --", parent)
            }
            append("<!--\(text)-->")
        case .instruction(let text): append("<?\(text)?>")
        }
    }

    private mutating func write(_ element: ExportElement) throws(ContentProblem) {
        append("<\(element.name)")
        for attribute in element.attributes {
            append(" \(attribute.name)=\"")
            try escape(attribute.value, isAttribute: true, element)
            append("\"")
        }
        guard !element.children.isEmpty else { return append(" />") }
        append(">")
        for child in element.children { try write(child, in: element) }
        append("</\(element.name)>")
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func escape(
        _ text: String, isAttribute: Bool, _ element: ExportElement
    ) throws(ContentProblem) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": append("&amp;")
            case "<": append("&lt;")
            case ">": append("&gt;")
            case "\"" where isAttribute: append("&quot;")
            // Read back as they are only where they are written as numbers.
            case "\r": append("&#13;")
            case "\n" where isAttribute: append("&#10;")
            case "\t" where isAttribute: append("&#9;")
            default:
                guard XMLReader.isAllowed(scalar) else {
                    let number = String(scalar.value, radix: 16, uppercase: true)
                    throw ContentProblem("the character U+\(number), which XML cannot hold", element)
                }
                bytes.append(contentsOf: UTF8.encode(scalar) ?? .init())
            }
        }
    }
}

extension ExportDocument {
    /// Reads a file's content.
    ///
    /// - Parameters:
    ///   - bytes: The whole file, in UTF-8.
    ///   - file: Named in errors.
    ///   - root: What the outermost element has to be.
    public init(_ bytes: [UInt8], file: String, root: String) throws(ExportError) {
        do {
            self = try XMLReader.read(bytes, root: root)
        } catch {
            throw ExportError(error, file: file, bytes: bytes)
        }
    }

    /// The file's content. Elements keep the layout that they were read with.
    public func bytes() throws(ExportError) -> [UInt8] {
        do {
            return try XMLWriter.bytes(of: self)
        } catch {
            throw ExportError(
                .badInput, path: root.name, element: error.element, problem: error.problem,
                remedy: "take the character out of the configuration")
        }
    }
}

extension ExportElement {
    /// The element with its elements on lines of their own, two spaces further in each.
    func indented(_ depth: Int = 0) -> ExportElement {
        guard !elements.isEmpty, hasOnlyElements else { return self }
        var result = self
        result.children = []
        let inner = "\n" + String(repeating: "  ", count: depth + 1)
        for child in children {
            switch child {
            case .element(let element): result.children += [.text(inner), .element(element.indented(depth + 1))]
            case .text: break
            case .comment, .instruction: result.children += [.text(inner), child]
            }
        }
        result.children.append(.text("\n" + String(repeating: "  ", count: depth)))
        return result
    }

    /// Puts a text in place of everything in the element.
    mutating func setText(_ text: String) { children = text.isEmpty ? [] : [.text(text)] }

    /// Changes the first element of a name, or adds it: after the last of the given names that is there, else at the end.
    mutating func update(_ name: String, after earlier: [String], depth: Int, _ change: (inout ExportElement) -> Void) {
        for (index, child) in children.enumerated() {
            guard case .element(var element) = child, element.localName == name else { continue }
            change(&element)
            children[index] = .element(element)
            return
        }
        var made = ExportElement(name)
        change(&made)
        let place = children.lastIndex {
            if case .element(let element) = $0 { earlier.contains(String(element.localName)) } else { false }
        }
        let indentation = ExportElement.Node.text("\n" + String(repeating: "  ", count: depth))
        if let place {
            children.insert(contentsOf: [indentation, .element(made.indented(depth))], at: place + 1)
        } else {
            // Before the white space that stands before the end tag.
            let end = if case .text? = children.last { children.count - 1 } else { children.count }
            children.insert(contentsOf: [indentation, .element(made.indented(depth))], at: end)
        }
    }

    /// Puts a list in place of the elements that are there. Remarks stay, before it.
    mutating func setElements(_ list: [ExportElement], depth: Int) {
        let indentation = ExportElement.Node.text("\n" + String(repeating: "  ", count: depth))
        let end = ExportElement.Node.text("\n" + String(repeating: "  ", count: depth - 1))
        let remarks = children.filter { if case .comment = $0 { true } else { false } }
        let nodes = remarks + list.map { .element($0) }
        children = nodes.flatMap { [indentation, $0] } + (nodes.isEmpty ? [] : [end])
    }

    /// Takes the elements of a name out, and the white space before each.
    mutating func remove(_ name: String) {
        while let index = children.firstIndex(where: {
            if case .element(let element) = $0 { element.localName == name } else { false }
        }) {
            children.remove(at: index)
            if index > 0, case .text(let text) = children[index - 1], text.allSatisfy(\.isWhitespace) {
                children.remove(at: index - 1)
            }
        }
    }
}

extension ExportError {
    static let exportAgain = "copy the folder again, or export it again with Get-ADSyncServerConfiguration"

    init(_ problem: ContentProblem, file: String, bytes: [UInt8], remedy: String = exportAgain) {
        guard let offset = problem.offset else {
            self.init(.badInput, path: file, element: problem.element, problem: problem.problem, remedy: remedy)
            return
        }
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        self.init(
            .badInput, path: file, line: before.count { $0 == 0x0A } + 1,
            column: String(decoding: before[lineStart...], as: UTF8.self).count + 1, element: problem.element,
            problem: problem.problem, remedy: remedy)
    }
}
