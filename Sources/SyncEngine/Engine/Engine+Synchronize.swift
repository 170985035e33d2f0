import SyncConfiguration

/// What a synchronization has touched so far.
struct SynchronizationRun {
    var summary = SynchronizationSummary()
    /// Metaverse objects whose target objects have to be worked out again.
    var touched: Set<UInt32> = []
    /// Source objects that can be referred to in a target directory now and could not before, or the other way round.
    var reachabilityChanged: Set<UInt32> = []
}

extension SynchronizationEngine {
    /// Synchronizes one connector: links its objects, works out what flows, and stages what target directories have to become.
    ///
    /// An object that fails is in the summary's errors and stays as it was.
    public func synchronize(connector: String, _ scope: SynchronizationScope) throws(EngineError)
        -> SynchronizationSummary
    {
        let connector = try index(of: connector)
        var run = SynchronizationRun()
        for id in selected(connector, scope) {
            run.summary.evaluated += 1
            evaluate(id, &run)
        }
        joinWaiting(&run)
        for id in run.touched.sorted() { provision(id, &run) }
        addReferrers(&run)
        for id in run.touched.sorted() { stage(id, &run) }
        return run.summary
    }

    /// In the order of numbers, whatever places in memory the objects have.
    private func selected(_ connector: Int, _ scope: SynchronizationScope) -> [UInt32] {
        var selected: [UInt32] = []
        for case let slot? in objects.slots where slot.connector == connector && !slot.flags.contains(.placeholder) {
            if scope == .full || !slot.flags.isDisjoint(with: [.pendingImport, .importedDelete]) {
                selected.append(slot.id)
            }
        }
        return selected.sorted()
    }

    // MARK: - Inbound: links

    private func evaluate(_ id: UInt32, _ run: inout SynchronizationRun) {
        guard let slot = objects[id] else { return }
        if slot.flags.contains(.importedDelete) { return takeAway(slot, &run) }
        if slot.flags.contains(.pendingImport) {
            objects.update(id) { $0.flags.remove(.pendingImport) }
            markChanged(object: id)
        }
        guard let blob = slot.imported else {
            if slot.metaverse != 0 { run.touched.insert(slot.metaverse) }
            return
        }
        let linking = activeRules(slot, blob).filter { rules.rules[$0].makesLinks }
        let joining = linking.filter { !rules.rules[$0].join.isEmpty }
        if joining.count > 1 {
            let names = joining.map { "\"\(rules.rules[$0].source.name)\"" }.joined(separator: " and ")
            return fail(
                .severalJoinRules, slot, "\(names) are both in scope: let one rule with join conditions remain", &run)
        }
        link(slot, blob, by: joining.first ?? linking.first, &run)
    }

    private func link(_ slot: ObjectSlot, _ blob: ObjectBlob, by rule: Int?, _ run: inout SynchronizationRun) {
        let wanted = rule.map { rules.rules[$0] }
        if slot.metaverse != 0 {
            let isRightType = wanted.map { $0.fits(metaverse[slot.metaverse]?.type) } ?? false
            if slot.outboundRule != 0 || (slot.inboundRule == wanted?.number && isRightType) {
                let number = isRightType ? wanted?.number ?? 0 : 0
                if slot.inboundRule != number {
                    objects.update(slot.id) { $0.inboundRule = number }
                    markChanged(object: slot.id)
                }
                return touch(slot.metaverse, &run)
            }
            unlink(slot.id, &run)
        }
        guard let rule, let wanted else {
            waiting.remove(slot.id)
            return
        }
        switch match(blob, wanted) {
        case .one(let target):
            let other = metaverse[target]?.links.first { objects[$0]?.connector == slot.connector }
            if let other {
                waiting.insert(slot.id)
                let name = objects[other]?.dn ?? ""
                return fail(
                    .ambiguousJoin, slot,
                    "joins the same metaverse object as \"\(name)\" of its own directory: make the values of \"\(wanted.source.name)\" differ",
                    &run)
            }
            run.summary.joins += 1
            connect(slot.id, to: target, by: rules.rules[rule].number, &run)
        case .none(let hasValue):
            guard wanted.source.linkType == .provision, hasValue || wanted.join.isEmpty else {
                waiting.insert(slot.id)
                return
            }
            let new = nextMetaverse
            nextMetaverse += 1
            metaverse[new] = MetaverseSlot(id: new, type: wanted.metaverseType ?? 0)
            markChanged(metaverse: new)
            run.summary.projections += 1
            connect(slot.id, to: new, by: wanted.number, &run)
        }
    }

    private enum Match {
        case one(UInt32)
        /// Whether the object has a value that could have joined.
        case none(hasValue: Bool)
    }

    private func match(_ blob: ObjectBlob, _ rule: CompiledRules.Rule) -> Match {
        var hasValue = false
        for group in rule.join {
            guard let first = group.first else { continue }
            var found: Set<UInt32> = []
            for value in blob.values(first.connectorAttribute) {
                hasValue = true
                joinIndex.forEach(joinHash(value, first.metaverseAttribute)) { id in
                    guard rule.fits(metaverse[id]?.type) else { return }
                    if group.allSatisfy({ holds($0, blob, id) }) { found.insert(id) }
                }
            }
            if found.count == 1, let only = found.first { return .one(only) }
        }
        return .none(hasValue: hasValue)
    }

    private func holds(_ condition: CompiledRules.Condition, _ blob: ObjectBlob, _ id: UInt32) -> Bool {
        let there = values(ofMetaverse: id, condition.metaverseAttribute)
        return blob.values(condition.connectorAttribute).contains { mine in
            there.contains { $0.elementsEqual(mine) || (condition.folds && foldedEqual($0, mine)) }
        }
    }

    private func foldedEqual(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
        String(decoding: one, as: UTF8.self).lowercased() == String(decoding: other, as: UTF8.self).lowercased()
    }

    private func connect(_ id: UInt32, to target: UInt32, by rule: UInt16, _ run: inout SynchronizationRun) {
        objects.update(id) {
            $0.metaverse = target
            $0.inboundRule = rule
        }
        markChanged(object: id)
        metaverse.update(target) { $0.links.append(id) }
        waiting.remove(id)
        run.reachabilityChanged.insert(id)
        touch(target, &run)
    }

    /// Takes the object off its metaverse object, which goes too where nothing keeps it alive.
    func unlink(_ id: UInt32, _ run: inout SynchronizationRun) {
        guard let slot = objects[id], slot.metaverse != 0 else { return }
        run.summary.disjoins += 1
        run.reachabilityChanged.insert(id)
        objects.update(id) {
            $0.metaverse = 0
            $0.inboundRule = 0
        }
        markChanged(object: id)
        metaverse.update(slot.metaverse) { $0.links.removeAll { $0 == id } }
        touch(slot.metaverse, &run)
    }

    private func takeAway(_ slot: ObjectSlot, _ run: inout SynchronizationRun) {
        if slot.outboundRule != 0, slot.metaverse != 0 {
            // Somebody deleted it in its directory while the rules want it: the next export adds it again.
            setImported(slot.id, nil)
            objects.update(slot.id) {
                $0.inboundRule = 0
                $0.flags.remove([.importedDelete, .pendingImport])
            }
            return touch(slot.metaverse, &run)
        }
        unlink(slot.id, &run)
        remove(slot.id)
    }

    /// Works out a metaverse object anew, or takes it away where no rule keeps it alive.
    private func touch(_ id: UInt32, _ run: inout SynchronizationRun) {
        guard let slot = metaverse[id] else { return }
        let isAlive = slot.links.contains { link in
            objects[link].flatMap { rules.rule(number: $0.inboundRule) }?.keepsAlive == true
        }
        if isAlive {
            run.touched.insert(id)
            return recompute(id)
        }
        run.summary.metaverseDeletes += 1
        run.touched.remove(id)
        metaverse[id] = nil
        markChanged(metaverse: id)
        for link in slot.links {
            guard let object = objects[link] else { continue }
            run.reachabilityChanged.insert(link)
            objects.update(link) {
                $0.metaverse = 0
                $0.inboundRule = 0
            }
            markChanged(object: link)
            if object.outboundRule != 0 {
                deprovision(link, &run)
            } else if hasLinkingRules(object) {
                waiting.insert(link)
            }
        }
    }

    /// Objects whose partner came later join now. Each round may make values that another one waits for.
    private func joinWaiting(_ run: inout SynchronizationRun) {
        var joined = true
        while joined {
            joined = false
            for id in waiting.sorted() {
                guard let slot = objects[id], slot.metaverse == 0, let blob = slot.imported,
                    !slot.flags.contains(.importedDelete)
                else { continue }
                let linking = activeRules(slot, blob).filter { !rules.rules[$0].join.isEmpty }
                guard linking.count == 1, case .one(let target) = match(blob, rules.rules[linking[0]]),
                    metaverse[target]?.links.contains(where: { objects[$0]?.connector == slot.connector }) == false
                else { continue }
                run.summary.joins += 1
                connect(id, to: target, by: rules.rules[linking[0]].number, &run)
                joined = true
            }
        }
    }

    func fail(_ code: ObjectError.Code, _ slot: ObjectSlot, _ detail: String, _ run: inout SynchronizationRun) {
        run.summary.errors.append(
            ObjectError(code, connector: connectors[slot.connector].id, dn: slot.dn, detail))
    }
}
