import SyncConfiguration

extension SynchronizationEngine {
    // MARK: - References in target directories

    /// Remembers where references to an object led, before its link or the target object goes.
    func noteDeparture(_ object: UInt32, of id: UInt32, _ run: inout SynchronizationRun) {
        run.reachabilityChanged.insert(object)
        for link in metaverse.read(id, { $0.links }) ?? [] where link != object {
            let isTarget = objects.read(link) { $0.outboundRule != 0 } ?? false
            if isTarget, run.departed[object]?.contains(link) != true { run.departed[object, default: []].append(link) }
        }
    }

    /// Looks up the references of the objects that were worked out, and of those that refer to something that came or went.
    ///
    /// Where a list of references was there before, only what changed in it is looked up.
    func stageReferences(_ run: inout SynchronizationRun) {
        addReferrers(&run)
        let tasks = run.referenceTasks
        run.referenceTasks = []
        var start = 0
        while start < tasks.count {
            var end = start + 1
            while end < tasks.count, tasks[end].object == tasks[start].object { end += 1 }
            stageReferences(tasks[start..<end], &run)
            start = end
        }
    }

    private func stageReferences(_ tasks: ArraySlice<ReferenceTask>, _ run: inout SynchronizationRun) {
        guard let first = tasks.first, let slot = objects[first.object], var staged = slot.staged else { return }
        for task in tasks {
            let old = staged.piece(task.target)
            let new = lookedUp(task, slot, old, &run)
            if !new.elementsEqual(old) { staged = staged.replacing(task.target, with: new[...]) }
        }
        if slot.flags.contains(.staleReferences) {
            objects.update(first.object) { $0.flags.remove(.staleReferences) }
            markChanged(object: first.object)
        }
        let before = run.stagedBefore.removeValue(forKey: first.object) ?? slot.staged
        if staged != before {
            objects.update(first.object) { $0.staged = before }
            setStaged(first.object, staged, &run)
        }
    }

    private func lookedUp(
        _ task: ReferenceTask, _ slot: ObjectSlot, _ old: ArraySlice<UInt8>, _ run: inout SynchronizationRun
    ) -> [UInt8] {
        switch task.content {
        case .objects(let sources): return encode(targets(of: sources, in: slot.connector, &run))
        case .attribute(let attribute):
            let piece = metaverse.read(task.metaverse) { $0.values }?.piece(attribute) ?? []
            if let known = changed(task, attribute, piece, slot, old, &run) { return encode(known) }
            var sources: [UInt32] = []
            ObjectBlob.forEachValue(in: piece) { if let id = ReferenceValue.decode($0) { sources.append(id) } }
            return encode(targets(of: sources, in: slot.connector, &run))
        }
    }

    /// The list as it was with what changed in it; nil where it has to be worked out whole.
    private func changed(
        _ task: ReferenceTask, _ attribute: AttributeID, _ piece: ArraySlice<UInt8>, _ slot: ObjectSlot,
        _ old: ArraySlice<UInt8>, _ run: inout SynchronizationRun
    ) -> [UInt32]? {
        let change = run.referenceChanges[task.metaverse]?[attribute] ?? ReferenceChange()
        guard !old.isEmpty, !change.wasEmpty, !slot.flags.contains(.staleReferences),
            !run.created.contains(task.metaverse),
            rules.referenceSource(connector: slot.connector, type: slot.type, target: task.target) == attribute
        else { return nil }
        var present: Set<UInt32> = []
        var looked = change.added
        if !run.reachabilityChanged.isEmpty {
            ObjectBlob.forEachValue(in: piece) { value in
                if let id = ReferenceValue.decode(value), run.reachabilityChanged.contains(id) { looked.insert(id) }
            }
        }
        ObjectBlob.forEachValue(in: old) { if let id = ReferenceValue.decode($0) { present.insert(id) } }
        for source in change.removed.union(looked) {
            for target in run.departed[source] ?? [] { present.remove(target) }
            if change.removed.contains(source), !looked.contains(source),
                let target = target(source, slot.connector, &run)
            {
                present.remove(target)
            }
        }
        for source in looked { if let target = target(source, slot.connector, &run) { present.insert(target) } }
        return present.sorted()
    }

    private func encode(_ references: [UInt32]) -> [UInt8] { BlobWriter.piece(references.map(ReferenceValue.encode)) }

    /// References of source directories as references of a target directory, in ascending order. Those without an object there are left
    /// out.
    private func targets(of sources: [UInt32], in connector: Int, _ run: inout SynchronizationRun) -> [UInt32] {
        var found: [UInt32] = []
        found.reserveCapacity(sources.count)
        for source in sources { if let target = target(source, connector, &run) { found.append(target) } }
        found.sort()
        var unique: [UInt32] = []
        unique.reserveCapacity(found.count)
        for id in found where unique.last != id { unique.append(id) }
        return unique
    }

    /// The object of a target directory that a reference to a source object leads to.
    private func target(_ source: UInt32, _ connector: Int, _ run: inout SynchronizationRun) -> UInt32? {
        run.summary.evaluatedReferences += 1
        guard let (own, id) = objects.read(source, { ($0.connector, $0.metaverse) }), id != 0 else {
            return nil
        }
        // A directory's own objects are referred to by themselves.
        if own == connector { return source }
        return metaverse.read(id) { slot in
            slot.links.first { link in
                objects.read(link) { $0.connector == connector && !$0.flags.contains(.pendingDelete) } ?? false
            }
        } ?? nil
    }

    /// Adds the metaverse objects that no import touched and whose references now lead elsewhere: groups with members that came or went,
    /// reports of managers.
    private func addReferrers(_ run: inout SynchronizationRun) {
        guard !run.reachabilityChanged.isEmpty, run.touched.count < metaverse.count else { return }
        let references = attributes.names.indices.map { AttributeID(rawValue: UInt16($0)) }.filter {
            type($0, in: nil).kind == .reference
        }
        var whole: [UInt32] = []
        for case let slot? in metaverse.slots where !run.touched.contains(slot.id) {
            var hit: Set<AttributeID> = []
            for attribute in references {
                var refers = false
                ObjectBlob.forEachValue(in: slot.values.piece(attribute)) { value in
                    if !refers, let id = ReferenceValue.decode(value) { refers = run.reachabilityChanged.contains(id) }
                }
                if refers { hit.insert(attribute) }
            }
            if !hit.isEmpty, !addTasks(slot, hit, &run) { whole.append(slot.id) }
        }
        for id in whole.sorted() {
            run.touched.insert(id)
            provision(id, &run)
        }
    }

    /// Adds what has to be looked up in the target objects of a metaverse object; false where only the rules can tell.
    private func addTasks(_ slot: MetaverseSlot, _ changed: Set<AttributeID>, _ run: inout SynchronizationRun) -> Bool {
        var tasks: [ReferenceTask] = []
        for link in slot.links {
            guard let object = objects[link], let staged = object.staged, object.outboundRule != 0 else { continue }
            for target in rules.managed(connector: object.connector, type: object.type).sorted()
            where type(target, in: connectors[object.connector].id).kind == .reference {
                guard
                    let source = rules.referenceSource(
                        connector: object.connector, type: object.type, target: target)
                else { return false }
                guard changed.contains(source) else { continue }
                // An empty list says nothing about whether the rules fill it.
                if staged.piece(target).isEmpty { return false }
                tasks.append(
                    ReferenceTask(object: link, target: target, metaverse: slot.id, content: .attribute(source)))
            }
        }
        run.referenceTasks += tasks
        return true
    }
}

extension ObjectBlob {
    /// The same with other values of one attribute.
    func replacing(_ wanted: AttributeID, with piece: ArraySlice<UInt8>) -> ObjectBlob {
        var writer = BlobWriter()
        writer.reserve(bytes.count + piece.count + 8)
        var isWritten = false
        forEachPiece { attribute, range in
            if attribute >= wanted, !isWritten {
                writer.append(wanted, piece: piece)
                isWritten = true
            }
            if attribute != wanted { writer.append(attribute, piece: bytes[range]) }
        }
        if !isWritten { writer.append(wanted, piece: piece) }
        return writer.blob
    }
}
