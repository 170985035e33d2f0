/// A person's attributes that other objects refer to.
struct Person {
    /// People with a number from here on were contacts of partners before: the rest of the number says which.
    static let firstPromoted = 100_000_000

    let number: Int
    let givenName: String
    let surname: String
    let department: String
    let site: Int

    init(_ seed: UInt64, _ number: Int) {
        var random = SeededRandom(seed, -1, number)
        self.number = number
        givenName = random.pick(Words.givenNames)
        surname = random.pick(Words.surnames)
        department = random.pick(Words.departments)
        site = random.below(1000)
    }

    var commonName: String { "\(givenName) \(surname) \(number)" }
    var account: String { "u\(number)" }
    /// Of the whole organization: the same person has the same address in every forest.
    var mail: String {
        number < Self.firstPromoted
            ? "u\(number)@mail.example" : Self.partnerMail(number - Self.firstPromoted)
    }

    static func partnerMail(_ contact: Int) -> String { "c\(contact)@partner.example" }
}

extension Forest {
    // MARK: - Security identifiers

    static func domainIdentifier(_ seed: UInt64, forest number: Int) -> [UInt32] {
        var random = SeededRandom(seed, number, Purpose.domain.rawValue, 0)
        return (0..<3).map { _ in UInt32(truncatingIfNeeded: random.next()) & 0x7FFF_FFFF }
    }

    /// Relative identifiers of the kinds never meet.
    func sid(_ purpose: Purpose, _ index: Int) -> [UInt8] {
        Identifier.sid(
            domain: Self.domainIdentifier(options.seed, forest: number), relative: Self.relative(purpose, index))
    }

    func sid(wellKnown relative: UInt32) -> [UInt8] {
        Identifier.sid(domain: Self.domainIdentifier(options.seed, forest: number), relative: relative)
    }

    /// The identifier of a user of another forest.
    func foreignSID(_ index: Int, home: Int) -> [UInt8] {
        Identifier.sid(
            domain: Self.domainIdentifier(options.seed, forest: home), relative: Self.relative(.user, index))
    }

    func foreignSIDText(_ index: Int, home: Int) -> String {
        Identifier.sidText(
            domain: Self.domainIdentifier(options.seed, forest: home), relative: Self.relative(.user, index))
    }

    private static func relative(_ purpose: Purpose, _ index: Int) -> UInt32 {
        UInt32(1100 + index * 10 + purpose.rawValue)
    }

    // MARK: - Distinguished names

    func userDN(_ index: Int) -> String {
        let person = Person(options.seed, index)
        return "CN=\(person.commonName),\(unit(of: person))"
    }

    /// Real directories sort people into folders below folders; small ones have fewer.
    func unit(of person: Person) -> String {
        guard options.isVaried else { return "OU=\(person.department),OU=People,\(root)" }
        let sites = Self.sites(options)
        let site = sites.names[person.site % sites.names.count]
        return "OU=Desk \(person.number % sites.desks),OU=\(site),OU=\(person.department),OU=People,\(root)"
    }

    static func sites(_ options: ForestOptions) -> (names: [String], desks: Int) {
        options.users < 1000 ? (["Oslo"], 1) : (Words.cities, 4)
    }

    /// What stands for a user of another forest.
    func representativeDN(_ index: Int, _ representation: Representation, home: Int) -> String {
        switch representation {
        case .linkedMailbox: "CN=\(Person(options.seed, index).commonName),OU=Mailboxes,\(root)"
        case .contact: "CN=\(Person(options.seed, index).commonName),OU=Contacts,\(root)"
        case .principal: "CN=\(foreignSIDText(index, home: home)),CN=ForeignSecurityPrincipals,\(root)"
        }
    }

    func groupDN(_ index: Int) -> String {
        var random = random(.group, index)
        return "CN=\(random.pick(Words.subjects)) \(index),OU=Groups,\(root)"
    }

    func contactName(_ index: Int) -> String {
        var random = random(.contact, index)
        return "\(random.pick(Words.givenNames)) \(random.pick(Words.surnames)) c\(index)"
    }

    func contactDN(_ index: Int) -> String { "CN=\(contactName(index)),OU=Contacts,\(root)" }
    func computerDN(_ index: Int) -> String { "CN=PC\(index),OU=Computers,\(root)" }
}
