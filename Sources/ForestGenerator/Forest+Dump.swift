import SyncEngine

extension Forest {
    /// Calls the body with every object of the forest, containers first. Objects are made one by one, so a forest of a million costs no
    /// more memory than one of ten.
    func forEachObject(home: Forest?, _ body: (GeneratedObject) throws -> Void) rethrows {
        for container in containers() { try body(container) }
        for index in users { try body(user(index)) }
        if let home {
            for index in linkedMailboxes {
                if let mailbox = linkedMailbox(index, home: home) { try body(mailbox) }
            }
            for place in 0..<(foreign.count / Self.foreignShare) {
                try body(foreignPrincipal(foreign.lowerBound + place * Self.foreignShare, home: home))
            }
        }
        for index in 0..<contacts { try body(contact(index)) }
        for index in mirrored { try body(mirroredContact(index)) }
        for index in 0..<computers { try body(computer(index)) }
        for index in 0..<groups { try body(group(index, home: home)) }
    }

    /// The changes of all files, in order. New people and things get numbers that no object of the dump has.
    func forEachChange(_ body: (_ file: Int, LDIFRecord) throws -> Void) rethrows {
        var (people, partners, machines) = (Array(users), Array(0..<contacts), Array(0..<computers))
        var nextUser = options.users + number * 10_000_000
        var (nextContact, nextComputer) = (contacts, computers)
        guard options.changes > 0 else { return }
        for file in 1...options.changes {
            var random = random(.change, file)
            func share(_ percent: Int, of count: Int) -> Int { count == 0 ? 0 : max(1, count * percent / 100) }
            // As many come as go.
            let turnover = (share(1, of: people.count), share(1, of: partners.count), share(1, of: machines.count))
            func delete(_ count: Int, _ pool: inout [Int], _ name: (Int) -> String) throws {
                for _ in 0..<count {
                    let place = random.below(pool.count)
                    pool.swapAt(place, pool.count - 1)
                    guard let gone = pool.popLast() else { return }
                    try body(file, LDIFRecord(dn: name(gone), content: .change(.delete)))
                }
            }
            func add(_ count: Int, _ pool: inout [Int], _ next: inout Int, _ make: (Int) -> GeneratedObject) throws {
                for _ in 0..<count {
                    let object = make(next)
                    try body(file, LDIFRecord(dn: object.dn, content: .change(.add(object.attributes))))
                    pool.append(next)
                    next += 1
                }
            }
            let modifications = share(5, of: people.count)
            try delete(turnover.0, &people, userDN)
            try delete(turnover.1, &partners) { contact($0).dn }
            try delete(turnover.2, &machines) { computer($0).dn }
            try add(turnover.0, &people, &nextUser, user)
            try add(turnover.1, &partners, &nextContact, contact)
            try add(turnover.2, &machines, &nextComputer, computer)
            for _ in 0..<modifications where !people.isEmpty {
                try body(file, modification(of: people[random.below(people.count)], among: people, &random))
            }
        }
    }

    /// Mostly a person's data; sometimes a group gets a member.
    private func modification(of index: Int, among people: [Int], _ random: inout SeededRandom) -> LDIFRecord {
        if groups > 0, random.percent(20) {
            let member = LDIFAttribute("member", userDN(index))
            return LDIFRecord(
                dn: groupDN(random.below(groups)), content: .change(.modify([LDIFModification(.add, member)])))
        }
        let change =
            random.percent(50)
            ? LDIFAttribute("title", random.pick(Words.titles))
            : LDIFAttribute("telephoneNumber", "+49 30 \(1_000_000 + random.below(8_999_999))")
        return LDIFRecord(dn: userDN(index), content: .change(.modify([LDIFModification(.replace, change)])))
    }
}
