import Documents
import ReleaseContract
import VersionCatalog

/// Many servers at once: one row for each, and one for each input that could not be read.
public struct EligibilitySummary: Equatable, Sendable {
    /// An input that gave no report.
    public struct Unreadable: Equatable, Sendable {
        public var input: String
        public var error: String
        public var exitStatus: Int32

        public init(input: String, error: String, exitStatus: Int32) {
            self.input = input
            self.error = error
            self.exitStatus = exitStatus
        }
    }

    /// One server in a line.
    public struct Row: Equatable, Sendable {
        /// What the user named.
        public var input: String
        public var name: String?
        public var version: ProductVersion?
        /// The state of automatic upgrade.
        public var state: String?
        public var verdict: EligibilityReport.Verdict
        public var candidate: ProductVersion?
        /// What a person may install by hand.
        public var attended: ProductVersion?
        /// The conditions that fail, in the catalog's order.
        public var blocking: [ResultCode]
        /// How many could not be judged.
        public var unknown: Int
        /// Known issues of the candidate that apply or of which nobody knows.
        public var risks: [String]
        /// When support of the installed release ends or ended.
        public var retired: ReleaseDate?

        public init(_ report: EligibilityReport, input: String) {
            self.input = input
            name = report.facts.name
            version = report.facts.version
            state = report.facts.autoUpgradeState?.description
            verdict = report.verdict
            candidate = report.decision?.candidate?.version
            attended = report.attended?.candidate?.version
            blocking = report.failures.map(\.code)
            unknown = report.unknowns.count
            risks = (report.decision?.risks ?? []).filter { $0.outcome == .applies || $0.outcome == .unknown }
                .map(\.risk.id)
            retired = report.timeline?.entries.first { $0.role == .installed }?.retired
        }
    }

    public enum Entry: Equatable, Sendable {
        case server(Row)
        case unreadable(Unreadable)
    }

    /// In the order in which the inputs were given.
    public var entries: [Entry]

    public init(entries: [Entry]) { self.entries = entries }

    public var rows: [Row] { entries.compactMap { if case .server(let row) = $0 { row } else { nil } } }
    public var unreadable: [Unreadable] {
        entries.compactMap { if case .unreadable(let entry) = $0 { entry } else { nil } }
    }

    /// The worst of all: an error of this program, then an input of which nothing is known, then a server on which a
    /// person has to act, then one that has to wait.
    public var exitStatus: Int32 {
        Self.worst(
            entries.map { entry in
                switch entry {
                case .server(let row): row.verdict.exitStatus
                case .unreadable(let input): input.exitStatus
                }
            })
    }

    static func worst(_ statuses: [Int32]) -> Int32 {
        let order: [Int32] = [0, 75, 78, 66, 65, 77]
        return statuses.max { (order.firstIndex(of: $0) ?? order.count) < (order.firstIndex(of: $1) ?? order.count) }
            ?? 0
    }

    /// How many servers have each verdict, in words; the worst first.
    public var counts: [(verdict: String, count: Int)] {
        let verdicts: [(String, (EligibilityReport.Verdict) -> Bool)] = [
            ("NOT SUPPORTED", { $0.name == "notSupported" }), ("NOT NOW", { $0.name == "aborted" }),
            ("CONDITIONAL", { $0 == .conditional }), ("ELIGIBLE", { $0 == .eligible }),
            ("UP TO DATE", { $0 == .upToDate }),
        ]
        let found = verdicts.map { name, isIt in (verdict: name, count: rows.count { isIt($0.verdict) }) }
        return (found + [("NOT READ", unreadable.count)]).filter { $0.count > 0 }
    }

    var headline: String {
        let inputs = EligibilityWords.count(entries.count, "server", "servers")
        let verdicts = counts.map { "\($0.count) \($0.verdict)" }.joined(separator: ", ")
        return verdicts.isEmpty ? inputs : "\(inputs): \(verdicts)"
    }
}

extension EligibilitySummary {
    public static let schema = "eligibility-summary/1"

    /// The summary for programs, as `docs/eligibility-report.md` describes it.
    public var json: JSONValue {
        [
            "schema": .string(Self.schema),
            "exitStatus": JSONValue(Int(exitStatus)),
            "servers": .array(rows.map(\.json)),
            "unreadable": .array(
                unreadable.map {
                    [
                        "input": .string($0.input), "error": .string($0.error),
                        "exitStatus": JSONValue(Int($0.exitStatus)),
                    ]
                }),
        ]
    }
}

extension EligibilitySummary.Row {
    var json: JSONValue {
        var members: [String: JSONValue] = [
            "input": .string(input),
            "verdict": .string(verdict.name),
            "exitStatus": JSONValue(Int(verdict.exitStatus)),
            "blocking": .array(blocking.map { .string($0.description) }),
            "unknown": JSONValue(unknown),
            "risks": .array(risks.map(JSONValue.string)),
        ]
        members["name"] = name.map(JSONValue.string)
        members["version"] = version.map { .string($0.description) }
        members["state"] = state.map(JSONValue.string)
        members["code"] = verdict.code.map { .string($0.description) }
        members["candidate"] = candidate.map { .string($0.description) }
        members["attended"] = attended.map { .string($0.description) }
        members["retired"] = retired.map { .string($0.description) }
        return .object(members)
    }
}
