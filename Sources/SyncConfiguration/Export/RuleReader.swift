/// Reads one rule from its element.
///
/// What says what a rule does is read completely or not at all: an element or attribute that is not known there could change the
/// meaning. Beside it, what is not known is left to the file.
struct RuleReader {
    static let root = "synchronizationRule"
    static let zeroIdentifier = "{00000000-0000-0000-0000-000000000000}"

    /// The elements of a rule in the product's order.
    static let order = [
        "id", "internal-id", "version", "name", "description", "immutable-tag", "direction", "disabled", "connector",
        "sourceObjectType", "targetObjectType", "linkType", "precedence", "precedence-after", "precedence-before",
        "softDeleteExpiryInterval", "EnablePasswordSync", "attribute-mappings", "relationshipCriteria",
        "synchronizationCriteria",
    ]

    private let rule: ExportElement

    static func read(_ root: ExportElement) throws(ContentProblem) -> SynchronizationRule {
        var seen: Set<String> = []
        for case .element(let element) in root.children where !seen.insert(element.name).inserted {
            guard !order.contains(element.name) else { throw ContentProblem("the element occurs twice", element) }
        }
        return try RuleReader(rule: root).read()
    }

    private func read() throws(ContentProblem) -> SynchronizationRule {
        let direction: SynchronizationRule.Direction = try choice("direction")
        let types = (try filled("sourceObjectType"), try filled("targetObjectType"))
        let precedenceElement = try demand("precedence")
        let precedence = try precedenceElement.integer()
        guard precedence >= 0 else { throw ContentProblem("expected a precedence of 0 or more", precedenceElement) }
        return SynchronizationRule(
            id: try demand("id").identifier(), name: try filled("name"), direction: direction,
            connector: try demand("connector").identifier(),
            connectorObjectType: direction == .inbound ? types.0 : types.1,
            metaverseObjectType: direction == .inbound ? types.1 : types.0, linkType: try choice("linkType"),
            precedence: precedence, isDisabled: try rule.first("disabled")?.flag() ?? false,
            scope: try groups("synchronizationCriteria", of: "scope") { element throws(ContentProblem) in
                try Self.clause(element)
            },
            join: try groups("relationshipCriteria", of: "condition") { element throws(ContentProblem) in
                try Self.condition(element)
            },
            flows: try flows(), record: try record())
    }

    private func record() throws(ContentProblem) -> SynchronizationRule.Record {
        var record = SynchronizationRule.Record()
        record.internalID = rule.first("internal-id")?.text ?? ""
        record.version = try rule.first("version")?.integer() ?? record.version
        record.description = rule.first("description")?.text ?? ""
        record.immutableTag = rule.first("immutable-tag")?.text ?? ""
        record.precedenceAfter = try neighbour("precedence-after")
        record.precedenceBefore = try neighbour("precedence-before")
        if let element = rule.first("softDeleteExpiryInterval") {
            guard !element.text.isEmpty, element.text.allSatisfy({ "0123456789:.".contains($0) }) else {
                throw ContentProblem("expected a time span like 00:00:00, found \"\(element.text)\"", element)
            }
            record.softDeleteExpiryInterval = element.text
        }
        record.isPasswordSyncEnabled = try rule.first("EnablePasswordSync")?.flag() ?? false
        return record
    }

    private func neighbour(_ name: String) throws(ContentProblem) -> String? {
        guard let element = rule.first(name), !element.text.isEmpty else { return nil }
        let identifier = try element.identifier()
        return identifier == Self.zeroIdentifier ? nil : identifier
    }

    private func demand(_ name: String) throws(ContentProblem) -> ExportElement { try rule.demand(name) }

    private func filled(_ name: String) throws(ContentProblem) -> String {
        let element = try demand(name)
        guard !element.text.isEmpty else { throw ContentProblem("expected a text, found nothing", element) }
        return element.text
    }

    /// Exports write the names with a capital letter.
    private func choice<Value: RawRepresentable & CaseIterable>(_ name: String) throws(ContentProblem) -> Value
    where Value.RawValue == String {
        let element = try demand(name)
        guard let value = Value(exported: element.text) else {
            let known = Value.allCases.map(\.exported).joined(separator: ", ")
            throw ContentProblem("expected \(name) to be one of \(known), found \"\(element.text)\"", element)
        }
        return value
    }

    // MARK: Flows

    private func flows() throws(ContentProblem) -> [AttributeFlow] {
        guard let list = rule.first("attribute-mappings") else { return [] }
        try list.expectOnly(["mapping"], what: "a list of flows")
        var flows: [AttributeFlow] = []
        for element in list.elements { flows.append(try Self.flow(element)) }
        return flows
    }

    static func flow(_ mapping: ExportElement) throws(ContentProblem) -> AttributeFlow {
        try mapping.expectOnly(["dest", "src", "expression", "valueMergeType"], what: "a flow", once: true)
        if let attribute = mapping.attributes.first(where: { $0.name != "execute-once" }) {
            throw ContentProblem("a flow has no attribute \(attribute.name) that this program knows", mapping)
        }
        let target = try mapping.demand("dest")
        guard !target.text.isEmpty else { throw ContentProblem("expected an attribute's name", target) }
        let mergeType = try mapping.demand("valueMergeType")
        guard let merge = AttributeFlow.MergeType(exported: mergeType.text) else {
            let known = AttributeFlow.MergeType.allCases.map(\.exported).joined(separator: ", ")
            throw ContentProblem(
                "expected valueMergeType to be one of \(known), found \"\(mergeType.text)\"", mergeType)
        }
        var isExecuteOnce = false
        if let text = mapping.attribute("execute-once") {
            guard let flag = Bool(exported: text) else {
                throw ContentProblem("expected execute-once to be true or false, found \"\(text)\"", mapping)
            }
            isExecuteOnce = flag
        }
        let (source, listed) = try source(mapping)
        return AttributeFlow(
            target.text, source, mergeType: merge, isExecuteOnce: isExecuteOnce, listedSources: listed)
    }

    private static func source(
        _ mapping: ExportElement
    ) throws(ContentProblem) -> (source: AttributeFlow.Source, listed: [String]) {
        let place = mapping.first("src")
        var attributes: [String] = []
        try place?.expectOnly(["attr"], what: "the source of a flow")
        for element in place?.elements ?? [] {
            guard !element.text.isEmpty else { throw ContentProblem("expected an attribute's name", element) }
            attributes.append(element.text)
        }
        let constant = attributes.isEmpty ? place?.text ?? "" : ""
        if let place, !attributes.isEmpty, !place.hasOnlyElements {
            throw ContentProblem("expected attributes or a constant, found both", place)
        }
        if let expression = mapping.first("expression")?.text, !expression.isEmpty {
            guard constant.allSatisfy(\.isWhitespace) else {
                throw ContentProblem("expected an expression or a constant, found both", mapping)
            }
            return (.expression(expression), attributes)
        }
        switch attributes.count {
        case 0:
            guard !constant.isEmpty else {
                throw ContentProblem("expected an attribute, a constant or an expression, found none", mapping)
            }
            return (.constant(constant), [])
        case 1: return (.direct(attributes[0]), [])
        default:
            throw ContentProblem(
                "expected an expression for the \(attributes.count) source attributes, found none", mapping)
        }
    }

    // MARK: Conditions

    private func groups<Condition>(
        _ name: String, of member: String,
        _ read: (ExportElement) throws(ContentProblem) -> Condition
    ) throws(ContentProblem) -> [[Condition]] {
        guard let list = rule.first(name) else { return [] }
        try list.expectOnly(["conditions"], what: "a list of groups")
        var groups: [[Condition]] = []
        for group in list.elements {
            try group.expectOnly([member], what: "a group")
            guard !group.elements.isEmpty else {
                throw ContentProblem("expected at least one \(member) in a group, found none", group)
            }
            var conditions: [Condition] = []
            for element in group.elements { conditions.append(try read(element)) }
            groups.append(conditions)
        }
        return groups
    }

    static func clause(_ element: ExportElement) throws(ContentProblem) -> ScopeClause {
        try element.expectOnly(["csAttribute", "csOperator", "csValue"], what: "a scope clause", once: true)
        let attribute = try element.demand("csAttribute")
        guard !attribute.text.isEmpty else { throw ContentProblem("expected an attribute's name", attribute) }
        let name = try element.demand("csOperator")
        guard let known = ScopeClause.Operator(name: name.text) else {
            throw ContentProblem(
                "expected csOperator to be an operator like EQUAL or ISNOTNULL, found \"\(name.text)\"", name)
        }
        let value = known.needsValue ? try element.demand("csValue") : element.first("csValue")
        if let value, known == .isBitSet || known == .isNotBitSet, Int64(value.text) == nil {
            throw ContentProblem("expected a decimal mask, found \"\(value.text)\"", value)
        }
        return ScopeClause(attribute.text, known, value?.text ?? "")
    }

    static func condition(_ element: ExportElement) throws(ContentProblem) -> JoinCondition {
        try element.expectOnly(
            ["csAttribute", "ilmAttribute", "caseSensitive"], what: "a join condition", once: true)
        let names = (try element.demand("csAttribute"), try element.demand("ilmAttribute"))
        for name in [names.0, names.1] where name.text.isEmpty {
            throw ContentProblem("expected an attribute's name", name)
        }
        return JoinCondition(
            names.0.text, names.1.text, isCaseSensitive: try element.first("caseSensitive")?.flag() ?? false)
    }
}

extension ExportElement {
    func demand(_ name: String) throws(ContentProblem) -> ExportElement {
        guard let element = first(name) else {
            throw ContentProblem("expected the element \(name), found none", self)
        }
        return element
    }

    /// Elements of these names stand here, each at most once where `once` is true, and no others.
    fileprivate func expectOnly(_ names: [String], what: String, once: Bool = false) throws(ContentProblem) {
        var seen: [String] = []
        for case .element(let element) in children {
            guard names.contains(element.name) else {
                throw ContentProblem("\(what) has no <\(element.name)> that this program knows", element)
            }
            guard once else { continue }
            if seen.contains(element.name) { throw ContentProblem("the element occurs twice", element) }
            seen.append(element.name)
        }
    }

    /// An identifier in braces, in the one spelling that can be compared: files mix upper and lower case.
    func identifier() throws(ContentProblem) -> String {
        guard let identifier = Identifier.normalized(text) else {
            throw ContentProblem("expected an identifier in braces, found \"\(text)\"", self)
        }
        return identifier
    }

    func integer() throws(ContentProblem) -> Int {
        guard let value = Int(text) else { throw ContentProblem("expected a whole number, found \"\(text)\"", self) }
        return value
    }

    func flag() throws(ContentProblem) -> Bool {
        guard let value = Bool(exported: text) else {
            throw ContentProblem("expected True or False, found \"\(text)\"", self)
        }
        return value
    }
}

/// Identifiers as exports write them.
enum Identifier {
    /// In braces and lower case; nil where the text is no such identifier.
    static func normalized(_ text: String) -> String? {
        let digits = text.utf8.dropFirst().dropLast()
        let hyphens: Set<Int> = [8, 13, 18, 23]
        guard text.utf8.first == UInt8(ascii: "{"), text.utf8.last == UInt8(ascii: "}"), digits.count == 36 else {
            return nil
        }
        for (place, byte) in digits.enumerated() {
            let isDigit = Character(Unicode.Scalar(byte)).isHexDigit && byte < 0x80
            guard hyphens.contains(place) ? byte == UInt8(ascii: "-") : isDigit else { return nil }
        }
        return text.lowercased()
    }
}

extension Bool {
    /// Exports mix the spellings True and true.
    init?(exported text: String) {
        switch text.lowercased() {
        case "true": self = true
        case "false": self = false
        default: return nil
        }
    }

    var exported: String { self ? "True" : "False" }
}

extension RawRepresentable where Self: CaseIterable, RawValue == String {
    /// The name in an export: as here, with a capital letter.
    var exported: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    init?(exported text: String) {
        guard let value = Self.allCases.first(where: { $0.exported == text }) else { return nil }
        self = value
    }
}
