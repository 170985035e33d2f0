import SyncEngine
import Testing

/// Contacts that stand for users of other forests.
@Suite struct ContactScenarioTests {
    private static let mail = "anna@mail.example"
    private let users = Directory("users").user("anna", mail: mail)
    private let contacts = Directory("contacts").contact("Anna (contact)", mail: mail)

    @Test(arguments: RuleSet.joiningOnMail)
    func `a contact is provisioned as a contact or as a user, depending on what joins, in either order`(rules: RuleSet)
        throws
    {
        let scenario = try Scenario(["contacts", "users"], rules)
        try scenario.shows(contacts)
        #expect(scenario.cloud().map(\.type) == ["contact"])
        #expect(scenario.cloud().first?["sourceAnchor"] == contacts.anchor("Anna (contact)"))
        try scenario.shows(users)
        #expect(try scenario.pendingLines() == ["add user anna"])
        #expect(scenario.cloud().first?["sourceAnchor"] == users.anchor("anna"))

        let reversed = try Scenario(["contacts", "users"], rules)
        try reversed.shows(users)
        try reversed.shows(contacts)
        #expect(reversed.cloud() == scenario.cloud())
        #expect(scenario.errors.isEmpty && reversed.errors.isEmpty)
    }

    @Test(arguments: RuleSet.joiningOnMail)
    func `a contact that was exported is promoted: it is deleted before the user is added, in one export`(
        rules: RuleSet
    ) throws {
        let scenario = try Scenario(["contacts", "users"], rules)
        try scenario.shows(contacts)
        try scenario.export()
        try scenario.shows(users)
        #expect(try scenario.pendingLines() == ["delete contact Anna (contact)", "add user anna"])
        #expect(scenario.errors.isEmpty)
        try scenario.export()
        #expect(try scenario.pending().isEmpty)
        #expect(scenario.cloud().map(\.type) == ["user"])
        #expect(scenario.errors.isEmpty)
        // The user goes, and its contact is a contact again.
        try scenario.shows(Directory("users"))
        let lines = try scenario.pendingLines()
        #expect(lines == ["delete user anna", "add contact Anna (contact)"])
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `where users do not join on mail the order decides, and two objects that claim one address are the error`(
        rules: RuleSet
    ) throws {
        let contactFirst = try Scenario(["contacts", "users"], rules)
        try contactFirst.shows(contacts)
        try contactFirst.shows(users)
        #expect(contactFirst.cloud().map(\.type).sorted() == ["contact", "user"])
        #expect(contactFirst.sharedAddresses() == ["smtp:\(Self.mail)"])

        let userFirst = try Scenario(["contacts", "users"], rules)
        try userFirst.shows(users)
        try userFirst.shows(contacts)
        #expect(userFirst.cloud().map(\.type) == ["user"])
        #expect(userFirst.sharedAddresses().isEmpty)
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `contacts of one address in two forests are one contact, written in whatever case`(rules: RuleSet) throws {
        let other = Directory("other").contact("Anna too", mail: Self.mail.uppercased())
        for order in [[contacts, other], [other, contacts]] {
            let scenario = try Scenario(["contacts", "other"], rules)
            for directory in order { try scenario.shows(directory) }
            #expect(scenario.cloud().map(\.type) == ["contact"])
            #expect(scenario.errors.isEmpty)
        }
    }

    @Test(arguments: RuleSet.joiningOnMail)
    func `a manager or member in another forest is found by the contact that stands for it`(rules: RuleSet) throws {
        let others =
            contacts
            .user("bela", LDIFAttribute("manager", contacts.dn("Anna (contact)")))
            .group("team", members: ["bela", "Anna (contact)"])
        for order in [[others, users], [users, others]] {
            let scenario = try Scenario(["contacts", "users"], rules)
            for directory in order { try scenario.shows(directory) }
            let anna = try #require(scenario.cloud("anna"))
            let bela = try #require(scenario.cloud("bela"))
            #expect(bela["manager"] == anna.dn)
            #expect(scenario.cloud("team")?.attributes["member"] == [anna.dn, bela.dn].sorted())
        }
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `a contact without an address is not synchronized`(rules: RuleSet) throws {
        let scenario = try Scenario(["corp"], rules)
        try scenario.shows(
            Directory("corp").contact("none", mail: nil).contact("bad", mail: nil, LDIFAttribute("mail", "nothing"))
                .contact("good", mail: "good@mail.example"))
        #expect(scenario.cloud().map(\.name) == ["good"])
    }

    @Test func `a contact with nothing but an SMTP address is synchronized`() throws {
        let scenario = try Scenario(["corp"], .standard())
        try scenario.shows(
            Directory("corp").contact("proxy", mail: nil, LDIFAttribute("proxyAddresses", "smtp:p@mail.example"))
                .contact("other", mail: nil, LDIFAttribute("proxyAddresses", "X400:c=de;s=other@x")))
        #expect(scenario.cloud().map(\.name) == ["proxy"])
    }
}
