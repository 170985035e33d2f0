import Documents
import Foundation
import SyncConfiguration
import SyncEngine
import TestSupport
import Testing

/// A small server for tests: forests and a cloud, with the standard rules or rules of the test's own.
final class Bench {
    static let cloud = ConnectorDefinition(id: "cloud", name: "cloud", kind: .cloud)
    static let today = WallTime(milliseconds: 1_750_000_000_000)

    let forests: [ConnectorDefinition]
    var engine: SynchronizationEngine

    init(forests: [String] = ["corp"], rules: [SynchronizationRule]? = nil, joiningOnMail: Bool = false) throws {
        self.forests = forests.map { ConnectorDefinition(id: $0, name: $0, kind: .activeDirectory) }
        let connectors = self.forests + [Self.cloud]
        let standard = RuleSet.standard(1, joiningOnMail: joiningOnMail)
        engine = try SynchronizationEngine(
            connectors: connectors, rules: try rules ?? standard.rules(for: connectors), today: Self.today)
    }

    static func standard(_ version: Int) throws -> RuleTemplates {
        let file = packageFolder.appending(path: "catalog/rules/standard-\(version).json").path
        return try RuleTemplates(bytes: try bytes(of: file), file: file)
    }

    /// Imports LDIF text into a connector; entries are a full import, changes a delta import.
    @discardableResult
    func imports(_ connector: String, _ text: String, full: Bool = true) throws -> ImportSummary {
        try imports(connector, LDIFReader(file: connector, bytes: Array(text.utf8)), full: full)
    }

    @discardableResult
    func imports(_ connector: String, _ reader: LDIFReader, full: Bool = true) throws -> ImportSummary {
        try engine.beginImport(connector: connector, full: full)
        while let record = try reader.next() { engine.importRecord(record) }
        return engine.finishImport()
    }

    /// Synchronizes every connector in order.
    @discardableResult
    func synchronize(_ scope: SynchronizationScope = .delta, only: [String]? = nil) throws -> [SynchronizationSummary] {
        try engine.connectors.map(\.id).filter { only?.contains($0) ?? true }.map {
            try engine.synchronize(connector: $0, scope)
        }
    }

    func pending() throws -> [PendingExport] {
        var all: [PendingExport] = []
        try engine.forEachPendingExport(connector: "cloud") { all.append($0) }
        return all
    }

    /// What is pending, one line per object: operation, type and the display name or anchor.
    func pendingLines() throws -> [String] {
        try pending().map { "\($0.operation) \($0.type) \(engine.wanted($0, "displayName") ?? $0.dn)" }.sorted()
    }

    /// The cloud takes everything that is pending and shows it in a full import.
    func exportAndConfirm() throws {
        var entries: [ImportedEntry] = []
        engine.forEachObject(connector: "cloud") { object in
            guard !object.flags.contains(.pendingDelete), let wanted = object.staged ?? object.imported else { return }
            let anchor = LDIFAttribute("cloudAnchor", "c\(object.id)")
            let kept = engine.decode(wanted, connector: "cloud").filter { $0.name != "cloudAnchor" }
            entries.append(ImportedEntry(dn: object.dn, type: object.type, attributes: kept + [anchor]))
        }
        try engine.beginImport(connector: "cloud", full: true)
        for entry in entries { engine.importEntry(entry) }
        _ = engine.finishImport()
        try synchronize(only: ["cloud"])
    }

    /// Stores everything and loads it into an engine with other rules, as a new release does.
    func reload(rules: [SynchronizationRule]) throws {
        let old = engine
        let changes = old.takeAll()
        engine = try SynchronizationEngine(
            connectors: old.connectors, rules: rules, attributeNames: changes.attributeNames ?? [], today: Self.today)
        for row in changes.savedObjects { try engine.load(row) }
        for row in changes.savedMetaverse { try engine.load(row) }
        engine.finishLoading()
    }

    func rules(_ version: Int) throws -> [SynchronizationRule] {
        try Self.standard(version).rules(for: engine.connectors)
    }
}

extension SynchronizationEngine {
    /// All rows, as a store would hold them.
    func takeAll() -> StoreChanges {
        var all = StoreChanges()
        for connector in connectors { forEachObject(connector: connector.id) { all.savedObjects.append($0) } }
        forEachMetaverseObject { all.savedMetaverse.append($0) }
        all.attributeNames = attributeNames
        return all
    }

    /// The values of a metaverse object.
    func metaverseAttributes(_ id: UInt32) -> [LDIFAttribute] {
        metaverseObject(id).map { decode($0.values, connector: nil) } ?? []
    }

    /// The first text of an attribute that an export wants to be there.
    func wanted(_ export: PendingExport, _ attribute: String) -> String? { wantedAll(export, attribute).first }

    func wantedAll(_ export: PendingExport, _ attribute: String) -> [String] {
        let object = object(export.object)
        guard let blob = object?.staged ?? object?.imported else { return [] }
        return decode(blob, connector: object?.connector).first { $0.name == attribute }?.values.map {
            String(decoding: $0, as: UTF8.self)
        } ?? []
    }
}

func bytes(of path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
