import Documents

/// A synchronization rule: which objects it is about (type, scope), how they are linked (join, provision), and what flows.
///
/// One model for the rules of a real server's export, of a release's templates and of `adsync`'s store. Names of members follow
/// the export's elements.
public struct SynchronizationRule: Equatable, Sendable {
    public enum Direction: String, Sendable, CaseIterable {
        /// From a connector space to the metaverse.
        case inbound
        /// From the metaverse to a connector space.
        case outbound
    }

    public enum LinkType: String, Sendable, CaseIterable {
        /// Links to what is there and creates nothing; contributes nothing to the life of the metaverse object.
        case join
        /// Creates the target where no join finds one, and keeps the metaverse object alive.
        case provision
        /// Creates nothing, and keeps the metaverse object alive.
        case stickyJoin
    }

    /// Stays the same over all releases that have this rule; names the rule in an object's links. In an export an identifier in
    /// braces and lower case.
    public var id: String
    public var name: String
    public var direction: Direction
    /// The id of the connector that the rule belongs to.
    public var connector: String
    /// The object type in the connector space.
    public var connectorObjectType: String
    /// The object type in the metaverse; `*` for any, in inbound rules that provision nothing.
    public var metaverseObjectType: String
    public var linkType: LinkType
    /// The lower number wins. Unique in a rule set of 2.0.3.0 and later.
    public var precedence: Int
    public var isDisabled: Bool
    /// Groups are alternatives, the clauses of a group all hold. No group: every object of the type.
    public var scope: [[ScopeClause]]
    /// Groups are tried in order, the conditions of a group all hold.
    public var join: [[JoinCondition]]
    public var flows: [AttributeFlow]
    /// What the product keeps beside what the rule does.
    public var record: Record

    public init(
        id: String, name: String, direction: Direction, connector: String, connectorObjectType: String,
        metaverseObjectType: String, linkType: LinkType, precedence: Int, isDisabled: Bool = false,
        scope: [[ScopeClause]] = [], join: [[JoinCondition]] = [], flows: [AttributeFlow] = [],
        record: Record = Record()
    ) {
        self.id = id
        self.name = name
        self.direction = direction
        self.connector = connector
        self.connectorObjectType = connectorObjectType
        self.metaverseObjectType = metaverseObjectType
        self.linkType = linkType
        self.precedence = precedence
        self.isDisabled = isDisabled
        self.scope = scope
        self.join = join
        self.flows = flows
        self.record = record
    }

    /// Whether an administrator made it: the product's own rules carry a tag.
    public var isCustom: Bool { record.immutableTag.isEmpty }
    public var sourceObjectType: String { direction == .inbound ? connectorObjectType : metaverseObjectType }
    public var targetObjectType: String { direction == .inbound ? metaverseObjectType : connectorObjectType }

    /// The members of a rule that identify and describe it and that no evaluation reads.
    public struct Record: Equatable, Sendable {
        public var internalID = ""
        public var version = 1
        public var description = ""
        /// Names the product's own rules across versions; empty on custom ones.
        public var immutableTag = ""
        /// The rule that this one was placed after or before; nil where the export has the zero identifier.
        public var precedenceAfter: String?
        public var precedenceBefore: String?
        /// In the export's form, `hh:mm:ss`.
        public var softDeleteExpiryInterval = "00:00:00"
        public var isPasswordSyncEnabled = false

        public init() {}
    }
}

/// One condition of a scoping filter. Texts are compared without case, and as numbers where both sides are numbers and the
/// operator is about order. Negative operators hold where the attribute is absent.
public struct ScopeClause: Equatable, Sendable {
    /// The field's names.
    public enum Operator: String, Sendable, CaseIterable {
        case equal = "EQUAL"
        case notEqual = "NOTEQUAL"
        case lessThan = "LESSTHAN"
        case lessThanOrEqual = "LESSTHAN_OR_EQUAL"
        case greaterThan = "GREATERTHAN"
        case greaterThanOrEqual = "GREATERTHAN_OR_EQUAL"
        case contains = "CONTAINS"
        case notContains = "NOTCONTAINS"
        case startsWith = "STARTSWITH"
        case notStartsWith = "NOTSTARTSWITH"
        case endsWith = "ENDSWITH"
        case notEndsWith = "NOTENDSWITH"
        case isNull = "ISNULL"
        case isNotNull = "ISNOTNULL"
        case isBitSet = "ISBITSET"
        case isNotBitSet = "ISNOTBITSET"
        /// One of several values, which `;` separates.
        case isIn = "ISIN"
        case isNotIn = "ISNOTIN"
        /// Member of the group with this distinguished name in the connector space.
        case isMemberOf = "ISMEMBEROF"
        case isNotMemberOf = "ISNOTMEMBEROF"

        /// Reads a name, the spelling of real exports (`ISBITNOTSET`) included.
        public init?(name: String) {
            self.init(rawValue: name == "ISBITNOTSET" ? "ISNOTBITSET" : name)
        }

        var needsValue: Bool { self != .isNull && self != .isNotNull }
    }

    public var attribute: String
    public var `operator`: Operator
    public var value: String

    public init(_ attribute: String, _ operator: Operator, _ value: String = "") {
        self.attribute = attribute
        self.operator = `operator`
        self.value = value
    }
}

/// Values of the connector space object and of the metaverse object that have to be equal.
public struct JoinCondition: Equatable, Sendable {
    public var connectorAttribute: String
    public var metaverseAttribute: String
    public var isCaseSensitive: Bool

    public init(_ connectorAttribute: String, _ metaverseAttribute: String, isCaseSensitive: Bool = false) {
        self.connectorAttribute = connectorAttribute
        self.metaverseAttribute = metaverseAttribute
        self.isCaseSensitive = isCaseSensitive
    }
}

/// One attribute of the target and where its values come from.
public struct AttributeFlow: Equatable, Sendable {
    public enum Source: Equatable, Sendable {
        case direct(String)
        case constant(String)
        /// Text of the expression language.
        case expression(String)
    }

    public enum MergeType: String, Sendable, CaseIterable {
        /// The contribution with the best precedence is the value.
        case update
        /// As `update`; the product knows the name and does not use it.
        case replace
        /// All contributions together, exact duplicates once.
        case merge
        /// All contributions together, duplicates that differ in case only once.
        case mergeCaseInsensitive
    }

    public var target: String
    public var source: Source
    public var mergeType: MergeType
    /// Evaluated only when the target object is created.
    public var isExecuteOnce: Bool
    /// The source attributes that an export lists beside an expression; no evaluation reads them.
    public var listedSources: [String]

    public init(
        _ target: String, _ source: Source, mergeType: MergeType = .update, isExecuteOnce: Bool = false,
        listedSources: [String] = []
    ) {
        self.target = target
        self.source = source
        self.mergeType = mergeType
        self.isExecuteOnce = isExecuteOnce
        self.listedSources = listedSources
    }
}
