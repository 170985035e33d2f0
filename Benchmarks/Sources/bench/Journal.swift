import Foundation

/// How long an attempt was in each state.
struct Journal {
    struct State {
        var name: String
        var seconds: Double
    }

    private(set) var states: [State] = []
    /// From the beginning of planning to the end of resuming.
    private(set) var upgradeSeconds = 0.0
    /// From the beginning of pausing to the end of resuming.
    private(set) var pausingToResuming = 0.0

    init(file: String) throws {
        var began: [String: Date] = [:]
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") {
            let record = try JSON.parse(String(line))
            guard let kind = record["kind"] as? String, let state = record["state"] as? String,
                let text = record["time"] as? String
            else { continue }
            let time = try Self.time(text)
            if kind == "intent" { began[state] = time }
            guard kind == "result", let start = began[state] else { continue }
            guard record["outcome"] as? String == "done" else {
                throw BenchError("\(file): \(state) did not end well: \(line)")
            }
            states.append(State(name: state, seconds: time.timeIntervalSince(start)))
            if state == "resuming" {
                upgradeSeconds = began["planning"].map { time.timeIntervalSince($0) } ?? 0
                pausingToResuming = began["pausing"].map { time.timeIntervalSince($0) } ?? 0
            }
        }
    }

    private static func time(_ text: String) throws -> Date {
        try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")))
    }
}
