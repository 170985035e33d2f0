import SyncConfiguration

/// An import that is going on.
struct ImportSession {
    let connector: Int
    let isFull: Bool
    var seen: Set<UInt32> = []
    var summary = ImportSummary()
    /// Names of objects that others lie below, worked out at the first rename.
    var parents: Set<UInt64>?
}

extension SynchronizationEngine {
    // MARK: - Import

    /// Begins to import a connector: a full import (a dump; what it does not show is gone) or a delta import (changes).
    public func beginImport(connector: String, full: Bool) throws(EngineError) {
        precondition(importing == nil, "an import is going on already; finish or abandon it first")
        importing = ImportSession(connector: try index(of: connector), isFull: full)
    }

    /// Takes in a record of a dump or of a change file.
    public func importRecord(_ record: LDIFRecord) {
        switch record.content {
        case .entry(let attributes), .change(.add(let attributes)):
            importEntry(ImportedEntry(dn: record.dn, type: ImportedEntry.type(of: attributes), attributes: attributes))
        case .change(.delete): importDelete(dn: record.dn)
        case .change(.modify(let modifications)): importModifications(modifications, dn: record.dn)
        case .change(.rename(let newRDN, _, let newSuperior)):
            importRename(dn: record.dn, newRDN: newRDN, newSuperior: newSuperior)
        }
    }

    /// Takes in an object as its directory shows it now.
    public func importEntry(_ entry: ImportedEntry) {
        guard let connector = importing?.connector else { return }
        let anchorName = connectors[connector].kind.anchorAttribute
        guard let anchor = entry.attributes.first(where: { equalIgnoringASCIICase($0.name, anchorName) })?.values.first
        else {
            // A directory shows the heads of its partitions and containers without what the importing account may not read.
            return fail(
                .missingAnchor, entry.dn, "has no \(anchorName): give the importing account the right to read it")
        }
        guard attributes.hasRoom(for: entry.attributes.map(\.name)), types.hasRoom(for: entry.type) else {
            return fail(.tooManyNames, entry.dn, Self.noRoom)
        }
        let id = slot(for: entry, anchor: anchor, connector: connector)
        importing?.seen.insert(id)
        let blob = encode(entry.attributes, connector: connector)
        guard let slot = objects[id] else { return }
        noteParent(of: entry.dn)
        let type = types.number(entry.type)
        let isNew = slot.imported == nil
        if slot.dn != entry.dn {
            rename(id, to: entry.dn)
            if !isNew { importing?.summary.renames += 1 }
        } else if slot.imported == blob, slot.type == type, !slot.flags.contains(.importedDelete) {
            importing?.summary.unchanged += 1
            return
        }
        if isNew { importing?.summary.adds += 1 } else { importing?.summary.updates += 1 }
        setImported(id, blob)
        objects.update(id) {
            $0.type = type
            $0.flags.remove([.placeholder, .importedDelete])
            $0.flags.insert(.pendingImport)
        }
    }

    /// Takes in that an object is gone.
    public func importDelete(dn: String) {
        guard let connector = importing?.connector else { return }
        guard let id = find(dn: dn, in: connector), objects[id]?.imported != nil else {
            return fail(.unknownObject, dn, "is deleted, but no import has shown it: run a full import")
        }
        markDeleted(id)
    }

    /// Ends the import. A full one marks what it did not see as deleted.
    public func finishImport() -> ImportSummary {
        guard let session = importing else { return ImportSummary() }
        if session.isFull {
            for case let slot? in objects.slots
            where slot.connector == session.connector && slot.imported != nil && !session.seen.contains(slot.id)
                && !slot.flags.contains(.importedDelete)
            {
                markDeleted(slot.id)
            }
        }
        defer { importing = nil }
        return importing?.summary ?? session.summary
    }

    /// Ends an import whose source could not be read to its end: what it showed stays, and nothing is taken for deleted.
    public func abandonImport() -> ImportSummary {
        defer { importing = nil }
        return importing?.summary ?? ImportSummary()
    }

    // MARK: - Parts

    private func fail(_ code: ObjectError.Code, _ dn: String, _ detail: String) {
        guard let connector = importing?.connector else { return }
        // What a dump shows unreadably is there all the same, and must not be taken for deleted.
        if let known = find(dn: dn, in: connector) { importing?.seen.insert(known) }
        importing?.summary.errors.append(ObjectError(code, connector: connectors[connector].id, dn: dn, detail))
    }

    private func markDeleted(_ id: UInt32) {
        importing?.summary.deletes += 1
        objects.update(id) {
            $0.flags.insert(.importedDelete)
            $0.flags.remove(.pendingImport)
        }
        markChanged(object: id)
    }

    /// The object that an entry is about: the one with its anchor, else one with its name that has no anchor yet, else a new one.
    private func slot(for entry: ImportedEntry, anchor: [UInt8], connector: Int) -> UInt32 {
        let named = find(dn: entry.dn, in: connector).filter { objects[$0]?.imported == nil }
        guard let known = find(anchor: anchor, in: connector) else {
            return named ?? create(connector: connector, type: types.number(entry.type), dn: entry.dn, flags: [])
        }
        // A directory took our new object for one it had: both are one object now, and ours has the links.
        if let named, named != known, objects[named]?.outboundRule != 0, objects[known]?.metaverse == 0 {
            remove(known)
            return named
        }
        return known
    }

    private func encode(_ source: [LDIFAttribute], connector: Int) -> ObjectBlob {
        var merged: [(id: AttributeID, values: [[UInt8]])] = []
        for attribute in source where !Self.isDerived(attribute.name) {
            let id = attributes.id(attribute.name)
            let values = values(attribute.values, of: id, connector: connector)
            if let known = merged.firstIndex(where: { $0.id == id }) {
                merged[known].values += values
            } else {
                merged.append((id, values))
            }
        }
        return ObjectBlob(merged)
    }

    private func values(_ values: [[UInt8]], of id: AttributeID, connector: Int) -> [[UInt8]] {
        guard type(id, in: connectors[connector].id).kind == .reference else { return values }
        return values.map { ReferenceValue.encode(reference(to: String(decoding: $0, as: UTF8.self), in: connector)) }
    }

    /// The number of the object with this name; a placeholder where no import has shown it yet.
    private func reference(to dn: String, in connector: Int) -> UInt32 {
        find(dn: dn, in: connector) ?? create(connector: connector, type: 0, dn: dn, flags: .placeholder)
    }

    private static let noRoom =
        "has attributes or a type beyond the \(AttributeTable.capacity) names that a server can hold: leave it out of the import"

    /// Attributes that a directory derives from others or counts for itself; they would make every object look changed.
    private static func isDerived(_ name: String) -> Bool { derived.contains(name.lowercased()) }
    private static let derived: Set<String> = [
        "distinguishedname", "memberof", "directreports", "managedobjects", "usnchanged", "usncreated", "whenchanged",
        "whencreated", "lastlogon", "lastlogontimestamp", "logoncount", "dscorepropagationdata", "badpwdcount",
    ]

    private func importModifications(_ modifications: [LDIFModification], dn: String) {
        guard let connector = importing?.connector else { return }
        guard let id = find(dn: dn, in: connector), let old = objects[id]?.imported else {
            return fail(.unknownObject, dn, "is modified, but no import has shown it: run a full import")
        }
        guard attributes.hasRoom(for: modifications.map(\.attribute.name)) else {
            return fail(.tooManyNames, dn, Self.noRoom)
        }
        var content = old.attributes
        for modification in modifications where !Self.isDerived(modification.attribute.name) {
            let attribute = attributes.id(modification.attribute.name)
            let place = content.firstIndex { $0.id == attribute }
            let present = place.map { content[$0].values } ?? []
            let operands = values(modification.attribute.values, of: attribute, connector: connector)
            guard let result = modification.operation.apply(operands, to: present) else {
                return fail(
                    .malformedChange, dn, "\(modification.attribute.name) cannot be incremented: not an integer")
            }
            if let place { content[place].values = result } else { content.append((attribute, result)) }
        }
        let blob = ObjectBlob(content)
        importing?.seen.insert(id)
        guard blob != old else {
            importing?.summary.unchanged += 1
            return
        }
        importing?.summary.updates += 1
        setImported(id, blob)
        objects.update(id) { $0.flags.insert(.pendingImport) }
    }

    private func importRename(dn: String, newRDN: String, newSuperior: String?) {
        guard let connector = importing?.connector else { return }
        guard let id = find(dn: dn, in: connector), let slot = objects[id] else {
            return fail(.unknownObject, dn, "is renamed, but no import has shown it: run a full import")
        }
        let parent = newSuperior ?? DistinguishedName.parent(slot.dn)
        let renamed = parent.map { "\(newRDN),\($0)" } ?? newRDN
        let below = objectsBelow(slot)
        rename(id, to: renamed)
        // A change file names the container only; what lies in it moves along.
        let depth = DistinguishedName.parts(slot.dn).count
        for child in below {
            rename(
                child.id,
                to: (DistinguishedName.parts(child.dn).dropLast(depth) + [renamed[...]]).joined(separator: ","))
        }
        // Whatever they lie below now may be renamed next.
        for child in below { noteParent(of: objects[child.id]?.dn ?? child.dn) }
        noteParent(of: renamed)
        importing?.summary.renames += 1
        objects.update(id) { $0.flags.insert(.pendingImport) }
    }

    private func parentHash(_ dn: String) -> UInt64? {
        DistinguishedName.parent(dn).map { hash(dn: DistinguishedName.normalized($0)) }
    }

    private func noteParent(of dn: String) {
        if importing?.parents != nil, let parent = parentHash(dn) { importing?.parents?.insert(parent) }
    }

    /// Most objects have nothing below them, and a look through the whole connector space for each renamed user would cost more than the
    /// rest of the import.
    private func objectsBelow(_ slot: ObjectSlot) -> [ObjectSlot] {
        let name = DistinguishedName.normalized(slot.dn)
        var all: [ObjectSlot] { objects.slots.compactMap { $0 }.filter { $0.connector == slot.connector } }
        let parents = importing?.parents ?? Set(all.compactMap { parentHash($0.dn) })
        importing?.parents = parents
        guard parents.contains(hash(dn: name)) else { return [] }
        return all.filter { DistinguishedName.normalized($0.dn).hasSuffix("," + name) }
    }
}

extension ImportedEntry {
    /// The most specific object class, which AD and this project's directories write last.
    static func type(of attributes: [LDIFAttribute]) -> String {
        let classes = attributes.first { equalIgnoringASCIICase($0.name, "objectClass") }?.values
        return classes?.last.map { String(decoding: $0, as: UTF8.self) } ?? "top"
    }
}

extension LDIFModification.Operation {
    /// nil where an increment meets something that is no integer. Values that are there already, or gone already, are no error: a change
    /// file may be read twice.
    func apply(_ operands: [[UInt8]], to present: [[UInt8]]) -> [[UInt8]]? {
        switch self {
        case .replace: return operands
        case .delete where operands.isEmpty: return []
        case .delete:
            let removed = Set(operands)
            return present.filter { !removed.contains($0) }
        case .add:
            let known = Set(present)
            return present + operands.filter { !known.contains($0) }
        case .increment:
            guard let step = operands.first.flatMap({ Int64(String(decoding: $0, as: UTF8.self)) }) else { return nil }
            var result: [[UInt8]] = []
            for value in present {
                guard let number = Int64(String(decoding: value, as: UTF8.self)) else { return nil }
                let (sum, overflow) = number.addingReportingOverflow(step)
                if overflow { return nil }
                result.append(Array(String(sum).utf8))
            }
            return result
        }
    }
}

extension Optional {
    fileprivate func filter(_ isWanted: (Wrapped) -> Bool) -> Wrapped? { flatMap { isWanted($0) ? $0 : nil } }
}
