import SyncEngine

/// An object to be written.
struct GeneratedObject {
    let dn: String
    var attributes: [LDIFAttribute]

    init(_ dn: String, _ classes: String..., attributes: [LDIFAttribute]) {
        self.dn = dn
        self.attributes = [LDIFAttribute("objectClass", classes.map { Array($0.utf8) })] + attributes
    }
}

/// A person's attributes that other objects refer to.
struct Person {
    let number: Int
    let givenName: String
    let surname: String
    let department: String

    init(_ seed: UInt64, _ number: Int) {
        var random = SeededRandom(seed, -1, number)
        self.number = number
        givenName = random.pick(Words.givenNames)
        surname = random.pick(Words.surnames)
        department = random.pick(Words.departments)
    }

    var commonName: String { "\(givenName) \(surname) \(number)" }
    var account: String { "u\(number)" }
    /// Of the whole organization: the same person has the same address in every forest.
    var mail: String { "u\(number)@mail.example" }
}

extension Forest {
    var domainIdentifier: [UInt32] {
        var random = random(.domain, 0)
        return (0..<3).map { _ in UInt32(truncatingIfNeeded: random.next()) & 0x7FFF_FFFF }
    }

    /// Relative identifiers of the kinds never meet.
    func sid(_ purpose: Purpose, _ index: Int) -> [UInt8] {
        Identifier.sid(domain: domainIdentifier, relative: relative(purpose, index))
    }

    private func relative(_ purpose: Purpose, _ index: Int) -> UInt32 {
        UInt32(1100 + index * 10 + purpose.rawValue)
    }

    // MARK: - Names

    func userDN(_ index: Int) -> String {
        let person = Person(options.seed, index)
        return "CN=\(person.commonName),OU=\(person.department),OU=People,\(root)"
    }

    func linkedMailboxDN(_ index: Int) -> String {
        "CN=\(Person(options.seed, index).commonName),OU=Mailboxes,\(root)"
    }

    func mirroredDN(_ index: Int) -> String { "CN=\(Person(options.seed, index).commonName),OU=Contacts,\(root)" }

    func groupDN(_ index: Int) -> String {
        var random = random(.group, index)
        return "CN=\(random.pick(Words.subjects)) \(index),OU=Groups,\(root)"
    }

    /// The object that stands for a user of the other forest.
    func foreignDN(_ index: Int, of home: Forest) -> String {
        let sid = Identifier.sidText(domain: home.domainIdentifier, relative: home.relative(.user, index))
        return "CN=\(sid),CN=ForeignSecurityPrincipals,\(root)"
    }

    // MARK: - Objects

    func containers() -> [GeneratedObject] {
        func guid(_ index: Int) -> LDIFAttribute {
            var random = random(.container, index)
            return LDIFAttribute("objectGUID", [random.bytes(16)])
        }
        let head = GeneratedObject(
            root, "top", "domain", "domainDNS", attributes: [LDIFAttribute("dc", name), guid(0)])
        let folder = GeneratedObject(
            "CN=ForeignSecurityPrincipals,\(root)", "top", "container",
            attributes: [LDIFAttribute("cn", "ForeignSecurityPrincipals"), guid(1)])
        let units =
            ["People", "Mailboxes", "Groups", "Contacts", "Computers"].map { ("OU=\($0),\(root)", $0) }
            + Words.departments.map { ("OU=\($0),OU=People,\(root)", $0) }
        return [head, folder]
            + units.enumerated().map { index, unit in
                GeneratedObject(
                    unit.0, "top", "organizationalUnit", attributes: [LDIFAttribute("ou", unit.1), guid(index + 2)])
            }
    }

    func user(_ index: Int) -> GeneratedObject {
        let person = Person(options.seed, index)
        var random = random(.user, index)
        let guid = random.bytes(16)
        var attributes = personAttributes(person, guid: guid, sid: sid(.user, index), &random)
        attributes.append(LDIFAttribute("userPrincipalName", "\(person.account)@\(domain)"))
        attributes.append(LDIFAttribute("userAccountControl", random.percent(4) ? "514" : "512"))
        // Each has up to eight direct reports; the first of a forest is everybody's head.
        let place = index - users.lowerBound
        if place > 0 { attributes.append(LDIFAttribute("manager", userDN(users.lowerBound + (place - 1) / 8))) }
        if options.topology == .accountResource { return GeneratedObject.user(userDN(index), attributes) }
        attributes += mailbox(person, &random)
        return GeneratedObject.user(userDN(index), attributes)
    }

    /// A disabled account whose mailbox belongs to the user of the same number in the account forest; four of five users have one.
    func linkedMailbox(_ index: Int, home: Forest) -> GeneratedObject? {
        var random = random(.linkedMailbox, index)
        guard random.percent(80) else { return nil }
        let person = Person(options.seed, index)
        var attributes = personAttributes(person, guid: random.bytes(16), sid: sid(.linkedMailbox, index), &random)
        attributes.append(LDIFAttribute("userPrincipalName", "\(person.account)@\(domain)"))
        attributes.append(LDIFAttribute("userAccountControl", "514"))
        attributes.append(LDIFAttribute("msExchRecipientTypeDetails", "2"))
        attributes.append(LDIFAttribute("msExchMasterAccountSid", [home.sid(.user, index)]))
        attributes.append(LDIFAttribute("mailNickname", person.account))
        attributes.append(LDIFAttribute("mail", person.mail))
        attributes.append(LDIFAttribute("proxyAddresses", "SMTP:\(person.mail)"))
        return GeneratedObject.user(linkedMailboxDN(index), attributes)
    }

    private func personAttributes(_ person: Person, guid: [UInt8], sid: [UInt8], _ random: inout SeededRandom)
        -> [LDIFAttribute]
    {
        var attributes = [
            LDIFAttribute("cn", person.commonName), LDIFAttribute("sn", person.surname),
            LDIFAttribute("givenName", person.givenName), LDIFAttribute("displayName", person.commonName),
            LDIFAttribute("department", person.department), LDIFAttribute("title", random.pick(Words.titles)),
            LDIFAttribute("l", random.pick(Words.cities)), LDIFAttribute("sAMAccountName", person.account),
            LDIFAttribute("objectGUID", [guid]), LDIFAttribute("objectSid", [sid]),
            LDIFAttribute("telephoneNumber", "+49 30 \(1_000_000 + random.below(8_999_999))"),
            LDIFAttribute("employeeType", random.percent(90) ? "Employee" : "External"),
        ]
        if random.percent(20) { attributes.append(LDIFAttribute("description", "  Desk \(random.below(400)) ")) }
        return attributes
    }

    private func mailbox(_ person: Person, _ random: inout SeededRandom) -> [LDIFAttribute] {
        guard random.percent(90) else { return [] }
        var proxies = ["SMTP:\(person.mail)", "smtp:\(person.account)@\(domain)"]
        var type = "1"
        var target: [LDIFAttribute] = []
        if options.topology == .hybrid {
            let routing = "\(person.account)@example.mail.onmicrosoft.example"
            proxies.append("smtp:\(routing)")
            if random.percent(60) {
                type = "2147483648"
                target = [LDIFAttribute("targetAddress", "SMTP:\(routing)")]
            }
        }
        return [
            LDIFAttribute("mailNickname", person.account), LDIFAttribute("mail", person.mail),
            LDIFAttribute("proxyAddresses", proxies.map { Array($0.utf8) }),
            LDIFAttribute("msExchRecipientTypeDetails", type),
        ] + target
    }

    func group(_ index: Int, home: Forest?) -> GeneratedObject {
        var random = random(.group, index)
        let subject = random.pick(Words.subjects)
        let isMailEnabled = random.percent(40)
        let isSecurity = !isMailEnabled || random.percent(30)
        var attributes = [
            LDIFAttribute("cn", "\(subject) \(index)"), LDIFAttribute("sAMAccountName", "g\(index)"),
            LDIFAttribute("displayName", "\(subject) \(index)"), LDIFAttribute("objectGUID", [random.bytes(16)]),
            LDIFAttribute("objectSid", [sid(.group, index)]),
            LDIFAttribute("groupType", isSecurity ? "-2147483640" : "8"),
        ]
        if isMailEnabled {
            let mail = "g\(index).\(name)@mail.example"
            attributes.append(LDIFAttribute("mail", mail))
            attributes.append(LDIFAttribute("mailNickname", "g\(index)"))
            attributes.append(LDIFAttribute("proxyAddresses", "SMTP:\(mail)"))
        }
        let members = members(of: index, home: home, &random)
        if !members.isEmpty { attributes.append(LDIFAttribute("member", members.map { Array($0.utf8) })) }
        return GeneratedObject(groupDN(index), "top", "group", attributes: attributes)
    }

    private func members(of index: Int, home: Forest?, _ random: inout SeededRandom) -> [String] {
        var members: [String] = []
        let people = users.isEmpty ? linkedMailboxes : users
        if !users.isEmpty {
            let size = random.heavyTailed(smallest: 3, largest: max(3, people.count / 2))
            members += Self.distinct(size, people.count, &random).map { userDN(people.lowerBound + $0) }
        }
        if let home, !foreign.isEmpty {
            let pool = foreign.count / Self.foreignShare
            let size = random.heavyTailed(smallest: users.isEmpty ? 3 : 1, largest: max(3, pool / 2))
            members += Self.distinct(size, pool, &random).map {
                foreignDN(foreign.lowerBound + $0 * Self.foreignShare, of: home)
            }
        }
        if !mirrored.isEmpty {
            let size = random.heavyTailed(smallest: 1, largest: max(1, mirrored.count / 10))
            members += Self.distinct(size, mirrored.count, &random).map { mirroredDN(mirrored.lowerBound + $0) }
        }
        // A group lies only in groups with a higher number, so that nesting ends.
        if index > 0, random.percent(5) { members.append(groupDN(random.below(index))) }
        return members
    }

    /// One of so many users of the other forest is known here as a foreign security principal.
    static let foreignShare = 5

    /// Different numbers below a bound, without remembering those that were taken.
    private static func distinct(_ wanted: Int, _ bound: Int, _ random: inout SeededRandom) -> [Int] {
        guard bound > 0 else { return [] }
        func divisor(_ one: Int, _ other: Int) -> Int { other == 0 ? one : divisor(other, one % other) }
        let start = random.below(bound)
        var step = 1 + random.below(bound)
        while divisor(step, bound) != 1 { step += 1 }
        return (0..<min(wanted, bound)).map { (start + $0 * step) % bound }
    }

    func foreignPrincipal(_ index: Int, home: Forest) -> GeneratedObject {
        var random = random(.foreign, index)
        return GeneratedObject(
            foreignDN(index, of: home), "top", "foreignSecurityPrincipal",
            attributes: [
                LDIFAttribute("objectGUID", [random.bytes(16)]),
                LDIFAttribute("objectSid", [home.sid(.user, index)]),
            ])
    }

    func contact(_ index: Int) -> GeneratedObject {
        var random = random(.contact, index)
        let name = "\(random.pick(Words.givenNames)) \(random.pick(Words.surnames)) c\(index)"
        return contact(name, mail: "c\(index)@partner.example", &random)
    }

    /// A user of the other forest, as its neighbours see them in the address list.
    func mirroredContact(_ index: Int) -> GeneratedObject {
        var random = random(.mirroredContact, index)
        let person = Person(options.seed, index)
        return contact(person.commonName, mail: person.mail, &random)
    }

    private func contact(_ name: String, mail: String, _ random: inout SeededRandom) -> GeneratedObject {
        GeneratedObject(
            "CN=\(name),OU=Contacts,\(root)", "top", "person", "organizationalPerson", "contact",
            attributes: [
                LDIFAttribute("cn", name), LDIFAttribute("displayName", name), LDIFAttribute("mail", mail),
                LDIFAttribute("objectGUID", [random.bytes(16)]), LDIFAttribute("proxyAddresses", "SMTP:\(mail)"),
                LDIFAttribute("targetAddress", "SMTP:\(mail)"),
                LDIFAttribute("mailNickname", String(mail.prefix { $0 != "@" })),
            ])
    }

    /// Seven of ten have a certificate; of those some are out of date or belong to another computer.
    func computer(_ index: Int) -> GeneratedObject {
        var random = random(.computer, index)
        let guid = random.bytes(16)
        var attributes = [
            LDIFAttribute("cn", "PC\(index)"), LDIFAttribute("sAMAccountName", "PC\(index)$"),
            LDIFAttribute("displayName", "PC\(index)$"), LDIFAttribute("objectGUID", [guid]),
            LDIFAttribute("objectSid", [sid(.computer, index)]), LDIFAttribute("userAccountControl", "4096"),
            LDIFAttribute("operatingSystem", random.pick(Words.systems)),
            LDIFAttribute("operatingSystemVersion", "10.0 (\(17763 + random.below(5000)))"),
            LDIFAttribute("dNSHostName", "pc\(index).\(domain)"),
        ]
        if random.percent(70) {
            let isForeign = random.percent(5)
            let isExpired = random.percent(10)
            let subject = Identifier.text(isForeign ? random.bytes(16) : guid)
            let certificate = Certificate.der(
                subject: subject, notBefore: "150101000000Z", notAfter: isExpired ? "180101000000Z" : "491231235959Z",
                serial: random.bytes(32))
            attributes.append(LDIFAttribute("userCertificate", [certificate]))
        }
        return GeneratedObject(
            "CN=PC\(index),OU=Computers,\(root)", "top", "person", "organizationalPerson", "user", "computer",
            attributes: attributes)
    }
}

extension GeneratedObject {
    static func user(_ dn: String, _ attributes: [LDIFAttribute]) -> GeneratedObject {
        GeneratedObject(dn, "top", "person", "organizationalPerson", "user", attributes: attributes)
    }
}
