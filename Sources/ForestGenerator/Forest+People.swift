import SyncEngine

/// An object to be written.
struct GeneratedObject {
    let dn: String
    var attributes: [LDIFAttribute]

    init(_ dn: String, _ classes: String..., attributes: [LDIFAttribute]) {
        self.dn = dn
        self.attributes = [LDIFAttribute("objectClass", classes.map { Array($0.utf8) })] + attributes
    }

    static func user(_ dn: String, _ attributes: [LDIFAttribute]) -> GeneratedObject {
        GeneratedObject(dn, "top", "person", "organizationalPerson", "user", attributes: attributes)
    }
}

/// What kind of account a user object is.
private enum AccountKind {
    case person
    /// Of the class that other directories brought along.
    case internetPerson
    /// Disabled accounts that stand for things: msExchRecipientTypeDetails says which.
    case resource(details: String, name: String)

    init(_ random: inout SeededRandom) {
        switch random.below(100) {
        case 0..<4: self = .internetPerson
        case 4..<6: self = .resource(details: "16", name: "Room")
        case 6..<7: self = .resource(details: "32", name: "Equipment")
        case 7..<8: self = .resource(details: "4", name: "Shared")
        default: self = .person
        }
    }
}

extension Forest {
    func user(_ index: Int) -> GeneratedObject {
        let person = Person(options.seed, index)
        var random = random(.user, index)
        let guid = random.bytes(16)
        var attributes = personAttributes(person, guid: guid, sid: sid(.user, index), &random)
        attributes.append(LDIFAttribute("userPrincipalName", "\(person.account)@\(domain)"))
        let isDisabled = random.percent(4)
        attributes += manager(of: index)
        var variety = self.random(.variety, index)
        let kind = options.isVaried ? AccountKind(&variety) : .person
        var details: String?
        if case .resource(let type, let name) = kind {
            details = type
            attributes.append(LDIFAttribute("physicalDeliveryOfficeName", "\(name) \(index)"))
        }
        attributes.append(LDIFAttribute("userAccountControl", isDisabled || details != nil ? "514" : "512"))
        switch mailboxes {
        case .here: attributes += mailbox(person, details: details, &random)
        case .elsewhere(showsMail: true): attributes.append(LDIFAttribute("mail", person.mail))
        case .elsewhere(showsMail: false): break
        }
        if options.isVaried { attributes += extras(person, &variety) }
        if case .internetPerson = kind {
            return GeneratedObject(
                userDN(index), "top", "person", "organizationalPerson", "user", "inetOrgPerson", attributes: attributes)
        }
        return .user(userDN(index), attributes)
    }

    /// Each has up to eight direct reports; the first of a forest is everybody's head. In a varied directory the heads of the other
    /// forests, and some others, report to somebody in a neighbour forest, by what stands for that person here.
    private func manager(of index: Int) -> [LDIFAttribute] {
        let place = index - users.lowerBound
        if options.isVaried {
            var random = random(.variety, -index - 1)
            let isHead = place == 0 && number > 0
            if isHead || random.percent(3), let neighbour = neighbours.first, !neighbour.users.isEmpty {
                let wanted =
                    isHead
                    ? neighbour.users.lowerBound : neighbour.users.lowerBound + random.below(neighbour.users.count)
                if let representation = neighbour.representation(of: wanted) {
                    return [LDIFAttribute("manager", representativeDN(wanted, representation, home: neighbour.home))]
                }
            }
        }
        guard place > 0 else { return [] }
        // Newcomers report to the head.
        let chief = users.contains(index) ? users.lowerBound + (place - 1) / 8 : users.lowerBound
        return users.isEmpty ? [] : [LDIFAttribute("manager", userDN(chief))]
    }

    /// A disabled account whose mailbox belongs to the user of the same number in an account forest.
    func linkedMailbox(_ index: Int, home: Int) -> GeneratedObject {
        var random = random(.linkedMailbox, index)
        let person = Person(options.seed, index)
        var attributes = personAttributes(person, guid: random.bytes(16), sid: sid(.linkedMailbox, index), &random)
        attributes.append(LDIFAttribute("userPrincipalName", "\(person.account)@\(domain)"))
        attributes.append(LDIFAttribute("userAccountControl", "514"))
        attributes.append(LDIFAttribute("msExchRecipientTypeDetails", "2"))
        attributes.append(LDIFAttribute("msExchMasterAccountSid", [foreignSID(index, home: home)]))
        attributes.append(LDIFAttribute("mailNickname", person.account))
        attributes.append(LDIFAttribute("mail", person.mail))
        attributes.append(LDIFAttribute("proxyAddresses", "SMTP:\(person.mail)"))
        return .user(representativeDN(index, .linkedMailbox, home: home), attributes)
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

    private func mailbox(_ person: Person, details: String?, _ random: inout SeededRandom) -> [LDIFAttribute] {
        guard random.percent(90) || details != nil || person.number >= Person.firstPromoted else { return [] }
        var proxies = ["SMTP:\(person.mail)", "smtp:\(person.account)@\(domain)"]
        var type = details ?? "1"
        var target: [LDIFAttribute] = []
        if options.topology == .hybrid {
            let routing = "\(person.account)@example.mail.onmicrosoft.example"
            proxies.append("smtp:\(routing)")
            if random.percent(60) {
                type = "2147483648"
                target = [LDIFAttribute("targetAddress", "SMTP:\(routing)")]
            }
        }
        if options.isVaried {
            // Written badly: a space, the same address twice.
            if random.percent(3) { proxies.append("smtp:\(person.account).old@\(domain) ") }
            if random.percent(3) { proxies.append("smtp:\(person.account)@\(domain) ") }
            if random.percent(30) { proxies.append("X500:/o=Example/ou=Old/cn=Recipients/cn=\(person.account)") }
        }
        return [
            LDIFAttribute("mailNickname", person.account), LDIFAttribute("mail", person.mail),
            LDIFAttribute("proxyAddresses", proxies.map { Array($0.utf8) }),
            LDIFAttribute("msExchRecipientTypeDetails", type),
        ] + target
    }

    /// What many directories keep of some people.
    private func extras(_ person: Person, _ random: inout SeededRandom) -> [LDIFAttribute] {
        var attributes = [
            LDIFAttribute("company", "Example"), LDIFAttribute("countryCode", "276"), LDIFAttribute("c", "DE"),
            LDIFAttribute("pwdLastSet", String(132_000_000_000_000_000 + random.below(1_000_000_000) * 10_000_000)),
        ]
        if random.percent(30) {
            for number in 1...15 where random.percent(30) {
                attributes.append(LDIFAttribute("extensionAttribute\(number)", "value \(random.below(1000))"))
            }
        }
        if random.percent(20) {
            attributes.append(LDIFAttribute("mobile", "+49 170 \(1_000_000 + random.below(8_999_999))"))
            attributes.append(LDIFAttribute("streetAddress", "Street \(random.below(200))"))
            attributes.append(LDIFAttribute("postalCode", String(10_000 + random.below(80_000))))
        }
        if random.percent(10), case .here = mailboxes {
            attributes.append(LDIFAttribute("msExchMailboxGuid", [random.bytes(16)]))
            attributes.append(LDIFAttribute("legacyExchangeDN", "/o=Example/cn=Recipients/cn=\(person.account)"))
            if random.percent(20) { attributes.append(LDIFAttribute("msExchHideFromAddressLists", "TRUE")) }
        }
        // Longer than what a directory's index holds.
        if random.percent(2) {
            attributes.append(LDIFAttribute("info", String(repeating: "Notes of \(person.givenName). ", count: 40)))
        }
        return attributes
    }
}
