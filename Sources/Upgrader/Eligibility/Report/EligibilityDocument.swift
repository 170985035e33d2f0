import Documents
import ReleaseContract
import VersionCatalog

extension EligibilityReport {
    public static let schema = "eligibility/1"

    /// The report for programs, as `docs/eligibility-report.md` describes it.
    public var json: JSONValue {
        var members: [String: JSONValue] = [
            "schema": .string(Self.schema),
            "verdict": .string(verdict.name),
            "exitStatus": JSONValue(Int(verdict.exitStatus)),
            "reason": .string(reason),
            "server": .object(server),
            "automaticUpgrade": .object(automaticUpgrade),
            "conditions": .array(conditions.map(\.json)),
            "passedOver": .array(
                (decision?.passedOver ?? []).map {
                    ["version": .string($0.version.description), "reason": .string($0.reason)]
                }),
            "notes": .array(notes.map(JSONValue.string)),
        ]
        members["code"] = verdict.code.map { .string($0.description) }
        if let decision {
            members["candidate"] = decision.chosen.map(JSONValue.object)
            members["noCandidate"] = decision.refused.map(JSONValue.object)
        }
        members["attended"] = attended.flatMap { $0.chosen ?? $0.refused }.map(JSONValue.object)
        members["advice"] = .array(advice.map(\.json))
        members["brings"] = .array(brings.map(\.json))
        // No list is not an empty list: an input without rules says nothing of them.
        if !facts.ruleBlindSpots.isEmpty {
            members["ruleBlindSpots"] = .array(facts.ruleBlindSpots.map(JSONValue.string))
        }
        members["ruleChanges"] = EligibilityWords.ruleChanges(self).map { .array($0.map(\.json)) }
        members["timeline"] = timeline?.json
        members["agent"] = agent?.json
        return .object(members)
    }

    private var server: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["name"] = facts.name.map(JSONValue.string)
        members["product"] = facts.product.map(JSONValue.string)
        members["version"] = facts.version.map { .string($0.description) }
        switch facts.source {
        case .server(let root): members["source"] = ["kind": "server", "root": .string(root)]
        case .export(let folder, let date):
            members["source"] = ["kind": "export", "folder": .string(folder), "date": .string(date)]
        case .settings(let file): members["source"] = ["kind": "settings", "file": .string(file)]
        }
        return members
    }

    private var automaticUpgrade: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        members["state"] = facts.autoUpgradeState.map { .string($0.description) }
        members["suspensionReason"] = facts.suspensionReason.map(JSONValue.string)
        return members
    }
}

extension ReleaseDecision {
    /// The release that comes next, the way that it begins, and what is known of that way.
    fileprivate var chosen: [String: JSONValue]? {
        guard let candidate else { return nil }
        return [
            "version": .string(candidate.version.description),
            "channels": .array(candidate.channels.map(JSONValue.string)),
            "path": .array((path.isEmpty ? [candidate.version] : path).map { .string($0.description) }),
            "risks": .array(risks.map(\.json)),
        ]
    }

    /// Why there is none although something newer was wanted or offered.
    fileprivate var refused: [String: JSONValue]? {
        guard case .unavailable(let code, let why) = outcome else { return nil }
        return ["code": .string(code.description), "reason": .string(why)]
    }
}

extension RiskFinding {
    var json: JSONValue {
        [
            "id": .string(risk.id), "title": .string(risk.title), "outcome": .string(outcome.rawValue),
            "evidence": .string(evidence), "consequence": .string(risk.consequence), "remedy": .string(risk.remedy),
            "source": .string(risk.source),
        ]
    }
}

extension AdviceFinding {
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "id": .string(id), "title": .string(title), "outcome": .string(outcome.rawValue),
            "evidence": .string(evidence), "explanation": .string(explanation),
        ]
        members["remedy"] = remedy.map(JSONValue.string)
        return .object(members)
    }
}

extension BroughtChange {
    var json: JSONValue {
        ["version": .string(version.description), "kind": .string(kind.rawValue), "text": .string(text)]
    }
}

extension Timeline {
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "today": .string(today.description),
            "releases": .array(entries.map(\.json)),
            "hardStops": .array(
                hardStops.map {
                    [
                        "below": .string($0.below.description), "from": .string($0.from.description),
                        "effect": .string($0.effect),
                    ]
                }),
        ]
        members["knownUntil"] = knownUntil.map { .string($0.description) }
        return .object(members)
    }
}

extension Timeline.Entry {
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "version": .string(version.description), "channels": .array(channels.map(JSONValue.string)),
            "security": .bool(isSecurityRelease), "withdrawn": .bool(isWithdrawn), "role": .string(role.rawValue),
        ]
        members["released"] = released.map { .string($0.description) }
        members["retired"] = retired.map { .string($0.description) }
        return .object(members)
    }
}

extension AgentAnswer {
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "lifted": .array(
                lifted.map {
                    [
                        "code": .string($0.code.description), "version": .string($0.version.description),
                        "basis": .string($0.basis),
                    ]
                }),
            "remaining": .array(remaining.map { .string($0.description) }),
        ]
        members["code"] = code.map { .string($0.description) }
        return .object(members)
    }
}

extension ConditionResult {
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "code": .string(code.description),
            "title": .string(condition.title),
            "outcome": .string(outcome.rawValue),
            "evidence": .string(evidence),
        ]
        members["remedy"] = remedy.map(JSONValue.string)
        if outcome == .fail { members["explanation"] = .string(condition.explanation) }
        return .object(members)
    }
}
