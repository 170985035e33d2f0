/// A row of a connector space: an object of a source or target directory, what is to become of it, and its link.
public struct StoredObject: Equatable, Sendable {
    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The last import says that the object is gone; the next synchronization takes it away.
        public static let importedDelete = Flags(rawValue: 1)
        /// The object is to be deleted in its directory.
        public static let pendingDelete = Flags(rawValue: 2)
        /// Something refers to the object, but no import has shown it; never joined.
        public static let placeholder = Flags(rawValue: 4)
        /// An import changed the object, and no synchronization has seen that yet.
        public static let pendingImport = Flags(rawValue: 8)
        /// A flow failed before what changed in the object's references was looked up: the next time all of them are.
        public static let staleReferences = Flags(rawValue: 16)
    }

    /// Unique over all connectors, never used again.
    public var id: UInt32
    public var connector: String
    public var type: String
    public var dn: String
    /// As the directory has it (the hologram); nil until an import has shown the object.
    public var imported: ObjectBlob?
    /// As outbound rules want it, attributes that they manage only; nil for objects that no outbound rule manages.
    public var staged: ObjectBlob?
    /// The metaverse object it is linked to.
    public var metaverse: UInt32?
    /// The rule that links it inbound.
    public var inboundRule: String?
    /// The rule that provisioned it.
    public var outboundRule: String?
    public var flags: Flags

    public init(
        id: UInt32, connector: String, type: String, dn: String, imported: ObjectBlob? = nil, staged: ObjectBlob? = nil,
        metaverse: UInt32? = nil, inboundRule: String? = nil, outboundRule: String? = nil, flags: Flags = []
    ) {
        self.id = id
        self.connector = connector
        self.type = type
        self.dn = dn
        self.imported = imported
        self.staged = staged
        self.metaverse = metaverse
        self.inboundRule = inboundRule
        self.outboundRule = outboundRule
        self.flags = flags
    }
}

/// A row of the metaverse.
public struct StoredMetaverseObject: Equatable, Sendable {
    /// Unique, never used again.
    public var id: UInt32
    public var type: String
    /// What the rules made of the linked objects when they were last synchronized.
    public var values: ObjectBlob

    public init(id: UInt32, type: String, values: ObjectBlob) {
        self.id = id
        self.type = type
        self.values = values
    }
}

/// What a store has to write after a run, in no particular order.
public struct StoreChanges: Equatable, Sendable {
    public var savedObjects: [StoredObject] = []
    public var removedObjects: [UInt32] = []
    public var savedMetaverse: [StoredMetaverseObject] = []
    public var removedMetaverse: [UInt32] = []
    /// All attribute names in the order of their numbers, where names were added since the last time.
    public var attributeNames: [String]?

    public init() {}
    public var isEmpty: Bool { self == StoreChanges() }
}

/// An object as a directory shows it, before it has a number. References are distinguished names of the same directory.
public struct ImportedEntry: Equatable, Sendable {
    public var dn: String
    public var type: String
    public var attributes: [LDIFAttribute]

    public init(dn: String, type: String, attributes: [LDIFAttribute]) {
        self.dn = dn
        self.type = type
        self.attributes = attributes
    }
}

/// What an import did to a connector space.
public struct ImportSummary: Equatable, Sendable {
    public var adds = 0
    public var updates = 0
    public var deletes = 0
    public var renames = 0
    public var unchanged = 0
    public var errors: [ObjectError] = []

    public init() {}
}

/// Which objects a synchronization looks at.
public enum SynchronizationScope: Equatable, Sendable {
    /// Every object of the connector: what changed rules ask for.
    case full
    /// Those that an import changed since the last synchronization.
    case delta
}

/// What a synchronization did.
public struct SynchronizationSummary: Equatable, Sendable {
    /// Objects of the connector that were looked at.
    public var evaluated = 0
    /// Metaverse objects made.
    public var projections = 0
    public var joins = 0
    public var disjoins = 0
    public var metaverseDeletes = 0
    /// Objects made, taken over or marked for delete in target connector spaces.
    public var provisioned = 0
    public var deprovisioned = 0
    /// Target objects whose wanted values changed.
    public var staged = 0
    /// References that were looked up in a target directory: those of a changed group's changed members, not of all.
    public var evaluatedReferences = 0
    public var errors: [ObjectError] = []
    /// More errors than a run may have: objects that were not looked at stay as they were.
    public var isStopped = false

    /// A run stops when it has had so many errors, as the product's does.
    public static let errorLimit = 5_000

    public init() {}
}

/// A failure of one object, which never stops a run.
public struct ObjectError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case severalJoinRules = "several-join-rules"
        case ambiguousJoin = "ambiguous-join"
        /// A rule's flow raised an error, or could not be evaluated.
        case flowError = "flow-error"
        case anchorChanged = "source-anchor-changed"
        case missingName = "missing-name"
        case nameTaken = "name-taken"
        case missingAnchor = "missing-anchor"
        case unknownObject = "unknown-object"
        case malformedChange = "malformed-change"
        case tooManyNames = "too-many-names"
    }

    public let code: Code
    public let connector: String
    public let dn: String
    /// What happened and what to do.
    public let detail: String

    public init(_ code: Code, connector: String, dn: String, _ detail: String) {
        self.code = code
        self.connector = connector
        self.dn = dn
        self.detail = detail
    }

    public var description: String { "\(dn): \(detail) (\(code.rawValue))" }
}

/// One object that the next export has to change in its directory.
public struct PendingExport: Equatable, Sendable {
    public enum Operation: String, Sendable, CaseIterable { case add, update, delete }

    public struct Change: Equatable, Sendable {
        public let attribute: String
        public let kind: AttributeKind
        /// Values to take away and values to put there; for a reference the named object's distinguished name.
        public let removed: [[UInt8]]
        public let added: [[UInt8]]

        public init(attribute: String, kind: AttributeKind, removed: [[UInt8]], added: [[UInt8]]) {
            self.attribute = attribute
            self.kind = kind
            self.removed = removed
            self.added = added
        }
    }

    /// The object's number in the connector space.
    public let object: UInt32
    public let operation: Operation
    public let type: String
    public let dn: String
    /// The directory's anchor of the object; nil for an add.
    public let anchor: [UInt8]?
    public let changes: [Change]

    public init(
        object: UInt32, operation: Operation, type: String, dn: String, anchor: [UInt8]?, changes: [Change]
    ) {
        self.object = object
        self.operation = operation
        self.type = type
        self.dn = dn
        self.anchor = anchor
        self.changes = changes
    }
}

/// Rows or rules that do not fit together.
public enum EngineError: Error, Equatable, Sendable, CustomStringConvertible {
    case unknownConnector(String)
    case duplicateRule(String)
    case duplicatePrecedence(Int, String, String)
    case badExpression(rule: String, attribute: String, String)
    case anyTypeNotAllowed(String)
    case damagedRow(UInt32, String)
    case unknownRuleConnector(rule: String, connector: String)

    public var description: String {
        switch self {
        case .unknownConnector(let id): "there is no connector \"\(id)\""
        case .duplicateRule(let id): "the rule \"\(id)\" is there twice: give one of them another id"
        case .duplicatePrecedence(let number, let one, let other):
            "the rules \"\(one)\" and \"\(other)\" both have precedence \(number): give one of them another number"
        case .badExpression(let rule, let attribute, let problem):
            "the rule \"\(rule)\", in the flow to \"\(attribute)\", \(problem)"
        case .anyTypeNotAllowed(let rule):
            "the rule \"\(rule)\" is for any metaverse type: only inbound rules that provision nothing may be; name a type"
        case .damagedRow(let id, let problem): "the stored object \(id) is damaged: \(problem)"
        case .unknownRuleConnector(let rule, let connector):
            "the rule \"\(rule)\" is for the connector \"\(connector)\", which does not exist"
        }
    }
}
