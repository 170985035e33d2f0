import SyncEngine
import Testing

/// Who contributes what an account signs in with, and what an anchor is worth after its export.
@Suite struct AccountScenarioTests {
    private let account = Directory("account").user("anna")
    private var owner: [UInt8] { account.sid("anna") }

    /// Anna's disabled account in the resource forest: an ordinary mailbox, not a linked one.
    private var disabled: Directory {
        Directory("resource").user(
            "anna", mail: "anna@mail.example", isEnabled: false, LDIFAttribute("msExchRecipientTypeDetails", "1"),
            LDIFAttribute("msExchMasterAccountSid", [owner]))
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func
        `an enabled account contributes its principal name and anchor, a disabled one only while no enabled one is there`(
            rules: RuleSet
        ) throws
    {
        let scenario = try Scenario(["resource", "account"], rules)
        try scenario.shows(disabled)
        let before = try #require(scenario.cloud("anna"))
        #expect(before["userPrincipalName"] == "anna@resource.example")
        #expect(before["sourceAnchor"] == disabled.anchor("anna"))
        #expect(before["accountEnabled"] == "False")
        try scenario.shows(account)
        let after = try #require(scenario.cloud("anna"))
        #expect(after["userPrincipalName"] == "anna@account.example")
        #expect(after["sourceAnchor"] == account.anchor("anna"))
        #expect(after["accountEnabled"] == "True")
        #expect(after["mail"] == "anna@mail.example")
        #expect(scenario.cloud().count == 1)
        #expect(scenario.errors.isEmpty)

        let reversed = try Scenario(["resource", "account"], rules)
        try reversed.shows(account)
        try reversed.shows(disabled)
        #expect(reversed.cloud() == scenario.cloud())
        // The enabled account goes: the disabled one contributes again.
        try scenario.shows(Directory("account"))
        #expect(scenario.cloud("anna")?["userPrincipalName"] == "anna@resource.example")
        #expect(scenario.cloud("anna")?["sourceAnchor"] == disabled.anchor("anna"))
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers, [true, false])
    func `a linked mailbox never contributes principal name or anchor, whether its account is enabled or not`(
        rules: RuleSet, isEnabled: Bool
    ) throws {
        let account = Directory("account").user("anna", isEnabled: isEnabled)
        let mailbox = Directory("resource").linkedMailbox(
            "anna", of: account.sid("anna"), mail: "anna@mail.example")
        let scenario = try Scenario(["account", "resource"], rules)
        try scenario.shows(mailbox)
        #expect(scenario.cloud().isEmpty)
        #expect(try scenario.pending().isEmpty)
        try scenario.shows(account)
        let anna = try #require(scenario.cloud("anna"))
        #expect(anna.type == "user")
        #expect(anna["userPrincipalName"] == "anna@account.example")
        #expect(anna["sourceAnchor"] == account.anchor("anna"))
        #expect(anna["accountEnabled"] == (isEnabled ? "True" : "False"))
        #expect(anna.attributes["proxyAddresses"] == ["SMTP:anna@mail.example"])

        let reversed = try Scenario(["account", "resource"], rules)
        try reversed.shows(account)
        try reversed.shows(mailbox)
        #expect(reversed.cloud() == scenario.cloud())
        #expect(scenario.errors.isEmpty && reversed.errors.isEmpty)
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `an account of the class inetOrgPerson is a user like any other`(rules: RuleSet) throws {
        let scenario = try Scenario(["corp"], rules)
        let corp = Directory("corp").user("anna", mail: "anna@mail.example", type: "inetOrgPerson")
        try scenario.shows(corp)
        let anna = try #require(scenario.cloud("anna"))
        #expect(anna.type == "user")
        #expect(anna["sourceAnchor"] == corp.anchor("anna"))
        #expect(anna["userPrincipalName"] == "anna@corp.example")
        #expect(anna["accountEnabled"] == "True")
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers, ["16", "32", "4"])
    func `disabled accounts of rooms, equipment and shared mailboxes are synchronized`(rules: RuleSet, details: String)
        throws
    {
        let scenario = try Scenario(["corp"], rules)
        let corp = Directory("corp").user(
            "room", mail: "room@mail.example", isEnabled: false,
            LDIFAttribute("msExchRecipientTypeDetails", details))
        try scenario.shows(corp)
        #expect(try scenario.pendingLines() == ["add user room"])
        #expect(scenario.cloud("room")?["accountEnabled"] == "False")
        #expect(scenario.cloud("room")?["userPrincipalName"] == "room@corp.example")
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `an account that is enabled on-premises is enabled again in the cloud`(rules: RuleSet) throws {
        let scenario = try Scenario(["corp"], rules)
        let corp = Directory("corp").user("anna", isEnabled: false)
        try scenario.shows(corp)
        try scenario.export()
        #expect(try scenario.pending().isEmpty)
        try scenario.shows(corp.setting("userAccountControl", "512", of: "anna"))
        let pending = try scenario.pending()
        #expect(pending.map(\.operation) == [.update])
        let change = try #require(pending.first?.changes.first { $0.attribute == "accountEnabled" })
        #expect(change.removed == [Array("False".utf8)])
        #expect(change.added == [Array("True".utf8)])
        #expect(scenario.errors.isEmpty)
    }

    /// The errors of anchors that changed.
    private func anchorErrors(_ scenario: Scenario) -> [ObjectError] {
        scenario.errors.filter { $0.detail.lowercased().contains("sourceanchor attribute has changed") }
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `an enabled account that joins an exported disabled one is the anchor error on that object and nothing else`(
        rules: RuleSet
    ) throws {
        let scenario = try Scenario(["resource", "account"], rules)
        let resource = disabled.user("bela", LDIFAttribute("title", "Clerk"))
        try scenario.shows(resource)
        try scenario.export()
        try scenario.shows(account)
        #expect(anchorErrors(scenario).count == 1)
        #expect(scenario.errors.count == 1)
        #expect(try scenario.pending().isEmpty)
        #expect(scenario.cloud("anna")?["sourceAnchor"] == disabled.anchor("anna"))
        #expect(scenario.cloud("anna")?["userPrincipalName"] == "anna@resource.example")
        // Everything else goes on.
        try scenario.shows(resource.setting("title", "Manager", of: "bela").setting("title", "Boss", of: "anna"))
        #expect(try scenario.pendingLines() == ["update user bela"])
        #expect(anchorErrors(scenario).count == 2)
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `an anchor is frozen after its export: the error stays until the old value is back`(rules: RuleSet) throws {
        let scenario = try Scenario(["resource", "account"], rules)
        try scenario.shows(disabled)
        try scenario.shows(account)
        // Before the first export anchors may change.
        #expect(scenario.errors.isEmpty)
        try scenario.export()
        #expect(scenario.cloud("anna")?["sourceAnchor"] == account.anchor("anna"))
        // The enabled account disappears, and what is left has another anchor.
        try scenario.shows(Directory("account"))
        #expect(anchorErrors(scenario).count == 1)
        #expect(try scenario.pending().isEmpty)
        try scenario.synchronize("resource", .full)
        #expect(anchorErrors(scenario).count == 2)
        #expect(scenario.cloud("anna")?["sourceAnchor"] == account.anchor("anna"))
        try scenario.shows(account.setting("title", "Back", of: "anna"))
        #expect(anchorErrors(scenario).count == 2)
        #expect(try scenario.pendingLines() == ["update user anna"])
        let update = try #require(try scenario.pending().first)
        #expect(update.changes.map(\.attribute) == ["title"])
    }

    @Test
    func `a user without a principal name gets one of its account name and its domain, and without both is an error`()
        throws
    {
        let scenario = try Scenario(["corp"], .standard())
        try scenario.shows(
            Directory("corp")
                .user("anna", LDIFAttribute("userPrincipalName", []))
                .user("bela", LDIFAttribute("userPrincipalName", []), LDIFAttribute("sAMAccountName", []))
                .user("cyra"))
        #expect(scenario.cloud("anna")?["userPrincipalName"] == "anna@corp.example")
        #expect(scenario.errors.count == 1)
        #expect(scenario.errors.first?.dn == Directory("corp").dn("bela"))
        #expect(scenario.cloud("bela") == nil)
        #expect(scenario.cloud("cyra") != nil)
    }

    @Test func `texts that a directory indexes are cut, and addresses are trimmed and kept once`() throws {
        let scenario = try Scenario(["corp"], .standard())
        let long = String(repeating: "x", count: 500)
        try scenario.shows(
            Directory("corp").user(
                "anna", mail: "anna@mail.example", LDIFAttribute("description", "  \(long)"),
                LDIFAttribute("info", " \(long) "),
                LDIFAttribute(
                    "proxyAddresses", "SMTP:anna@mail.example", "smtp:a@mail.example ", " smtp:a@mail.example"))
        )
        let anna = try #require(scenario.cloud("anna"))
        #expect(anna["description"] == String(repeating: "x", count: 448))
        #expect(anna["info"] == String(repeating: "x", count: 448))
        #expect(anna.attributes["proxyAddresses"] == ["SMTP:anna@mail.example", "smtp:a@mail.example"])
    }
}
