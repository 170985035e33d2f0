import Documents
import SyncConfiguration

/// Everything that an evaluation came to, written piece by piece: a large directory is never in memory twice.
public struct EvaluationReport {
    public enum Format: String, Sendable, CaseIterable { case text, json, csv }

    let evaluation: OfflineEvaluation
    private var engine: SynchronizationEngine { evaluation.engine }

    public init(_ evaluation: OfflineEvaluation) { self.evaluation = evaluation }

    /// Writes the report line by line.
    public func write(_ format: Format, _ line: (String) throws -> Void) throws {
        switch format {
        case .text: try writeText(line)
        case .json: try writeJSON(line)
        case .csv: try writeCSV(line)
        }
    }

    // MARK: - Text

    private func writeText(_ line: (String) throws -> Void) throws {
        for (connector, summary) in evaluation.imports {
            try line("\(connector.name): \(summary.adds) objects imported, \(summary.errors.count) errors")
        }
        try line("metaverse: \(engine.metaverseCount) objects")
        for object in metaverse() {
            try line("")
            try line("\(object.type) \(engine.personalName(ofMetaverse: object.id))")
            for link in links(object.id) { try line("    from \(link.connector): \(link.dn)") }
            for (name, values) in attributes(object) {
                for value in values { try line("    \(name): \(value.line)") }
            }
        }
        for connector in engine.connectors {
            var counts: [PendingExport.Operation: Int] = [:]
            try engine.forEachPendingExport(connector: connector.id) { counts[$0.operation, default: 0] += 1 }
            if counts.isEmpty { continue }
            try line("")
            let words = PendingExport.Operation.allCases.compactMap { operation in
                counts[operation].map { "\(operation.rawValue) \($0)" }
            }
            try line("pending exports to \(connector.name): \(words.joined(separator: ", "))")
            try engine.forEachReportedExport(connector: connector.id) { export in
                for text in export.lines { try line(text) }
            }
        }
        let errors = evaluation.errors
        if !errors.isEmpty {
            try line("")
            try line("errors: \(errors.count)")
            for error in errors { try line("\(name(error.connector)): \(error)") }
        }
    }

    // MARK: - JSON

    private func writeJSON(_ line: (String) throws -> Void) throws {
        try line("{\"schema\":\"evaluate/1\",")
        try list("connectors", evaluation.imports.map { Self.json($0.connector, $0.summary) }, line)
        try line(",\"metaverse\":[")
        var separator = ""
        for object in metaverse() {
            let json: JSONValue = [
                "id": JSONValue(Int(object.id)), "type": .string(object.type),
                "name": .string(engine.personalName(ofMetaverse: object.id)),
                "attributes": .object(
                    Dictionary(attributes(object).map { ($0.0, .array($0.1.map(\.json))) }) { first, _ in first }),
                "links": .array(
                    links(object.id).map { ["connector": .string($0.connector), "dn": .string($0.dn)] }),
            ]
            try line(separator + json.line)
            separator = ","
        }
        try line("],\"pendingExports\":[")
        separator = ""
        for connector in engine.connectors {
            try engine.forEachReportedExport(connector: connector.id) { export in
                try line(separator + JSONValue.object(export.members).line)
                separator = ","
            }
        }
        try line("],")
        try list("errors", evaluation.errors.map(json), line)
        try line("}")
    }

    private func list(_ name: String, _ values: [JSONValue], _ line: (String) throws -> Void) throws {
        try line("\"\(name)\":[")
        for (index, value) in values.enumerated() { try line((index == 0 ? "" : ",") + value.line) }
        try line("]")
    }

    private static func json(_ connector: ConnectorDefinition, _ summary: ImportSummary) -> JSONValue {
        [
            "id": .string(connector.id), "name": .string(connector.name), "kind": .string(connector.kind.rawValue),
            "objects": JSONValue(summary.adds),
        ]
    }

    private func json(_ error: ObjectError) -> JSONValue {
        [
            "connector": .string(name(error.connector)), "dn": .string(error.dn), "code": .string(error.code.rawValue),
            "detail": .string(error.detail),
        ]
    }

    // MARK: - CSV

    private func writeCSV(_ line: (String) throws -> Void) throws {
        try line(ReportedExport.csvHeader)
        for object in metaverse() {
            let person = engine.personalName(ofMetaverse: object.id)
            for link in links(object.id) {
                try line(CSV.line([link.connector, "link", object.type, link.dn, person, "", "", "", ""]))
            }
            for (name, values) in attributes(object) {
                for value in values {
                    try line(CSV.line(["", "metaverse", object.type, "", person, name, "", "", value.field]))
                }
            }
        }
        for connector in engine.connectors {
            try engine.forEachReportedExport(connector: connector.id) { for text in $0.csv { try line(text) } }
        }
        for error in evaluation.errors {
            let fields = [name(error.connector), "error", "", error.dn, "", "", error.code.rawValue, "", error.detail]
            try line(CSV.line(fields))
        }
    }

    // MARK: - Parts

    private func name(_ connector: String) -> String {
        engine.connectors.first { $0.id == connector }?.name ?? connector
    }

    private func metaverse() -> [StoredMetaverseObject] {
        var all: [StoredMetaverseObject] = []
        engine.forEachMetaverseObject { all.append($0) }
        return all.sorted { $0.id < $1.id }
    }

    private func links(_ id: UInt32) -> [(connector: String, dn: String)] {
        engine.links(ofMetaverse: id).sorted().compactMap { engine.object($0) }.map { (name($0.connector), $0.dn) }
    }

    private func attributes(_ object: StoredMetaverseObject) -> [(String, [ReportValue])] {
        object.values.attributes.map { attribute in
            let kind = engine.type(attribute.id, in: nil).kind
            return (
                engine.attributes.name(attribute.id),
                engine.reported(engine.readable(attribute.values, kind), kind, connector: nil)
            )
        }.sorted { $0.0 < $1.0 }
    }
}
