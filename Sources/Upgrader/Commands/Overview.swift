import Documents
import LinuxHost
import ReleaseContract

/// What `status` and `why` say about a server, from its own answers and from the journal.
public struct Overview {
    public let json: JSONValue
    public let text: String

    public static func make(_ installation: Installation) throws -> Overview {
        let layout = installation.layout
        let (installed, commands) = try installation.activeCommands()
        let store = AttemptStore(layout: layout)
        var members: [String: JSONValue] = [
            "schema": "overview/1", "version": .string(installed.manifest.version.description),
            "generation": JSONValue(installed.generation),
        ]
        var lines = ["release     \(installed.manifest.version), generation \(installed.generation)"]
        if let status = try? commands.status() {
            members["service"] = status.json
            let scheduler = status.suspended ? "suspended\(AttemptContext.by(status.suspendedBy))" : "running"
            lines.append(
                "service     \(status.serving ? "serving" : "not serving")\(status.onTrial ? ", on trial" : "")")
            lines.append(
                "scheduler   \(scheduler), cycle \(status.cycleEnabled ? "enabled" : "disabled")"
                    + "\(status.staging ? ", staging mode" : "")")
        } else {
            lines.append("service     gives no status")
        }
        if let settings = try? commands.settings() {
            let state = settings.parameters[AutoUpgradeParameters.state] ?? "unknown"
            let reason = settings.parameters[AutoUpgradeParameters.reason] ?? ""
            members["autoUpgrade"] = ["state": .string(state), "reason": .string(reason)]
            lines.append("upgrades    \(state)\(reason.isEmpty ? "" : " (\(reason))")")
        }
        if let lease = try? LeaseKeeper.read(layout) {
            members["lease"] = lease.json
            lines.append("lease       attempt \(lease.attempt), until \(lease.expires)")
        }
        if let attempt = try store.unfinished() {
            members["attempt"] = .string(attempt)
            let position = try store.progress(of: attempt).position
            lines.append("attempt     \(attempt): \(words(position))")
        }
        if DurableFiles.exists(layout.latch) {
            members["latched"] = true
            lines.append("latch       an upgrade ended inconsistently; run 'aadc-upgrade repair'")
        }
        return Overview(json: .object(members), text: lines.joined(separator: "\n") + "\n")
    }

    private static func words(_ position: AttemptProgress.Position) -> String {
        switch position {
        case .new: "not begun"
        case .inside(.observing): "observing the new release"
        case .inside(let state): "in \(state.rawValue) (its process runs, or was killed; the next run finishes it)"
        case .after(let state, let outcome): "after \(state.rawValue), \(outcome.rawValue)"
        case .concluded(_, let result): result
        }
    }
}

/// Why the last attempt, or the last check, ended as it did: the journal told as a story.
public struct Explanation {
    public let json: JSONValue
    public let text: String

    public static func make(_ layout: ServerLayout, attempt wanted: String?) throws -> Explanation {
        let store = AttemptStore(layout: layout)
        guard let attempt = try wanted ?? store.identifiers().last else {
            let last = try VerdictLog(layout: layout).entries().last
            let words =
                last.map { "no attempt yet; the last check said \($0.verdict) \($0.code ?? ""): \($0.reason)" }
                ?? "no attempt and no check yet"
            return Explanation(
                json: ["schema": "explanation/1", "attempt": .null, "text": .string(words)], text: words + "\n")
        }
        let records = try store.records(of: attempt)
        guard !records.isEmpty else {
            throw CommandError(
                ExitStatus.noInput, "there is no attempt '\(attempt)'; 'aadc-upgrade history' lists them")
        }
        let plan = try store.plan(of: attempt)
        var lines = ["attempt \(attempt): \(plan.fromVersion) to \(plan.toVersion)"]
        lines += records.compactMap(line)
        return Explanation(
            json: [
                "schema": "explanation/1", "attempt": .string(attempt), "plan": plan.json,
                "text": .string(lines.joined(separator: "\n")),
            ], text: lines.joined(separator: "\n") + "\n")
    }

    private static func line(_ record: JournalRecord) -> String? {
        let time = record.time.description.dropFirst(11).prefix(8)
        let message = record.detail["message"]?.string ?? ""
        switch record.event {
        case .entered: return nil
        case .ended(let state, .done, _): return "  \(time) \(state.rawValue): done"
        case .ended(let state, let outcome, let reason):
            return "  \(time) \(state.rawValue): \(outcome.rawValue), \(reason ?? ""): \(message)"
        case .takenOver: return "  \(time) process \(record.process.pid) took the attempt over"
        case .noted(let text): return "  \(time) \(text)"
        case .concluded(let end, let result): return "  \(time) \(end.rawValue): \(result)"
        case .unknown(let kind): return "  \(time) (a record of kind '\(kind)', from a newer program)"
        }
    }
}
