/// One forest: which of the numbered people and things live in it.
public struct Forest: Sendable {
    public let name: String
    let options: ForestOptions
    let number: Int
    let users: Range<Int>
    var groups = 0
    /// Contacts of partners: the first so many, the same partners in every forest that has them.
    var contacts = 0
    var computers = 0
    /// Where its users have their mailboxes.
    var mailboxes = Mailboxes.here
    /// What it knows of the users of other forests.
    var neighbours: [Neighbour] = []

    enum Mailboxes {
        case here
        /// In a resource forest. Whether the account still shows the address depends on the organization.
        case elsewhere(showsMail: Bool)
    }

    /// Users of another forest and what stands for them here. Of one person there is never more than one object in a forest: two
    /// would be an ambiguous join.
    struct Neighbour {
        enum Presence {
            /// Linked mailboxes; one of five users has none and is a foreign security principal.
            case linkedMailboxes
            /// Forests that copy their address lists like this mostly do not trust each other.
            case contacts
            /// One of five users is known here.
            case principals
            /// One of five users is a foreign security principal, the others are contacts.
            case contactsAndPrincipals
        }

        /// The number of the users' own forest.
        let home: Int
        let users: Range<Int>
        let presence: Presence

        func representation(of user: Int) -> Representation? {
            let isPrincipal = user % 5 == 0
            switch presence {
            case .linkedMailboxes: return isPrincipal ? .principal : .linkedMailbox
            case .contacts: return .contact
            case .principals: return isPrincipal ? .principal : nil
            case .contactsAndPrincipals: return isPrincipal ? .principal : .contact
            }
        }
    }

    enum Representation { case linkedMailbox, contact, principal }

    init(_ options: ForestOptions, _ number: Int, _ name: String, users: Range<Int>) {
        self.options = options
        self.number = number
        self.name = name
        self.users = users
    }

    var root: String { "DC=\(name),DC=example" }
    var domain: String { "\(name).example" }

    func random(_ parts: Purpose, _ index: Int) -> SeededRandom {
        SeededRandom(options.seed, number, parts.rawValue, index)
    }
}

/// What a stream of random numbers is for. The first ten also tell kinds of objects apart in security identifiers.
enum Purpose: Int {
    case user, linkedMailbox, group, contact, mirroredContact, computer, foreign, container, domain, change
    case variety, turnover, system, device
}

extension ForestOptions {
    /// The forests of the topology.
    public var forests: [Forest] {
        let count = forestCount ?? topology.forestCounts.lowerBound
        switch topology {
        case .single, .hybrid:
            var forest = Forest(self, 0, "corp", users: 0..<users)
            (forest.groups, forest.contacts, forest.computers) = (groups, contacts, computers)
            return [forest]
        case .accountResource:
            var accounts = parts(count - 1, names: ["account", "account2", "account3"])
            for place in accounts.indices {
                accounts[place].mailboxes = .elsewhere(showsMail: false)
                accounts[place].computers = share(computers, place, of: count - 1)
            }
            var resource = Forest(self, count - 1, "resource", users: users..<users)
            (resource.groups, resource.contacts) = (groups, contacts)
            resource.neighbours = accounts.map {
                Forest.Neighbour(home: $0.number, users: $0.users, presence: .linkedMailboxes)
            }
            return accounts + [resource]
        case .galsync:
            return neighbours(parts(count, names: Self.quarters), .contacts)
        case .trusted:
            return neighbours(parts(count, names: Self.quarters), .principals)
        case .mixed:
            var forests = neighbours(
                parts(count - 1, names: ["north", "south", "east"]), .contactsAndPrincipals)
            forests[0].mailboxes = .elsewhere(showsMail: true)
            var resource = Forest(self, count - 1, "resource", users: users..<users)
            resource.groups = groups / count
            resource.neighbours = forests.map {
                Forest.Neighbour(
                    home: $0.number, users: $0.users, presence: $0.number == 0 ? .linkedMailboxes : .contacts)
            }
            return forests + [resource]
        }
    }

    private static let quarters = ["east", "west", "north", "south"]

    /// Forests with equal shares of the people.
    private func parts(_ count: Int, names: [String]) -> [Forest] {
        (0..<count).map { place in
            Forest(self, place, names[place], users: users * place / count..<users * (place + 1) / count)
        }
    }

    /// The first takes what cannot be divided.
    private func share(_ whole: Int, _ place: Int, of count: Int) -> Int {
        place == 0 ? whole - whole / count * (count - 1) : whole / count
    }

    /// Forests of equal rank that know each other's users.
    private func neighbours(_ forests: [Forest], _ presence: Forest.Neighbour.Presence) -> [Forest] {
        var result = forests
        for place in result.indices {
            result[place].groups = share(groups, place, of: forests.count)
            // Partners mostly have one contact in the organization, some have several.
            result[place].contacts = place == 0 ? contacts : isVaried ? contacts / 5 : 0
            result[place].computers = isVaried ? share(computers, place, of: forests.count) : place == 0 ? computers : 0
            result[place].neighbours = forests.filter { $0.number != place }.map {
                Forest.Neighbour(home: $0.number, users: $0.users, presence: presence)
            }
        }
        return result
    }
}
