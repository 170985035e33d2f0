import Documents

/// The answer of `settings get` and `settings set`: all that an administrator can set, each a name and a text.
public struct SettingsReport: Document, Equatable {
    public static let schemaName = "settings"

    public var parameters: [String: String]
    public var unknown: [String: JSONValue] = [:]

    public init(parameters: [String: String]) { self.parameters = parameters }

    public init(fields: inout FieldReader) throws(DocumentError) { parameters = try fields.texts("parameters") }

    public var members: [String: JSONValue] { ["parameters": .object(parameters.mapValues { .string($0) })] }
}

/// The answer of `snapshot`.
public struct SnapshotReport: Document, Equatable {
    public static let schemaName = "snapshot"

    public struct File: Equatable, Sendable {
        public var path: String
        public var size: Int
        public var sha256: SHA256Digest
    }

    public var files: [File]
    public var bytes: Int
    public var copiedBytes: Int
    public var unknown: [String: JSONValue] = [:]

    public init(fields: inout FieldReader) throws(DocumentError) {
        files = []
        for var entry in try fields.objects("files") {
            files.append(
                File(path: try entry.string("path"), size: try entry.count("size"), sha256: try entry.digest("sha256")))
        }
        bytes = try fields.count("bytes")
        copiedBytes = try fields.count("copiedBytes")
    }

    public var members: [String: JSONValue] {
        [
            "files": .array(
                files.map {
                    ["path": .string($0.path), "size": JSONValue($0.size), "sha256": .string($0.sha256.hexadecimal)]
                }),
            "bytes": JSONValue(bytes), "copiedBytes": JSONValue(copiedBytes),
        ]
    }
}

/// The answer of `migrate`.
public struct MigrateReport: Document, Equatable {
    public static let schemaName = "migrate"

    public var from: Int
    public var to: Int
    public var steps: [String]
    public var fullImport: [String]
    public var fullSynchronization: [String]
    public var unknown: [String: JSONValue] = [:]

    public init(fields: inout FieldReader) throws(DocumentError) {
        from = try fields.count("from")
        to = try fields.count("to")
        steps = try fields.strings("steps")
        fullImport = try fields.strings("fullImport")
        fullSynchronization = try fields.strings("fullSynchronization")
    }

    public var members: [String: JSONValue] {
        [
            "from": JSONValue(from), "to": JSONValue(to), "steps": .array(steps.map { .string($0) }),
            "fullImport": .array(fullImport.map { .string($0) }),
            "fullSynchronization": .array(fullSynchronization.map { .string($0) }),
        ]
    }
}

/// The answer of `rehearse`: what the first cycle of the new release would export beyond what was pending before.
public struct RehearseReport: Document, Equatable {
    public static let schemaName = "rehearse"

    public struct Change: Equatable, Sendable {
        public var objectType: String
        public var operation: String
        public var count: Int

        public init(objectType: String, operation: String, count: Int) {
            self.objectType = objectType
            self.operation = operation
            self.count = count
        }
    }

    public var changes: [Change]
    public var errors: Int
    public var unknown: [String: JSONValue] = [:]

    public init(fields: inout FieldReader) throws(DocumentError) {
        changes = []
        for var entry in try fields.objects("changes") {
            changes.append(
                Change(
                    objectType: try entry.string("objectType"), operation: try entry.string("operation"),
                    count: try entry.count("count")))
        }
        errors = try fields.count("errors")
    }

    public var members: [String: JSONValue] {
        [
            "changes": .array(
                changes.map {
                    [
                        "objectType": .string($0.objectType), "operation": .string($0.operation),
                        "count": JSONValue($0.count),
                    ]
                }),
            "errors": JSONValue(errors),
        ]
    }
}

/// The answer of `suspend`.
public struct SuspendReport: Document, Equatable {
    public static let schemaName = "suspend"

    public var suspended: Bool
    public var suspendedBy: String
    public var unknown: [String: JSONValue] = [:]

    public init(fields: inout FieldReader) throws(DocumentError) {
        suspended = try fields.bool("suspended")
        suspendedBy = try fields.optionalString("suspendedBy") ?? ""
    }

    public var members: [String: JSONValue] {
        ["suspended": .bool(suspended), "suspendedBy": .string(suspendedBy)]
    }
}
