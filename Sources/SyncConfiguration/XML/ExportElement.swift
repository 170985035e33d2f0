/// One element of an export's file with all that stands in it, known to this project or not.
///
/// Typed members are read from it and merged back into it, so that what nobody here has a member for is written as it was read.
public struct ExportElement: Sendable {
    public struct Attribute: Equatable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public enum Node: Equatable, Sendable {
        case element(ExportElement)
        /// As it reads, without the marks that XML needs. A CDATA section is text.
        case text(String)
        case comment(String)
        /// What stands between `<?` and `?>`.
        case instruction(String)
    }

    /// With the prefix that the file uses.
    public var name: String
    /// In the file's order.
    public var attributes: [Attribute]
    public var children: [Node]
    /// Where in its file the element begins, in bytes.
    var offset = 0

    public init(_ name: String, _ attributes: [Attribute] = [], _ children: [Node] = []) {
        self.name = name
        self.attributes = attributes
        self.children = children
    }

    /// An element that holds a text.
    init(_ name: String, text: String, _ attributes: [Attribute] = []) {
        self.init(name, attributes, text.isEmpty ? [] : [.text(text)])
    }

    /// The name without its prefix.
    public var localName: Substring {
        guard let colon = name.utf8.firstIndex(of: UInt8(ascii: ":")) else { return name[...] }
        return name[name.utf8.index(after: colon)...]
    }

    /// The text that stands directly in the element.
    public var text: String {
        if children.count == 1, case .text(let text) = children[0] { return text }
        var text = ""
        for case .text(let part) in children { text += part }
        return text
    }

    public var elements: [ExportElement] {
        children.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    /// The value of an attribute, by the name without its prefix.
    public func attribute(_ name: String) -> String? {
        for attribute in attributes where attribute.name.isLocally(name) { return attribute.value }
        return nil
    }

    /// The first element of this name directly in this one.
    public func first(_ name: String) -> ExportElement? {
        for case .element(let element) in children where element.name.isLocally(name) { return element }
        return nil
    }

    /// The first element at the end of a path of names.
    public func first(_ path: [String]) -> ExportElement? {
        var place = self
        for name in path {
            guard let next = place.first(name) else { return nil }
            place = next
        }
        return place
    }

    public func all(_ name: String) -> [ExportElement] {
        var result: [ExportElement] = []
        for case .element(let element) in children where element.name.isLocally(name) { result.append(element) }
        return result
    }

    /// Whether nothing but white space stands between the elements.
    var hasOnlyElements: Bool {
        children.allSatisfy { if case .text(let text) = $0 { text.allSatisfy(\.isWhitespace) } else { true } }
    }
}

extension String {
    /// Whether the name is this one, with a prefix or without.
    func isLocally(_ name: String) -> Bool {
        let (own, other) = (utf8, name.utf8)
        if own.count <= other.count { return self == name }
        let start = own.index(own.endIndex, offsetBy: -other.count)
        return own[own.index(before: start)] == UInt8(ascii: ":") && own[start...].elementsEqual(other)
    }
}

extension ExportElement: Equatable {
    /// Where an element stood is no part of what it says.
    public static func == (left: ExportElement, right: ExportElement) -> Bool {
        left.name == right.name && left.attributes == right.attributes && left.children == right.children
    }
}

/// A whole file: the outermost element, and the remarks before and after it.
public struct ExportDocument: Equatable, Sendable {
    public var before: [ExportElement.Node]
    public var root: ExportElement
    public var after: [ExportElement.Node]

    public init(before: [ExportElement.Node] = [], root: ExportElement, after: [ExportElement.Node] = []) {
        self.before = before
        self.root = root
        self.after = after
    }
}

/// Content that is not what an export says, and where in the file.
struct ContentProblem: Error, Equatable {
    let problem: String
    /// In bytes from the beginning of the file; nil where a whole value, not a place in it, is wrong.
    let offset: Int?
    let element: String?

    /// What was found is told on one line and not at any length, whatever the file holds.
    init(_ problem: String, at offset: Int?, in element: String?) {
        let line = problem.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        self.problem = line.count > 240 ? line.prefix(240) + "…" : line
        self.offset = offset
        self.element = element
    }

    init(_ problem: String, _ element: ExportElement) {
        self.init(problem, at: element.offset, in: element.name)
    }
}
