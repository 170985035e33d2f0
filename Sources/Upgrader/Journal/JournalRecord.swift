import Documents
import LinuxHost

/// One line of an attempt's journal (docs/journal.md).
public struct JournalRecord: Equatable, Sendable {
    public enum Event: Equatable, Sendable {
        /// A state is entered; its effects follow.
        case entered(UpgradeState)
        /// A state has ended.
        case ended(UpgradeState, StateOutcome, reason: String?)
        /// Another process goes on with the attempt.
        case takenOver
        /// Something worth knowing that decides nothing.
        case noted(String)
        /// The attempt's one result.
        case concluded(AttemptEnd, result: String)
        /// Written by a newer program.
        case unknown(String)
    }

    public var index: Int
    public var time: WallTime
    public var process: ProcessIdentity
    public var event: Event
    /// Figures and names that belong to the event.
    public var detail: [String: JSONValue]

    public init(
        index: Int, time: WallTime, process: ProcessIdentity, event: Event, detail: [String: JSONValue] = [:]
    ) {
        self.index = index
        self.time = time
        self.process = process
        self.event = event
        self.detail = detail
    }

    /// The line without its end: canonical JSON with a checksum over everything else.
    public var line: [UInt8] {
        var members = content
        members["checksum"] = .string(Self.checksum(content))
        return JSONValue.object(members).compact
    }

    private var content: [String: JSONValue] {
        var members: [String: JSONValue] = [
            "schema": "journal/1", "index": JSONValue(index), "time": .string(time.description),
            "process": .object(process.members), "detail": .object(detail),
        ]
        switch event {
        case .entered(let state):
            members["kind"] = "intent"
            members["state"] = .string(state.rawValue)
        case .ended(let state, let outcome, let reason):
            members["kind"] = "result"
            members["state"] = .string(state.rawValue)
            members["outcome"] = .string(outcome.rawValue)
            if let reason { members["reason"] = .string(reason) }
        case .takenOver: members["kind"] = "takeover"
        case .noted(let text):
            members["kind"] = "note"
            members["text"] = .string(text)
        case .concluded(let end, let result):
            members["kind"] = "conclusion"
            members["end"] = .string(end.rawValue)
            members["result"] = .string(result)
        case .unknown(let kind): members["kind"] = .string(kind)
        }
        return members
    }

    private static func checksum(_ members: [String: JSONValue]) -> String {
        FileDigest.sha256(JSONValue.object(members).compact).short
    }

    /// Reads one line; a wrong checksum or an impossible record is an error.
    public init(line: [UInt8], file: String, number: Int) throws(DocumentError) {
        let place = "line \(number)"
        let json: JSONValue
        do {
            json = try JSONParser.parse(line)
        } catch {
            throw DocumentError(file: file, place: place, problem: "not a journal record: \(error.problem)")
        }
        var fields = try FieldReader(json, file: file, path: place)
        let schema = try fields.string("schema")
        guard schema == "journal/1" else {
            throw fields.failure("schema", "expected \"journal/1\", found \"\(schema)\"")
        }
        let checksum = try fields.string("checksum")
        var rest = json.object ?? [:]
        rest["checksum"] = nil
        guard Self.checksum(rest) == checksum else {
            throw DocumentError(file: file, place: place, problem: "the checksum is not that of the record")
        }
        index = try fields.count("index")
        time = try fields.time("time")
        var process = try fields.object("process")
        self.process = try ProcessIdentity(fields: &process)
        detail = try fields.value("detail").object ?? [:]
        let kind = try fields.string("kind")
        switch kind {
        case "intent": event = .entered(try Self.state(&fields))
        case "result":
            let outcome = try fields.parsed("outcome", "an outcome", { StateOutcome(rawValue: $0) })
            event = .ended(try Self.state(&fields), outcome, reason: try fields.optionalString("reason"))
        case "takeover": event = .takenOver
        case "note": event = .noted(try fields.string("text"))
        case "conclusion":
            let end = try fields.parsed("end", "an attempt's end", { AttemptEnd(rawValue: $0) })
            event = .concluded(end, result: try fields.string("result"))
        default: event = .unknown(kind)
        }
    }

    private static func state(_ fields: inout FieldReader) throws(DocumentError) -> UpgradeState {
        try fields.parsed("state", "a state of an upgrade", { UpgradeState(rawValue: $0) })
    }
}
