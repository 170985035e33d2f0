import SyncConfiguration
import SyncExpressions

/// The flows of a set of rules that are in scope together, ordered by target attribute and precedence. Objects of one kind mostly
/// have the same rules in scope, so a plan is worked out once.
struct FlowPlan {
    final class Entry: Sendable {
        let target: AttributeID
        let targetType: AttributeType
        let mergeType: AttributeFlow.MergeType
        /// The best precedence first.
        let flows: [CompiledRules.Flow]
        /// Two rules that disagree about the merge type.
        let conflict: (String, String)?

        init(target: AttributeID, flows: [CompiledRules.Flow]) {
            self.target = target
            self.flows = flows
            targetType = flows[0].targetType
            mergeType = flows[0].mergeType
            let other = flows.first { [mergeType] in !$0.mergeType.agrees(with: mergeType) }
            conflict = other.map { (flows[0].ruleName, $0.ruleName) }
        }
    }

    /// By target attribute.
    let entries: [Entry]

    init(_ active: [Int], _ rules: CompiledRules, except excluded: AttributeID? = nil) {
        var byTarget: [AttributeID: [CompiledRules.Flow]] = [:]
        for rule in active.sorted() {
            for place in rules.rules[rule].flows where rules.flows[place].target != excluded {
                byTarget[rules.flows[place].target, default: []].append(rules.flows[place])
            }
        }
        entries = byTarget.sorted { $0.key < $1.key }.map { Entry(target: $0.key, flows: $0.value) }
    }
}

extension AttributeFlow.MergeType {
    /// Whether one contribution is the value, not all of them together.
    var takesOne: Bool { self == .update || self == .replace }

    func agrees(with other: Self) -> Bool { self == other || (takesOne && other.takesOne) }
}

/// Plans by the rules that are in scope.
struct FlowPlans {
    private var plans: [[Int]: FlowPlan] = [:]

    mutating func plan(_ active: [Int], _ rules: CompiledRules, except excluded: AttributeID? = nil) -> FlowPlan {
        if let known = plans[active] { return known }
        let new = FlowPlan(active, rules, except: excluded)
        plans[active] = new
        return new
    }
}

/// What the flows to one attribute come to.
enum Resolved {
    /// No value: nobody contributes, or somebody says so with authority.
    case nothing
    /// The value that the target has stays.
    case kept
    /// An attribute of the source as it is, encoded; `source` says which.
    case piece(ArraySlice<UInt8>, source: AttributeID, kind: AttributeKind)
    case values([Value])
}

/// A flow that gave an error instead of a value.
struct FlowFailure: Error {
    let rule: String
    let target: AttributeID
    let problem: String
    /// The rule's author raised it.
    let isRaised: Bool
}

extension CompiledRules {
    /// What one flow contributes.
    func contribution(
        _ flow: Flow, _ frame: ObjectFrame, isNew: Bool, _ environment: EvaluationEnvironment
    ) throws(FlowFailure) -> Resolved {
        if flow.isExecuteOnce, !isNew { return .kept }
        switch flow.source {
        case .direct(let attribute, let kind):
            let piece = frame.piece(attribute)
            return piece.isEmpty ? .nothing : .piece(piece, source: attribute, kind: kind)
        case .constant(let bytes): return .values([.string(String(decoding: bytes, as: UTF8.self))])
        case .expression(let expression): return try evaluate(expression, of: flow, frame, environment)
        case .domainExpression(let variants):
            let name = DistinguishedName.normalized(frame.dn)
            let own = variants.first { $0.domain.isEmpty || name == $0.domain || name.hasSuffix("," + $0.domain) }
            guard let own else { return .nothing }
            return try evaluate(own.expression, of: flow, frame, environment)
        }
    }

    private func evaluate(
        _ expression: CompiledExpression, of flow: Flow, _ frame: ObjectFrame, _ environment: EvaluationEnvironment
    ) throws(FlowFailure) -> Resolved {
        let result: CompiledExpression.Result
        do {
            result = try expression.evaluate(frame, environment)
        } catch {
            var isRaised = false
            if case .raised = error { isRaised = true }
            throw FlowFailure(
                rule: flow.ruleName, target: flow.target, problem: "\(error)", isRaised: isRaised)
        }
        switch result {
        case .attribute(let attribute):
            let id = AttributeID(rawValue: UInt16(attribute.number))
            let piece = frame.piece(id)
            return piece.isEmpty
                ? .nothing : .piece(piece, source: id, kind: AttributeKind(attribute.type.base))
        case .value(.null): return .nothing
        case .value(.authoritativeNull): return .values([])
        case .value(.ignoreThisFlow): return .kept
        case .value(.list(let values)): return values.isEmpty ? .nothing : .values(values)
        // Directories hold no empty texts; one contributes nothing.
        case .value(.string("")): return .nothing
        case .value(let value): return .values([value])
        }
    }

    /// What the flows to an attribute come to: the first that contributes, or with a merge type all together.
    func resolve(
        _ entry: FlowPlan.Entry, isNew: Bool, _ environment: EvaluationEnvironment, frames: [ObjectFrame],
        encode: (Resolved) -> [[UInt8]]
    ) throws(FlowFailure) -> (Resolved, merged: [[UInt8]]?) {
        if let (one, other) = entry.conflict {
            throw FlowFailure(
                rule: one, target: entry.target,
                problem: "fills the attribute with another merge type than \"\(other)\": use one type", isRaised: false)
        }
        var isKept = false
        var merged: [[UInt8]] = []
        for flow in entry.flows {
            // Outbound there is one frame, the metaverse object's.
            let frame = frames.count == 1 ? frames[0] : frames[flow.connector]
            if let needed = flow.needed, !frame.hasAny(needed) { continue }
            let contribution = try contribution(flow, frame, isNew: isNew, environment)
            switch contribution {
            case .nothing: continue
            case .kept: isKept = true
            case .values(let values) where values.isEmpty: return (.nothing, merged.isEmpty ? nil : merged)
            case .values, .piece:
                if entry.mergeType.takesOne { return (contribution, nil) }
                merged = merge(merged, encode(contribution), entry.mergeType)
            }
        }
        if !merged.isEmpty { return (.nothing, merged) }
        return (isKept ? .kept : .nothing, nil)
    }
}

/// Joins the contributions to one attribute.
func merge(_ present: [[UInt8]], _ more: [[UInt8]], _ type: AttributeFlow.MergeType) -> [[UInt8]] {
    func key(_ value: [UInt8]) -> [UInt8] {
        type == .mergeCaseInsensitive ? Array(String(decoding: value, as: UTF8.self).lowercased().utf8) : value
    }
    var known = Set(present.map(key))
    return present + more.filter { known.insert(key($0)).inserted }
}

extension AttributeKind {
    init(_ base: ValueType.Base) {
        self =
            switch base {
            case .number: .integer
            case .boolean: .boolean
            case .binary: .binary
            case .reference: .reference
            case .string, .date, .nothing, .any: .text
            }
    }
}
