import Documents
import SyncConfiguration

/// One pending export as reports show it.
public struct ReportedExport: Equatable, Sendable {
    public struct Change: Equatable, Sendable {
        public let attribute: String
        /// A list, of which only what comes and goes is told; else `removed` is the old value and `added` the new one.
        public let isMultiValued: Bool
        public let removed: [ReportValue]
        public let added: [ReportValue]
    }

    public let object: UInt32
    /// The connector's name.
    public let connector: String
    public let operation: PendingExport.Operation
    public let type: String
    public let dn: String
    /// What a person calls the object.
    public let name: String
    public let changes: [Change]

    public init(
        object: UInt32, connector: String, operation: PendingExport.Operation, type: String, dn: String, name: String,
        changes: [Change] = []
    ) {
        self.object = object
        self.connector = connector
        self.operation = operation
        self.type = type
        self.dn = dn
        self.name = name
        self.changes = changes
    }
}

extension SynchronizationEngine {
    /// Calls the body with every pending export of a connector: deletes first, as they are sent, then adds, then updates.
    public func forEachReportedExport(connector: String, _ body: (ReportedExport) throws -> Void) throws {
        let name = connectors.first { $0.id == connector }?.name ?? connector
        for operation in [PendingExport.Operation.delete, .add, .update] {
            try forEachPendingExport(connector: connector, only: operation) { export in
                try body(reported(export, connector: connector, name: name))
            }
        }
    }

    /// What is pending for one object of a connector space.
    public func reportedExport(object id: UInt32) -> ReportedExport? {
        guard let export = pendingExport(object: id), let connector = objects.read(id, { $0.connector }) else {
            return nil
        }
        return reported(export, connector: connectors[connector].id, name: connectors[connector].name)
    }

    private func reported(_ export: PendingExport, connector: String, name: String) -> ReportedExport {
        ReportedExport(
            object: export.object, connector: name, operation: export.operation, type: export.type, dn: export.dn,
            name: personalName(ofObject: export.object),
            changes: export.changes.map { change in
                ReportedExport.Change(
                    attribute: change.attribute,
                    isMultiValued: isList(change.attribute, connector) || change.removed.count > 1
                        || change.added.count > 1,
                    removed: reported(change.removed, change.kind, connector: connector),
                    added: reported(change.added, change.kind, connector: connector))
            })
    }

    private func isList(_ name: String, _ connector: String) -> Bool {
        attributes.known(name).map { type($0, in: connector).isMultiValued } ?? false
    }
}

extension ReportedExport.Change {
    /// Values added and removed; of an attribute with one value also the old and the new one, `null` where there is none.
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "attribute": .string(attribute), "removed": .array(removed.map(\.json)), "added": .array(added.map(\.json)),
        ]
        if !isMultiValued {
            members["old"] = removed.first?.json ?? .null
            members["new"] = added.first?.json ?? .null
        }
        return .object(members)
    }
}

extension ReportedExport {
    public var members: [String: JSONValue] {
        [
            "connector": .string(connector), "operation": .string(operation.rawValue), "objectType": .string(type),
            "dn": .string(dn), "name": .string(name),
            "changes": .array(changes.map(\.json)),
        ]
    }

    /// For people: the object, then one line per attribute, or per value where there are several.
    public var lines: [String] {
        var lines = ["\(operation.rawValue) \(type) \(name == dn ? dn : "\(name) (\(dn))")"]
        for change in changes {
            if change.isMultiValued {
                lines += change.removed.map { "    \(change.attribute) - \($0.line)" }
                lines += change.added.map { "    \(change.attribute) + \($0.line)" }
            } else {
                let old = operation == .add ? "" : "\(change.removed.first?.line ?? "(none)") -> "
                lines.append("    \(change.attribute): \(old)\(change.added.first?.line ?? "(none)")")
            }
        }
        return lines
    }

    public static let csvHeader = CSV.line([
        "connector", "operation", "objectType", "dn", "name", "attribute", "change", "old", "new",
    ])

    /// One line per attribute with one value, and per value that goes or comes of others; one for an object without changes of values.
    public var csv: [String] {
        let object = [connector, operation.rawValue, type, dn, name]
        let lines = changes.flatMap(\.csv).map { CSV.line(object + $0) }
        return lines.isEmpty ? [CSV.line(object + ["", "", "", ""])] : lines
    }
}

extension ReportedExport.Change {
    /// Attribute, what happens to it, old and new value.
    fileprivate var csv: [[String]] {
        if isMultiValued {
            return removed.map { [attribute, "remove", $0.field, ""] } + added.map { [attribute, "add", "", $0.field] }
        }
        let word = removed.isEmpty ? "add" : added.isEmpty ? "remove" : "update"
        return [[attribute, word, removed.first?.field ?? "", added.first?.field ?? ""]]
    }
}

/// Comma-separated values (RFC 4180).
public enum CSV {
    public static func line(_ fields: [String]) -> String {
        fields.map { field in
            let isPlain = !field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
            return isPlain ? field : "\"" + field.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",")
    }
}
