import SyncConfiguration

extension SynchronizationEngine {
    // MARK: - Inbound: values

    /// Rules in whose scope the object is, by precedence.
    func activeRules(_ slot: ObjectSlot, _ blob: ObjectBlob) -> [Int] {
        rules.inbound(connector: slot.connector, type: slot.type).filter { rules.rules[$0].isInScope(blob) }
    }

    /// Works out which flows win in a metaverse object, and what joins can find it by.
    func recompute(_ id: UInt32) {
        guard let slot = metaverse[id] else { return }
        var active: [(flow: UInt16, source: ObjectBlob)] = []
        for link in slot.links {
            guard let object = objects[link], let blob = object.imported else { continue }
            let inScope = activeRules(object, blob).filter { rules.rules[$0].fits(slot.type) }
            guard inScope.contains(where: { rules.rules[$0].makesLinks }) else { continue }
            for rule in inScope {
                for flow in rules.rules[rule].flows { active.append((flow, blob)) }
            }
        }
        active.sort { $0.flow < $1.flow }
        let winners = rules.resolve(active, today: today)
        let list = winnerLists.number(winners.map(\.number))
        metaverse.update(id) { $0.winners = list }
        for winner in winners where rules.joinAttributes.contains(winner.flow.target) {
            for value in winner.values { joinIndex.insert(joinHash(value, winner.flow.target), id) }
        }
    }

    func joinHash(_ value: ArraySlice<UInt8>, _ attribute: AttributeID) -> UInt64 {
        let seed = UInt64(attribute.rawValue) + 1
        guard attributes.kind(attribute) == .text else { return HashIndex.hash(value, seed: seed) }
        if value.allSatisfy({ $0 < 0x80 }) { return HashIndex.hash(value, seed: seed, fold: true) }
        return HashIndex.hash(String(decoding: value, as: UTF8.self).lowercased().utf8, seed: seed)
    }

    /// The values of one attribute of a metaverse object, read from the objects that contribute them.
    func values(ofMetaverse id: UInt32, _ attribute: AttributeID) -> [ArraySlice<UInt8>] {
        guard let slot = metaverse[id] else { return [] }
        var result: [ArraySlice<UInt8>] = []
        for number in winnerLists[slot.winners] where rules.flows[Int(number)].target == attribute {
            let flow = rules.flows[Int(number)]
            result = merge(result, contribution(flow, to: slot), flow.mergeType)
        }
        return result
    }

    /// All values of a metaverse object.
    func values(ofMetaverse id: UInt32) -> MetaverseValues {
        guard let slot = metaverse[id] else { return MetaverseValues() }
        var result = MetaverseValues()
        for number in winnerLists[slot.winners] {
            let flow = rules.flows[Int(number)]
            let values = contribution(flow, to: slot)
            if result.entries.last?.attribute == flow.target {
                let last = result.entries.count - 1
                result.entries[last].values = merge(result.entries[last].values, values, flow.mergeType)
            } else if !values.isEmpty {
                result.entries.append((flow.target, values))
            }
        }
        return result
    }

    private func contribution(_ flow: CompiledRules.Flow, to slot: MetaverseSlot) -> [ArraySlice<UInt8>] {
        let connector = rules.rules[flow.rule].connector
        for link in slot.links {
            if let object = objects[link], object.connector == connector, let blob = object.imported {
                return flow.contribution(blob, today: today)
            }
        }
        return []
    }

    /// A metaverse object's attributes by name, each with the rule that contributes it. References are names in the
    /// contributor's directory.
    public func metaverseAttributes(_ id: UInt32) -> [(attribute: LDIFAttribute, rule: String)] {
        guard let slot = metaverse[id] else { return [] }
        return winnerLists[slot.winners].compactMap { number in
            let flow = rules.flows[Int(number)]
            let values = contribution(flow, to: slot).map(Array.init)
            let kind = attributes.kind(flow.target)
            let attribute = LDIFAttribute(attributes.name(flow.target), readable(values, kind))
            return (attribute, rules.rules[flow.rule].source.name)
        }
    }
}
