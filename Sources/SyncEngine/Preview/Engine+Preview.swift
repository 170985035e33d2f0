import SyncConfiguration
import SyncExpressions

extension SynchronizationEngine {
    /// Explains an object of a connector space. Changes nothing.
    public func preview(object id: UInt32) -> ObjectPreview? {
        guard let slot = objects[id] else { return nil }
        let frame = newFrame()
        open(slot, in: frame)
        let inbound = rules.inbound(connector: slot.connector, type: slot.type).map { explained($0, frame, slot) }
        let (link, linked) = link(slot, frame)
        return ObjectPreview(
            connector: connectors[slot.connector].name, dn: slot.dn, type: types.text(slot.type) ?? "",
            name: personalName(ofObject: id), rules: inbound, link: link,
            attributes: linked.map { inboundAttributes($0) } ?? [],
            targets: slot.metaverse == 0 ? [] : targets(slot.metaverse))
    }

    /// Objects that a person may mean: by distinguished name, or by a name that a directory keeps unique. An object of a target
    /// directory has the names of what it comes from, and counts only where none of that is found.
    public func objects(named text: String, connector: String? = nil) -> [UInt32] {
        let places = connectors.indices.filter { connector == nil || connectors[$0].id == connector }
        let byName = places.compactMap { find(dn: text, in: $0) }
        if !byName.isEmpty { return byName }
        let wanted = text.lowercased()
        let names = ["userPrincipalName", "sAMAccountName", "mail", "displayName", "cn"].compactMap {
            attributes.known($0)
        }
        var found: [ObjectSlot] = []
        for case let slot? in objects.slots where places.contains(slot.connector) {
            guard let blob = slot.imported ?? slot.staged else { continue }
            let isMeant = names.contains { attribute in
                blob.values(attribute).contains { String(decoding: $0, as: UTF8.self).lowercased() == wanted }
            }
            if isMeant { found.append(slot) }
        }
        let sources = Set(found.filter { $0.outboundRule == 0 && $0.metaverse != 0 }.map(\.metaverse))
        return found.filter { $0.outboundRule == 0 || !sources.contains($0.metaverse) }.map(\.id).sorted()
    }

    /// How an object is linked, in words, and the metaverse object with its links. For one without a link: what the next
    /// synchronization would link it to, and a metaverse object of number 0 where it would make one.
    private func link(_ slot: ObjectSlot, _ frame: ObjectFrame) -> (String, MetaverseSlot?) {
        if slot.flags.contains(.placeholder) {
            return ("a placeholder: something refers to it, no import has shown it", nil)
        }
        if let linked = metaverse[slot.metaverse] {
            if let rule = rules.rule(number: slot.outboundRule) {
                return ("metaverse object \(linked.id), provisioned by \"\(rule.source.name)\"", linked)
            }
            let rule = rules.rule(number: slot.inboundRule).map { ", linked by \"\($0.source.name)\"" } ?? ""
            return ("metaverse object \(linked.id)\(rule)", linked)
        }
        let linking = slot.imported == nil ? [] : activeRules(slot, frame).filter { rules.rules[$0].makesLinks }
        let joining = linking.filter { !rules.rules[$0].join.isEmpty }
        guard let index = joining.first ?? linking.first else {
            return ("not linked: no rule that links is in scope", nil)
        }
        let rule = rules.rules[index]
        if joining.count > 1 {
            let names = joining.map { "\"\(rules.rules[$0].source.name)\"" }.joined(separator: " and ")
            return ("not linked: \(names) both join, let one of them remain in scope", nil)
        }
        switch match(frame, rule) {
        case .one(let id):
            guard var found = metaverse[id] else { return ("not linked", nil) }
            let other = found.links.lazy.compactMap { self.objects[$0] }.first { $0.connector == slot.connector }
            if let other {
                return ("not linked: joins the same metaverse object as \(other.dn) of its own directory", nil)
            }
            found.links.append(slot.id)
            return ("not linked: \"\(rule.source.name)\" would join it to metaverse object \(id)", found)
        case .none(let hasValue):
            guard rule.source.linkType == .provision, hasValue || rule.join.isEmpty else {
                return ("not linked: \"\(rule.source.name)\" finds no metaverse object and makes none", nil)
            }
            let new = MetaverseSlot(id: 0, type: rule.metaverseType ?? 0, links: [slot.id])
            return ("not linked: \"\(rule.source.name)\" would make a metaverse object", new)
        }
    }

    // MARK: - Rules

    private func explained(_ index: Int, _ frame: ObjectFrame, _ slot: ObjectSlot?) -> ObjectPreview.Rule {
        let rule = rules.rules[index]
        let object = slot?.id ?? 0
        let isInScope = isInScope(rule, frame, object: object)
        var reasons: [String] = []
        if !isInScope {
            for (number, group) in rule.scope.enumerated() {
                let failing = group.first { !holds($0, frame, object: object, connector: rule.connector) }
                guard let clause = failing else { continue }
                let found = frame.values(clause.attribute).map { ReportValue(Array($0)).line }
                let value = found.isEmpty ? "absent" : found.prefix(5).joined(separator: ", ")
                let wanted = clause.source.value.isEmpty ? "" : " \(clause.source.value)"
                reasons.append(
                    "group \(number + 1): \(clause.source.attribute) \(clause.source.operator.rawValue)\(wanted): it is \(value)"
                )
            }
        }
        return ObjectPreview.Rule(
            name: rule.source.name, precedence: rule.source.precedence, isInScope: isInScope, reasons: reasons,
            joins: !isInScope ? [] : rule.isInbound ? joins(rule, frame) : outboundJoins(rule, frame))
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

    /// Objects of the target directory that nothing is linked to yet, by each group of conditions.
    private func outboundJoins(_ rule: CompiledRules.Rule, _ frame: ObjectFrame) -> [String] {
        rule.join.map { group in
            let names = group.map {
                "\(attributes.name($0.connectorAttribute)) = \(attributes.name($0.metaverseAttribute))"
            }
            let hasValue = group.allSatisfy { frame.has($0.metaverseAttribute) }
            let found =
                !hasValue
                ? []
                : objects.slots.compactMap { $0 }.filter { slot in
                    slot.connector == rule.connector && slot.metaverse == 0 && slot.type == rule.connectorType
                        && !slot.flags.contains(.pendingDelete)
                        && slot.imported.map { blob in group.allSatisfy { holds($0, blob, frame) } } ?? false
                }
            let outcome: String
            switch found.count {
            case 0: outcome = hasValue ? "no object without a link matches" : "no value to compare"
            case 1: outcome = found[0].dn
            default: outcome = "\(found.count) matches, which is not one"
            }
            return "\(names.joined(separator: " and ")): \(outcome)"
        }
    }

    // MARK: - Attributes

    private func inboundAttributes(_ slot: MetaverseSlot) -> [ObjectPreview.Attribute] {
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
        return explained(FlowPlan(active.sorted(), rules), slot.values, isNew: slot.id == 0, space: nil) { sources[$0] }
    }

    /// `blob` is what the object has now, `dn` its name; `space` is the connector that it lies in, nil for the metaverse.
    private func explained(
        _ plan: FlowPlan, _ blob: ObjectBlob, isNew: Bool, dn name: String? = nil, space: String?,
        _ source: (Int) -> (frame: ObjectFrame, dn: String)?
    ) -> [ObjectPreview.Attribute] {
        plan.entries.map { entry in
            let kind = entry.targetType.kind
            // The best contribution is the value; with a merge type all are, until one ends the list.
            var isOpen = true
            let contributions = entry.flows.compactMap { flow -> ObjectPreview.Contribution? in
                let rule = rules.rules[flow.rule]
                guard let (frame, dn) = source(rule.connector) else { return nil }
                let (outcome, texts) = outcome(flow, frame, kind, isNew: isNew)
                let wins = isOpen && (outcome == .values || outcome == .authoritativeNull)
                switch outcome {
                case .values: isOpen = isOpen && !entry.mergeType.takesOne
                case .authoritativeNull, .error: isOpen = false
                case .null, .ignoreThisFlow, .notDue: break
                }
                return ObjectPreview.Contribution(
                    rule: rule.source.name, precedence: rule.source.precedence, source: dn, kind: outcome,
                    outcome: texts, wins: wins)
            }
            let isName = entry.target == dnAttribute && space != nil
            let values = isName ? name.map { [Array($0.utf8)] } ?? [] : blob.values(entry.target).map(Array.init)
            return ObjectPreview.Attribute(
                name: attributes.name(entry.target), contributions: contributions,
                values: reported(readable(values, kind), kind, connector: space))
        }.sorted { $0.name < $1.name }
    }

    private func outcome(_ flow: CompiledRules.Flow, _ frame: ObjectFrame, _ kind: AttributeKind, isNew: Bool)
        -> (ObjectPreview.Contribution.Kind, [String])
    {
        if flow.isExecuteOnce, !isNew { return (.notDue, []) }
        do {
            let contribution = try rules.contribution(flow, frame, isNew: true, environment)
            switch contribution {
            case .nothing: return (.null, [])
            case .kept: return (.ignoreThisFlow, [])
            case .values(let values) where values.isEmpty: return (.authoritativeNull, [])
            case .values, .piece:
                let values = readable(bytes(contribution, for: kind), kind)
                return (.values, reported(values, kind, connector: nil).map(\.line))
            }
        } catch {
            return (.error, [error.problem])
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
            let name = object.flatMap { link in objects.read(link) { $0.dn } }
            return ObjectPreview.Target(
                connector: connectors[connector].name, dn: name,
                rules: all.map { explained($0, frame, nil) },
                attributes: isLinking
                    ? explained(
                        FlowPlan(active, rules),
                        object.flatMap { link in objects.read(link) { $0.staged } ?? nil } ?? .empty,
                        isNew: object == nil, dn: name, space: connectors[connector].id
                    ) { _ in (frame, "metaverse object \(id)") } : [],
                export: object.flatMap { reportedExport(object: $0) })
        }
    }
}
