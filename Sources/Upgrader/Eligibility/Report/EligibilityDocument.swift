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
        members["candidate"] = decision?.candidate.map { ["version": .string($0.version.description)] }
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
