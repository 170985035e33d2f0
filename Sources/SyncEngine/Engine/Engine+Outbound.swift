import SyncConfiguration

extension SynchronizationEngine {
    // MARK: - Outbound: objects

    /// Makes, takes over or gives up the objects that a metaverse object has in target directories.
    func provision(_ id: UInt32, _ run: inout SynchronizationRun) {
        guard let slot = metaverse[id] else { return }
        let values = values(ofMetaverse: id)
        for connector in connectors.indices {
            let all = rules.outbound(connector: connector, type: slot.type)
            let current = slot.links.first { objects[$0]?.connector == connector }
            if all.isEmpty && (current.flatMap { objects[$0] }?.outboundRule ?? 0) == 0 { continue }
            let active = all.filter { rules.rules[$0].isInScope(values) }
            let provisioning = active.first { rules.rules[$0].source.linkType == .provision }
            if let provisioning {
                let type = rules.rules[provisioning].connectorType
                let siblings = active.filter { rules.rules[$0].connectorType == type }
                provision(id, values, by: provisioning, siblings, current, &run)
            } else if let current, objects[current]?.outboundRule != 0 {
                release(current, &run)
            }
        }
    }

    private func provision(
        _ id: UInt32, _ values: MetaverseValues, by rule: Int, _ active: [Int], _ current: UInt32?,
        _ run: inout SynchronizationRun
    ) {
        let rule = rules.rules[rule]
        guard let name = targetName(values, active) else {
            let source = sourceName(id)
            run.summary.errors.append(
                ObjectError(
                    .missingName, connector: connectors[rule.connector].id, dn: source,
                    "\"\(rule.source.name)\" gives the new object no name: it has no value for \"dn\""))
            return
        }
        var existing = current.flatMap { objects[$0] }
        if let object = existing, object.type != rule.connectorType, object.outboundRule != 0 {
            // A promotion: the contact of yesterday is a user today, which is another object in the cloud.
            release(object.id, &run)
            existing = nil
        }
        if let object = existing {
            if object.outboundRule == 0 || DistinguishedName.normalized(object.dn) == DistinguishedName.normalized(name)
            {
                adopt(object.id, by: rule, into: id, &run)
            } else {
                fail(
                    .anchorChanged, object, "its source anchor has changed (now \(name)): put the old value back", &run)
            }
            return
        }
        if let found = find(dn: name, in: rule.connector), let object = objects[found],
            !object.flags.contains(.placeholder)
        {
            guard object.metaverse == 0 || object.metaverse == id, object.type == rule.connectorType else {
                return fail(.nameTaken, object, "the name \(name) belongs to another object already", &run)
            }
            return adopt(found, by: rule, into: id, &run)
        }
        let new =
            find(dn: name, in: rule.connector)
            ?? create(connector: rule.connector, type: rule.connectorType, dn: name, flags: [])
        objects.update(new) { $0.type = rule.connectorType }
        adopt(new, by: rule, into: id, &run)
    }

    /// Ties a target object to the metaverse object.
    private func adopt(_ object: UInt32, by rule: CompiledRules.Rule, into id: UInt32, _ run: inout SynchronizationRun)
    {
        guard let slot = objects[object] else { return }
        if slot.outboundRule == rule.number, slot.metaverse == id { return }
        if slot.outboundRule == 0 || slot.metaverse != id {
            run.summary.provisioned += 1
            run.reachabilityChanged.formUnion(metaverse[id]?.links ?? [])
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
        run.reachabilityChanged.formUnion(metaverse[slot.metaverse]?.links ?? [])
        metaverse.update(slot.metaverse) { $0.links.removeAll { $0 == object } }
        let former = slot.metaverse
        objects.update(object) {
            $0.metaverse = 0
            $0.inboundRule = 0
        }
        deprovision(object, &run)
        recompute(former)
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

    private func targetName(_ values: MetaverseValues, _ active: [Int]) -> String? {
        guard let attribute = attributes.known("dn") else { return nil }
        for rule in active {
            for number in rules.rules[rule].flows where rules.flows[Int(number)].target == attribute {
                if let name = rules.flows[Int(number)].contribution(values, today: today).first {
                    return String(decoding: name, as: UTF8.self)
                }
            }
        }
        return nil
    }

    private func sourceName(_ id: UInt32) -> String {
        metaverse[id]?.links.first.flatMap { objects[$0]?.dn } ?? "metaverse object \(id)"
    }

    // MARK: - Outbound: values

    /// Adds the metaverse objects whose references now lead elsewhere: groups with members that came or went, reports of managers.
    func addReferrers(_ run: inout SynchronizationRun) {
        guard !run.reachabilityChanged.isEmpty else { return }
        let references = attributes.names.indices.map { AttributeID(rawValue: UInt16($0)) }.filter {
            attributes.kind($0) == .reference
        }
        for case let slot? in objects.slots where slot.metaverse != 0 && !run.touched.contains(slot.metaverse) {
            guard let blob = slot.imported else { continue }
            let refers = references.contains { attribute in
                blob.values(attribute).contains { value in
                    ReferenceValue.decode(value).map { run.reachabilityChanged.contains($0) } ?? false
                }
            }
            if refers { run.touched.insert(slot.metaverse) }
        }
    }

    /// Works out what the target objects of a metaverse object have to look like.
    func stage(_ id: UInt32, _ run: inout SynchronizationRun) {
        guard let slot = metaverse[id] else { return }
        let values = values(ofMetaverse: id)
        let nameAttribute = attributes.known("dn")
        for link in slot.links {
            guard let object = objects[link], object.outboundRule != 0 else { continue }
            var active: [(flow: UInt16, source: MetaverseValues)] = []
            for rule in rules.outbound(connector: object.connector, type: slot.type)
            where rules.rules[rule].connectorType == object.type && rules.rules[rule].isInScope(values) {
                for flow in rules.rules[rule].flows where rules.flows[Int(flow)].target != nameAttribute {
                    active.append((flow, values))
                }
            }
            active.sort { $0.flow < $1.flow }
            let staged = encode(rules.resolve(active, today: today), for: object.connector)
            if staged != object.staged {
                objects.update(link) { $0.staged = staged == $0.imported ? $0.imported : staged }
                run.summary.staged += 1
                markChanged(object: link)
            }
        }
    }

    private func encode(
        _ winners: [(flow: CompiledRules.Flow, number: UInt16, values: [ArraySlice<UInt8>])], for connector: Int
    ) -> ObjectBlob {
        var content: [(id: AttributeID, values: [[UInt8]])] = []
        for winner in winners {
            let isReference = attributes.kind(winner.flow.target) == .reference
            let values = isReference ? targets(of: winner.values, in: connector) : winner.values.map(Array.init)
            if let last = content.indices.last, content[last].id == winner.flow.target {
                let present = content[last].values.map { $0[...] }
                content[last].values = merge(present, values.map { $0[...] }, winner.flow.mergeType).map(Array.init)
            } else {
                content.append((winner.flow.target, values))
            }
        }
        return ObjectBlob(content)
    }

    /// References of a source directory as references of a target directory, in ascending order. Those without an object there are left out.
    private func targets(of references: [ArraySlice<UInt8>], in connector: Int) -> [[UInt8]] {
        var found: Set<UInt32> = []
        for reference in references {
            guard let source = ReferenceValue.decode(reference), let object = objects[source], object.metaverse != 0,
                let links = metaverse[object.metaverse]?.links
            else { continue }
            let target = links.compactMap { objects[$0] }.first {
                $0.connector == connector && !$0.flags.contains(.pendingDelete)
            }
            if let target { found.insert(target.id) }
        }
        return found.sorted().map(ReferenceValue.encode)
    }
}
