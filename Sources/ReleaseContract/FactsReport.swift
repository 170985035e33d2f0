import Documents

/// What a server's `facts` verb answers: all that eligibility asks. What is missing is unknown, never assumed.
public struct FactsReport: Document, Equatable {
    public static let schemaName = "facts"

    public var product: String?
    public var version: ProductVersion?
    public var hostName: HostName?
    /// Parameters by the real product's names; nil where the server named none at all.
    public var parameters: [String: String]?
    public var account: String?
    public var serviceRunning: Bool?
    public var configurationInProgress: Bool?
    public var consoleOpen: Bool?
    public var database: Database?
    public var objects: Objects?
    public var connectors: [Connector]?
    /// How many synchronization rules are not the product's own.
    public var customRules: Int?
    public var healthAgent: HealthAgent?
    public var unknown: [String: JSONValue] = [:]

    public init() {}

    public init(fields: inout FieldReader) throws(DocumentError) {
        product = try fields.optionalString("product")
        if fields.optional("version") != nil { version = try fields.version("version") }
        if fields.optional("hostName") != nil { hostName = try HostName(fields.object("hostName")) }
        if fields.optional("parameters") != nil { parameters = try fields.texts("parameters") }
        account = try fields.optionalString("account")
        serviceRunning = try fields.optionalBool("serviceRunning")
        configurationInProgress = try fields.optionalBool("configurationInProgress")
        consoleOpen = try fields.optionalBool("consoleOpen")
        if fields.optional("database") != nil { database = try Database(fields.object("database")) }
        if fields.optional("objects") != nil { objects = try Objects(fields.object("objects")) }
        if fields.optional("connectors") != nil {
            var read: [Connector] = []
            for element in try fields.objects("connectors") { read.append(try Connector(element)) }
            connectors = read
        }
        customRules = try optionalCount("customRules", &fields)
        if fields.optional("healthAgent") != nil { healthAgent = try HealthAgent(fields.object("healthAgent")) }
    }

    public var members: [String: JSONValue] {
        var all: [String: JSONValue] = [:]
        all["product"] = product.map(JSONValue.string)
        all["version"] = version.map { .string($0.description) }
        all["hostName"] = hostName?.json
        all["parameters"] = parameters.map { .object($0.mapValues(JSONValue.string)) }
        all["account"] = account.map(JSONValue.string)
        all["serviceRunning"] = serviceRunning.map(JSONValue.bool)
        all["configurationInProgress"] = configurationInProgress.map(JSONValue.bool)
        all["consoleOpen"] = consoleOpen.map(JSONValue.bool)
        all["database"] = database?.json
        all["objects"] = objects?.json
        all["connectors"] = connectors.map { .array($0.map(\.json)) }
        all["customRules"] = customRules.map { JSONValue($0) }
        all["healthAgent"] = healthAgent?.json
        return all
    }
}

/// A number of at least zero, or nil where the member is missing.
private func optionalCount(_ key: String, _ fields: inout FieldReader) throws(DocumentError) -> Int? {
    fields.optional(key) == nil ? nil : try fields.count(key)
}

private func object(_ members: [String: JSONValue?], keeping unknown: [String: JSONValue]) -> JSONValue {
    .object(unknown.merging(members.compactMapValues { $0 }) { _, known in known })
}

extension FactsReport {
    /// The name that was recorded when the server was set up, and the one that the machine has now.
    public struct HostName: Equatable, Sendable {
        public var recorded: String?
        public var actual: String?
        public var unknown: [String: JSONValue] = [:]

        public init(recorded: String?, actual: String?) {
            self.recorded = recorded
            self.actual = actual
        }

        init(_ reader: FieldReader) throws(DocumentError) {
            var fields = reader
            recorded = try fields.optionalString("recorded")
            actual = try fields.optionalString("actual")
            unknown = fields.unknown
        }

        var json: JSONValue {
            object(
                ["recorded": recorded.map(JSONValue.string), "actual": actual.map(JSONValue.string)], keeping: unknown)
        }
    }

    /// The server's database: its size, whether it can be written, and where it is (`local`, or something else).
    public struct Database: Equatable, Sendable {
        public var bytes: Int?
        public var writable: Bool?
        public var kind: String?
        public var unknown: [String: JSONValue] = [:]

        public init(bytes: Int?, writable: Bool?, kind: String?) {
            self.bytes = bytes
            self.writable = writable
            self.kind = kind
        }

        init(_ reader: FieldReader) throws(DocumentError) {
            var fields = reader
            bytes = try optionalCount("bytes", &fields)
            writable = try fields.optionalBool("writable")
            kind = try fields.optionalString("kind")
            unknown = fields.unknown
        }

        var json: JSONValue {
            object(
                [
                    "bytes": bytes.map { JSONValue($0) }, "writable": writable.map(JSONValue.bool),
                    "kind": kind.map(JSONValue.string),
                ], keeping: unknown)
        }
    }

    /// How many objects the metaverse holds, in all and by type.
    public struct Objects: Equatable, Sendable {
        public var metaverse: Int?
        public var byType: [String: Int]?
        public var unknown: [String: JSONValue] = [:]

        public init(metaverse: Int?, byType: [String: Int]?) {
            self.metaverse = metaverse
            self.byType = byType
        }

        init(_ reader: FieldReader) throws(DocumentError) {
            var fields = reader
            metaverse = try optionalCount("metaverse", &fields)
            if fields.optional("byType") != nil {
                let types = try fields.object("byType")
                var counts: [String: Int] = [:]
                var reading = types
                for key in types.unknown.keys.sorted() { counts[key] = try reading.count(key) }
                byType = counts
            }
            unknown = fields.unknown
        }

        var json: JSONValue {
            object(
                [
                    "metaverse": metaverse.map { JSONValue($0) },
                    "byType": byType.map { .object($0.mapValues { JSONValue($0) }) },
                ], keeping: unknown)
        }
    }

    /// One connector of the server.
    public struct Connector: Equatable, Sendable {
        public var id: String
        public var name: String
        /// `ad` or `cloud`; a newer service may know others.
        public var kind: String?
        public var objects: Int?
        public var unknown: [String: JSONValue] = [:]

        public init(id: String, name: String, kind: String?, objects: Int?) {
            self.id = id
            self.name = name
            self.kind = kind
            self.objects = objects
        }

        init(_ reader: FieldReader) throws(DocumentError) {
            var fields = reader
            id = try fields.string("id")
            name = try fields.string("name")
            kind = try fields.optionalString("kind")
            objects = try optionalCount("objects", &fields)
            unknown = fields.unknown
        }

        var json: JSONValue {
            object(
                [
                    "id": .string(id), "name": .string(name), "kind": kind.map(JSONValue.string),
                    "objects": objects.map { JSONValue($0) },
                ], keeping: unknown)
        }
    }

    /// The health agent that lives beside the service and is upgraded with it.
    public struct HealthAgent: Equatable, Sendable {
        public var version: ProductVersion?
        public var registration: String?
        public var uploadEnabled: Bool?
        public var unknown: [String: JSONValue] = [:]

        public init(version: ProductVersion?, registration: String?, uploadEnabled: Bool?) {
            self.version = version
            self.registration = registration
            self.uploadEnabled = uploadEnabled
        }

        init(_ reader: FieldReader) throws(DocumentError) {
            var fields = reader
            if fields.optional("version") != nil { version = try fields.version("version") }
            registration = try fields.optionalString("registration")
            uploadEnabled = try fields.optionalBool("uploadEnabled")
            unknown = fields.unknown
        }

        var json: JSONValue {
            object(
                [
                    "version": version.map { .string($0.description) },
                    "registration": registration.map(JSONValue.string),
                    "uploadEnabled": uploadEnabled.map(JSONValue.bool),
                ], keeping: unknown)
        }
    }
}
