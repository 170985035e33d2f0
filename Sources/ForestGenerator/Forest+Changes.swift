import SyncEngine

extension Forest {
    /// The changes of all files, in order. `others` are all forests: their newcomers appear here as what stands for them.
    func forEachChange(others: [Forest], _ body: (_ file: Int, LDIFRecord) throws -> Void) rethrows {
        guard options.changes > 0 else { return }
        var state = ChangingForest(self, others: others)
        for file in 1...options.changes { try state.forEachChange(file: file) { try body(file, $0) } }
    }
}

/// A forest between two files of changes.
private struct ChangingForest {
    private let forest: Forest
    private var people: Turnover
    private var partners: Turnover
    private var machines: Turnover
    private var lists: Turnover
    private var neighbours: [(neighbour: Forest.Neighbour, turnover: Turnover)]
    /// Names of objects that were renamed or moved since the dump.
    private var names: [Int: String] = [:]
    /// Names of the dump that mean another object's name now, or nothing: new objects refer to what is there.
    private var moved: [String: String?] = [:]
    private var disabled: Set<Int> = []
    private var promoted: Set<Int> = []

    init(_ forest: Forest, others: [Forest]) {
        self.forest = forest
        people = forest.peopleTurnover()
        partners = Turnover(0..<forest.contacts, firstNew: forest.contacts, .contact, of: forest)
        machines = Turnover(0..<forest.computers, firstNew: forest.computers, .computer, of: forest)
        lists = Turnover(0..<forest.groups, firstNew: forest.groups, .group, of: forest)
        neighbours = forest.neighbours.map { ($0, others[$0.home].peopleTurnover()) }
    }

    mutating func forEachChange(file: Int, _ body: (LDIFRecord) throws -> Void) rethrows {
        func delete(_ dn: String) -> LDIFRecord { LDIFRecord(dn: dn, content: .change(.delete)) }
        func add(_ object: GeneratedObject) -> LDIFRecord {
            LDIFRecord(dn: object.dn, content: .change(.add(object.attributes.map(current))))
        }
        let updates = Turnover.share(forest.options.rates.updates, of: people.present.count)
        let everybody = people.present
        let changedPeople = people.change(file: file)
        let changedPartners = partners.change(file: file)
        let changedMachines = machines.change(file: file)
        for index in changedPeople.deleted {
            try body(delete(name(index)))
            moved.updateValue(nil, forKey: forest.userDN(index))
        }
        for index in changedPartners.deleted { try body(delete(forest.contactDN(index))) }
        for index in changedMachines.deleted { try body(delete(forest.computerDN(index))) }
        for index in changedPeople.added { try body(add(forest.user(index))) }
        for index in changedPartners.added { try body(add(forest.contact(index))) }
        for index in changedMachines.added { try body(add(forest.computer(index))) }
        for place in neighbours.indices {
            let neighbour = neighbours[place].neighbour
            let change = neighbours[place].turnover.change(file: file)
            for index in change.deleted {
                guard let what = neighbour.representation(of: index) else { continue }
                try body(delete(forest.representativeDN(index, what, home: neighbour.home)))
            }
            for index in change.added {
                guard let what = neighbour.representation(of: index) else { continue }
                try body(add(forest.representative(index, what, home: neighbour.home)))
            }
        }
        var random = forest.random(.change, file)
        if forest.options.isVaried {
            let changedLists = lists.change(file: file)
            for index in changedLists.deleted { try body(delete(forest.groupDN(index))) }
            for index in changedLists.added { try body(add(forest.group(index))) }
            for contact in promotions(file: file, &random) {
                try body(add(forest.user(Person.firstPromoted + contact)))
            }
        }
        guard !everybody.isEmpty, !people.present.isEmpty else { return }
        for _ in 0..<updates {
            let index = people.present[random.below(people.present.count)]
            for record in update(of: index, &random) { try body(record) }
        }
    }

    private func current(_ attribute: LDIFAttribute) -> LDIFAttribute {
        guard !moved.isEmpty, ["member", "manager", "managedBy"].contains(attribute.name) else { return attribute }
        let values = attribute.values.compactMap { value -> [UInt8]? in
            guard let name = moved[String(decoding: value, as: UTF8.self)] else { return value }
            return name.map { Array($0.utf8) }
        }
        return LDIFAttribute(attribute.name, values)
    }

    private func name(_ index: Int) -> String { names[index] ?? forest.userDN(index) }

    /// Partners that become employees of this forest. Only those who are contacts in the first forest alone: the contact and the user
    /// of one person in one forest would be an ambiguous join.
    private mutating func promotions(file: Int, _ random: inout SeededRandom) -> [Int] {
        guard forest.number == 1, case .here = forest.mailboxes else { return [] }
        let partners = forest.contacts..<forest.options.contacts
        let wanted = Turnover.share(forest.options.rates.adds, of: partners.count)
        return (0..<wanted).map { _ in partners.lowerBound + random.below(partners.count) }
            .filter { promoted.insert($0).inserted }
    }

    /// Mostly a person's data; sometimes a group's members; in a varied directory also names, places and whether an account is
    /// enabled.
    private mutating func update(of index: Int, _ random: inout SeededRandom) -> [LDIFRecord] {
        func modify(_ dn: String, _ operation: LDIFModification.Operation, _ attribute: LDIFAttribute) -> [LDIFRecord] {
            [LDIFRecord(dn: dn, content: .change(.modify([LDIFModification(operation, attribute)])))]
        }
        if !lists.present.isEmpty, random.percent(20) {
            let group = lists.present[random.below(lists.present.count)]
            let isRemoval = forest.options.isVaried && random.percent(30)
            return modify(forest.groupDN(group), isRemoval ? .delete : .add, LDIFAttribute("member", name(index)))
        }
        if forest.options.isVaried {
            switch random.below(10) {
            case 0: return rename(index, &random)
            case 1:
                let isDisabled = disabled.remove(index) == nil
                if isDisabled { disabled.insert(index) }
                let control = LDIFAttribute("userAccountControl", isDisabled ? "514" : "512")
                return modify(name(index), .replace, control)
            case 2:
                let chief = people.present[random.below(people.present.count)]
                return modify(name(index), .replace, LDIFAttribute("manager", name(chief)))
            default: break
            }
        }
        let change =
            random.percent(50)
            ? LDIFAttribute("title", random.pick(Words.titles))
            : LDIFAttribute("telephoneNumber", "+49 30 \(1_000_000 + random.below(8_999_999))")
        return modify(name(index), .replace, change)
    }

    private mutating func move(_ index: Int, to name: String) {
        names[index] = name
        moved.updateValue(name, forKey: forest.userDN(index))
    }

    /// A marriage, or another department.
    private mutating func rename(_ index: Int, _ random: inout SeededRandom) -> [LDIFRecord] {
        let old = name(index)
        let person = Person(forest.options.seed, index)
        let parent = old.split(separator: ",", maxSplits: 1).last.map(String.init) ?? forest.root
        if random.percent(50) {
            let name = "\(person.givenName) \(random.pick(Words.surnames)) \(index)"
            let new = "CN=\(name),\(parent)"
            guard new != old else { return [] }
            move(index, to: new)
            return [
                LDIFRecord(
                    dn: old, content: .change(.rename(newRDN: "CN=\(name)", deleteOldRDN: true, newSuperior: nil))),
                LDIFRecord(
                    dn: new,
                    content: .change(.modify([LDIFModification(.replace, LDIFAttribute("displayName", name))]))),
            ]
        }
        let place = "OU=\(random.pick(Words.departments)),OU=People,\(forest.root)"
        let first = String(old.prefix { $0 != "," })
        guard place != parent else { return [] }
        move(index, to: "\(first),\(place)")
        return [
            LDIFRecord(dn: old, content: .change(.rename(newRDN: first, deleteOldRDN: false, newSuperior: place)))
        ]
    }
}
