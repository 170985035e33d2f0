/// Reads and writes one connector's file.
struct ConnectorElement {
    static let root = "ma-data"
    /// The elements of a connector in the product's order.
    private static let order = [
        "format-version", "id", "name", "category", "description", "subtype", "ma-listname", "ma-companyname",
        "creation-time", "last-modification-time", "version", "internal-version", "password-sync-allowed", "schema",
        "private-configuration", "attribute-inclusion", "join", "projection", "export-attribute-flow",
        "ma-partition-data", "ma-run-data", "component_mappings", "password-sync", "encrypted-attributes",
    ]
    private static let forestFields = ["forest-name", "forest-login-domain", "forest-login-user"]

    static func read(_ root: ExportElement) throws(ContentProblem) -> Connector {
        var connector = Connector(
            id: try root.demand("id").identifier(), name: try root.demand("name").text,
            category: try root.demand("category").text, subtype: root.first("subtype")?.text ?? "",
            version: try root.demand("version").integer())
        if let schema = root.first("schema") { connector.schema = try SchemaElement.read(schema) }
        connector.includedAttributes = texts(root.first("attribute-inclusion"), "attribute")
        // One element for the kind of connector, whose name is the kind's.
        if let settings = root.first("private-configuration")?.elements.first {
            connector.parameters = try parameters(settings)
            if let name = settings.first(forestFields[0]) {
                connector.forest = Connector.ForestAccount(
                    name: name.text, domain: settings.first(forestFields[1])?.text ?? "",
                    user: settings.first(forestFields[2])?.text ?? "")
            }
        }
        for element in root.first("ma-partition-data")?.all("partition") ?? [] {
            connector.partitions.append(try partition(element))
        }
        return connector
    }

    private static func texts(_ list: ExportElement?, _ name: String) -> [String] {
        list?.all(name).map(\.text) ?? []
    }

    private static func parameters(_ owner: ExportElement) throws(ContentProblem) -> [Connector.Parameter] {
        var parameters: [Connector.Parameter] = []
        var names: Set<String> = []
        for element in owner.first("parameter-values")?.all("parameter") ?? [] {
            guard let name = element.attribute("name") else {
                throw ContentProblem("expected the attribute name", element)
            }
            guard names.insert(name).inserted else {
                throw ContentProblem("the parameter \(name) occurs twice", element)
            }
            parameters.append(
                Connector.Parameter(
                    name, element.text, use: element.attribute("use") ?? "",
                    isIntrinsic: element.attribute("intrinsic") == "1",
                    isEncrypted: element.attribute("encrypted") == "1"))
        }
        return parameters
    }

    private static func partition(_ element: ExportElement) throws(ContentProblem) -> Connector.Partition {
        let filter = element.first("filter")
        return Connector.Partition(
            id: try element.first("id")?.identifier() ?? "", name: element.first("name")?.text ?? "",
            isSelected: element.first("selected")?.text == "1",
            objectClasses: texts(filter?.first("object-classes"), "object-class"),
            includedContainers: texts(filter?.first(["containers", "inclusions"]), "inclusion"),
            excludedContainers: texts(filter?.first(["containers", "exclusions"]), "exclusion"),
            parameters: try parameters(element))
    }

    // MARK: Writing

    static func document(_ connector: Connector) -> ExportDocument {
        var root = ExportElement(Self.root, [], [.element(ExportElement("format-version", text: "1"))])
        write(connector, into: &root)
        return ExportDocument(root: root.indented())
    }

    /// The typed members win; everything else stays as it is.
    static func merge(_ connector: Connector, into root: inout ExportElement) { write(connector, into: &root) }

    private static func write(_ connector: Connector, into root: inout ExportElement) {
        let there = try? read(root)
        func update(_ name: String, _ change: (inout ExportElement) -> Void) {
            root.update(name, after: Array(order.prefix { $0 != name }), depth: 1, change)
        }
        if there?.id != connector.id { update("id") { $0.setText(connector.id) } }
        if there?.name != connector.name { update("name") { $0.setText(connector.name) } }
        if there?.category != connector.category { update("category") { $0.setText(connector.category) } }
        if there?.subtype != connector.subtype { update("subtype") { $0.setText(connector.subtype) } }
        if there?.version != connector.version { update("version") { $0.setText(String(connector.version)) } }
        if there?.schema != connector.schema {
            update("schema") { $0.children = SchemaElement.element(connector.schema).indented(1).children }
        }
        if there?.forest != connector.forest || there?.parameters != connector.parameters {
            update("private-configuration") { writeSettings(connector, there, into: &$0) }
        }
        if there?.includedAttributes != connector.includedAttributes {
            update("attribute-inclusion") { writeTexts(connector.includedAttributes, "attribute", into: &$0, depth: 2) }
        }
        if there?.partitions != connector.partitions {
            update("ma-partition-data") { list in
                var old = list.all("partition").map { ($0, try? partition($0)) }
                let elements = connector.partitions.map { partition in
                    let same = old.firstIndex { $0.1 == partition }
                    let index = same ?? old.firstIndex { $0.1?.id == partition.id && $0.1?.name == partition.name }
                    var element = index.map { old.remove(at: $0).0 } ?? ExportElement("partition")
                    write(partition, into: &element)
                    return element
                }
                list.setElements(elements, depth: 2)
            }
        }
    }

    private static func writeSettings(_ connector: Connector, _ there: Connector?, into owner: inout ExportElement) {
        let kind =
            owner.elements.first?.name ?? (connector.kind == .activeDirectory ? "adma-configuration" : "MAConfig")
        owner.update(kind, after: [], depth: 2) { settings in
            if let forest = connector.forest {
                for (name, text) in zip(forestFields, [forest.name, forest.domain, forest.user]) {
                    settings.update(name, after: forestFields, depth: 3) { $0.setText(text) }
                }
            } else {
                for name in forestFields { settings.remove(name) }
            }
            if there?.parameters != connector.parameters {
                settings.update("parameter-values", after: [], depth: 3) {
                    writeParameters(connector.parameters, into: &$0, depth: 4)
                }
            }
        }
    }

    private static func write(_ partition: Connector.Partition, into element: inout ExportElement) {
        let there = try? Self.partition(element)
        if there?.id != partition.id { element.update("id", after: [], depth: 3) { $0.setText(partition.id) } }
        if element.first("name")?.text != partition.name {
            element.update("name", after: ["id"], depth: 3) { $0.setText(partition.name) }
        }
        if there?.isSelected != partition.isSelected || element.first("selected") == nil {
            let text = partition.isSelected ? "1" : "0"
            element.update("selected", after: ["id", "name", "version"], depth: 3) { $0.setText(text) }
        }
        let isFilterSame =
            there?.objectClasses == partition.objectClasses
            && there?.includedContainers == partition.includedContainers
            && there?.excludedContainers == partition.excludedContainers
        if !isFilterSame {
            element.update("filter", after: ["selected", "display-name"], depth: 3) { filter in
                filter.update("object-classes", after: [], depth: 4) {
                    writeTexts(partition.objectClasses, "object-class", into: &$0, depth: 5)
                }
                filter.update("containers", after: ["object-classes"], depth: 4) { containers in
                    containers.update("exclusions", after: [], depth: 5) {
                        writeTexts(partition.excludedContainers, "exclusion", into: &$0, depth: 6)
                    }
                    containers.update("inclusions", after: ["exclusions"], depth: 5) {
                        writeTexts(partition.includedContainers, "inclusion", into: &$0, depth: 6)
                    }
                }
            }
        }
        if there?.parameters != partition.parameters {
            element.update("parameter-values", after: ["custom-data", "filter"], depth: 3) {
                writeParameters(partition.parameters, into: &$0, depth: 4)
            }
        }
    }

    private static func writeTexts(_ texts: [String], _ name: String, into list: inout ExportElement, depth: Int) {
        list.setElements(texts.map { ExportElement(name, text: $0) }, depth: depth)
    }

    private static func writeParameters(
        _ parameters: [Connector.Parameter], into list: inout ExportElement, depth: Int
    ) {
        let there = list.all("parameter")
        let elements = parameters.map { parameter in
            var element =
                there.first { $0.attribute("name") == parameter.name }
                ?? ExportElement("parameter", [.init("name", parameter.name), .init("type", "string")])
            element.setAttribute("use", parameter.use)
            if (element.attribute("intrinsic") == "1") != parameter.isIntrinsic {
                element.setAttribute("intrinsic", parameter.isIntrinsic ? "1" : "0")
            }
            if (element.attribute("encrypted") == "1") != parameter.isEncrypted {
                element.setAttribute("encrypted", parameter.isEncrypted ? "1" : "0")
            }
            if element.text != parameter.value { element.setText(parameter.value) }
            return element
        }
        list.setElements(elements, depth: depth)
    }
}

extension ExportElement {
    mutating func setAttribute(_ name: String, _ value: String) {
        if let index = attributes.firstIndex(where: { $0.name == name }) {
            attributes[index].value = value
        } else {
            attributes.append(Attribute(name, value))
        }
    }
}
