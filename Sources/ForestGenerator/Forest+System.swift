import SyncEngine

extension Forest {
    /// What every real forest has and no cloud wants: built-in accounts and groups, the accounts of synchronization and mail
    /// programs, objects that a write-back made, and the losers of replication conflicts. Each kind once or twice.
    func systemObjects() -> [GeneratedObject] { systemUsers() + systemGroups() + systemContacts() }

    private func guid(_ index: Int) -> [UInt8] {
        var random = random(.system, index)
        return random.bytes(16)
    }

    private func guidText(_ index: Int) -> String { Identifier.text(guid(index)).uppercased() }

    /// The value behind a name: `\\0A` stands for the line end that a replication conflict puts into it.
    private func commonName(_ name: String) -> LDIFAttribute {
        LDIFAttribute("cn", name.replacing("\\0A", with: "\n"))
    }

    private func systemUsers() -> [GeneratedObject] {
        func user(_ index: Int, _ name: String, relative: UInt32, control: String = "512", _ more: LDIFAttribute...)
            -> GeneratedObject
        {
            .user(
                "CN=\(name),CN=Users,\(root)",
                [
                    commonName(name), LDIFAttribute("objectGUID", [guid(index)]),
                    LDIFAttribute("objectSid", [sid(wellKnown: relative)]),
                    LDIFAttribute("userAccountControl", control),
                ] + more)
        }
        func account(_ name: String) -> LDIFAttribute { LDIFAttribute("sAMAccountName", name) }
        func nickname(_ name: String) -> LDIFAttribute { LDIFAttribute("mailNickname", name) }
        let isCritical = LDIFAttribute("isCriticalSystemObject", "TRUE")
        let conflict = "Farid Holm\\0ACNF:\(Identifier.text(guid(9)))"
        return [
            user(0, "Administrator", relative: 500, account("Administrator"), isCritical),
            user(1, "Guest", relative: 501, control: "66082", account("Guest"), isCritical),
            user(2, "krbtgt", relative: 502, control: "514", account("krbtgt"), isCritical),
            user(3, "MSOL_1a2b3c4d5e6f", relative: 1001, account("MSOL_1a2b3c4d5e6f")),
            user(4, "AAD_1a2b3c4d5e6f", relative: 1002, account("AAD_1a2b3c4d5e6f")),
            user(5, "SUPPORT_388945a0", relative: 1003, control: "514", account("SUPPORT_388945a0")),
            user(
                6, "SystemMailbox{\(guidText(6))}", relative: 1004, control: "514", account("SM_6"),
                nickname("SystemMailbox{\(guidText(6))}")),
            user(
                7, "CAS_{\(guidText(7))}", relative: 1005, control: "514", account("CAS_{\(guidText(7).prefix(10))}"),
                nickname("CAS_{\(guidText(7))}")),
            user(
                8, "DiscoverySearchMailbox", relative: 1006, control: "514", account("SM_8"),
                nickname("DiscoverySearchMailbox"), LDIFAttribute("msExchRecipientTypeDetails", "536870912")),
            user(9, conflict, relative: 1007, account("$DUPLICATE-3ef")),
            user(
                10, "Written back", relative: 1008, account("wb10"),
                LDIFAttribute("adminDescription", "User_\(guidText(10))")),
            user(
                11, "Without an account name", relative: 1009,
                LDIFAttribute("userPrincipalName", "nobody@\(domain)")),
        ]
    }

    private func systemGroups() -> [GeneratedObject] {
        func group(
            _ index: Int, _ name: String, container: String = "CN=Users", sid: [UInt8], type: String = "-2147483646",
            _ more: LDIFAttribute...
        ) -> GeneratedObject {
            GeneratedObject(
                "CN=\(name),\(container),\(root)", "top", "group",
                attributes: [
                    commonName(name), LDIFAttribute("objectGUID", [guid(index)]),
                    LDIFAttribute("objectSid", [sid]), LDIFAttribute("sAMAccountName", name),
                    LDIFAttribute("groupType", type),
                ] + more)
        }
        let isCritical = LDIFAttribute("isCriticalSystemObject", "TRUE")
        let members = LDIFAttribute(
            "member", users.prefix(3).map { Array(userDN($0).utf8) } + [Array("CN=Administrator,CN=Users,\(root)".utf8)]
        )
        return [
            group(20, "Domain Users", sid: sid(wellKnown: 513), isCritical),
            group(21, "Domain Admins", sid: sid(wellKnown: 512), isCritical, members),
            group(
                22, "Administrators", container: "CN=Builtin", sid: Identifier.builtinAdministrators,
                type: "-2147483643", isCritical, members),
            group(23, "MSOL_AD_Sync_RichCoexistence", sid: sid(wellKnown: 1020)),
            group(
                24, "Room list", sid: sid(wellKnown: 1021), type: "2",
                LDIFAttribute("msExchRecipientTypeDetails", "1073741824"),
                LDIFAttribute("mail", "roomlist.\(name)@mail.example")),
            group(25, "Old project\\0ACNF:\(Identifier.text(guid(25)))", sid: sid(wellKnown: 1022)),
            group(
                26, "Written back group", sid: sid(wellKnown: 1023),
                LDIFAttribute("adminDescription", "Group_\(guidText(26))")),
        ]
    }

    private func systemContacts() -> [GeneratedObject] {
        func contact(_ index: Int, _ name: String, _ more: LDIFAttribute...) -> GeneratedObject {
            GeneratedObject(
                "CN=\(name),OU=Contacts,\(root)", "top", "person", "organizationalPerson", "contact",
                attributes: [commonName(name), LDIFAttribute("objectGUID", [guid(index)])] + more)
        }
        func mail(_ name: String) -> LDIFAttribute { LDIFAttribute("mail", "\(name).\(self.name)@mail.example") }
        return [
            contact(
                30, "Hidden (MSOL)", mail("hidden"), LDIFAttribute("displayName", "Hidden (MSOL)"),
                LDIFAttribute("msExchHideFromAddressLists", "TRUE")),
            contact(31, "CAS_{\(guidText(31))}", mail("cas"), LDIFAttribute("mailNickname", "CAS_{\(guidText(31))}")),
            contact(32, "Vera Quist\\0ACNF:\(Identifier.text(guid(32)))", mail("conflict")),
            contact(33, "Without an address", LDIFAttribute("mail", "none")),
        ]
    }
}
