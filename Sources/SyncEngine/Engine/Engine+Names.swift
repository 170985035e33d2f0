extension SynchronizationEngine {
    // MARK: - Finding by name and by anchor

    func hash(dn normalized: String) -> UInt64 { HashIndex.hash(normalized.utf8) }

    func find(dn: String, in connector: Int) -> UInt32? {
        let normalized = DistinguishedName.normalized(dn)
        var found: UInt32?
        names[connector].forEach(hash(dn: normalized)) { id in
            if found != nil { return }
            let isMeant = objects.read(id) { slot in
                slot.connector == connector && (slot.dn == dn || DistinguishedName.normalized(slot.dn) == normalized)
            }
            if isMeant == true { found = id }
        }
        return found
    }

    func find(anchor: [UInt8], in connector: Int) -> UInt32? {
        let attribute = anchorAttributes[connector]
        var found: UInt32?
        anchors[connector].forEach(HashIndex.hash(anchor)) { id in
            if found == nil, let values = objects[id]?.imported?.values(attribute),
                values.first.map(Array.init) == anchor
            {
                found = id
            }
        }
        return found
    }

    func anchor(of slot: ObjectSlot) -> [UInt8]? {
        slot.imported?.values(anchorAttributes[slot.connector]).first.map(Array.init)
    }

    // MARK: - Keeping the indexes

    func indexNames(of slot: ObjectSlot) {
        names[slot.connector].insert(hash(dn: DistinguishedName.normalized(slot.dn)), slot.id)
        if let anchor = anchor(of: slot) { anchors[slot.connector].insert(HashIndex.hash(anchor), slot.id) }
    }

    func rename(_ id: UInt32, to dn: String) {
        guard let slot = objects[id], slot.dn != dn else { return }
        names[slot.connector].remove(hash(dn: DistinguishedName.normalized(slot.dn)), id)
        objects.update(id) { $0.dn = dn }
        names[slot.connector].insert(hash(dn: DistinguishedName.normalized(dn)), id)
        markChanged(object: id)
    }

    func setImported(_ id: UInt32, _ blob: ObjectBlob?) {
        guard let slot = objects[id] else { return }
        if let old = anchor(of: slot) { anchors[slot.connector].remove(HashIndex.hash(old), id) }
        objects.update(id) { $0.imported = blob == $0.staged ? $0.staged : blob }
        if let changed = objects[id], let new = anchor(of: changed) {
            anchors[slot.connector].insert(HashIndex.hash(new), id)
        }
        markChanged(object: id)
    }

    /// Makes an object without values.
    func create(connector: Int, type: UInt16, dn: String, flags: StoredObject.Flags) -> UInt32 {
        let slot = ObjectSlot(id: nextObject, connector: connector, type: type, dn: dn, flags: flags)
        nextObject += 1
        objects[slot.id] = slot
        indexNames(of: slot)
        markChanged(object: slot.id)
        return slot.id
    }

    func remove(_ id: UInt32) {
        guard let slot = objects[id] else { return }
        names[slot.connector].remove(hash(dn: DistinguishedName.normalized(slot.dn)), id)
        if let anchor = anchor(of: slot) { anchors[slot.connector].remove(HashIndex.hash(anchor), id) }
        objects[id] = nil
        waiting.remove(id)
        markChanged(object: id)
    }
}
