import Documents
import SyncConfiguration

/// A configuration run over dumps of its directories, without a server and without a database: an initial import and a full
/// synchronization of every connector that has data.
public final class OfflineEvaluation {
    public let engine: SynchronizationEngine
    public private(set) var imports: [(connector: ConnectorDefinition, summary: ImportSummary)] = []
    public private(set) var synchronizations: [(connector: ConnectorDefinition, summary: SynchronizationSummary)] = []
    private var connectors: [ConnectorDefinition] = []

    public init(
        connectors: [ConnectorDefinition], rules: [SynchronizationRule], schema: EngineSchema = EngineSchema(),
        now: WallTime
    ) throws(EngineError) {
        engine = try SynchronizationEngine(connectors: connectors, rules: rules, schema: schema, today: now)
    }

    /// The configuration of a server: its connectors, rules, schemas and parameters.
    public convenience init(configuration: ServerConfiguration, now: WallTime) throws(EngineError) {
        try self.init(
            connectors: configuration.connectors.map(\.definition), rules: configuration.rules,
            schema: EngineSchema(configuration), now: now)
    }

    /// The connector that a person means: by name or identifier, without case.
    public func connector(named name: String) throws(EvaluationInputError) -> ConnectorDefinition {
        try engine.connector(named: name)
    }

    /// Reads a dump of one directory, which is all that the directory has.
    public func read(_ reader: LDIFReader, into connector: ConnectorDefinition) throws {
        try read([reader], into: connector)
    }

    /// Reads the dumps of one directory, one per partition or container, which together are all that it has.
    public func read(_ readers: [LDIFReader], into connector: ConnectorDefinition) throws {
        try engine.beginImport(connector: connector.id, full: true)
        do {
            for reader in readers {
                while let record = try reader.next() {
                    guard case .entry = record.content else {
                        throw LDIFError(
                            file: reader.file, line: record.line,
                            problem: "a change record, expected a dump of entries: dump the directory as it is now")
                    }
                    engine.importRecord(connector.kind == .cloud ? named(record) : record)
                }
            }
        } catch {
            _ = engine.abandonImport()
            throw error
        }
        imports.append((connector, engine.finishImport()))
        if !connectors.contains(connector) { connectors.append(connector) }
    }

    /// Reads a file of changes after the synchronization, and synchronizes what they touch. What is imported later than the dumps says what
    /// a cycle would do next.
    public func change(_ reader: LDIFReader, of connector: ConnectorDefinition) throws {
        try engine.beginImport(connector: connector.id, full: false)
        do {
            while let record = try reader.next() { engine.importRecord(record) }
        } catch {
            _ = engine.abandonImport()
            throw error
        }
        imports.append((connector, engine.finishImport()))
        let cloud = engine.connectors.filter { $0.kind == .cloud && $0 != connector }
        for connector in [connector] + cloud {
            synchronizations.append((connector, try engine.synchronize(connector: connector.id, .delta)))
        }
    }

    /// A dump of the cloud side that does not tell the anchors: the name stands for them.
    private func named(_ record: LDIFRecord) -> LDIFRecord {
        guard case .entry(var attributes) = record.content else { return record }
        let anchor = ConnectorKind.cloud.anchorAttribute
        if attributes.contains(where: { equalIgnoringASCIICase($0.name, anchor) }) { return record }
        attributes.append(LDIFAttribute(anchor, record.dn))
        return LDIFRecord(dn: record.dn, content: .entry(attributes))
    }

    /// Synchronizes fully, the directories before the cloud.
    public func synchronize() throws(EngineError) {
        for kind in [ConnectorKind.activeDirectory, .cloud] {
            for connector in engine.connectors where connector.kind == kind {
                guard connectors.contains(connector) || kind == .cloud else { continue }
                synchronizations.append((connector, try engine.synchronize(connector: connector.id, .full)))
            }
        }
    }

    /// Errors of all imports and synchronizations; one that both sides report once.
    public var errors: [ObjectError] {
        var seen: Set<String> = []
        return (imports.flatMap(\.summary.errors) + synchronizations.flatMap(\.summary.errors)).filter {
            seen.insert("\($0.connector) \($0)").inserted
        }
    }
}

/// What a person named and is not there.
public struct EvaluationInputError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

extension Connector {
    /// As the engine sees it. What is neither a forest nor the cloud is read as a directory.
    public var definition: ConnectorDefinition {
        ConnectorDefinition(id: id, name: name, kind: kind == .cloud ? .cloud : .activeDirectory)
    }
}

extension EngineSchema {
    /// What an exported configuration says of attributes and parameters.
    public init(_ configuration: ServerConfiguration) {
        self.init(metaverse: AttributeTypes(configuration.metaverse))
        for connector in configuration.connectors {
            connectors[connector.id] = AttributeTypes(connector.schema)
            parameters[connector.id] = connector.ruleParameters
            let selected = connector.partitions.filter(\.isSelected)
            if selected.count > 1 {
                domains[connector.id] = selected.map { Domain(name: $0.name, parameters: $0.ruleParameters) }
            }
        }
    }
}

extension AttributeTypes {
    /// From a schema that a file states; a file without one leaves the well-known types.
    init(_ schema: DirectorySchema) {
        var types: [String: AttributeType] = [:]
        for attribute in schema.attributes {
            let kind: AttributeKind =
                switch attribute.syntax {
                case .string: .text
                case .integer: .integer
                case .boolean: .boolean
                case .binary: .binary
                case .reference: .reference
                }
            types[attribute.name] = AttributeType(kind, isMultiValued: attribute.isMultiValued)
        }
        self = types.isEmpty ? .wellKnown : AttributeTypes(types)
    }
}
