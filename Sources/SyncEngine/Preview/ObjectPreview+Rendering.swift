import Documents

extension ObjectPreview {
    /// `preview/1`.
    public var json: JSONValue {
        [
            "schema": "preview/1", "connector": .string(connector), "dn": .string(dn), "objectType": .string(type),
            "name": .string(name), "link": .string(link), "rules": .array(rules.map(Self.json)),
            "attributes": .array(attributes.map(Self.json)),
            "targets": .array(
                targets.map { target in
                    [
                        "connector": .string(target.connector), "dn": target.dn.map(JSONValue.string) ?? .null,
                        "rules": .array(target.rules.map(Self.json)),
                        "attributes": .array(target.attributes.map(Self.json)),
                        "pendingExport": target.export.map { .object($0.members) } ?? .null,
                    ]
                }),
        ]
    }

    private static func json(_ rule: Rule) -> JSONValue {
        [
            "name": .string(rule.name), "precedence": JSONValue(rule.precedence), "inScope": .bool(rule.isInScope),
            "reasons": .array(rule.reasons.map(JSONValue.string)), "joins": .array(rule.joins.map(JSONValue.string)),
        ]
    }

    private static func json(_ attribute: Attribute) -> JSONValue {
        [
            "attribute": .string(attribute.name), "values": .array(attribute.values.map(\.json)),
            "contributions": .array(
                attribute.contributions.map { contribution in
                    [
                        "rule": .string(contribution.rule), "precedence": JSONValue(contribution.precedence),
                        "source": .string(contribution.source), "kind": .string(contribution.kind.rawValue),
                        "outcome": .array(contribution.outcome.map(JSONValue.string)),
                        "wins": .bool(contribution.wins),
                    ]
                }),
        ]
    }

    /// For people, line by line.
    public var lines: [String] {
        var lines = ["\(type) \(name)", "    \(dn) in \(connector)", "    \(link)", "", "inbound rules"]
        lines += rules.flatMap(Self.lines)
        if !attributes.isEmpty { lines += ["", "metaverse attributes"] + attributes.flatMap(Self.lines) }
        for target in targets {
            lines += ["", "to \(target.connector): \(target.dn ?? "no object")", "outbound rules"]
            lines += target.rules.flatMap(Self.lines)
            if !target.attributes.isEmpty { lines += ["attributes"] + target.attributes.flatMap(Self.lines) }
            lines += ["pending export"]
            lines += target.export.map { $0.lines.map { "    \($0)" } } ?? ["    nothing"]
        }
        return lines
    }

    private static func lines(_ rule: Rule) -> [String] {
        ["    \(rule.precedence) \(rule.name): \(rule.isInScope ? "in scope" : "not in scope")"]
            + (rule.reasons + rule.joins.map { "joins on \($0)" }).map { "        \($0)" }
    }

    private static func lines(_ attribute: Attribute) -> [String] {
        let values = attribute.values.map(\.line).joined(separator: ", ")
        return ["    \(attribute.name): \(values.isEmpty ? "(no value)" : values)"]
            + attribute.contributions.map { contribution in
                let mark = contribution.wins ? "*" : "-"
                let place = "\(contribution.precedence) \(contribution.rule) (\(contribution.source))"
                return "        \(mark) \(place): \(contribution.words)"
            }
    }
}

extension ObjectPreview.Contribution {
    fileprivate var words: String {
        let texts = outcome.joined(separator: ", ")
        switch kind {
        case .values: return texts
        case .null: return "NULL"
        case .authoritativeNull: return "AuthoritativeNull"
        case .ignoreThisFlow: return "IgnoreThisFlow"
        case .notDue: return "not due, it is evaluated once"
        case .error: return "error: \(texts)"
        }
    }
}
