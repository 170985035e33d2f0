import Documents

/// The answer of `status`.
public struct StatusReport: Document, Equatable {
    public static let schemaName = "status"

    public var serving: Bool
    public var generation: Int
    public var version: ProductVersion
    public var onTrial: Bool
    public var cycleEnabled: Bool
    public var suspended: Bool
    /// Who suspended the scheduler; empty where a person or an older release did.
    public var suspendedBy: String
    public var staging: Bool
    public var cycleInProgress: Bool
    public var nextPolicy: String
    public var intervalSeconds: Int
    /// Whole cycles since the data was created.
    public var cyclesCompleted: Int
    public var lastResult: String
    public var fullImportPending: [String]
    public var fullSynchronizationPending: [String]
    /// Operations sent to the cloud since the data was created.
    public var exportsTotal: Int
    public var unknown: [String: JSONValue] = [:]

    public init(fields: inout FieldReader) throws(DocumentError) {
        serving = try fields.bool("serving")
        generation = try fields.count("generation")
        version = try fields.version("version")
        onTrial = try fields.bool("onTrial")
        var scheduler = try fields.object("scheduler")
        cycleEnabled = try scheduler.bool("cycleEnabled")
        suspended = try scheduler.bool("suspended")
        suspendedBy = try scheduler.optionalString("suspendedBy") ?? ""
        staging = try scheduler.bool("staging")
        cycleInProgress = try scheduler.bool("cycleInProgress")
        nextPolicy = try scheduler.string("nextPolicy")
        intervalSeconds = try scheduler.count("intervalSeconds")
        var cycles = try fields.object("cycles")
        cyclesCompleted = try cycles.count("completed")
        lastResult = try cycles.optionalString("lastResult") ?? ""
        fullImportPending = try cycles.strings("fullImportPending")
        fullSynchronizationPending = try cycles.strings("fullSynchronizationPending")
        var exports = try fields.object("exports")
        exportsTotal = try exports.count("total")
    }

    public var members: [String: JSONValue] {
        [
            "serving": .bool(serving), "generation": JSONValue(generation), "version": .string(version.description),
            "onTrial": .bool(onTrial),
            "scheduler": [
                "cycleEnabled": .bool(cycleEnabled), "suspended": .bool(suspended),
                "suspendedBy": .string(suspendedBy), "staging": .bool(staging),
                "cycleInProgress": .bool(cycleInProgress), "nextPolicy": .string(nextPolicy),
                "intervalSeconds": JSONValue(intervalSeconds),
            ],
            "cycles": [
                "completed": JSONValue(cyclesCompleted), "lastResult": .string(lastResult),
                "fullImportPending": .array(fullImportPending.map { .string($0) }),
                "fullSynchronizationPending": .array(fullSynchronizationPending.map { .string($0) }),
            ],
            "exports": ["total": JSONValue(exportsTotal)],
        ]
    }
}
