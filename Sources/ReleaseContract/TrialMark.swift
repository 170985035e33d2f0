import Documents

/// Says that a generation is on trial: its service stages exports and sends none.
public struct TrialMark: Document, Equatable {
    public static let schemaName = "trial"

    public var attempt: String
    public var since: WallTime
    public var unknown: [String: JSONValue] = [:]

    public init(attempt: String, since: WallTime) {
        self.attempt = attempt
        self.since = since
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        attempt = try fields.string("attempt")
        since = try fields.time("since")
    }

    public var members: [String: JSONValue] { ["attempt": .string(attempt), "since": .string(since.description)] }
}

/// What the holder of `operation.lock` writes into it.
public struct OperationRecord: Document, Equatable {
    public static let schemaName = "operation"

    public var verb: String
    public var process: ProcessIdentity
    public var unknown: [String: JSONValue] = [:]

    public init(verb: String, process: ProcessIdentity) {
        self.verb = verb
        self.process = process
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        verb = try fields.string("verb")
        process = try ProcessIdentity(fields: &fields)
    }

    public var members: [String: JSONValue] { process.members.merging(["verb": .string(verb)]) { $1 } }
}

/// The running service, as `serve` records it.
public struct ServiceProcess: Document, Equatable {
    public static let schemaName = "service-process"

    public var process: ProcessIdentity
    public var generation: Int
    public var unknown: [String: JSONValue] = [:]

    public init(process: ProcessIdentity, generation: Int) {
        self.process = process
        self.generation = generation
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        process = try ProcessIdentity(fields: &fields)
        generation = try fields.count("generation")
    }

    public var members: [String: JSONValue] { process.members.merging(["generation": JSONValue(generation)]) { $1 } }
}
