/// What to generate. The same options give the same bytes.
public struct ForestOptions: Equatable, Sendable {
    public enum Topology: String, Sendable, CaseIterable {
        /// One forest with everything.
        case single
        /// Accounts in one forest; mailboxes linked to them, groups and contacts in another.
        case accountResource = "account-resource"
        /// Two forests with users each, who are contacts in the other.
        case galsync
        /// One forest whose mailboxes are partly in the cloud.
        case hybrid
    }

    public var seed: UInt64
    public var users: Int
    public var groups: Int
    public var contacts: Int
    public var computers: Int
    public var topology: Topology
    /// Files of changes beside the dump, each with 1 % deletes, 1 % adds and 5 % modifications.
    public var changes: Int

    public init(
        seed: UInt64, users: Int, groups: Int = 0, contacts: Int = 0, computers: Int = 0, topology: Topology = .single,
        changes: Int = 0
    ) {
        self.seed = seed
        self.users = users
        self.groups = groups
        self.contacts = contacts
        self.computers = computers
        self.topology = topology
        self.changes = changes
    }

    /// The forests of the topology.
    public var forests: [Forest] {
        switch topology {
        case .single, .hybrid:
            return [Forest(self, 0, "corp", users: 0..<users, groups: groups, contacts: contacts, computers: computers)]
        case .accountResource:
            var resource = Forest(self, 1, "resource", users: 0..<0, groups: groups, contacts: contacts, computers: 0)
            resource.linkedMailboxes = 0..<users
            resource.foreign = 0..<users
            return [
                Forest(self, 0, "account", users: 0..<users, groups: 0, contacts: 0, computers: computers), resource,
            ]
        case .galsync:
            let middle = users / 2
            var east = Forest(
                self, 0, "east", users: 0..<middle, groups: groups - groups / 2, contacts: contacts,
                computers: computers)
            var west = Forest(self, 1, "west", users: middle..<users, groups: groups / 2, contacts: 0, computers: 0)
            east.mirrored = middle..<users
            west.mirrored = 0..<middle
            return [east, west]
        }
    }
}

/// One forest: which of the numbered people and things live in it.
public struct Forest: Sendable {
    public let name: String
    let options: ForestOptions
    let number: Int
    let users: Range<Int>
    let groups: Int
    let contacts: Int
    let computers: Int
    /// Disabled users whose account is the user of this number in the first forest.
    var linkedMailboxes = 0..<0
    /// Users of the other forest that are contacts here. Forests that copy their address lists like this mostly do not trust each
    /// other, so there are no foreign security principals.
    var mirrored = 0..<0
    /// Users of the other forest of whom some are members of groups here.
    var foreign = 0..<0

    init(
        _ options: ForestOptions, _ number: Int, _ name: String, users: Range<Int>, groups: Int, contacts: Int,
        computers: Int
    ) {
        self.options = options
        self.number = number
        self.name = name
        self.users = users
        self.groups = groups
        self.contacts = contacts
        self.computers = computers
    }

    var root: String { "DC=\(name),DC=example" }
    var domain: String { "\(name).example" }

    func random(_ parts: Purpose, _ index: Int) -> SeededRandom {
        SeededRandom(options.seed, number, parts.rawValue, index)
    }
}

/// What a stream of random numbers is for.
enum Purpose: Int {
    case user, linkedMailbox, group, contact, mirroredContact, computer, foreign, container, domain, change
}
