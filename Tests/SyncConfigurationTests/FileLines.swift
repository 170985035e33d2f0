import Foundation
import FoundationXML
import SyncConfiguration
import TestSupport
import Testing

/// The files of an export by their paths.
func exportFiles(_ folder: URL) throws -> [String: Data] {
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    let documents = names.filter { $0.hasSuffix(".xml") }.map { ($0, folder.appending(path: $0)) }
    return Dictionary(uniqueKeysWithValues: try documents.map { ($0, try Data(contentsOf: $1)) })
}

/// All that a file says, one line for each element, attribute and text, as another program than this project's reads it.
///
/// White space between elements is layout; a text beside no element is kept as it is.
func lines(of data: Data) throws -> [String] {
    let root = try #require(try XMLDocument(data: data, options: [.nodePreserveWhitespace]).rootElement())
    var lines: [String] = []
    var waiting: [(XMLElement, String)] = [(root, "")]
    while let (element, path) = waiting.popLast() {
        let place = "\(path)/\(element.name ?? "")"
        lines.append(place)
        let attributes = (element.attributes ?? []) + (element.namespaces ?? [])
        lines += attributes.map { "\(place)@\($0.name ?? "")=\($0.stringValue ?? "")" }.sorted()
        let children = element.children ?? []
        let elements = children.compactMap { $0 as? XMLElement }
        let text = children.filter { $0.kind == .text }.compactMap(\.stringValue).joined()
        if elements.isEmpty || !text.allSatisfy(\.isWhitespace) { lines.append("\(place)=\(text)") }
        lines += children.filter { $0.kind == .comment }.map { "\(place)!\($0.stringValue ?? "")" }
        for (index, child) in elements.enumerated().reversed() { waiting.append((child, "\(place)[\(index)]")) }
    }
    return lines
}
