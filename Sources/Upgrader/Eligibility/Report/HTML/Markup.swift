/// A piece of an HTML page. Whatever comes from data can only be a text or the value of an attribute, and both are
/// escaped where the page is written: names of elements and attributes are literals of this program.
///
/// The page that comes out is HTML and well-formed XML at once, so that any parser can check it.
indirect enum Markup: Equatable, Sendable {
    case text(String)
    case element(Element)
    /// Pieces that follow each other without an element around them.
    case group([Markup])

    struct Element: Equatable, Sendable {
        var name: String
        var attributes: [Attribute]
        var children: [Markup]
    }

    struct Attribute: Equatable, Sendable {
        let name: String
        let value: String

        init(_ name: StaticString, _ value: String) {
            self.name = name.description
            self.value = value
        }
    }

    /// Elements that have no content and no end.
    private static let void: Set<String> = ["meta", "br", "hr", "col", "img", "link"]

    init(_ name: StaticString, _ attributes: [Attribute] = [], _ children: [Markup] = []) {
        self = .element(Element(name: name.description, attributes: attributes, children: children))
    }

    init(_ name: StaticString, _ attributes: [Attribute] = [], _ text: String) {
        self.init(name, attributes, [.text(text)])
    }

    /// The whole page, which is written once.
    var document: String { "<!DOCTYPE html>\n" + html + "\n" }

    var html: String {
        var output = ""
        append(to: &output)
        return output
    }

    private func append(to output: inout String) {
        switch self {
        case .text(let text): output += Self.escaped(text)
        case .group(let parts): for part in parts { part.append(to: &output) }
        case .element(let element):
            output += "<\(element.name)"
            for attribute in element.attributes { output += " \(attribute.name)=\"\(Self.escaped(attribute.value))\"" }
            if Self.void.contains(element.name) {
                output += " />"
                return
            }
            output += ">"
            for child in element.children { child.append(to: &output) }
            output += "</\(element.name)>"
            if Self.blocks.contains(element.name) { output += "\n" }
        }
    }

    /// Elements after which a new line changes nothing, so that people can read the source.
    private static let blocks: Set<String> = [
        "head", "body", "header", "main", "footer", "section", "article", "h1", "h2", "h3", "h4", "h5", "p", "ul", "ol",
        "li", "table", "caption", "thead", "tbody", "tr", "dl", "dt", "dd", "div", "title", "style", "svg", "g", "nav",
        "details", "summary", "figure", "figcaption", "line", "rect", "path", "desc",
    ]

    /// Text as it may stand in a page: what would be markup is spelt out, and what could steer a reader's display (controls,
    /// overrides of the writing direction) or may not stand in a document at all is made visible.
    static func escaped(_ text: String) -> String {
        var output = ""
        output.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            // A carriage return would be read back as a line feed.
            case "\n", "\t": output.unicodeScalars.append(scalar)
            default: output.unicodeScalars.append(isDisplayable(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return output
    }

    private static func isDisplayable(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.generalCategory != .control && !properties.isBidiControl
            && !properties.isNoncharacterCodePoint
    }
}

extension Markup: ExpressibleByStringInterpolation {
    init(stringLiteral value: String) { self = .text(value) }
}

extension Markup.Attribute {
    static func styled(_ name: String) -> Self { Self("class", name) }
    static func id(_ name: String) -> Self { Self("id", name) }
}
