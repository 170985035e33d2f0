/// Reads and writes `GlobalSettings/MV.xml`: who wrote the export and when, the global parameters, the metaverse's schema.
struct SettingsElement: Equatable {
    static let root = "saved-mv-configuration"

    var serverName: String
    var exportDate: String
    var parameters: [String: String]
    var metaverse: DirectorySchema

    static func read(_ root: ExportElement) throws(ContentProblem) -> SettingsElement {
        guard let server = root.attribute("server"), let date = root.attribute("export-date") else {
            throw ContentProblem("expected the attributes server and export-date", root)
        }
        let data = try root.demand("mv-data")
        var parameters: [String: String] = [:]
        for element in data.first("parameter-values")?.all("parameter") ?? [] {
            guard let name = element.attribute("name") else {
                throw ContentProblem("expected the attribute name", element)
            }
            guard parameters[name] == nil else { throw ContentProblem("the parameter \(name) occurs twice", element) }
            parameters[name] = element.text
        }
        guard !parameters.isEmpty else {
            throw ContentProblem("expected global parameters in mv-data/parameter-values, found none", root)
        }
        return SettingsElement(
            serverName: server, exportDate: date, parameters: parameters,
            metaverse: try data.first("schema").map { schema throws(ContentProblem) in try SchemaElement.read(schema) }
                ?? DirectorySchema())
    }

    var document: ExportDocument {
        var root = ExportElement(
            Self.root, [],
            [.element(ExportElement("mv-data", [], [.element(ExportElement("format-version", text: "1"))]))])
        merge(into: &root)
        return ExportDocument(root: root.indented())
    }

    /// The typed members win; everything else stays as it is.
    func merge(into root: inout ExportElement) {
        let there = try? Self.read(root)
        if there?.serverName != serverName { root.setAttribute("server", serverName) }
        if there?.exportDate != exportDate { root.setAttribute("export-date", exportDate) }
        root.update("mv-data", after: [], depth: 1) { data in
            if there?.metaverse != metaverse {
                data.update("schema", after: ["format-version", "version"], depth: 2) {
                    $0.children = SchemaElement.element(metaverse).indented(2).children
                }
            }
            if there?.parameters != parameters {
                data.update("parameter-values", after: ["schema"], depth: 2) { writeParameters(into: &$0) }
            }
        }
    }

    private func writeParameters(into list: inout ExportElement) {
        var elements: [ExportElement] = []
        var written: Set<String> = []
        // Parameters that are there keep their order, new ones follow in the order of their names.
        for var element in list.all("parameter") {
            guard let name = element.attribute("name"), let value = parameters[name] else { continue }
            if element.text != value { element.setText(value) }
            elements.append(element)
            written.insert(name)
        }
        for (name, value) in parameters.sorted(by: { $0.key < $1.key }) where !written.contains(name) {
            elements.append(
                ExportElement(
                    "parameter", text: value,
                    [
                        .init("name", name), .init("type", "string"), .init("use", "SynchronizationGlobal"),
                        .init("dataType", "String"),
                    ]))
        }
        list.setElements(elements, depth: 3)
    }
}
