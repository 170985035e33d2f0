import ReleaseContract

/// What a person should know about a server although it blocks nothing.
enum EligibilityNotes {
    static func notes(for facts: ServerFacts, _ results: [ConditionResult]) -> [String] {
        var notes: [String] = []
        switch facts.autoUpgradeState {
        case .disabled: notes.append(disabled(facts))
        case .suspended: notes.append(suspended(facts, results))
        case nil: notes.append("The state of automatic upgrade is not known.")
        case .other(let text):
            notes.append("The state of automatic upgrade is \"\(text)\", which is none of the three.")
        case .enabled: break
        }
        return notes
    }

    /// A remark in the form of the report's other notes.
    static func sentence(_ remark: String) -> String {
        guard let first = remark.first else { return remark }
        return first.uppercased() + remark.dropFirst() + (remark.hasSuffix(".") ? "" : ".")
    }

    private static func disabled(_ facts: ServerFacts) -> String {
        facts.isLive
            ? "Automatic upgrade is Disabled by an administrator: `run` does nothing here. `enable` switches it on."
            : "Automatic upgrade is Disabled by an administrator, so this server takes no release by itself."
                + " Set-ADSyncAutoUpgrade -AutoUpgradeState Enabled switches it on."
    }

    private static func suspended(_ facts: ServerFacts, _ results: [ConditionResult]) -> String {
        let reason = facts.suspensionReason.map { "with the reason \($0)" } ?? "and no reason was recorded"
        let isBroken = results.contains { $0.outcome == .fail && $0.code == .notSupported("VersionBelowFloor") }
        if isBroken {
            return
                "Automatic upgrade is Suspended \(reason). In this version Suspended also stops every later automatic"
                + " upgrade, and setting Enabled does not cure it."
        }
        let consequence =
            facts.isLive
            ? "the conditions are evaluated again, and a server that has become eligible is set Enabled and upgraded."
            : "once the reason is gone, set it with Set-ADSyncAutoUpgrade -AutoUpgradeState Enabled."
        return "Automatic upgrade is Suspended \(reason). In this version that does not block by itself: \(consequence)"
    }
}
