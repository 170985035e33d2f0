import SyncConfiguration
import SyncExpressions

extension SynchronizationEngine {
    /// Explains an object of a connector space. Changes nothing.
    public func preview(object id: UInt32) -> ObjectPreview? {
        guard let slot = objects[id] else { return nil }
        let frame = newFrame()
        open(slot, in: frame)
        let inbound = rules.inbound(connector: slot.connector, type: slot.type).map { explained($0, frame, slot) }
        return ObjectPreview(
            connector: connectors[slot.connector].name, dn: slot.dn, type: types.text(slot.type) ?? "",
            name: personalName(ofObject: id), rules: inbound, link: link(slot),
            attributes: slot.metaverse == 0 ? [] : inboundAttributes(slot.metaverse),
            targets: slot.metaverse == 0 ? [] : targets(slot.metaverse))
    }

    /// Objects that a person may mean: by distinguished name, or by a name that a directory keeps unique.
    public func objects(named text: String, connector: String? = nil) -> [UInt32] {
        let places = connectors.indices.filter { connector == nil || connectors[$0].id == connector }
        let byName = places.compactMap { find(dn: text, in: $0) }
        if !byName.isEmpty { return byName }
        let wanted = text.lowercased()
        let names = ["userPrincipalName", "sAMAccountName", "mail", "displayName", "cn"].compactMap {
            attributes.known($0)
        }
        var found: [UInt32] = []
        for case let slot? in objects.slots where places.contains(slot.connector) {
            guard let blob = slot.imported ?? slot.staged else { continue }
            let isMeant = names.contains { attribute in
                blob.values(attribute).contains { String(decoding: $0, as: UTF8.self).lowercased() == wanted }
            }
            if isMeant { found.append(slot.id) }
        }
        return found.sorted()
    }

    private func link(_ slot: ObjectSlot) -> String {
        if slot.flags.contains(.placeholder) { return "a placeholder: something refers to it, no import has shown it" }
        guard slot.metaverse != 0 else { return "not linked" }
        if let rule = rules.rule(number: slot.outboundRule) {
            return "metaverse object \(slot.metaverse), provisioned by \"\(rule.source.name)\""
        }
        let rule = rules.rule(number: slot.inboundRule).map { ", linked by \"\($0.source.name)\"" } ?? ""
        return "metaverse object \(slot.metaverse)\(rule)"
    }

    // MARK: - Rules

    private func explained(_ index: Int, _ frame: ObjectFrame, _ slot: ObjectSlot?) -> ObjectPreview.Rule {
        let rule = rules.rules[index]
        let object = slot?.id ?? 0
        let isInScope = isInScope(rule, frame, object: object)
        var reasons: [String] = []
        if !isInScope {
            for group in rule.scope {
                let failing = group.first { !holds($0, frame, object: object, connector: rule.connector) }
                guard let clause = failing else { continue }
                let found = frame.values(clause.attribute).map { ReportValue(Array($0)).line }
                let value = found.isEmpty ? "absent" : found.prefix(5).joined(separator: ", ")
                let wanted = clause.source.value.isEmpty ? "" : " \(clause.source.value)"
                reasons.append(
                    "\(clause.source.attribute) \(clause.source.operator.rawValue)\(wanted): it is \(value)")
            }
        }
        return ObjectPreview.Rule(
            name: rule.source.name, precedence: rule.source.precedence, isInScope: isInScope, reasons: reasons,
            joins: slot == nil || !isInScope ? [] : joins(rule, frame))
    }

    private func joins(_ rule: CompiledRules.Rule, _ frame: ObjectFrame) -> [String] {
        rule.join.map { group in
            let names = group.map {
                "\(attributes.name($0.connectorAttribute)) = \(attributes.name($0.metaverseAttribute))"
            }
            let found = candidates(group, frame, rule)
            let outcome: String
            switch found.count {
            case 0:
                let hasValue = group.first.map { frame.has($0.connectorAttribute) } ?? false
                outcome = hasValue ? "no match" : "no value to compare"
            case 1: outcome = "metaverse object \(found[0]) (\(personalName(ofMetaverse: found[0])))"
            default: outcome = "\(found.count) matches, which is not one"
            }
            return "\(names.joined(separator: " and ")): \(outcome)"
        }
    }

    // MARK: - Attributes

    private func inboundAttributes(_ id: UInt32) -> [ObjectPreview.Attribute] {
        guard let slot = metaverse[id] else { return [] }
        var active: [Int] = []
        var sources: [Int: (frame: ObjectFrame, dn: String)] = [:]
        for link in slot.links {
            guard let object = objects[link], object.imported != nil || object.staged != nil else { continue }
            let frame = newFrame()
            open(object, in: frame)
            let inScope = activeRules(object, frame).filter { rules.rules[$0].fits(slot.type) }
            guard inScope.contains(where: { rules.rules[$0].makesLinks }) else { continue }
            active += inScope
            sources[object.connector] = (frame, "\(connectors[object.connector].name): \(object.dn)")
        }
        return explained(FlowPlan(active, rules)) { sources[$0] }
    }

    private func explained(_ plan: FlowPlan, _ source: (Int) -> (frame: ObjectFrame, dn: String)?)
        -> [ObjectPreview.Attribute]
    {
        plan.entries.map { entry in
            var isDecided = false
            var contributions: [ObjectPreview.Contribution] = []
            for flow in entry.flows {
                let rule = rules.rules[flow.rule]
                guard let (frame, dn) = source(rule.connector) else { continue }
                let (outcome, contributes) = outcome(flow, frame, entry.targetType.kind)
                let wins = contributes && (!isDecided || !entry.mergeType.takesOne)
                if contributes { isDecided = true }
                contributions.append(
                    ObjectPreview.Contribution(
                        rule: rule.source.name, precedence: rule.source.precedence, source: dn, outcome: outcome,
                        wins: wins))
            }
            return ObjectPreview.Attribute(name: attributes.name(entry.target), contributions: contributions)
        }.sorted { $0.name < $1.name }
    }

    /// What a flow gives, in words, and whether it decides.
    private func outcome(_ flow: CompiledRules.Flow, _ frame: ObjectFrame, _ kind: AttributeKind) -> ([String], Bool) {
        do {
            let contribution = try rules.contribution(flow, frame, isNew: true, environment)
            switch contribution {
            case .nothing: return (["NULL"], false)
            case .kept: return (["IgnoreThisFlow"], false)
            case .values(let values) where values.isEmpty: return (["AuthoritativeNull"], true)
            case .values, .piece:
                let values = readable(bytes(contribution, for: kind), kind)
                return (reported(values, kind, connector: nil).map(\.line), true)
            }
        } catch {
            return (["error: \(error.problem)"], true)
        }
    }

    // MARK: - Targets

    private func targets(_ id: UInt32) -> [ObjectPreview.Target] {
        guard let slot = metaverse[id] else { return [] }
        let frame = newFrame()
        frame.open(slot.values)
        return connectors.indices.compactMap { connector in
            let all = rules.outbound(connector: connector, type: slot.type)
            if all.isEmpty { return nil }
            let object = slot.links.first { link in objects.read(link) { $0.connector } == connector }
            let type = object.flatMap { link in objects.read(link) { $0.type } }
            let active = all.filter {
                isInScope(rules.rules[$0], frame) && (type == nil || rules.rules[$0].connectorType == type)
            }
            let isLinking = active.contains { rules.rules[$0].makesLinks }
            return ObjectPreview.Target(
                connector: connectors[connector].name, dn: object.flatMap { link in objects.read(link) { $0.dn } },
                rules: all.map { explained($0, frame, nil) },
                attributes: isLinking
                    ? explained(FlowPlan(active, rules)) { _ in (frame, "metaverse object \(id)") } : [],
                export: object.flatMap { reportedExport(object: $0) })
        }
    }
}
