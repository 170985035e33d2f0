import Documents
import LinuxHost
import ReleaseContract

/// One attempt as `history` lists it.
public struct HistoryEntry: Equatable, Sendable {
    public var attempt: String
    public var from: ProductVersion
    public var to: ProductVersion
    public var began: WallTime
    public var ended: WallTime?
    /// The result code; nil while the attempt lives.
    public var result: String?
    public var state: String
    public var message: String
    public var plan: String

    public var json: JSONValue {
        [
            "attempt": .string(attempt), "from": .string(from.description), "to": .string(to.description),
            "began": .string(began.description), "ended": ended.map { .string($0.description) } ?? .null,
            "result": result.map { .string($0) } ?? .null, "state": .string(state), "message": .string(message),
            "plan": .string(plan),
        ]
    }
}

/// The past of a server: every attempt with its one result, and every change of verdict.
public struct History {
    public let entries: [HistoryEntry]
    public let verdicts: [VerdictLog.Entry]

    public static func read(_ layout: ServerLayout) throws -> History {
        let store = AttemptStore(layout: layout)
        var entries: [HistoryEntry] = []
        for attempt in try store.identifiers() {
            let records = try store.records(of: attempt)
            guard let plan = try? store.plan(of: attempt), let first = records.first else { continue }
            entries.append(entry(attempt, plan, records, first))
        }
        return History(entries: entries, verdicts: try VerdictLog(layout: layout).entries())
    }

    private static func entry(
        _ attempt: String, _ plan: UpgradePlan, _ records: [JournalRecord], _ first: JournalRecord
    )
        -> HistoryEntry
    {
        let progress = AttemptProgress(records)
        var entry = HistoryEntry(
            attempt: attempt, from: plan.fromVersion, to: plan.toVersion, began: first.time, ended: nil, result: nil,
            state: "new", message: progress.failure?.message ?? "", plan: plan.digest.hexadecimal)
        switch progress.position {
        case .new: break
        case .inside(let state), .after(let state, _): entry.state = state.rawValue
        case .concluded(let end, let result):
            entry.state = end.rawValue
            entry.result = result
            entry.ended = records.last?.time
        }
        return entry
    }

    public var json: JSONValue {
        [
            "schema": "history/1", "attempts": .array(entries.map(\.json)),
            "verdicts": .array(
                verdicts.map {
                    [
                        "time": .string($0.time.description), "verdict": .string($0.verdict),
                        "code": $0.code.map { .string($0) } ?? .null, "reason": .string($0.reason),
                    ]
                }),
        ]
    }

    public var text: String {
        if entries.isEmpty, verdicts.isEmpty { return "no attempts yet\n" }
        let attempts = entries.map { (entry: HistoryEntry) -> (WallTime, String) in
            let what = "\(entry.from) -> \(entry.to)  \(entry.result ?? "\(entry.state), not concluded")"
            return (entry.began, entry.message.isEmpty ? what : "\(what)\n                      \(entry.message)")
        }
        let checks = verdicts.map { ($0.time, "check: \($0.verdict)\($0.code.map { " \($0)" } ?? "")") }
        return (attempts + checks).sorted { $0.0 < $1.0 }
            .map { "\(String($0.0.description.prefix(19)))Z  \($0.1)\n" }.joined()
    }
}
