import Documents
import SyncConfiguration
import SyncEngine
import Testing

/// Forests and a cloud that a test imports, synchronizes and exports, in the order that it says.
final class Scenario {
    static let cloud = "cloud"
    let engine: SynchronizationEngine
    /// Errors of all synchronizations so far.
    private(set) var errors: [ObjectError] = []
    private var anchors: [UInt32: String] = [:]

    init(_ forests: [String], _ rules: RuleSet) throws {
        let connectors =
            forests.map { ConnectorDefinition(id: $0, name: "\($0).example", kind: .activeDirectory) }
            + [ConnectorDefinition(id: Self.cloud, name: "cloud", kind: .cloud)]
        engine = try SynchronizationEngine(
            connectors: connectors, rules: try rules.rules(for: connectors), schema: try rules.schema(for: connectors),
            today: Bench.today)
    }

    // MARK: - Steps

    /// A full import of a forest as it is now, and the synchronization of what changed.
    @discardableResult
    func shows(_ directory: Directory) throws -> SynchronizationSummary {
        try imports(directory.name, directory.records, isFull: true)
    }

    @discardableResult
    func imports(_ connector: String, _ records: [LDIFRecord], isFull: Bool) throws -> SynchronizationSummary {
        try engine.beginImport(connector: connector, full: isFull)
        for record in records { engine.importRecord(record) }
        let imported = engine.finishImport()
        #expect(imported.errors.isEmpty)
        return try synchronize(connector, .delta)
    }

    @discardableResult
    func synchronize(_ connector: String, _ scope: SynchronizationScope) throws -> SynchronizationSummary {
        let summary = try engine.synchronize(connector: connector, scope)
        errors += summary.errors
        return summary
    }

    func forgetErrors() { errors = [] }

    /// The cloud takes what is pending, shows itself in a full import, and that is synchronized.
    func export() throws {
        var entries: [ImportedEntry] = []
        engine.forEachObject(connector: Self.cloud) { object in
            guard !object.flags.contains(.pendingDelete), let wanted = object.staged ?? object.imported else { return }
            let own = ["cloudanchor", "cloudmastered"]
            let kept = engine.decode(wanted, connector: Self.cloud).filter { !own.contains($0.name.lowercased()) }
            let kind = object.type.prefix(1).uppercased() + object.type.dropFirst()
            let anchor = anchors[object.id] ?? "\(kind)_\(object.id)"
            anchors[object.id] = anchor
            entries.append(
                ImportedEntry(
                    dn: object.dn, type: object.type,
                    attributes: kept + [LDIFAttribute("cloudAnchor", anchor), LDIFAttribute("cloudMastered", "False")]))
        }
        try engine.beginImport(connector: Self.cloud, full: true)
        for entry in entries { engine.importEntry(entry) }
        _ = engine.finishImport()
        try synchronize(Self.cloud, .delta)
    }

    // MARK: - Looking

    func pending() throws -> [PendingExport] {
        var all: [PendingExport] = []
        try engine.forEachPendingExport(connector: Self.cloud) { all.append($0) }
        return all
    }

    /// What is pending, in the order in which it will be sent: operation, type and display name.
    func pendingLines() throws -> [String] {
        try pending().map { "\($0.operation) \($0.type) \(wanted($0.object)["displayName"]?.first ?? $0.dn)" }
    }

    /// An object of the cloud as the rules want it.
    struct CloudObject: Equatable, CustomStringConvertible {
        let type: String
        let dn: String
        let attributes: [String: [String]]

        subscript(_ name: String) -> String? { attributes[name]?.first }
        var name: String { self["displayName"] ?? dn }
        var description: String {
            let lines = attributes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.joined(separator: "|"))" }
            return "\(type) \(dn) \(lines.joined(separator: "; "))"
        }
    }

    /// Everything that will be in the cloud after the next export, in the order of names.
    func cloud() -> [CloudObject] {
        var all: [CloudObject] = []
        engine.forEachObject(connector: Self.cloud) { object in
            guard !object.flags.contains(.pendingDelete), object.staged != nil || object.imported != nil,
                !object.flags.contains(.placeholder)
            else { return }
            all.append(CloudObject(type: object.type, dn: object.dn, attributes: wanted(object.id)))
        }
        return all.sorted { $0.dn < $1.dn }
    }

    func cloud(_ name: String) -> CloudObject? { cloud().first { $0.name == name } }

    /// Addresses that more than one object of the cloud claims: what an export is refused for.
    func sharedAddresses() -> [String] {
        var owners: [String: Int] = [:]
        for object in cloud() {
            for address in Set((object.attributes["proxyAddresses"] ?? []).map { $0.lowercased() }) {
                owners[address, default: 0] += 1
            }
        }
        return owners.filter { $0.value > 1 }.keys.sorted()
    }

    /// Values as texts, the parts of a list in order.
    private func wanted(_ id: UInt32) -> [String: [String]] {
        guard let object = engine.object(id), let blob = object.staged ?? object.imported else { return [:] }
        var values: [String: [String]] = [:]
        for attribute in engine.decode(blob, connector: Self.cloud) where attribute.name != "cloudAnchor" {
            values[attribute.name] = attribute.values.map(Self.text).sorted()
        }
        return values
    }

    /// Bytes that are no text are shown in Base64.
    private static func text(_ value: [UInt8]) -> String {
        String(validating: value, as: UTF8.self) ?? Base64Text.encode(value)
    }
}

/// All orders of a list.
func permutations<Element>(_ list: [Element]) -> [[Element]] {
    guard list.count > 1 else { return [list] }
    return list.indices.flatMap { place in
        var rest = list
        let first = rest.remove(at: place)
        return permutations(rest).map { [first] + $0 }
    }
}
