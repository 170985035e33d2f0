import SyncConfiguration

extension SynchronizationEngine {
    // MARK: - Pending exports

    /// Calls the body with everything that an export of this connector has to do: first the deletes, because what comes may need the
    /// addresses of what goes, then the rest, each object by object.
    ///
    /// An export is pending as long as the last import does not show what is wanted, so one that failed, or that nobody has
    /// confirmed, comes again by itself.
    ///
    /// With `only`, what would need another operation is passed over without being worked out.
    public func forEachPendingExport(
        connector: String, only wanted: PendingExport.Operation? = nil, _ body: (PendingExport) throws -> Void
    ) throws {
        let index = try index(of: connector)
        for isDelete in [true, false] {
            for case let slot? in objects.slots
            where slot.connector == index && slot.flags.contains(.pendingDelete) == isDelete
                && (wanted == nil || wanted == Self.operation(slot))
            {
                if let pending = pendingExport(slot) { try body(pending) }
            }
        }
    }

    /// What is pending for one object.
    public func pendingExport(object id: UInt32) -> PendingExport? { objects[id].flatMap(pendingExport) }

    /// What an object needs if it needs anything.
    private static func operation(_ slot: ObjectSlot) -> PendingExport.Operation {
        slot.flags.contains(.pendingDelete) ? .delete : slot.imported == nil ? .add : .update
    }

    private func pendingExport(_ slot: ObjectSlot) -> PendingExport? {
        if slot.flags.contains(.pendingDelete) { return slot.imported == nil ? nil : export(slot, .delete, []) }
        guard let staged = slot.staged else { return nil }
        guard let imported = slot.imported else { return export(slot, .add, changes(from: .empty, to: staged, slot)) }
        let changes = changes(from: imported, to: staged, slot)
        return changes.isEmpty ? nil : export(slot, .update, changes)
    }

    private func export(_ slot: ObjectSlot, _ operation: PendingExport.Operation, _ changes: [PendingExport.Change])
        -> PendingExport
    {
        PendingExport(
            object: slot.id, operation: operation, type: types.text(slot.type) ?? "", dn: slot.dn,
            anchor: anchor(of: slot),
            changes: changes)
    }

    /// Differences in the attributes that rules manage; what a directory has besides is its own. In an object that the rules only joined,
    /// they manage what they have values for.
    private func changes(from old: ObjectBlob, to new: ObjectBlob, _ slot: ObjectSlot) -> [PendingExport.Change] {
        if old == new { return [] }
        var changes: [PendingExport.Change] = []
        let connector = connectors[slot.connector].id
        for attribute in rules.managed(connector: slot.connector, type: slot.type).sorted() {
            let wanted = new.values(attribute)
            let kind = type(attribute, in: connector).kind
            if old.bytes.isEmpty {
                guard !wanted.isEmpty else { continue }
                let added = wanted.map(Array.init)
                changes.append(
                    PendingExport.Change(
                        attribute: attributes.name(attribute), kind: kind, removed: [], added: readable(added, kind)))
                continue
            }
            let present = old.values(attribute)
            if present == wanted || (slot.outboundRule == 0 && wanted.isEmpty) { continue }
            let (before, after) = (Set(present), Set(wanted))
            let isMerged = slot.outboundRule == 0 && rules.isMerged(attribute, slot.connector, slot.type)
            let removed = isMerged ? [] : present.filter { !after.contains($0) }.map(Array.init)
            let added = wanted.filter { !before.contains($0) }.map(Array.init)
            if removed.isEmpty, added.isEmpty { continue }
            changes.append(
                PendingExport.Change(
                    attribute: attributes.name(attribute), kind: kind, removed: readable(removed, kind),
                    added: readable(added, kind)))
        }
        return changes
    }
}
