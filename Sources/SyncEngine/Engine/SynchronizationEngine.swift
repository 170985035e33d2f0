import Documents
import SyncConfiguration
import SyncExpressions

/// All connector spaces and the metaverse of a server in memory, and the rules that connect them.
///
/// The owner loads the rows of its store, imports, synchronizes, reads the pending exports, and writes what
/// `takeStoreChanges` hands out. Nothing here touches a file, a clock or a directory, so the same engine runs a server and
/// rehearses an upgrade. It belongs to one thread at a time.
///
/// ```swift
/// let engine = try SynchronizationEngine(connectors: connectors, rules: rules, attributeNames: names, today: now)
/// for row in rows { try engine.load(row) }
/// engine.finishLoading()
/// try engine.beginImport(connector: "…", full: true)
/// while let record = try reader.next() { engine.importRecord(record) }
/// let imported = engine.finishImport()
/// let synchronized = try engine.synchronize(connector: "…", .delta)
/// engine.forEachPendingExport(connector: cloud) { export in … }
/// store.write(engine.takeStoreChanges())
/// ```
public final class SynchronizationEngine {
    public let connectors: [ConnectorDefinition]
    var attributes: AttributeTable
    var types = StringTable()
    var ruleNames = StringTable()
    let rules: CompiledRules
    /// What the attributes of each space are.
    let schema: EngineSchema
    /// The pseudo-attribute that is an object's name.
    let dnAttribute: AttributeID
    let environment: EvaluationEnvironment

    var objects = SlotTable<ObjectSlot>()
    var metaverse = SlotTable<MetaverseSlot>()
    var plans = FlowPlans()
    var outboundPlans = FlowPlans()
    /// One index of names and one of anchors per connector.
    var names: [HashIndex]
    var anchors: [HashIndex]
    let anchorAttributes: [AttributeID]
    /// Metaverse objects by the values that joins look for.
    var joinIndex = HashIndex()
    /// Objects with a join rule in scope that found nothing yet.
    var waiting: Set<UInt32> = []

    var nextObject: UInt32 = 1
    var nextMetaverse: UInt32 = 1
    var importing: ImportSession?

    private var changedObjects: Set<UInt32> = []
    private var changedMetaverse: Set<UInt32> = []
    private var storedNames: Int
    /// One frame per connector, and one for the metaverse.
    let frames: [ObjectFrame]
    let metaverseFrame: ObjectFrame

    /// An engine without objects. `attributeNames` are those that the store kept; `rules` may hold disabled ones. `now` and `random` are
    /// what expressions read.
    public init(
        connectors: [ConnectorDefinition], rules: [SynchronizationRule], schema: EngineSchema = EngineSchema(),
        attributeNames: [String] = [], today: WallTime,
        random: @escaping @Sendable (UInt64) -> UInt64 = { UInt64.random(in: 0..<max($0, 1)) }
    ) throws(EngineError) {
        self.connectors = connectors
        self.schema = schema
        environment = EvaluationEnvironment(now: DateTime(today), random: random)
        storedNames = attributeNames.count
        var compiler = RuleCompiler(
            rules, connectors: connectors, schema: schema, environment: environment,
            attributes: AttributeTable(names: attributeNames))
        dnAttribute = compiler.attributes.id("dn")
        var anchorAttributes: [AttributeID] = []
        for connector in connectors { anchorAttributes.append(compiler.attributes.id(connector.kind.anchorAttribute)) }
        self.anchorAttributes = anchorAttributes
        self.rules = try CompiledRules(&compiler)
        attributes = compiler.attributes
        types = compiler.types
        ruleNames = compiler.ruleNames
        names = connectors.map { _ in HashIndex() }
        anchors = names
        frames = connectors.map { [dnAttribute] _ in ObjectFrame(dnAttribute: dnAttribute) }
        metaverseFrame = ObjectFrame(dnAttribute: dnAttribute)
        for frame in frames + [metaverseFrame] { frame.engine = self }
    }

    /// A frame beside those that synchronizations use.
    func newFrame() -> ObjectFrame {
        let frame = ObjectFrame(dnAttribute: dnAttribute)
        frame.engine = self
        return frame
    }

    // MARK: - Rows

    /// All attribute names in the order of their numbers.
    public var attributeNames: [String] { attributes.names }
    public var objectCount: Int { objects.count }
    public var metaverseCount: Int { metaverse.count }

    /// Takes in a row of a connector space. All rows are loaded before anything else, connector objects and metaverse in any order.
    public func load(_ row: StoredObject) throws(EngineError) {
        for blob in [row.imported, row.staged] {
            if let blob, !blob.isWellFormed(attributeCount: attributes.names.count) {
                throw .damagedRow(
                    row.id, "its attributes cannot be decoded; restore the database or import the connector anew")
            }
        }
        let slot = ObjectSlot(
            id: row.id, connector: try index(of: row.connector), type: types.number(row.type), dn: row.dn,
            imported: row.imported, staged: row.staged == row.imported ? row.imported : row.staged,
            metaverse: row.metaverse ?? 0, inboundRule: ruleNames.number(row.inboundRule),
            outboundRule: ruleNames.number(row.outboundRule), flags: row.flags)
        objects[row.id] = slot
        nextObject = max(nextObject, row.id + 1)
        indexNames(of: slot)
    }

    public func load(_ row: StoredMetaverseObject) throws(EngineError) {
        guard row.values.isWellFormed(attributeCount: attributes.names.count) else {
            throw .damagedRow(row.id, "its values cannot be decoded; restore the database")
        }
        metaverse[row.id] = MetaverseSlot(id: row.id, type: types.number(row.type), values: row.values)
        nextMetaverse = max(nextMetaverse, row.id + 1)
    }

    /// Connects the loaded rows.
    public func finishLoading() {
        for case let slot? in objects.slots where slot.metaverse != 0 {
            if metaverse[slot.metaverse] == nil {
                objects.update(slot.id) { $0.metaverse = 0 }
                markChanged(object: slot.id)
            } else {
                metaverse.update(slot.metaverse) { $0.links.append(slot.id) }
            }
        }
        for case let slot? in metaverse.slots { index(joinsOf: slot.values, slot.id) }
        for case let slot? in objects.slots where slot.metaverse == 0 && hasLinkingRules(slot) {
            waiting.insert(slot.id)
        }
    }

    /// What changed since the last call, for the store to write in one transaction.
    public func takeStoreChanges() -> StoreChanges {
        var changes = StoreChanges()
        for id in changedObjects.sorted() {
            if let row = object(id) { changes.savedObjects.append(row) } else { changes.removedObjects.append(id) }
        }
        for id in changedMetaverse.sorted() {
            if let slot = metaverse[id] {
                changes.savedMetaverse.append(row(slot))
            } else {
                changes.removedMetaverse.append(id)
            }
        }
        if attributes.names.count > storedNames { changes.attributeNames = attributes.names }
        storedNames = attributes.names.count
        changedObjects = []
        changedMetaverse = []
        return changes
    }

    func markChanged(object id: UInt32) { changedObjects.insert(id) }
    func markChanged(metaverse id: UInt32) { changedMetaverse.insert(id) }

    // MARK: - Looking

    public func object(_ id: UInt32) -> StoredObject? {
        guard let slot = objects[id] else { return nil }
        return StoredObject(
            id: id, connector: connectors[slot.connector].id, type: types.text(slot.type) ?? "", dn: slot.dn,
            imported: slot.imported, staged: slot.staged, metaverse: slot.metaverse == 0 ? nil : slot.metaverse,
            inboundRule: ruleNames.text(slot.inboundRule), outboundRule: ruleNames.text(slot.outboundRule),
            flags: slot.flags)
    }

    public func object(connector: String, dn: String) -> StoredObject? {
        guard let index = connectors.firstIndex(where: { $0.id == connector }), let id = find(dn: dn, in: index) else {
            return nil
        }
        return object(id)
    }

    /// Calls the body with every object of a connector space, placeholders too.
    public func forEachObject(connector: String, _ body: (StoredObject) throws -> Void) rethrows {
        for case let slot? in objects.slots where connectors[slot.connector].id == connector {
            if let row = object(slot.id) { try body(row) }
        }
    }

    public func forEachMetaverseObject(_ body: (StoredMetaverseObject) throws -> Void) rethrows {
        for case let slot? in metaverse.slots {
            try body(row(slot))
        }
    }

    public func metaverseObject(_ id: UInt32) -> StoredMetaverseObject? { metaverse[id].map(row) }

    private func row(_ slot: MetaverseSlot) -> StoredMetaverseObject {
        StoredMetaverseObject(id: slot.id, type: types.text(slot.type) ?? "", values: slot.values)
    }

    /// The objects of connector spaces that are linked to a metaverse object.
    public func links(ofMetaverse id: UInt32) -> [UInt32] { metaverse.read(id) { $0.links } ?? [] }

    /// An encoding with its names, in the order of the attributes' numbers; references as distinguished names. `connector` is whose
    /// object it is, nil for a metaverse object.
    public func decode(_ blob: ObjectBlob, connector: String?) -> [LDIFAttribute] {
        blob.attributes.map { attribute in
            let kind = type(attribute.id, in: connector).kind
            return LDIFAttribute(attributes.name(attribute.id), readable(attribute.values, kind))
        }
    }

    /// The type of an attribute in a connector space, or in the metaverse.
    func type(_ attribute: AttributeID, in connector: String?) -> AttributeType {
        schema.types(of: connector).type(folded: attributes.foldedName(attribute))
    }

    func readable(_ values: [[UInt8]], _ kind: AttributeKind) -> [[UInt8]] {
        guard kind == .reference else { return values }
        return values.compactMap { value in
            ReferenceValue.decode(value).flatMap { objects.read($0) { $0.dn } }.map { Array($0.utf8) }
        }
    }

    func index(of connector: String) throws(EngineError) -> Int {
        guard let index = connectors.firstIndex(where: { $0.id == connector }) else {
            throw .unknownConnector(connector)
        }
        return index
    }

    func hasLinkingRules(_ slot: ObjectSlot) -> Bool {
        slot.imported != nil
            && rules.inbound(connector: slot.connector, type: slot.type).contains { rules.rules[$0].makesLinks }
    }
}

extension DateTime {
    /// From this program's times.
    public init(_ time: WallTime) {
        let ticksPerMillisecond: Int64 = 10_000
        let epoch: Int64 = 621_355_968_000_000_000
        self.init(ticks: epoch + Int64(time.milliseconds) * ticksPerMillisecond)
    }
}
