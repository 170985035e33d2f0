import Foundation
import FoundationXML

/// What a file's content means: takes the elements of one kind of document as they pass.
protocol ElementHandler {
    /// The name of the document's outermost element.
    static var root: String { get }
    /// An element begins; `path` ends with its name. The answer says whether its text is wanted.
    mutating func begin(_ path: [String], _ attributes: [String: String]) throws(ContentProblem) -> Bool
    /// An element ends; `text` is what stood directly in it, or empty where it was not wanted.
    mutating func end(_ path: [String], _ text: String) throws(ContentProblem)
}

/// Well-formed XML that does not say what an export says.
struct ContentProblem: Error {
    let problem: String

    /// What was found is told on one line and not at any length, whatever the file holds.
    init(_ problem: String) {
        let line = problem.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        self.problem = line.count > 200 ? line.prefix(200) + "…" : line
    }
}

/// Passes one XML file through a handler without ever holding its tree.
///
/// Nothing outside the file is read: a document type declaration, which could name other files or entities, is refused
/// before the parser sees it, and so is any encoding that could hide one.
enum XMLElementReader {
    /// Far above any real export's largest file, far below what would hurt.
    static let largestFile = 256 << 20

    static func read<Handler: ElementHandler>(_ file: URL, into handler: Handler) throws(ExportError) -> Handler {
        let bytes = try contents(of: file)
        if let problem = PrologCheck.problem(in: bytes, root: Handler.root) {
            throw ExportError(.badInput, path: file.path, line: 1, problem: problem, remedy: Self.exportAgain)
        }
        let parser = XMLParser(data: bytes)
        parser.shouldResolveExternalEntities = false
        let delegate = ParsingDelegate(handler, file: file.path)
        parser.delegate = delegate
        // The result alone says little: the parser answers true after some errors, too.
        let finished = parser.parse()
        if let failure = delegate.failure { throw failure }
        guard finished, parser.parserError == nil, delegate.sawEnd else {
            throw ExportError(
                .badInput, path: file.path, line: parser.lineNumber, column: parser.columnNumber,
                problem: "the file ends before its content does", remedy: Self.exportAgain)
        }
        return delegate.handler
    }

    static let exportAgain = "copy the folder again, or export it again with Get-ADSyncServerConfiguration"

    private static func contents(of file: URL) throws(ExportError) -> Data {
        do {
            // A pipe or a device in the folder could be read for ever.
            let values = try file.resolvingSymlinksInPath().resourceValues(forKeys: [.fileSizeKey, .isRegularFileKey])
            guard values.isRegularFile == true else {
                throw ExportError(
                    .badInput, path: file.path, problem: "expected a regular file", remedy: exportAgain)
            }
            let size = values.fileSize ?? 0
            guard size <= largestFile else {
                throw ExportError(
                    .badInput, path: file.path, problem: "\(size) bytes are more than any export file has",
                    remedy: exportAgain)
            }
            // Not mapped: a file that somebody shortens meanwhile would kill the program.
            return try Data(contentsOf: file)
        } catch let error as ExportError {
            throw error
        } catch {
            throw ExportFolder.unreadable(file, error)
        }
    }
}

/// Foundation's parser reports to an object; this one keeps the path, the wanted text and the first failure.
private final class ParsingDelegate<Handler: ElementHandler>: NSObject, XMLParserDelegate {
    var handler: Handler
    private(set) var failure: ExportError?
    /// The outermost element was closed.
    private(set) var sawEnd = false

    private let file: String
    private var path: [String] = []
    /// The text of each open element, nil where nobody wants it.
    private var texts: [String?] = []

    init(_ handler: Handler, file: String) {
        self.handler = handler
        self.file = file
    }

    private func fail(_ parser: XMLParser, _ problem: String) {
        guard failure == nil else { return }
        failure = ExportError(
            .badInput, path: file, line: parser.lineNumber, column: parser.columnNumber, element: path.last,
            problem: problem, remedy: XMLElementReader.exportAgain)
        parser.abortParsing()
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        guard failure == nil else { return }
        path.append(qualifiedName ?? name)
        guard path.count > 1 || path[0] == Handler.root else {
            return fail(parser, "expected <\(Handler.root)> as the outermost element, found <\(path[0])>")
        }
        do {
            texts.append(try handler.begin(path, attributes) ? "" : nil)
        } catch {
            fail(parser, error.problem)
        }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        guard failure == nil else { return }
        do {
            try handler.end(path, (texts.popLast() ?? nil) ?? "")
        } catch {
            return fail(parser, error.problem)
        }
        path.removeLast()
        if path.isEmpty { sawEnd = true }
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        guard !texts.isEmpty else { return }
        texts[texts.count - 1]?.append(text)
    }

    func parser(_ parser: XMLParser, foundCDATA block: Data) {
        self.parser(parser, foundCharacters: String(decoding: block, as: UTF8.self))
    }

    func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
        fail(parser, Self.words(for: (error as NSError).code))
    }

    /// The parser's own errors are numbers without text on this platform.
    private static func words(for code: Int) -> String {
        switch code {
        case 4, 5: "the file ends before its content does"
        case 9: "a character that XML does not allow"
        case 26, 27: "an entity that is not defined; expected only &amp; &lt; &gt; &quot; &apos; and numbers"
        case 38, 65, 68, 73, 77: "a tag is damaged"
        case 76: "an end tag does not match its start; part of the file is missing or damaged"
        default: "not well-formed XML (parser error \(code))"
        }
    }
}

/// Looks at what stands before the outermost element.
enum PrologCheck {
    /// What is wrong with the beginning of a file, or nil.
    static func problem(in bytes: Data, root: String) -> String? {
        if bytes.isEmpty { return "the file is empty, expected <\(root)>" }
        if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) || bytes.prefix(4).contains(0) {
            return "expected UTF-8 text, found another encoding"
        }
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        while true {
            rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
            if rest.starts(with: "<?".utf8) {
                guard let (instruction, tail) = split(rest, at: "?>") else { return "a damaged XML declaration" }
                if let problem = encodingProblem(instruction) { return problem }
                rest = tail
            } else if rest.starts(with: "<!--".utf8) {
                guard let (_, tail) = split(rest, at: "-->") else { return "a comment without an end" }
                rest = tail
            } else if rest.starts(with: "<!".utf8) {
                return "a document type declaration, which no export has and which is never followed"
            } else if rest.starts(with: "<".utf8) {
                return nil
            } else {
                return "expected <\(root)>, found text that is not XML"
            }
        }
    }

    private static func split(_ bytes: Data.SubSequence, at mark: String) -> (Data.SubSequence, Data.SubSequence)? {
        guard let range = bytes.range(of: Data(mark.utf8)) else { return nil }
        return (bytes[..<range.lowerBound], bytes[range.upperBound...])
    }

    private static func encodingProblem(_ declaration: Data.SubSequence) -> String? {
        let text = String(decoding: declaration, as: UTF8.self).lowercased()
        guard text.hasPrefix("<?xml"), let name = text.range(of: "encoding") else { return nil }
        let value = text[name.upperBound...].drop { $0 == " " || $0 == "=" || $0 == "\"" || $0 == "'" }
            .prefix { $0 != "\"" && $0 != "'" }
        return value == "utf-8" || value == "us-ascii" ? nil : "expected UTF-8 text, found the encoding \(value)"
    }
}
