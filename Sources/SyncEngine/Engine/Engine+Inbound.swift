import SyncConfiguration
import SyncExpressions

extension SynchronizationEngine {
    // MARK: - Scope

    /// Opens an object of a connector space: what its directory has, and over it what is staged.
    func open(_ slot: ObjectSlot, in frame: ObjectFrame) {
        let managed =
            slot.staged == nil || slot.outboundRule == 0
            ? nil : rules.managed(connector: slot.connector, type: slot.type)
        frame.open(slot.imported ?? .empty, dn: slot.dn, staged: managed == nil ? nil : slot.staged, managed: managed)
    }

    func isInScope(_ rule: CompiledRules.Rule, _ frame: ObjectFrame, object: UInt32 = 0) -> Bool {
        rule.scope.isEmpty
            || rule.scope.contains { group in
                group.allSatisfy { holds($0, frame, object: object, connector: rule.connector) }
            }
    }

    func holds(_ clause: CompiledRules.Clause, _ frame: ObjectFrame, object: UInt32, connector: Int) -> Bool {
        if let wanted = clause.test.asksForPresence { return frame.has(clause.attribute) == wanted }
        if clause.test.asksForMembership {
            return isMember(object, of: clause.test.group, in: connector) == clause.test.wantsMember
        }
        return clause.test.holds(frame.piece(clause.attribute))
    }

    private func isMember(_ object: UInt32, of group: String, in connector: Int) -> Bool {
        guard let id = find(dn: group, in: connector), let member = attributes.known("member"),
            let blob = objects.read(id, { $0.imported }) ?? nil
        else { return false }
        let wanted = ReferenceValue.encode(object)
        var found = false
        ObjectBlob.forEachValue(in: blob.piece(member)) { if !found { found = $0.elementsEqual(wanted) } }
        return found
    }

    /// Rules in whose scope the object is, by precedence. The frame is open.
    func activeRules(_ slot: ObjectSlot, _ frame: ObjectFrame) -> [Int] {
        rules.inbound(connector: slot.connector, type: slot.type).filter {
            isInScope(rules.rules[$0], frame, object: slot.id)
        }
    }

    // MARK: - Values

    /// Works out a metaverse object's values anew from the objects that are linked to it, in their scopes, by precedence.
    func recompute(_ id: UInt32, _ run: inout SynchronizationRun) throws(FlowFailure) {
        guard let slot = metaverse[id] else { return }
        var active: [Int] = []
        for link in slot.links {
            guard let object = objects[link], object.imported != nil || object.staged != nil else { continue }
            let frame = frames[object.connector]
            open(object, in: frame)
            let inScope = activeRules(object, frame).filter { rules.rules[$0].fits(slot.type) }
            guard inScope.contains(where: { rules.rules[$0].makesLinks }) else { continue }
            active += inScope
        }
        active.sort()
        let values = try evaluate(
            plans.plan(active, rules), old: slot.values, isNew: run.created.contains(id))
        guard values != slot.values else { return }
        noteReferences(id, from: slot.values, to: values, &run)
        unindex(joinsOf: slot.values, id)
        metaverse.update(id) { $0.values = values }
        markChanged(metaverse: id)
        index(joinsOf: values, id)
    }

    /// The values that a plan gives to a metaverse object.
    private func evaluate(
        _ plan: FlowPlan, old: ObjectBlob, isNew: Bool
    ) throws(FlowFailure) -> ObjectBlob {
        var writer = BlobWriter()
        writer.reserve(old.bytes.count)
        for entry in plan.entries {
            let (resolved, merged) = try rules.resolve(
                entry, isNew: isNew, environment, frames: frames,
                encode: { self.bytes($0, for: entry.targetType.kind) })
            if let merged {
                writer.append(entry.target, values: merged)
                continue
            }
            switch resolved {
            case .nothing: continue
            case .kept: writer.append(entry.target, piece: old.piece(entry.target))
            case .piece(let piece, _, let kind) where (kind == .reference) == (entry.targetType.kind == .reference):
                writer.append(entry.target, piece: piece)
            case .piece, .values: writer.append(entry.target, values: bytes(resolved, for: entry.targetType.kind))
            }
        }
        return writer.blob
    }

    /// Values as an attribute of a kind holds them.
    func bytes(_ resolved: Resolved, for kind: AttributeKind) -> [[UInt8]] {
        switch resolved {
        case .nothing, .kept: []
        case .piece(let piece, _, let source):
            source == .reference && kind != .reference
                ? readable(ObjectBlob.values(in: piece).map(Array.init), .reference)
                : ObjectBlob.values(in: piece).map(Array.init)
        case .values(let values): values.compactMap { bytes($0, for: kind) }
        }
    }

    private func bytes(_ value: Value, for kind: AttributeKind) -> [UInt8]? {
        switch value {
        case .null, .authoritativeNull, .ignoreThisFlow, .list: nil
        case .string(let text): text.isEmpty ? nil : Array(text.utf8)
        case .number(let number): Array(String(number).utf8)
        case .boolean(let flag): Array((flag ? "True" : "False").utf8)
        case .binary(let bytes): bytes.isEmpty ? nil : bytes
        case .date(let date): Array(date.text.utf8)
        case .reference(let reference) where kind == .reference:
            reference.object == 0 ? nil : ReferenceValue.encode(reference.object)
        case .reference(let reference): Array(reference.name.utf8)
        }
    }

    /// Remembers which references of a metaverse object came and went.
    private func noteReferences(
        _ id: UInt32, from old: ObjectBlob, to new: ObjectBlob, _ run: inout SynchronizationRun
    ) {
        var all: Set<AttributeID> = []
        old.forEachPiece { attribute, _ in all.insert(attribute) }
        new.forEachPiece { attribute, _ in all.insert(attribute) }
        for attribute in all where type(attribute, in: nil).kind == .reference {
            let (before, after) = (old.piece(attribute), new.piece(attribute))
            if before == after { continue }
            let (had, has) = (Self.references(before), Self.references(after))
            var change = run.referenceChanges[id]?[attribute] ?? ReferenceChange()
            change.wasEmpty = change.wasEmpty || had.isEmpty
            change.added.formUnion(has.subtracting(had))
            change.removed.formUnion(had.subtracting(has))
            run.referenceChanges[id, default: [:]][attribute] = change
        }
    }

    static func references(_ piece: ArraySlice<UInt8>) -> Set<UInt32> {
        var all: Set<UInt32> = []
        ObjectBlob.forEachValue(in: piece) { if let id = ReferenceValue.decode($0) { all.insert(id) } }
        return all
    }

    // MARK: - What joins find metaverse objects by

    func index(joinsOf values: ObjectBlob, _ id: UInt32) { forEachJoinHash(values) { joinIndex.insert($0, id) } }
    func unindex(joinsOf values: ObjectBlob, _ id: UInt32) { forEachJoinHash(values) { joinIndex.remove($0, id) } }

    private func forEachJoinHash(_ values: ObjectBlob, _ body: (UInt64) -> Void) {
        values.forEachPiece { attribute, range in
            guard let folds = rules.joinAttributes[attribute] else { return }
            ObjectBlob.forEachValue(in: values.bytes[range]) { body(joinHash($0, attribute, folds: folds)) }
        }
    }

    /// What metaverse objects with this value of an attribute are found by.
    func joinHash(_ value: ArraySlice<UInt8>, _ attribute: AttributeID) -> UInt64 {
        joinHash(value, attribute, folds: rules.joinAttributes[attribute] ?? false)
    }

    /// Texts that differ in case only have the same hash; whoever looks compares as its condition says. Bytes are no texts.
    func joinHash(_ value: ArraySlice<UInt8>, _ attribute: AttributeID, folds: Bool) -> UInt64 {
        let seed = UInt64(attribute.rawValue) + 1
        if !folds { return HashIndex.hash(value, seed: seed) }
        if value.allSatisfy({ $0 < 0x80 }) { return HashIndex.hash(value, seed: seed, fold: true) }
        return HashIndex.hash(String(decoding: value, as: UTF8.self).lowercased().utf8, seed: seed)
    }
}
