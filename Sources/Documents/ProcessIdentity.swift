/// Names one process for ever: a number alone is used again, the number with its start time and boot is not.
public struct ProcessIdentity: Equatable, Sendable {
    public let pid: Int
    /// Clock ticks since boot, field 22 of `/proc/<pid>/stat`.
    public let startTime: Int
    public let bootId: String

    public init(pid: Int, startTime: Int, bootId: String) {
        self.pid = pid
        self.startTime = startTime
        self.bootId = bootId
    }
}

extension ProcessIdentity {
    public init(fields: inout FieldReader) throws(DocumentError) {
        pid = try fields.count("pid")
        startTime = try fields.count("startTime")
        bootId = try fields.string("bootId")
    }

    public var members: [String: JSONValue] {
        ["pid": JSONValue(pid), "startTime": JSONValue(startTime), "bootId": .string(bootId)]
    }
}
