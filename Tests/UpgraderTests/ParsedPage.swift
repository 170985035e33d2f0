import Foundation
import FoundationXML

/// A page read back by a parser that forgives nothing.
final class ParsedPage: NSObject, XMLParserDelegate {
    struct Element {
        let name: String
        let attributes: [String: String]
        let parents: [String]
        var text = ""
    }

    /// In the order in which they begin.
    private(set) var elements: [Element] = []
    /// All text of the page, without the style sheet.
    private(set) var text = ""
    private var open: [Int] = []

    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    init(_ page: String) throws {
        super.init()
        let parser = XMLParser(data: Data(page.utf8))
        parser.delegate = self
        guard parser.parse() else {
            throw Malformed(
                description: "line \(parser.lineNumber): \(parser.parserError.map { "\($0)" } ?? "not well-formed")")
        }
    }

    func named(_ name: String) -> [Element] { elements.filter { $0.name == name } }

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
        attributes attributeDict: [String: String] = [:]
    ) {
        let parents = open.map { elements[$0].name }
        open.append(elements.count)
        elements.append(Element(name: elementName, attributes: attributeDict, parents: parents))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
        for index in open { elements[index].text += string }
        if open.last.map({ elements[$0].name }) != "style" { text += string }
    }

    func parser(
        _ parser: XMLParser, didEndElement elementName: String, namespaceURI: String?, qualifiedName qName: String?
    ) {
        open.removeLast()
    }
}
