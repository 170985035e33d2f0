import Documents
import LinuxHost

/// The health agent that comes with the service: a version, and a registration that outlives upgrades.
public struct HealthAgent: Document, Equatable {
    public static let schemaName = "health-agent"
    public static let component = "health-agent"

    public var version: ProductVersion
    /// Derived from the agent's own key, so that a lost or foreign key shows.
    public var registration: String
    public var uploadEnabled: Bool
    public var unknown: [String: JSONValue] = [:]

    public init(fields: inout FieldReader) throws(DocumentError) {
        version = try fields.version("version")
        registration = try fields.string("registration")
        uploadEnabled = try fields.bool("uploadEnabled")
    }

    init(version: ProductVersion, registration: String) {
        self.version = version
        self.registration = registration
        uploadEnabled = true
    }

    public var members: [String: JSONValue] {
        [
            "version": .string(version.description), "registration": .string(registration),
            "uploadEnabled": .bool(uploadEnabled),
        ]
    }

    static func path(data: String) -> String { "\(data)/health-agent.json" }
    static func keyPath(data: String) -> String { "\(data)/keys/health-agent.key" }

    static func read(data: String) throws -> HealthAgent? {
        guard let bytes = try DurableFiles.read(path(data: data)) else { return nil }
        return try HealthAgent(bytes: bytes, file: path(data: data))
    }

    /// What the key in the data folder stands for; nil without a key.
    static func registration(data: String) throws -> String? {
        try DurableFiles.read(keyPath(data: data)).map { FileDigest.sha256($0).short }
    }

    /// Makes a key and registers an agent in a new data folder.
    static func register(data: String, version: ProductVersion) throws {
        var random = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
        try DurableFiles.makeFolders("\(data)/keys", mode: 0o700)
        try DurableFiles.replace(keyPath(data: data), key)
        let agent = HealthAgent(version: version, registration: FileDigest.sha256(key).short)
        try DurableFiles.replace(path(data: data), agent.json.pretty)
    }

    /// Takes over a newer bundled version; never an older one. What was done, in words.
    static func upgrade(data: String, to version: ProductVersion) throws -> String? {
        guard var agent = try read(data: data), agent.version < version else { return nil }
        let before = agent.version
        agent.version = version
        try DurableFiles.replace(path(data: data), agent.json.pretty)
        return "health agent \(before) to \(version)"
    }

    /// Whether the agent's registration belongs to its key.
    static func check(data: String) throws -> String? {
        guard let agent = try read(data: data) else { return "\(path(data: data)) is missing" }
        guard let registration = try registration(data: data) else { return "\(keyPath(data: data)) is missing" }
        guard registration == agent.registration else {
            return "registration \(agent.registration) does not belong to the key in \(keyPath(data: data))"
        }
        return nil
    }
}
