import Documents
import SyncConfiguration
import SyncEngine
import Testing

/// References: members and managers, across the metaverse into the cloud.
@Suite("References to other objects") struct ReferenceTests {
    private static let users = SynchronizationRule(
        id: "users", name: "users", direction: .inbound, connector: "corp", connectorObjectType: "user",
        metaverseObjectType: "person", linkType: .provision, precedence: 10,
        scope: [[ScopeClause("title", .notEqual, "hidden")]],
        flows: [
            AttributeFlow("cn", .direct("cn")), AttributeFlow("manager", .direct("manager")),
            AttributeFlow("title", .direct("title")),
        ])
    private static let groups = SynchronizationRule(
        id: "groups", name: "groups", direction: .inbound, connector: "corp", connectorObjectType: "group",
        metaverseObjectType: "group", linkType: .provision, precedence: 20,
        flows: [AttributeFlow("cn", .direct("cn")), AttributeFlow("member", .direct("member"))])

    private static func out(_ type: String, _ metaverse: String, _ precedence: Int, _ reference: String)
        -> SynchronizationRule
    {
        SynchronizationRule(
            id: "out-\(type)", name: "out-\(type)", direction: .outbound, connector: "cloud",
            connectorObjectType: type, metaverseObjectType: metaverse, linkType: .provision, precedence: precedence,
            flows: [
                AttributeFlow("dn", .direct("cn")), AttributeFlow("name", .direct("cn")),
                AttributeFlow(reference, .direct(reference)),
            ])
    }

    private static let rules = [
        users, groups, out("user", "person", 30, "manager"), out("group", "group", 40, "member"),
    ]

    private func user(_ name: String, _ more: String = "") -> String {
        "dn: CN=\(name),DC=corp\nobjectClass: user\ncn: \(name)\nobjectGUID: guid-\(name)\n\(more)\n"
    }

    private func group(_ members: some Sequence<String>) -> String {
        let lines = members.map { "member: CN=\($0),DC=corp\n" }.joined()
        return "dn: CN=all,DC=corp\nobjectClass: group\ncn: all\nobjectGUID: guid-all\n\(lines)\n"
    }

    private func members(_ bench: Bench) throws -> Int {
        let group = try #require(bench.engine.object(connector: "cloud", dn: "all"))
        let staged = try #require(group.staged)
        return bench.engine.decode(staged, connector: "cloud").first { $0.name == "member" }?.values.count ?? 0
    }

    /// A group of many members in the cloud, all confirmed.
    private func bench(_ count: Int) throws -> Bench {
        let bench = try Bench(rules: Self.rules)
        let names = (0..<count).map { "u\($0)" }
        try bench.imports("corp", names.map { user($0) }.joined() + user("extra") + group(names))
        let run = try bench.synchronize(.full)
        #expect(run[0].errors.isEmpty)
        try bench.exportAndConfirm()
        #expect(try bench.pending().isEmpty)
        #expect(try members(bench) == count)
        return bench
    }

    @Test("One changed member of a group is work for one member, however many the group has", arguments: [10, 50_000])
    func oneMember(_ count: Int) throws {
        let bench = try bench(count)
        try bench.imports(
            "corp", "dn: CN=all,DC=corp\nchangetype: modify\nadd: member\nmember: CN=extra,DC=corp\n-\n", full: false)
        let added = try bench.synchronize(.delta)[0]
        #expect(added.evaluated == 1)
        #expect(added.evaluatedReferences == 1)
        #expect(try bench.pending().map { $0.changes.map { ($0.removed.count, $0.added.count) }.count } == [1])
        #expect(try members(bench) == count + 1)
        try bench.imports(
            "corp", "dn: CN=all,DC=corp\nchangetype: modify\ndelete: member\nmember: CN=u3,DC=corp\n-\n", full: false)
        let removed = try bench.synchronize(.delta)[0]
        #expect(removed.evaluatedReferences == 1)
        #expect(try members(bench) == count)
        let change = try #require(try bench.pending().first?.changes.first)
        #expect(change.removed.map { String(decoding: $0, as: UTF8.self) } == ["u3"])
        #expect(change.added.map { String(decoding: $0, as: UTF8.self) } == ["extra"])
    }

    @Test("A member that leaves the scope leaves its groups, and comes back with it", arguments: [10, 5_000])
    func scope(_ count: Int) throws {
        let bench = try bench(count)
        func set(_ title: String) throws -> SynchronizationSummary {
            try bench.imports(
                "corp", "dn: CN=u2,DC=corp\nchangetype: modify\nreplace: title\ntitle: \(title)\n-\n", full: false)
            return try bench.synchronize(.delta)[0]
        }
        let left = try set("hidden")
        #expect(left.evaluatedReferences <= 2)
        #expect(try members(bench) == count - 1)
        try bench.exportAndConfirm()
        let back = try set("shown")
        #expect(back.evaluatedReferences <= 3)
        #expect(try members(bench) == count)
        #expect(try bench.pendingLines() == ["add user u2", "update group all"])
    }

    @Test("A deleted member leaves its groups even where the group still names it")
    func deleted() throws {
        let bench = try bench(10)
        try bench.imports("corp", "dn: CN=u5,DC=corp\nchangetype: delete\n", full: false)
        try bench.synchronize(.delta)
        #expect(try members(bench) == 9)
    }

    @Test("What changes step by step equals what a full synchronization makes", arguments: 1...40)
    func delta(_ seed: UInt64) throws {
        var random = SeededNumbers(seed)
        let bench = try bench(30)
        var names = Set((0..<30).map { "u\($0)" })
        for step in 0..<12 {
            let name = "u\(random.next(below: 36))"
            switch random.next(below: 5) {
            case 0 where names.contains(name):
                try bench.imports("corp", "dn: CN=\(name),DC=corp\nchangetype: delete\n", full: false)
                names.remove(name)
            case 1:
                let other = "u\(random.next(below: 36))"
                try bench.imports(
                    "corp",
                    "dn: CN=all,DC=corp\nchangetype: modify\nadd: member\nmember: CN=\(other),DC=corp\n-\n", full: false
                )
            case 2:
                try bench.imports(
                    "corp",
                    "dn: CN=all,DC=corp\nchangetype: modify\ndelete: member\nmember: CN=\(name),DC=corp\n-\n",
                    full: false)
            case 3 where names.contains(name):
                let title = ["hidden", "shown"][random.next(below: 2)]
                try bench.imports(
                    "corp", "dn: CN=\(name),DC=corp\nchangetype: modify\nreplace: title\ntitle: \(title)\n-\n",
                    full: false)
            default:
                guard names.insert(name).inserted else { continue }
                let boss = names.sorted()[random.next(below: names.count)]
                let entry = user(name, "manager: CN=\(boss),DC=corp\n")
                try bench.imports(
                    "corp", entry.replacing("\nobjectClass", with: "\nchangetype: add\nobjectClass"), full: false)
            }
            if step % 3 != 1 { try bench.synchronize(.delta) }
            if step == 6 { try bench.exportAndConfirm() }
        }
        try bench.synchronize(.delta)
        let step = try bench.stagedLines()
        try bench.synchronize(.full)
        #expect(try bench.stagedLines() == step)
    }
}

/// Numbers that follow from a seed (SplitMix64).
struct SeededNumbers {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next(below bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
}

extension Bench {
    /// Everything that the cloud's objects are to be, in words.
    func stagedLines() throws -> [String] {
        var lines: [String] = []
        engine.forEachObject(connector: "cloud") { object in
            let state = object.flags.contains(.pendingDelete) ? "delete" : "keep"
            let values = object.staged.map { engine.decode($0, connector: "cloud") } ?? []
            let text = values.map { attribute in
                "\(attribute.name)="
                    + attribute.values.map { String(decoding: $0, as: UTF8.self) }.sorted().joined(separator: "|")
            }
            lines.append("\(state) \(object.dn) \(text.joined(separator: ";"))")
        }
        return lines.sorted()
    }
}
