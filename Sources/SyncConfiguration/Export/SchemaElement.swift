/// Reads and writes the DSML of a schema. The files use different prefixes for the same two name spaces, so names are compared without.
struct SchemaElement {
    /// Reads what stands in a `schema` element.
    static func read(_ schema: ExportElement) throws(ContentProblem) -> DirectorySchema {
        guard let directory = schema.first(["dsml", "directory-schema"]) else { return DirectorySchema() }
        var attributes: [AttributeSchema] = []
        var attributeNames = SchemaNames()
        var classNames = SchemaNames()
        var classElements: [(name: String, element: ExportElement)] = []
        var rules: [String: ExportElement] = [:]
        for case .element(let element) in directory.children {
            switch element.localName {
            case "attribute-type":
                let (id, name) = try identity(element, known: attributeNames)
                attributeNames.define(id, name)
                attributes.append(try attribute(element, name))
            case "class":
                let (id, name) = try identity(element, known: classNames)
                classNames.define(id, name)
                classElements.append((name, element))
            // The identifier is that of the class.
            case "dit-content-rule":
                guard let id = element.attribute("id") else {
                    throw ContentProblem("expected the attribute id", element)
                }
                rules[id] = element
            default: break
            }
        }
        var classes: [ObjectClassSchema] = []
        classes.reserveCapacity(classElements.count)
        for (name, element) in classElements {
            let rule = element.attribute("id").flatMap { rules[$0] }
            classes.append(
                ObjectClassSchema(
                    name, type: element.attribute("type") ?? "structural",
                    superior: try target(element, "superior", classNames),
                    members: try members(element, attributeNames),
                    contentRule: try rule.map { rule throws(ContentProblem) in
                        try contentRule(rule, attributeNames, classNames)
                    }))
        }
        return DirectorySchema(attributes: attributes, classes: classes)
    }

    private static func identity(
        _ element: ExportElement, known: SchemaNames
    ) throws(ContentProblem) -> (id: String, name: String) {
        guard let id = element.attribute("id") else { throw ContentProblem("expected the attribute id", element) }
        guard !known.defines(id) else { throw ContentProblem("the id \(id) occurs twice", element) }
        // A class or attribute without a name of its own has its identifier's.
        return (id, element.first("name")?.text ?? id)
    }

    private static func attribute(_ element: ExportElement, _ name: String) throws(ContentProblem) -> AttributeSchema {
        let identifier = try element.demand("syntax").text
        return AttributeSchema(
            name, AttributeSchema.Syntax(identifier: identifier),
            isMultiValued: try flag(element, "single-value") != true, syntaxIdentifier: identifier,
            isIndexed: try flag(element, "indexable") == true)
    }

    private static func flag(_ element: ExportElement, _ name: String) throws(ContentProblem) -> Bool? {
        guard let text = element.attribute(name) else { return nil }
        return try flag(element, name, text)
    }

    private static func flag(
        _ element: ExportElement, _ name: String, _ text: String
    ) throws(ContentProblem) -> Bool {
        // What nearly all of them say.
        if text == "false" { return false }
        guard let value = Bool(exported: text) else {
            throw ContentProblem("expected \(name) to be true or false, found \"\(text)\"", element)
        }
        return value
    }

    private static func contentRule(
        _ rule: ExportElement, _ attributes: SchemaNames, _ classes: SchemaNames
    ) throws(ContentProblem) -> ObjectClassSchema.ContentRule {
        var auxiliary: [String] = []
        for case .element(let element) in rule.children where element.name.isLocally("aux-class") {
            if let name = try target(element, "ref", classes) { auxiliary.append(name) }
        }
        return ObjectClassSchema.ContentRule(members: try members(rule, attributes), auxiliaryClasses: auxiliary)
    }

    /// A schema has thousands of members, so each is passed over once.
    private static func members(
        _ parent: ExportElement, _ names: SchemaNames
    ) throws(ContentProblem) -> [ObjectClassSchema.Member] {
        var members: [ObjectClassSchema.Member] = []
        members.reserveCapacity(parent.children.count / 2)
        for case .element(let element) in parent.children where element.name.isLocally("attribute") {
            var name: String?
            var (isRequired, isAnchor) = (false, false)
            for attribute in element.attributes {
                if attribute.name.isLocally("ref") {
                    name = try target(element, "ref", attribute.value, names)
                } else if attribute.name.isLocally("required") {
                    isRequired = try flag(element, "required", attribute.value)
                } else if attribute.name.isLocally("isAnchor") {
                    isAnchor = try flag(element, "isAnchor", attribute.value)
                }
            }
            guard let name else { throw ContentProblem("expected the attribute ref", element) }
            members.append(ObjectClassSchema.Member(name, isRequired: isRequired, isAnchor: isAnchor))
        }
        return members
    }

    /// The name behind a reference such as `#cn`.
    private static func target(
        _ element: ExportElement, _ attribute: String, _ names: SchemaNames
    ) throws(ContentProblem) -> String? {
        guard let reference = element.attribute(attribute) else { return nil }
        return try target(element, attribute, reference, names)
    }

    private static func target(
        _ element: ExportElement, _ attribute: String, _ reference: String, _ names: SchemaNames
    ) throws(ContentProblem) -> String {
        if let name = names[reference] { return name }
        throw ContentProblem("\(attribute) names \(reference), which is not in this schema", element)
    }

    // MARK: Writing

    /// The schema's element, made anew.
    static func element(_ schema: DirectorySchema) -> ExportElement {
        let classes = schema.classes.map { found in
            var attributes: [ExportElement.Attribute] = [.init("id", found.name)]
            if let superior = found.superior { attributes.append(.init("superior", "#\(superior)")) }
            attributes.append(.init("type", found.type))
            return ExportElement(
                "dsml:class", attributes,
                [.element(ExportElement("dsml:name", text: found.name))] + found.members.map(Self.member))
        }
        let types = schema.attributes.map { attribute in
            var marks: [ExportElement.Attribute] = [
                .init("id", attribute.name), .init("single-value", attribute.isMultiValued ? "false" : "true"),
            ]
            if attribute.isIndexed { marks.append(.init("ms-dsml:indexable", "true")) }
            return ExportElement(
                "dsml:attribute-type", marks,
                [
                    .element(ExportElement("dsml:name", text: attribute.name)),
                    .element(ExportElement("dsml:syntax", text: attribute.syntaxIdentifier)),
                ])
        }
        let rules = schema.classes.compactMap { found in
            found.contentRule.map { rule in
                ExportElement(
                    "ms-dsml:dit-content-rule", [.init("id", found.name)],
                    rule.members.map(Self.member)
                        + rule.auxiliaryClasses.map {
                            .element(ExportElement("ms-dsml:aux-class", [.init("ref", "#\($0)")]))
                        })
            }
        }
        let directory = ExportElement("dsml:directory-schema", [], (classes + types + rules).map { .element($0) })
        let spaces: [ExportElement.Attribute] = [
            .init("xmlns:ms-dsml", "http://www.microsoft.com/MMS/DSML"),
            .init("xmlns:dsml", "http://www.dsml.org/DSML"),
        ]
        return ExportElement("schema", [], [.element(ExportElement("dsml:dsml", spaces, [.element(directory)]))])
    }

    private static func member(_ member: ObjectClassSchema.Member) -> ExportElement.Node {
        var attributes: [ExportElement.Attribute] = [
            .init("ref", "#\(member.attribute)"), .init("required", member.isRequired ? "true" : "false"),
        ]
        if member.isAnchor { attributes.append(.init("ms-dsml:isAnchor", "true")) }
        return .element(ExportElement("dsml:attribute", attributes))
    }
}

/// The names of a schema's attributes or classes by what refers to them.
private struct SchemaNames {
    /// By the whole reference, `#cn`, so that none has to be taken apart.
    private var names: [String: String] = [:]

    mutating func define(_ id: String, _ name: String) { names["#\(id)"] = name }

    func defines(_ id: String) -> Bool { names["#\(id)"] != nil }

    /// The name behind a reference such as `#cn`. A schema without any definition, as small servers write it, says at least the
    /// names.
    subscript(reference: String) -> String? {
        if let name = names[reference] { return name }
        return names.isEmpty && reference.hasPrefix("#") ? String(reference.dropFirst()) : nil
    }
}
