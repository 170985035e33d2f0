import Documents

/// `console.lock`: the management console that is open.
public struct ConsoleRecord: Document, Equatable {
    public static let schemaName = "console"

    public var process: ProcessIdentity
    public var since: WallTime
    /// Who opened it, for whoever has to ask that person.
    public var user: String
    public var unknown: [String: JSONValue] = [:]

    public init(process: ProcessIdentity, since: WallTime, user: String) {
        self.process = process
        self.since = since
        self.user = user
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        process = try ProcessIdentity(fields: &fields)
        since = try fields.time("since")
        user = try fields.string("user")
    }

    public var members: [String: JSONValue] {
        process.members.merging(["since": .string(since.description), "user": .string(user)]) { $1 }
    }
}
