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
    /// What was done to the rules, compared with those that the installed release brought; nil where the service cannot say.
    public var ruleChanges: [RuleChange]?
    public var healthAgent: HealthAgent?
    /// `express`, `dirsync` or `custom`.
    public var installKind: String?
    /// `passwordHash`, `pta`, `adfs`, `pingFederate` or `none`.
    public var signInMethod: String?
    public var desktopSingleSignOn: Bool?
    /// Whether the groups that control access to the service exist.
    public var securityGroupsPresent: Bool?
    /// Whether an administrator changed the configuration of the service's programs.
    public var engineConfigurationEdited: Bool?
    /// The domains that the connectors read.
    public var domains: [Domain]?
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
        if fields.optional("ruleChanges") != nil {
            var read: [RuleChange] = []
            for element in try fields.objects("ruleChanges") { read.append(try RuleChange(element)) }
            ruleChanges = read
        }
        installKind = try fields.optionalString("installKind")
        signInMethod = try fields.optionalString("signInMethod")
        desktopSingleSignOn = try fields.optionalBool("desktopSingleSignOn")
        securityGroupsPresent = try fields.optionalBool("securityGroupsPresent")
        engineConfigurationEdited = try fields.optionalBool("engineConfigurationEdited")
        if fields.optional("domains") != nil {
            var read: [Domain] = []
            for element in try fields.objects("domains") { read.append(try Domain(element)) }
            domains = read
        }
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
        all["ruleChanges"] = ruleChanges.map { .array($0.map(\.json)) }
        all["installKind"] = installKind.map(JSONValue.string)
        all["signInMethod"] = signInMethod.map(JSONValue.string)
        all["desktopSingleSignOn"] = desktopSingleSignOn.map(JSONValue.bool)
        all["securityGroupsPresent"] = securityGroupsPresent.map(JSONValue.bool)
        all["engineConfigurationEdited"] = engineConfigurationEdited.map(JSONValue.bool)
        all["domains"] = domains.map { .array($0.map(\.json)) }
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

    /// A domain of a forest, as a connector reads it.
    public struct Domain: Equatable, Sendable {
        /// The connector's id.
        public var connector: String
        /// The name in the DNS, `example.org`.
        public var name: String
        public var netbiosName: String?
        /// Whether the DNS suffix of its machines differs from its name.
        public var isDisjoint: Bool?
        public var isSelected: Bool?
        /// Whether only some of its containers are read.
        public var hasContainerFilter: Bool?
        public var unknown: [String: JSONValue] = [:]

        public init(
            connector: String, name: String, netbiosName: String? = nil, isDisjoint: Bool? = nil,
            isSelected: Bool? = nil, hasContainerFilter: Bool? = nil
        ) {
            self.connector = connector
            self.name = name
            self.netbiosName = netbiosName
            self.isDisjoint = isDisjoint
            self.isSelected = isSelected
            self.hasContainerFilter = hasContainerFilter
        }

        init(_ reader: FieldReader) throws(DocumentError) {
            var fields = reader
            connector = try fields.string("connector")
            name = try fields.string("name")
            netbiosName = try fields.optionalString("netbiosName")
            isDisjoint = try fields.optionalBool("disjoint")
            isSelected = try fields.optionalBool("selected")
            hasContainerFilter = try fields.optionalBool("containerFilter")
            unknown = fields.unknown
        }

        var json: JSONValue {
            object(
                [
                    "connector": .string(connector), "name": .string(name),
                    "netbiosName": netbiosName.map(JSONValue.string), "disjoint": isDisjoint.map(JSONValue.bool),
                    "selected": isSelected.map(JSONValue.bool),
                    "containerFilter": hasContainerFilter.map(JSONValue.bool),
                ], keeping: unknown)
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
        public var linkedMailboxes: Int?
        public var resourceMailboxes: Int?
        /// Members of the largest group.
        public var largestGroup: Int?
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
            linkedMailboxes = try optionalCount("linkedMailboxes", &fields)
            resourceMailboxes = try optionalCount("resourceMailboxes", &fields)
            largestGroup = try optionalCount("largestGroup", &fields)
            unknown = fields.unknown
        }

        var json: JSONValue {
            object(
                [
                    "metaverse": metaverse.map { JSONValue($0) },
                    "byType": byType.map { .object($0.mapValues { JSONValue($0) }) },
                    "linkedMailboxes": linkedMailboxes.map { JSONValue($0) },
                    "resourceMailboxes": resourceMailboxes.map { JSONValue($0) },
                    "largestGroup": largestGroup.map { JSONValue($0) },
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
