import SyncConfiguration
import SyncExpressions

extension SynchronizationEngine {
    // MARK: - Objects

    /// Makes, takes over or gives up the objects that a metaverse object has in target directories, and stages their values.
    func provision(_ id: UInt32, _ run: inout SynchronizationRun) {
        guard let slot = metaverse[id] else { return }
        let frame = metaverseFrame
        frame.open(slot.values)
        for connector in connectors.indices {
            let all = rules.outbound(connector: connector, type: slot.type)
            var current = slot.links.first { link in objects.read(link) { $0.connector } == connector }
            let provisioned = current.flatMap { link in objects.read(link) { $0.outboundRule } } ?? 0
            if all.isEmpty, provisioned == 0 { continue }
            let active = all.filter { isInScope(rules.rules[$0], frame) }
            if let rule = active.first(where: { rules.rules[$0].source.linkType == .provision }) {
                let type = rules.rules[rule].connectorType
                provision(slot, frame, by: rule, active.filter { rules.rules[$0].connectorType == type }, current, &run)
                continue
            }
            if let object = current, provisioned != 0 {
                release(object, &run)
                continue
            }
            if current == nil { current = join(slot, frame, active, &run) }
            if let current, let object = objects[current] {
                stage(object, slot, active.filter { rules.rules[$0].connectorType == object.type }, &run)
            }
        }
    }

    private func provision(
        _ slot: MetaverseSlot, _ frame: ObjectFrame, by index: Int, _ active: [Int], _ current: UInt32?,
        _ run: inout SynchronizationRun
    ) {
        let rule = rules.rules[index]
        var existing = current.flatMap { objects[$0] }
        if let object = existing, object.type != rule.connectorType, object.outboundRule != 0 {
            // A promotion: the contact of yesterday is a user today, which is another object in the cloud.
            release(object.id, &run)
            existing = nil
        }
        let name: String
        do {
            guard let found = try targetName(frame, active) ?? existing?.dn else {
                let detail = "\"\(rule.source.name)\" gives the new object no name: it has no value for \"dn\""
                return fail(.missingName, source(of: slot.id) ?? ObjectSlot.none, detail, &run)
            }
            name = found
        } catch {
            return report(error, of: existing ?? source(of: slot.id), &run)
        }
        if let object = existing {
            let isNamed =
                object.outboundRule == 0
                || DistinguishedName.normalized(object.dn) == DistinguishedName.normalized(name)
            if isNamed {
                if stage(object, slot, active, &run) { adopt(object.id, by: rule, into: slot.id, &run) }
                return
            }
            if object.imported == nil {
                // Never exported: it may still be called anything.
                if let other = find(dn: name, in: rule.connector), other != object.id {
                    release(object.id, &run)
                    return provision(slot.id, &run)
                }
                rename(object.id, to: name)
                stage(object, slot, active, &run)
                return
            }
            // What the rules say of it comes first; they mostly have an error of their own for this.
            let tasks = run.referenceTasks.count
            guard stage(object, slot, active, &run) else { return }
            run.referenceTasks.removeLast(run.referenceTasks.count - tasks)
            run.stagedBefore[object.id] = nil
            objects.update(object.id) { $0.staged = object.staged }
            return fail(
                .anchorChanged, object, "its source anchor has changed (now \(name)): put the old value back", &run)
        }
        let found = find(dn: name, in: rule.connector) ?? join(slot, frame, [index], &run)
        if let found, let object = objects[found], !object.flags.contains(.placeholder) {
            guard object.metaverse == 0 || object.metaverse == slot.id, object.type == rule.connectorType else {
                return fail(.nameTaken, object, "the name \(name) belongs to another object already", &run)
            }
            if stage(object, slot, active, &run) { adopt(found, by: rule, into: slot.id, &run) }
            return
        }
        let new = found ?? create(connector: rule.connector, type: rule.connectorType, dn: name, flags: [])
        objects.update(new) { $0.type = rule.connectorType }
        guard let object = objects[new] else { return }
        if stage(object, slot, active, isNew: true, &run) {
            adopt(new, by: rule, into: slot.id, &run)
        } else if found == nil {
            remove(new)
        }
    }

    /// Ties a target object to the metaverse object.
    private func adopt(_ object: UInt32, by rule: CompiledRules.Rule, into id: UInt32, _ run: inout SynchronizationRun)
    {
        guard let slot = objects[object] else { return }
        if slot.outboundRule == rule.number, slot.metaverse == id { return }
        if slot.outboundRule == 0 || slot.metaverse != id {
            run.summary.provisioned += 1
            run.reachabilityChanged.formUnion(metaverse.read(id) { $0.links } ?? [])
        }
        objects.update(object) {
            $0.metaverse = id
            $0.outboundRule = rule.number
            $0.flags.remove([.pendingDelete, .placeholder])
        }
        metaverse.update(id) { if !$0.links.contains(object) { $0.links.append(object) } }
        waiting.remove(object)
        markChanged(object: object)
    }

    /// Unties a target object that the rules want no longer.
    private func release(_ object: UInt32, _ run: inout SynchronizationRun) {
        guard let slot = objects[object] else { return }
        for link in metaverse.read(slot.metaverse, { $0.links }) ?? [] { noteDeparture(link, of: slot.metaverse, &run) }
        metaverse.update(slot.metaverse) { $0.links.removeAll { $0 == object } }
        let former = slot.metaverse
        objects.update(object) {
            $0.metaverse = 0
            $0.inboundRule = 0
        }
        deprovision(object, &run)
        // What it contributed goes with it.
        do { try recompute(former, &run) } catch { report(error, of: source(of: former), &run) }
        if let values = metaverse.read(former, { $0.values }) { metaverseFrame.open(values) }
    }

    /// Marks an object that the engine once provisioned for delete; one that was never exported just goes.
    func deprovision(_ object: UInt32, _ run: inout SynchronizationRun) {
        guard let slot = objects[object] else { return }
        run.summary.deprovisioned += 1
        if slot.imported == nil { return remove(object) }
        objects.update(object) {
            $0.outboundRule = 0
            $0.staged = nil
            $0.flags.insert(.pendingDelete)
        }
        markChanged(object: object)
    }

    private func targetName(_ frame: ObjectFrame, _ active: [Int]) throws(FlowFailure) -> String? {
        for rule in active {
            for place in rules.rules[rule].flows where rules.flows[place].target == dnAttribute {
                let contribution = try rules.contribution(rules.flows[place], frame, isNew: true, environment)
                if let name = bytes(contribution, for: .text).first { return String(decoding: name, as: UTF8.self) }
            }
        }
        return nil
    }

    /// An object that a metaverse object comes from, to name it in errors.
    func source(of id: UInt32) -> ObjectSlot? {
        let links = metaverse.read(id) { $0.links } ?? []
        return links.lazy.compactMap { self.objects[$0] }.first { $0.outboundRule == 0 }
    }

    // MARK: - Joins

    /// The one object without a link that the join conditions of these rules find in their connector space.
    private func join(_ slot: MetaverseSlot, _ frame: ObjectFrame, _ active: [Int], _ run: inout SynchronizationRun)
        -> UInt32?
    {
        for index in active {
            let rule = rules.rules[index]
            for group in rule.join {
                guard let first = group.first else { continue }
                let candidates = unlinked(rule.connector, &run)
                var found: Set<UInt32> = []
                for value in frame.values(first.metaverseAttribute) {
                    candidates.forEach(joinHash(value, first.connectorAttribute, folds: true)) { id in
                        guard let object = objects[id], object.metaverse == 0, object.type == rule.connectorType,
                            !object.flags.contains(.pendingDelete), let blob = object.imported
                        else { return }
                        if group.allSatisfy({ holds($0, blob, frame) }) { found.insert(id) }
                    }
                }
                guard found.count == 1, let only = found.first else { continue }
                objects.update(only) { $0.metaverse = slot.id }
                markChanged(object: only)
                metaverse.update(slot.id) { $0.links.append(only) }
                run.summary.joins += 1
                waiting.remove(only)
                return only
            }
        }
        return nil
    }

    func holds(_ condition: CompiledRules.Condition, _ blob: ObjectBlob, _ frame: ObjectFrame) -> Bool {
        let mine = frame.values(condition.metaverseAttribute)
        return blob.values(condition.connectorAttribute).contains { there in
            mine.contains { condition.areEqual($0, there) }
        }
    }

    /// Objects of a connector space without a link, by what outbound joins compare.
    private func unlinked(_ connector: Int, _ run: inout SynchronizationRun) -> HashIndex {
        if let known = run.unlinked[connector] { return known }
        let attributes = Set(
            rules.rules.filter { !$0.isInbound && $0.connector == connector }
                .flatMap { $0.join.joined().map(\.connectorAttribute) })
        var index = HashIndex()
        for case let slot? in objects.slots where slot.connector == connector && slot.metaverse == 0 {
            guard let blob = slot.imported else { continue }
            for attribute in attributes {
                for value in blob.values(attribute) { index.insert(joinHash(value, attribute, folds: true), slot.id) }
            }
        }
        run.unlinked[connector] = index
        return index
    }

    // MARK: - Values

    /// Works out what a target object has to look like, but for references to other objects, which follow when all are there. Answers
    /// whether that worked; an object that fails stays as it was.
    @discardableResult private func stage(
        _ object: ObjectSlot, _ slot: MetaverseSlot, _ active: [Int], isNew: Bool = false,
        _ run: inout SynchronizationRun
    ) -> Bool {
        let isProvisioned = active.contains { rules.rules[$0].source.linkType == .provision }
        guard active.contains(where: { rules.rules[$0].makesLinks }) else { return true }
        let plan = outboundPlans.plan(active, rules, except: dnAttribute)
        let old = object.staged ?? .empty
        var writer = BlobWriter()
        writer.reserve(old.bytes.count)
        var tasks: [ReferenceTask] = []
        let frames = [metaverseFrame]
        do {
            for entry in plan.entries {
                let (resolved, merged) = try rules.resolve(
                    entry, isNew: isNew, environment, frames: frames,
                    encode: { self.bytes($0, for: entry.targetType.kind) })
                if entry.targetType.kind == .reference {
                    // Until it is looked up, what was there stays.
                    writer.append(entry.target, piece: old.piece(entry.target))
                    if let content = references(resolved, merged) {
                        tasks.append(
                            ReferenceTask(
                                object: object.id, target: entry.target, metaverse: slot.id, content: content))
                    }
                } else if let merged {
                    writer.append(entry.target, values: merged)
                } else if case .kept = resolved {
                    let kept = old.piece(entry.target)
                    writer.append(
                        entry.target, piece: kept.isEmpty ? object.imported?.piece(entry.target) ?? [] : kept)
                } else if case .piece(let piece, _, let kind) = resolved, kind != .reference {
                    writer.append(entry.target, piece: piece)
                } else {
                    writer.append(entry.target, values: bytes(resolved, for: entry.targetType.kind))
                }
            }
        } catch {
            objects.update(object.id) { $0.flags.insert(.staleReferences) }
            report(error, of: object.imported == nil ? source(of: slot.id) : object, &run)
            return false
        }
        let staged = writer.blob
        if tasks.isEmpty, !isProvisioned, staged == .empty, object.staged == nil { return true }
        run.referenceTasks += tasks
        if tasks.isEmpty {
            if staged != object.staged { setStaged(object.id, staged, &run) }
        } else {
            run.stagedBefore[object.id] = .some(object.staged)
            objects.update(object.id) { $0.staged = staged }
        }
        return true
    }

    func setStaged(_ id: UInt32, _ staged: ObjectBlob, _ run: inout SynchronizationRun) {
        objects.update(id) { $0.staged = staged == $0.imported ? $0.imported : staged }
        run.summary.staged += 1
        markChanged(object: id)
    }

    /// What of a resolved attribute has to be looked up; nil where it stays as it is.
    private func references(_ resolved: Resolved, _ merged: [[UInt8]]?) -> ReferenceTask.Content? {
        if let merged { return .objects(merged.compactMap { ReferenceValue.decode($0) }) }
        switch resolved {
        case .kept: return nil
        case .nothing: return .objects([])
        case .piece(_, let source, .reference): return .attribute(source)
        case .piece: return .objects([])
        case .values(let values):
            return .objects(
                values.compactMap { value in
                    if case .reference(let reference) = value, reference.object != 0 { return reference.object }
                    return nil
                })
        }
    }
}

extension ObjectSlot {
    /// Stands in errors for an object that has no source.
    static var none: ObjectSlot { ObjectSlot(id: 0, connector: 0, type: 0, dn: "") }
}
