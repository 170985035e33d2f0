import Foundation

/// The journal of one attempt as docs/journal.md describes it, read without the product's code.
struct AttemptJournal: Sendable {
    struct Record: Sendable {
        let index: Int
        let time: Date
        let pid: Int
        let startTime: Int
        let kind: String
        let state: String
        let outcome: String
        let end: String
        let result: String
    }

    let attempt: String
    let records: [Record]
    /// What is wrong with the file itself.
    let problems: [String]

    init(folder: URL) {
        attempt = folder.lastPathComponent
        let file = folder.appending(path: "events.jsonl")
        var records: [Record] = []
        var problems: [String] = []
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        if text.isEmpty { problems.append("\(attempt) has no journal") }
        for (number, line) in text.split(separator: "\n").enumerated() {
            guard let record = Self.record(String(line)) else {
                problems.append("\(attempt): line \(number + 1) of the journal is no record")
                continue
            }
            if record.index != number {
                problems.append("\(attempt): record \(record.index) of the journal stands in line \(number + 1)")
            }
            records.append(record)
        }
        self.records = records
        self.problems = problems
    }

    private static func record(_ line: String) -> Record? {
        guard let value = try? JSONSerialization.jsonObject(with: Data(line.utf8)),
            let fields = value as? [String: Any],
            let index = fields["index"] as? Int, let kind = fields["kind"] as? String,
            let time = (fields["time"] as? String).flatMap(instant), let process = fields["process"] as? [String: Any],
            let pid = process["pid"] as? Int, let start = process["startTime"] as? Int
        else { return nil }
        func text(_ key: String) -> String { fields[key] as? String ?? "" }
        return Record(
            index: index, time: time, pid: pid, startTime: start, kind: kind, state: text("state"),
            outcome: text("outcome"), end: text("end"), result: text("result"))
    }

    var conclusions: [Record] { records.filter { $0.kind == "conclusion" } }
    func entered(_ state: String) -> Record? { records.first { $0.kind == "intent" && $0.state == state } }
    func ended(_ state: String) -> Record? {
        records.first { $0.kind == "result" && $0.state == state && $0.outcome == "done" }
    }
    /// Where the attempt stands; empty before its first state.
    var lastState: String { records.last { $0.kind == "intent" }?.state ?? "" }
    /// A way back without an upgrade of its own, which its first record says.
    var isRollbackByHand: Bool { records.first?.kind == "note" }
    /// Whether the new release may have sent anything. The rescuer acts only while the lease stands, which stops every
    /// export: what it ended in `resuming` has sent nothing.
    var mayHaveExported: Bool {
        ended("resuming") != nil || isRollbackByHand || entered("resuming") != nil && !wasRescued
    }
    var wasRescued: Bool { records.contains { $0.outcome == "rescued" } }
}

/// A time in RFC 3339, with or without fractions of a second.
func instant(_ text: String) -> Date? {
    (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        ?? (try? Date(text, strategy: .iso8601))
}

/// One line of the cloud's log. The contract service's: time, what was done, number, generation, version, object. The
/// cloud directory of adsync writes JSON, with operations only, and knows nothing of generations.
struct CloudLine: Sendable {
    let time: Date
    let isImport: Bool
    let generation: Int?
    let text: String

    init?(_ line: String) {
        text = line
        if line.hasPrefix("{") {
            let fields = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any]
            guard let time = (fields?["time"] as? String).flatMap(instant) else { return nil }
            (self.time, isImport, generation) = (time, false, nil)
            return
        }
        let words = line.split(separator: " ")
        guard words.count >= 5, let time = instant(String(words[0])), let generation = Int(words[3]) else { return nil }
        self.time = time
        isImport = words[1] == "import"
        self.generation = generation
    }
}
