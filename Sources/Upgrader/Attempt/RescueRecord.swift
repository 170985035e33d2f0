import Documents
import LinuxHost
import ReleaseContract

/// What the rescuer left behind for the journal.
public struct RescueRecord: Document, Equatable {
    public static let schemaName = "rescued"

    public var attempt: String
    public var action: String
    public var unknown: [String: JSONValue] = [:]

    public init(fields: inout FieldReader) throws(DocumentError) {
        attempt = try fields.string("attempt")
        action = try fields.string("action")
    }

    public var members: [String: JSONValue] { ["attempt": .string(attempt), "action": .string(action)] }

    /// The record that belongs to an attempt.
    static func read(_ layout: ServerLayout, attempt: String) throws -> RescueRecord? {
        guard let bytes = try DurableFiles.read(layout.rescueRecord, limit: 1 << 20),
            let record = try? RescueRecord(bytes: bytes, file: layout.rescueRecord), record.attempt == attempt
        else { return nil }
        return record
    }
}
