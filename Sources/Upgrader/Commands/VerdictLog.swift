import Documents
import LinuxHost
import ReleaseContract

/// Verdicts of checks that started no attempt: one line per change, not one per cron run.
public struct VerdictLog {
    public struct Entry: Equatable, Sendable {
        public var time: WallTime
        public var verdict: String
        public var code: String?
        public var reason: String
    }

    let layout: ServerLayout

    public init(layout: ServerLayout) { self.layout = layout }

    public func entries() throws -> [Entry] {
        guard let bytes = try DurableFiles.read(layout.verdicts) else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let json = try? JSONParser.parse(Array(line)), let text = json["time"]?.string,
                let time = WallTime(text), let verdict = json["verdict"]?.string
            else { return nil }
            return Entry(
                time: time, verdict: verdict, code: json["code"]?.string, reason: json["reason"]?.string ?? "")
        }
    }

    func record(_ report: EligibilityReport, now: WallTime) throws {
        let verdict = report.isDisabled ? "disabled" : report.verdict.name
        let code = report.verdict.code?.description
        if let last = try entries().last, last.verdict == verdict, last.code == code { return }
        var members: [String: JSONValue] = [
            "schema": "verdict/1", "time": .string(now.description), "verdict": .string(verdict),
            "reason": .string(report.reason),
        ]
        if let code { members["code"] = .string(code) }
        let log = try DurableLog(path: layout.verdicts)
        try log.append(JSONValue.object(members).compact)
    }
}
