/// What to generate. The same options give the same bytes.
public struct ForestOptions: Equatable, Sendable {
    public enum Topology: String, Sendable, CaseIterable {
        /// One forest with everything.
        case single
        /// Accounts in one or more forests; mailboxes linked to them, groups and contacts in the last one.
        case accountResource = "account-resource"
        /// Forests with users each, who are contacts in the others.
        case galsync
        /// One forest whose mailboxes are partly in the cloud.
        case hybrid
        /// Forests that trust each other: users of one are foreign security principals in the others.
        case trusted
        /// All of it: forests that share an address list and trust each other, and one that has the mailboxes of the first.
        case mixed

        var forestCounts: ClosedRange<Int> {
            switch self {
            case .single, .hybrid: 1...1
            case .accountResource, .galsync, .trusted: 2...4
            case .mixed: 3...4
            }
        }
    }

    /// Shares of the objects, in percent, that a file of changes is about.
    public struct Rates: Equatable, Sendable {
        public var deletes: Double
        public var adds: Double
        public var updates: Double

        public init(deletes: Double = 1, adds: Double = 1, updates: Double = 5) {
            self.deletes = deletes
            self.adds = adds
            self.updates = updates
        }
    }

    public var seed: UInt64
    public var users: Int
    public var groups: Int
    public var contacts: Int
    public var computers: Int
    public var topology: Topology
    /// How many forests; the topology's smallest number where nil.
    public var forestCount: Int?
    /// Whether to make what real directories have beside ordinary people: built-in and system objects, resources, replication
    /// conflicts, devices, deep folders, addresses written badly; and renames, moves, promotions and the like among the changes.
    public var isVaried: Bool
    /// Members of the first forest's first group.
    public var largestGroup: Int?
    /// Files of changes beside the dump.
    public var changes: Int
    public var rates: Rates

    public init(
        seed: UInt64, users: Int, groups: Int = 0, contacts: Int = 0, computers: Int = 0, topology: Topology = .single,
        forestCount: Int? = nil, isVaried: Bool = false, largestGroup: Int? = nil, changes: Int = 0,
        rates: Rates = Rates()
    ) {
        self.seed = seed
        self.users = users
        self.groups = groups
        self.contacts = contacts
        self.computers = computers
        self.topology = topology
        self.forestCount = forestCount
        self.isVaried = isVaried
        self.largestGroup = largestGroup
        self.changes = changes
        self.rates = rates
    }

    /// What is wrong with the options, for the person who chose them; nil where they can be generated.
    public var problem: String? {
        let limit = 10_000_000
        let counts = [
            ("users", users), ("groups", groups), ("contacts", contacts), ("computers", computers),
            ("changes", changes),
        ]
        for (name, count) in counts where count < 0 || count > limit {
            return "\(name) must be between 0 and \(limit), found \(count)"
        }
        if let forestCount, !topology.forestCounts.contains(forestCount) {
            let range = topology.forestCounts
            return
                "the topology \(topology.rawValue) has \(range.lowerBound) to \(range.upperBound) forests, found \(forestCount)"
        }
        if let largestGroup, largestGroup < 0 || largestGroup > users {
            return "the largest group can have as many members as there are users (\(users)), found \(largestGroup)"
        }
        for (name, rate) in [("deletes", rates.deletes), ("adds", rates.adds), ("updates", rates.updates)]
        where !(0...100).contains(rate) {
            return "the rate of \(name) must be between 0 and 100 percent, found \(rate)"
        }
        return nil
    }
}
