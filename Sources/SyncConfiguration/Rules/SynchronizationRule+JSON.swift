import Documents

extension SynchronizationRule {
    /// Reads a rule as `json` writes it.
    public init(json: JSONValue, file: String, path: String = "") throws(DocumentError) {
        var fields = try FieldReader(json, file: file, path: path)
        try self.init(fields: &fields, connector: nil)
    }

    /// Reads a rule; the connector comes from the caller where the document is a template for any connector of a kind.
    init(fields: inout FieldReader, connector: String?) throws(DocumentError) {
        id = try fields.string("id")
        name = try fields.string("name")
        direction = try fields.choice("direction")
        if let connector { self.connector = connector } else { self.connector = try fields.string("connector") }
        connectorObjectType = try fields.string("connectorObjectType")
        metaverseObjectType = try fields.string("metaverseObjectType")
        linkType = try fields.choice("linkType")
        record = try Record(fields: &fields)
        precedence = connector == nil ? try fields.count("precedence") : 0
        isDisabled = try fields.optionalBool("disabled") ?? false
        scope = try fields.groups("scope") { clause throws(DocumentError) in try ScopeClause(fields: &clause) }
        join = try fields.groups("join") { condition throws(DocumentError) in try JoinCondition(fields: &condition) }
        flows = []
        for var flow in try fields.objects("flows") {
            flows.append(try AttributeFlow(fields: &flow))
            try flow.refuseUnknown()
        }
        try fields.refuseUnknown()
    }

    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id), "name": .string(name), "direction": .string(direction.rawValue),
            "connector": .string(connector), "connectorObjectType": .string(connectorObjectType),
            "metaverseObjectType": .string(metaverseObjectType), "linkType": .string(linkType.rawValue),
            "precedence": JSONValue(precedence), "flows": .array(flows.map(\.json)),
        ]
        if isDisabled { members["disabled"] = true }
        if !scope.isEmpty { members["scope"] = .array(scope.map { .array($0.map(\.json)) }) }
        if !join.isEmpty { members["join"] = .array(join.map { .array($0.map(\.json)) }) }
        return .object(members.merging(record.members) { $1 })
    }
}

extension SynchronizationRule.Record {
    /// What a rule that came from another server brings along; a release's rules have none of it.
    init(fields: inout FieldReader) throws(DocumentError) {
        self.init()
        internalID = try fields.optionalString("internalId") ?? internalID
        version = try fields.optional("version") == nil ? version : fields.count("version")
        description = try fields.optionalString("description") ?? description
        immutableTag = try fields.optionalString("immutableTag") ?? immutableTag
        precedenceAfter = try fields.optionalString("precedenceAfter")
        precedenceBefore = try fields.optionalString("precedenceBefore")
        softDeleteExpiryInterval = try fields.optionalString("softDeleteExpiryInterval") ?? softDeleteExpiryInterval
        isPasswordSyncEnabled = try fields.optionalBool("passwordSync") ?? isPasswordSyncEnabled
    }

    /// Those that differ from what a new rule has.
    var members: [String: JSONValue] {
        let new = Self()
        var members: [String: JSONValue] = [:]
        if internalID != new.internalID { members["internalId"] = .string(internalID) }
        if version != new.version { members["version"] = JSONValue(version) }
        if description != new.description { members["description"] = .string(description) }
        if immutableTag != new.immutableTag { members["immutableTag"] = .string(immutableTag) }
        if let precedenceAfter { members["precedenceAfter"] = .string(precedenceAfter) }
        if let precedenceBefore { members["precedenceBefore"] = .string(precedenceBefore) }
        if softDeleteExpiryInterval != new.softDeleteExpiryInterval {
            members["softDeleteExpiryInterval"] = .string(softDeleteExpiryInterval)
        }
        if isPasswordSyncEnabled { members["passwordSync"] = true }
        return members
    }
}

extension ScopeClause {
    init(fields: inout FieldReader) throws(DocumentError) {
        attribute = try fields.string("attribute")
        `operator` = try fields.parsed("operator", "an operator like EQUAL or ISNOTNULL") { Operator(name: $0) }
        value = `operator`.needsValue ? try fields.string("value") : ""
        if `operator` == .isBitSet || `operator` == .isNotBitSet, Int64(value) == nil {
            throw fields.failure("value", "expected a decimal mask, found \"\(value)\"")
        }
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "attribute": .string(attribute), "operator": .string(`operator`.rawValue),
        ]
        if `operator`.needsValue { members["value"] = .string(value) }
        return .object(members)
    }
}

extension JoinCondition {
    init(fields: inout FieldReader) throws(DocumentError) {
        connectorAttribute = try fields.string("connectorAttribute")
        metaverseAttribute = try fields.string("metaverseAttribute")
        isCaseSensitive = try fields.optionalBool("caseSensitive") ?? false
    }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "connectorAttribute": .string(connectorAttribute), "metaverseAttribute": .string(metaverseAttribute),
        ]
        if isCaseSensitive { members["caseSensitive"] = true }
        return .object(members)
    }
}

extension AttributeFlow {
    init(fields: inout FieldReader) throws(DocumentError) {
        target = try fields.string("target")
        if let constant = try fields.optionalString("constant") {
            source = .constant(constant)
        } else if let text = try fields.optionalString("expression") {
            source = .expression(text)
        } else {
            source = .direct(try fields.string("source"))
        }
        mergeType = try fields.optionalString("mergeType") == nil ? .update : try fields.choice("mergeType")
        isExecuteOnce = try fields.optionalBool("executeOnce") ?? false
        listedSources = try fields.optional("listedSources") == nil ? [] : fields.strings("listedSources")
    }

    var json: JSONValue {
        var members: [String: JSONValue] = ["target": .string(target)]
        switch source {
        case .direct(let attribute): members["source"] = .string(attribute)
        case .constant(let value): members["constant"] = .string(value)
        case .expression(let text): members["expression"] = .string(text)
        }
        if isExecuteOnce { members["executeOnce"] = true }
        if !listedSources.isEmpty { members["listedSources"] = .array(listedSources.map { .string($0) }) }
        if mergeType != .update { members["mergeType"] = .string(mergeType.rawValue) }
        return .object(members)
    }
}

extension FieldReader {
    /// A text that is one case of an enumeration.
    mutating func choice<Choice>(_ key: String) throws(DocumentError) -> Choice
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
        return try parsed(key, "one of \(known)") { Choice(rawValue: $0) }
    }

    /// Groups of objects: an array of arrays. An absent member has no groups.
    fileprivate mutating func groups<Element>(
        _ key: String, _ read: (inout FieldReader) throws(DocumentError) -> Element
    ) throws(DocumentError) -> [[Element]] {
        guard let value = optional(key) else { return [] }
        guard let groups = value.array else { throw failure(key, "expected an array of arrays, found \(value.kind)") }
        var result: [[Element]] = []
        for (outer, group) in groups.enumerated() {
            guard let members = group.array, !members.isEmpty else {
                throw failure("\(key)[\(outer)]", "expected an array that is not empty")
            }
            var elements: [Element] = []
            for (inner, member) in members.enumerated() {
                let place = path.isEmpty ? "\(key)[\(outer)][\(inner)]" : "\(path).\(key)[\(outer)][\(inner)]"
                var reader = try FieldReader(member, file: file, path: place)
                elements.append(try read(&reader))
                try reader.refuseUnknown()
            }
            result.append(elements)
        }
        return result
    }

    /// In a rule, a member that nobody reads is a condition that nobody keeps: refused rather than passed over.
    func refuseUnknown() throws(DocumentError) {
        if let key = unknown.keys.min() { throw failure(key, "is not a member of a rule that this program knows") }
    }
}
