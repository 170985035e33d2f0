import SyncEngine

extension Forest {
    func group(_ index: Int) -> GeneratedObject {
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
        if isMailEnabled { attributes += addresses(ofGroup: index) }
        let members = members(of: index, &random)
        if !members.isEmpty { attributes.append(LDIFAttribute("member", members.map { Array($0.utf8) })) }
        if options.isVaried, !users.isEmpty, random.percent(30) {
            attributes.append(LDIFAttribute("managedBy", userDN(users.lowerBound + random.below(users.count))))
        }
        return GeneratedObject(groupDN(index), "top", "group", attributes: attributes)
    }

    /// Mostly a primary address. In a varied directory also the other shapes: only an address of another kind, which is no mail
    /// address; that beside a primary one; that beside a secondary one; only `mail`.
    private func addresses(ofGroup index: Int) -> [LDIFAttribute] {
        let mail = "g\(index).\(name)@mail.example"
        var variety = random(.variety, 1_000_000_000 + index)
        let shape = options.isVaried ? variety.below(20) : 19
        let other = "X500:/o=Example/ou=Groups/cn=g\(index).\(name)"
        let proxies: [String] =
            switch shape {
            case 0: [other]
            case 1: [other, "SMTP:\(mail)"]
            case 2: [other, "smtp:\(mail)"]
            case 3: []
            default: ["SMTP:\(mail)"]
            }
        var attributes: [LDIFAttribute] = []
        // A group without any mail address has no mail attribute either.
        if shape != 0 { attributes.append(LDIFAttribute("mail", mail)) }
        attributes.append(LDIFAttribute("mailNickname", "g\(index)"))
        if !proxies.isEmpty { attributes.append(LDIFAttribute("proxyAddresses", proxies.map { Array($0.utf8) })) }
        return attributes
    }

    private func members(of index: Int, _ random: inout SeededRandom) -> [String] {
        var members: [String] = []
        let isLargest = index == 0 && number == 0
        if !users.isEmpty {
            var size = random.heavyTailed(smallest: 3, largest: max(3, users.count / 2))
            if isLargest, let wanted = options.largestGroup { size = min(wanted, users.count) }
            members += Self.distinct(size, users.count, &random).map { userDN(users.lowerBound + $0) }
        }
        for neighbour in neighbours where !neighbour.users.isEmpty {
            let size = random.heavyTailed(
                smallest: users.isEmpty ? 4 : 1, largest: max(4, neighbour.users.count / 10))
            for place in Self.distinct(size, neighbour.users.count, &random) {
                let wanted = neighbour.users.lowerBound + place
                if let representation = neighbour.representation(of: wanted) {
                    members.append(representativeDN(wanted, representation, home: neighbour.home))
                }
            }
        }
        if options.isVaried, contacts > 0, random.percent(30) {
            members.append(contactDN(random.below(contacts)))
        }
        // A group lies only in groups with a higher number, so that nesting ends.
        if index > 0, random.percent(options.isVaried ? 20 : 5) { members.append(groupDN(random.below(index))) }
        return members
    }

    /// Different numbers below a bound, without remembering those that were taken.
    private static func distinct(_ wanted: Int, _ bound: Int, _ random: inout SeededRandom) -> [Int] {
        guard bound > 0 else { return [] }
        func divisor(_ one: Int, _ other: Int) -> Int { other == 0 ? one : divisor(other, one % other) }
        let start = random.below(bound)
        var step = 1 + random.below(bound)
        while divisor(step, bound) != 1 { step += 1 }
        return (0..<min(wanted, bound)).map { (start + $0 * step) % bound }
    }
}
