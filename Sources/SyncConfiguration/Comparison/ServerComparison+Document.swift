import Documents

extension ServerComparison {
    public static let schema = "comparison/1"

    public var json: JSONValue {
        [
            "schema": .string(Self.schema), "left": left.json, "right": right.json, "differs": .bool(differs),
            "sections": .array(sections.map(\.json)),
        ]
    }

    /// One side of a row as people read it.
    public static func shown(_ value: String?) -> String {
        guard let value else { return "—" }
        return value.isEmpty ? "(empty)" : value
    }
}

extension ServerComparison.Side {
    var json: JSONValue {
        var members: [String: JSONValue] = ["server": .string(serverName), "exported": .string(exportDate)]
        members["version"] = version.map(JSONValue.string)
        return .object(members)
    }

    /// Which server, which version, when.
    public var heading: String {
        let version = version.map { "version \($0)" } ?? "version not known"
        return exportDate.isEmpty ? "\(serverName), \(version)" : "\(serverName), \(version), exported \(exportDate)"
    }
}

extension ServerComparison.Section {
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "kind": .string(kind.rawValue), "title": .string(kind.title), "counts": .bool(counts),
            "rows": .array(rows.map(\.json)),
        ]
        members["note"] = note.map(JSONValue.string)
        return .object(members)
    }
}

extension ServerComparison.Row {
    var json: JSONValue {
        var members: [String: JSONValue] = ["what": .string(what)]
        members["of"] = of.map(JSONValue.string)
        members["left"] = left.map(JSONValue.string)
        members["right"] = right.map(JSONValue.string)
        return .object(members)
    }
}
