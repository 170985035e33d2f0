import Foundation
import FoundationXML
import SyncExpressions
import TestSupport
import Testing

/// The rules of a real server's export, read here with nothing of the project's own readers.
@Suite("The expressions of a real server's rules")
struct RealExpressionsTests {
    struct Place: Sendable {
        let isInbound: Bool
        let connector: String
        let text: String
    }

    /// Attributes by name of one schema. The export lists `dn` nowhere, and rules name it: the object's own name.
    struct Schema: AttributeNames, Sendable {
        var types: [String: ValueType] = ["dn": .string]

        func attribute(_ name: String) -> AttributeDescription? {
            types[name].map { AttributeDescription(number: types.keys.sorted().firstIndex(of: name) ?? 0, type: $0) }
        }
    }

    struct Nothing: AttributeInput {
        func value(_ attribute: AttributeDescription) -> Value { .null }
        func importedValue(_ attribute: AttributeDescription) -> Value { .null }
        func count(_ attribute: AttributeDescription) -> Int { 0 }
        func isPresent(_ attribute: AttributeDescription) -> Bool { false }
    }

    static let parameters = [
        "Domain.FQDN", "Domain.Netbios", "Domain.LDAP", "Forest.FQDN", "Forest.Netbios", "Forest.LDAP", "Connector.ID",
    ]

    private static let folder = packageFolder.deletingLastPathComponent().appending(path: "shared/data/contoso-export")

    static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    private static func documents(_ name: String) throws -> [(name: String, elements: [Element])] {
        let part = folder.appending(path: name)
        return try FileManager.default.contentsOfDirectory(atPath: part.path).sorted().map { file in
            (file, try Scanner.elements(Data(contentsOf: part.appending(path: file))))
        }
    }

    private static func schema(_ elements: [Element]) -> Schema {
        var schema = Schema()
        var name: String?
        var isSingle = false
        for element in elements {
            switch element.name {
            case "attribute-type" where element.isStart: isSingle = element.attributes["single-value"] == "true"
            case "attribute-type": name = nil
            case "name" where !element.isStart: name = element.text
            case "syntax" where !element.isStart:
                guard let name else { continue }
                schema.types[name] = ValueType(base(element.text), isMultiValued: !isSingle)
            default: break
            }
        }
        return schema
    }

    private static func base(_ syntax: String) -> ValueType.Base {
        switch syntax {
        case "1.3.6.1.4.1.1466.115.121.1.27", "1.2.840.113556.1.4.906": .number
        case "1.3.6.1.4.1.1466.115.121.1.7": .boolean
        case "1.3.6.1.4.1.1466.115.121.1.5", "1.3.6.1.4.1.1466.115.121.1.40": .binary
        case "1.3.6.1.4.1.1466.115.121.1.12": .reference
        default: .string
        }
    }

    private static func places() throws -> [Place] {
        try documents("SynchronizationRules").flatMap { _, elements -> [Place] in
            let ends = elements.filter { !$0.isStart }
            let isInbound = ends.first { $0.name == "direction" }?.text == "Inbound"
            let connector = ends.first { $0.name == "connector" }?.text ?? ""
            return ends.filter { $0.name == "expression" && !$0.text.isEmpty }.map {
                Place(isInbound: isInbound, connector: connector.lowercased(), text: $0.text)
            }
        }
    }

    @Test(
        "compile with the types of the export's schemas, all of them",
        .enabled(if: RealExpressionsTests.isThere, "the published sample export is not beside the package"))
    func compile() throws {
        let metaverse = Self.schema(try Self.documents("GlobalSettings").flatMap(\.elements))
        var connectors: [String: Schema] = [:]
        for (name, elements) in try Self.documents("Connectors") {
            connectors[name.lowercased()] = Self.schema(elements)
        }
        #expect(metaverse.types.count > 200)
        #expect(connectors.values.allSatisfy { $0.types.count > 150 })
        let parameters = Dictionary(uniqueKeysWithValues: Self.parameters.map { ($0, $0) })
        let places = try Self.places()
        #expect(Set(places.map(\.text)).count == 86)
        var compiled: Set<String> = []
        for place in places {
            let schema = place.isInbound ? try #require(connectors["connector_\(place.connector).xml"]) : metaverse
            do throws(ExpressionError) {
                let expression = try CompiledExpression(place.text, names: schema, parameters: parameters)
                compiled.insert(place.text)
                // An object without any attribute is every rule's case: only what the author raises may go wrong.
                do throws(EvaluationError) {
                    _ = try expression.evaluate(Nothing(), Example.environment)
                } catch {
                    guard case .raised = error else {
                        Issue.record("\(place.text): \(error)")
                        continue
                    }
                }
            } catch {
                Issue.record("\(place.text): \(error)")
            }
        }
        #expect(compiled.count == 86)
    }
}

/// The beginning or the end of an element, with the text between them at the end.
struct Element: Sendable {
    let name: String
    let isStart: Bool
    var attributes: [String: String] = [:]
    var text = ""
}

private final class Scanner: NSObject, XMLParserDelegate {
    private var elements: [Element] = []
    private var text = ""

    static func elements(_ data: Data) throws -> [Element] {
        let scanner = Scanner()
        let parser = XMLParser(data: data)
        parser.delegate = scanner
        try #require(parser.parse(), "the export's XML is whole")
        return scanner.elements
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        elements.append(Element(name: Self.local(name), isStart: true, attributes: attributes))
        text = ""
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(
        _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
        elements.append(Element(name: Self.local(name), isStart: false, text: text))
        text = ""
    }

    private static func local(_ name: String) -> String {
        name.split(separator: ":").last.map(String.init) ?? name
    }
}
