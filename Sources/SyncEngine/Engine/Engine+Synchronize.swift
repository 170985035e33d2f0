import SyncConfiguration

extension SynchronizationEngine {
    /// Synchronizes one connector: links its objects, works out what flows, and stages what target directories have to become.
    ///
    /// An object that fails is in the summary's errors, stays as it was, and is looked at again the next time.
    public func synchronize(connector: String, _ scope: SynchronizationScope) throws(EngineError)
        -> SynchronizationSummary
    {
        let connector = try index(of: connector)
        var run = SynchronizationRun()
        for id in selected(connector, scope) {
            if run.hasTooManyErrors {
                run.summary.isStopped = true
                break
            }
            run.summary.evaluated += 1
            evaluate(id, &run)
        }
        joinWaiting(&run)
        for id in run.touched.sorted() { provision(id, &run) }
        stageReferences(&run)
        return run.summary
    }

    /// In the order of numbers, whatever places in memory the objects have.
    private func selected(_ connector: Int, _ scope: SynchronizationScope) -> [UInt32] {
        // A group that scopes ask about decides over objects that no import changed.
        let isFull = scope == .full || rules.membershipConnectors.contains(connector)
        var selected: [UInt32] = []
        for case let slot? in objects.slots where slot.connector == connector && !slot.flags.contains(.placeholder) {
            if isFull || !slot.flags.isDisjoint(with: [.pendingImport, .importedDelete]) { selected.append(slot.id) }
        }
        return selected.sorted()
    }

    // MARK: - Links

    private func evaluate(_ id: UInt32, _ run: inout SynchronizationRun) {
        guard let slot = objects[id] else { return }
        if slot.flags.contains(.importedDelete) { return takeAway(slot, &run) }
        if slot.flags.contains(.pendingImport) {
            objects.update(id) { $0.flags.remove(.pendingImport) }
            markChanged(object: id)
        }
        guard slot.imported != nil else {
            if slot.metaverse != 0 { touch(slot.metaverse, for: slot, &run) }
            return
        }
        let frame = frames[slot.connector]
        open(slot, in: frame)
        let linking = activeRules(slot, frame).filter { rules.rules[$0].makesLinks }
        let joining = linking.filter { !rules.rules[$0].join.isEmpty }
        if joining.count > 1 {
            let names = joining.map { "\"\(rules.rules[$0].source.name)\"" }.joined(separator: " and ")
            return fail(
                .severalJoinRules, slot, "\(names) are both in scope: let one rule with join conditions remain", &run)
        }
        link(slot, frame, by: joining.first ?? linking.first, &run)
    }

    private func link(_ slot: ObjectSlot, _ frame: ObjectFrame, by rule: Int?, _ run: inout SynchronizationRun) {
        let wanted = rule.map { rules.rules[$0] }
        if slot.metaverse != 0 {
            let isRightType = wanted.map { rule in rule.fits(metaverse.read(slot.metaverse) { $0.type }) } ?? false
            if slot.outboundRule != 0 || (slot.inboundRule == wanted?.number && isRightType) {
                let number = isRightType ? wanted?.number ?? 0 : 0
                if slot.inboundRule != number {
                    objects.update(slot.id) { $0.inboundRule = number }
                    markChanged(object: slot.id)
                }
                return touch(slot.metaverse, for: slot, &run)
            }
            unlink(slot.id, &run)
            open(slot, in: frame)
        }
        guard let rule, let wanted else {
            waiting.remove(slot.id)
            return
        }
        switch match(frame, wanted) {
        case .one(let target):
            let other = metaverse[target]?.links.first { link in objects.read(link) { $0.connector } == slot.connector }
            if let other {
                waiting.insert(slot.id)
                let name = objects[other]?.dn ?? ""
                return fail(
                    .ambiguousJoin, slot,
                    "joins the same metaverse object as \"\(name)\" of its own directory: make the values of \"\(wanted.source.name)\" differ",
                    &run)
            }
            run.summary.joins += 1
            connect(slot, to: target, by: rules.rules[rule].number, &run)
        case .none(let hasValue):
            guard wanted.source.linkType == .provision, hasValue || wanted.join.isEmpty else {
                waiting.insert(slot.id)
                return
            }
            project(slot, by: wanted, &run)
        }
    }

    private func project(_ slot: ObjectSlot, by rule: CompiledRules.Rule, _ run: inout SynchronizationRun) {
        let new = nextMetaverse
        nextMetaverse += 1
        metaverse[new] = MetaverseSlot(id: new, type: rule.metaverseType ?? 0)
        markChanged(metaverse: new)
        run.created.insert(new)
        run.summary.projections += 1
        connect(slot, to: new, by: rule.number, &run)
    }

    enum Match {
        case one(UInt32)
        /// Whether the object has a value that could have joined.
        case none(hasValue: Bool)
    }

    func match(_ frame: ObjectFrame, _ rule: CompiledRules.Rule) -> Match {
        var hasValue = false
        for group in rule.join {
            guard let first = group.first else { continue }
            hasValue = hasValue || frame.has(first.connectorAttribute)
            let found = candidates(group, frame, rule)
            if found.count == 1 { return .one(found[0]) }
        }
        return .none(hasValue: hasValue)
    }

    /// Metaverse objects that satisfy all conditions of a group.
    func candidates(_ group: [CompiledRules.Condition], _ frame: ObjectFrame, _ rule: CompiledRules.Rule) -> [UInt32] {
        guard let first = group.first else { return [] }
        var found: Set<UInt32> = []
        for value in frame.values(first.connectorAttribute) {
            joinIndex.forEach(joinHash(value, first.metaverseAttribute)) { id in
                guard let (type, values) = metaverse.read(id, { ($0.type, $0.values) }), rule.fits(type) else {
                    return
                }
                if group.allSatisfy({ holds($0, frame, values) }) { found.insert(id) }
            }
        }
        return found.sorted()
    }

    private func holds(_ condition: CompiledRules.Condition, _ frame: ObjectFrame, _ values: ObjectBlob) -> Bool {
        let there = values.values(condition.metaverseAttribute)
        return frame.values(condition.connectorAttribute).contains { mine in
            there.contains { condition.areEqual($0, mine) }
        }
    }

    private func connect(_ slot: ObjectSlot, to target: UInt32, by rule: UInt16, _ run: inout SynchronizationRun) {
        objects.update(slot.id) {
            $0.metaverse = target
            $0.inboundRule = rule
        }
        markChanged(object: slot.id)
        metaverse.update(target) { $0.links.append(slot.id) }
        waiting.remove(slot.id)
        run.reachabilityChanged.insert(slot.id)
        touch(target, for: slot, &run)
    }

    /// Takes the object off its metaverse object, which goes too where nothing keeps it alive.
    func unlink(_ id: UInt32, _ run: inout SynchronizationRun) {
        guard let slot = objects[id], slot.metaverse != 0 else { return }
        run.summary.disjoins += 1
        noteDeparture(id, of: slot.metaverse, &run)
        objects.update(id) {
            $0.metaverse = 0
            $0.inboundRule = 0
        }
        markChanged(object: id)
        metaverse.update(slot.metaverse) { $0.links.removeAll { $0 == id } }
        touch(slot.metaverse, for: nil, &run)
    }

    private func takeAway(_ slot: ObjectSlot, _ run: inout SynchronizationRun) {
        if slot.outboundRule != 0, slot.metaverse != 0 {
            // Somebody deleted it in its directory while the rules want it: the next export adds it again.
            setImported(slot.id, nil)
            objects.update(slot.id) {
                $0.inboundRule = 0
                $0.flags.remove([.importedDelete, .pendingImport])
            }
            return touch(slot.metaverse, for: nil, &run)
        }
        unlink(slot.id, &run)
        remove(slot.id)
    }

    /// Works out a metaverse object anew, or takes it away where no rule keeps it alive. `object` is the one that is being looked at.
    private func touch(_ id: UInt32, for object: ObjectSlot?, _ run: inout SynchronizationRun) {
        guard let slot = metaverse[id] else { return }
        let isAlive = slot.links.contains { link in
            objects.read(link) { $0.inboundRule }.flatMap { rules.rule(number: $0) }?.keepsAlive == true
        }
        guard isAlive else { return takeAway(slot, &run) }
        do {
            try recompute(id, &run)
            run.touched.insert(id)
        } catch {
            report(error, of: object ?? slot.links.compactMap { objects[$0] }.first, &run)
            guard run.created.contains(id), let object else { return }
            // What was never worked out is not kept: the object stays without a link, as if no rule had taken it.
            metaverse[id] = nil
            run.created.remove(id)
            run.summary.projections -= 1
            objects.update(object.id) {
                $0.metaverse = 0
                $0.inboundRule = 0
            }
        }
    }

    private func takeAway(_ slot: MetaverseSlot, _ run: inout SynchronizationRun) {
        run.summary.metaverseDeletes += 1
        run.touched.remove(slot.id)
        for link in slot.links { noteDeparture(link, of: slot.id, &run) }
        unindex(joinsOf: slot.values, slot.id)
        metaverse[slot.id] = nil
        markChanged(metaverse: slot.id)
        for link in slot.links {
            guard let object = objects[link] else { continue }
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
        while joined, !run.summary.isStopped {
            joined = false
            for id in waiting.sorted() {
                guard let slot = objects[id], slot.metaverse == 0, slot.imported != nil,
                    !slot.flags.contains(.importedDelete)
                else { continue }
                let frame = frames[slot.connector]
                open(slot, in: frame)
                let linking = activeRules(slot, frame).filter { !rules.rules[$0].join.isEmpty }
                guard linking.count == 1, case .one(let target) = match(frame, rules.rules[linking[0]]),
                    metaverse[target]?.links.contains(where: { link in
                        objects.read(link) { $0.connector } == slot.connector
                    }) == false
                else { continue }
                run.summary.joins += 1
                connect(slot, to: target, by: rules.rules[linking[0]].number, &run)
                joined = true
            }
        }
    }

    // MARK: - Errors

    func fail(_ code: ObjectError.Code, _ slot: ObjectSlot, _ detail: String, _ run: inout SynchronizationRun) {
        run.summary.errors.append(
            ObjectError(code, connector: connectors[slot.connector].id, dn: slot.dn, detail))
        // Looked at again the next time, whether or not an import changes it.
        if slot.imported != nil { objects.update(slot.id) { $0.flags.insert(.pendingImport) } }
        markChanged(object: slot.id)
    }

    func report(_ failure: FlowFailure, of slot: ObjectSlot?, _ run: inout SynchronizationRun) {
        guard let slot else { return }
        fail(.flowError, slot, "\(failure.problem) (\"\(failure.rule)\", \(attributes.name(failure.target)))", &run)
    }
}

extension CompiledRules.Condition {
    func areEqual(_ one: ArraySlice<UInt8>, _ other: ArraySlice<UInt8>) -> Bool {
        if one.elementsEqual(other) { return true }
        guard folds else { return false }
        return String(decoding: one, as: UTF8.self).lowercased() == String(decoding: other, as: UTF8.self).lowercased()
    }
}
