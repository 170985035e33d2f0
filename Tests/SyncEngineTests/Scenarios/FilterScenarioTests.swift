import SyncEngine
import Testing

/// What must not reach the cloud.
@Suite struct FilterScenarioTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let add: @Sendable (Directory) -> Directory

        init(_ name: String, _ add: @escaping @Sendable (Directory) -> Directory) {
            testDescription = name
            self.add = add
        }
    }

    private static func user(_ reason: String, _ name: String = "x", _ more: LDIFAttribute...) -> Case {
        let more = more
        return Case("a user: \(reason)") { directory in
            more.reduce(directory.user(name)) {
                $0.setting($1.name, $1.values.map { String(decoding: $0, as: UTF8.self) }, of: name)
            }
        }
    }

    private static let conflict = "x\\0ACNF:8a5f1f6e-6f0c-4d4b-9b43-1d5e3a2b7c10"

    static let filtered: [Case] = [
        user("of the system", "x", LDIFAttribute("isCriticalSystemObject", "TRUE")),
        user("without an account name", "x", LDIFAttribute("sAMAccountName", [])),
        user("of the synchronization", "x", LDIFAttribute("sAMAccountName", "AAD_1a2b")),
        user("of the synchronization's directory access", "x", LDIFAttribute("sAMAccountName", "MSOL_1a2b")),
        user("of the vendor's support", "x", LDIFAttribute("sAMAccountName", "SUPPORT_388945a0")),
        user("a mailbox of the mail system", "x", LDIFAttribute("mailNickname", "SystemMailbox{1a2b}")),
        user("a mail program, by its alias", "x", LDIFAttribute("mailNickname", "CAS_{1a2b}")),
        user("a mail program, by its account", "x", LDIFAttribute("sAMAccountName", "CAS_{1a2b}")),
        user("a discovery mailbox", "x", LDIFAttribute("msExchRecipientTypeDetails", "536870912")),
        user("a mail-enabled public folder", "x", LDIFAttribute("msExchRecipientTypeDetails", "4096")),
        user("written back", "x", LDIFAttribute("adminDescription", "User_1a2b")),
        user("the loser of a replication conflict", conflict),
        Case("a group of the system") { $0.group("x", LDIFAttribute("isCriticalSystemObject", "TRUE")) },
        Case("a group of the synchronization") { $0.group("MSOL_AD_Sync_RichCoexistence") },
        Case("a group with a filtered recipient type") {
            $0.group("x", LDIFAttribute("msExchRecipientTypeDetails", "1073741824"))
        },
        Case("a group that was written back") { $0.group("x", LDIFAttribute("adminDescription", "Group_1a2b")) },
        Case("a group that lost a replication conflict") { $0.group(conflict) },
        Case("a hidden contact of the synchronization") {
            $0.contact(
                "x (MSOL)", mail: "x@mail.example", LDIFAttribute("msExchHideFromAddressLists", "TRUE"))
        },
        Case("a contact of a mail program") {
            $0.contact("x", mail: "x@mail.example", LDIFAttribute("mailNickname", "CAS_{1a2b}"))
        },
        Case("a contact of the system") {
            $0.contact("x", mail: "x@mail.example", LDIFAttribute("isCriticalSystemObject", "TRUE"))
        },
        Case("a contact that lost a replication conflict") { $0.contact(conflict, mail: "x@mail.example") },
    ]

    static let kept: [Case] = [
        user("whose alias begins like a mail program's", "x", LDIFAttribute("mailNickname", "CAS_x")),
        user("of an ordinary mailbox", "x", LDIFAttribute("msExchRecipientTypeDetails", "1")),
        user(
            "of a remote mailbox, a number of more than 31 bits", "x",
            LDIFAttribute("msExchRecipientTypeDetails", "2147483648")),
        user("with another remark", "x", LDIFAttribute("adminDescription", "temporary")),
        Case("a group of rooms") { $0.group("x", LDIFAttribute("msExchRecipientTypeDetails", "268435456")) },
        Case("a hidden contact") {
            $0.contact("x", mail: "x@mail.example", LDIFAttribute("msExchHideFromAddressLists", "TRUE"))
        },
        Case("a contact with a name like the synchronization's") { $0.contact("x (MSOL)", mail: "x@mail.example") },
    ]

    @Test(arguments: RuleSet.joiningOnIdentifiers, filtered)
    func `is filtered`(rules: RuleSet, object: Case) throws {
        let scenario = try Scenario(["corp"], rules)
        try scenario.shows(object.add(Directory("corp").user("anna")))
        #expect(try scenario.pendingLines() == ["add user anna"])
        #expect(scenario.errors.isEmpty)
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers, kept)
    func `is not filtered`(rules: RuleSet, object: Case) throws {
        let scenario = try Scenario(["corp"], rules)
        try scenario.shows(object.add(Directory("corp").user("anna")))
        #expect(try scenario.pending().count == 2)
        #expect(scenario.errors.isEmpty)
    }

    @Test(arguments: RuleSet.joiningOnIdentifiers)
    func `an exported object that becomes filtered is deleted in the cloud`(rules: RuleSet) throws {
        let scenario = try Scenario(["corp"], rules)
        let corp = Directory("corp").user("anna").user("bela")
        try scenario.shows(corp)
        try scenario.export()
        try scenario.shows(corp.setting("mailNickname", "SystemMailbox{1}", of: "anna"))
        #expect(try scenario.pendingLines() == ["delete user anna"])
    }
}
