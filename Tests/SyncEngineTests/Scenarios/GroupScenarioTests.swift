import SyncEngine
import Testing

@Suite struct GroupScenarioTests {
    private static let x500 = "X500:/o=example.com/ou=users/cn=testgroup"

    /// The examples of the documents: a distribution group, which the cloud has only where it is mail-enabled.
    @Test(
        arguments: [
            ([x500], nil, false), ([x500, "SMTP:john@example.com"], nil, true),
            ([x500, "smtp:john@example.com"], nil, true), ([], "john@example.com", true), ([], nil, false),
            // With proxy addresses, mail alone does not count.
            ([x500], "john@example.com", false),
        ] as [([String], String?, Bool)])
    func `a group is mail-enabled by an SMTP proxy address, or without any proxy address by mail`(
        proxies: [String], mail: String?, isMailEnabled: Bool
    ) throws {
        let scenario = try Scenario(["corp"], .standard())
        let addresses = [
            LDIFAttribute("proxyAddresses", proxies.map { Array($0.utf8) }),
            LDIFAttribute("mail", mail.map { [Array($0.utf8)] } ?? []),
        ]
        try scenario.shows(
            Directory("corp").group("list", isSecurity: false, addresses[0], addresses[1])
                .group("security", isSecurity: true, addresses[0], addresses[1]))
        #expect((scenario.cloud("list") != nil) == isMailEnabled)
        #expect(scenario.cloud("security")?["securityEnabled"] == "True")
        #expect(scenario.cloud("security")?["mailEnabled"] == (isMailEnabled ? "True" : "False"))
    }

    /// The product's own rule of that time looks for `SMTP:` with a function that minds the case, and takes any mail address too.
    @Test(
        arguments: [
            ([x500], nil, false), ([x500, "SMTP:john@example.com"], nil, true),
            ([x500, "smtp:john@example.com"], nil, false), ([], "john@example.com", true), ([], nil, false),
            ([x500], "john@example.com", true),
        ] as [([String], String?, Bool)])
    func `the exported rules decide about mail-enabled groups as they are written`(
        proxies: [String], mail: String?, isMailEnabled: Bool
    ) throws {
        guard let rules = RuleSet.exported else { return }
        let scenario = try Scenario(["corp"], rules)
        try scenario.shows(
            Directory("corp").group(
                "list", isSecurity: false, LDIFAttribute("proxyAddresses", proxies.map { Array($0.utf8) }),
                LDIFAttribute("mail", mail.map { [Array($0.utf8)] } ?? [])))
        #expect((scenario.cloud("list") != nil) == isMailEnabled)
    }

    /// The members of a group in the cloud, by their names.
    private func members(_ group: String, _ scenario: Scenario) -> [String] {
        let names = Dictionary(uniqueKeysWithValues: scenario.cloud().map { ($0.dn, $0.name) })
        return (scenario.cloud(group)?.attributes["member"] ?? []).compactMap { names[$0] }.sorted()
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `built-in groups stay out, and their members do not`(rules: RuleSet) throws {
        let scenario = try Scenario(["corp"], rules)
        try scenario.shows(
            Directory("corp").user("anna").group("team", members: ["anna", "Domain Admins"])
                .group("Domain Admins", members: ["anna"], LDIFAttribute("isCriticalSystemObject", "TRUE")))
        #expect(scenario.cloud().map(\.name).sorted() == ["anna", "team"])
        #expect(members("team", scenario) == ["anna"])
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `membership by primary group and of dynamic lists stays out`(rules: RuleSet) throws {
        let scenario = try Scenario(["corp"], rules)
        try scenario.shows(
            Directory("corp").user("anna", LDIFAttribute("primaryGroupID", "1234")).user("bela")
                .group("primary", members: ["bela"], LDIFAttribute("primaryGroupToken", "1234"))
                .object(
                    "dynamic", "msExchDynamicDistributionList", LDIFAttribute("mail", "dynamic@mail.example"),
                    LDIFAttribute("displayName", "dynamic"),
                    LDIFAttribute("msExchDynamicDLFilter", "(objectClass=user)")))
        #expect(members("primary", scenario) == ["bela"])
        #expect(scenario.cloud("dynamic") == nil)
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `members of other forests come through foreign security principals, in either order`(rules: RuleSet) throws {
        let home = Directory("home").user("anna").group("admins", members: ["anna"])
        let foreign = Directory("other").user("bela")
        let other = foreign.principal("p-anna", of: home.sid("anna")).principal("p-admins", of: home.sid("admins"))
            .principal("p-nobody", of: home.sid("nobody"))
            .group("team", members: ["bela", "p-anna", "p-nobody"])
        for order in [[home, other], [other, home]] {
            let scenario = try Scenario(["home", "other"], rules)
            for directory in order { try scenario.shows(directory) }
            #expect(members("team", scenario) == ["anna", "bela"])
            #expect(scenario.errors.isEmpty)
            // Without the container of these principals they are missing in the groups.
            let bare = foreign.group("team", members: ["bela", "p-anna"])
            try scenario.shows(bare)
            #expect(members("team", scenario) == ["bela"])
        }
    }

    @Test(
        arguments: [RuleSet.standard(1), .standard(2)].map { $0.limitingMembers(from: 250_000, to: 4) }
            + [RuleSet.exported?.limitingMembers(from: RuleSet.exportedMemberLimit, to: 4)].compactMap { $0 })
    func `above the limit a new group stays out, and an exported one keeps its members with an error`(rules: RuleSet)
        throws
    {
        let names = ["a", "b", "c", "d", "e"]
        let people = names.reduce(Directory("corp")) { $0.user($1) }
        let scenario = try Scenario(["corp"], rules)
        try scenario.shows(people.group("new", members: names).group("old", members: ["a", "b", "c"]))
        #expect(scenario.cloud("new") == nil)
        #expect(scenario.errors.isEmpty)
        #expect(members("old", scenario) == ["a", "b", "c"])
        try scenario.export()

        let larger = people.group("new", members: names).group("old", members: names, LDIFAttribute("info", "later"))
            .setting("title", "Clerk", of: "a")
        try scenario.shows(larger)
        #expect(scenario.errors.count == 1)
        #expect(scenario.errors.first?.detail.contains("member") == true)
        #expect(members("old", scenario) == ["a", "b", "c"])
        #expect(try scenario.pendingLines() == ["update user a"])

        try scenario.export()
        scenario.forgetErrors()
        try scenario.shows(larger.setting("member", ["b", "d"].map(people.dn), of: "old"))
        #expect(members("old", scenario) == ["b", "d"])
        #expect(scenario.errors.isEmpty)
    }

    @Test func `one changed member is work for one member, however large the group is`() throws {
        var work: [Int] = []
        for size in [50, 400] {
            let names = (0..<size).map { "m\($0)" }
            let people = (names + ["late"]).reduce(Directory("corp")) { $0.user($1) }
            let scenario = try Scenario(["corp"], .standard())
            try scenario.shows(people.group("team", members: names))
            try scenario.export()
            let change = LDIFRecord(
                dn: people.dn("team"),
                content: .change(.modify([LDIFModification(.add, LDIFAttribute("member", people.dn("late")))])))
            let summary = try scenario.imports("corp", [change], isFull: false)
            let update = try #require(try scenario.pending().first)
            #expect(update.changes.map(\.attribute) == ["member"])
            #expect(update.changes.first?.added.count == 1)
            work.append(summary.evaluatedReferences)
        }
        #expect(work[0] == work[1])
        #expect(work[0] < 5)
    }
}
