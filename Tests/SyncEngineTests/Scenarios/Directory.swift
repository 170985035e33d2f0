import SyncEngine

/// A forest as a test tells it: the objects that its directory shows. Identifiers follow from the names.
struct Directory {
    let name: String
    private(set) var records: [LDIFRecord] = []

    init(_ name: String) { self.name = name }

    var root: String { "DC=\(name),DC=example" }
    func dn(_ object: String) -> String { "CN=\(object),OU=Objects,\(root)" }
    func guid(_ object: String) -> [UInt8] { Self.bytes("\(name)/\(object)", 16) }
    /// S-1-5-21 and four numbers, the first three of the forest.
    func sid(_ object: String) -> [UInt8] {
        [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0] + Self.bytes(name, 12) + Self.bytes("\(name)/\(object)", 4)
    }

    /// What the sync rules make of an object's identifier.
    func anchor(_ object: String) -> String { Base64Text.encode(guid(object)) }

    // MARK: - Objects

    func user(
        _ user: String, mail: String? = nil, isEnabled: Bool = true, type: String = "user", _ more: LDIFAttribute...
    ) -> Directory {
        var attributes = [
            LDIFAttribute("objectClass", "top", "person", "organizationalPerson", type),
            LDIFAttribute("sAMAccountName", user), LDIFAttribute("displayName", user),
            LDIFAttribute("objectSid", [sid(user)]), LDIFAttribute("userPrincipalName", "\(user)@\(name).example"),
            LDIFAttribute("userAccountControl", isEnabled ? "512" : "514"),
        ]
        if let mail { attributes += Self.mailbox(user, mail) }
        return adding(user, attributes, more)
    }

    /// A disabled account that belongs to somebody of another forest.
    func linkedMailbox(_ user: String, of owner: [UInt8], mail: String) -> Directory {
        self.user(
            user, mail: mail, isEnabled: false, LDIFAttribute("msExchRecipientTypeDetails", "2"),
            LDIFAttribute("msExchMasterAccountSid", [owner]))
    }

    func contact(_ contact: String, mail: String?, _ more: LDIFAttribute...) -> Directory {
        var attributes = [
            LDIFAttribute("objectClass", "top", "person", "organizationalPerson", "contact"),
            LDIFAttribute("displayName", contact),
        ]
        if let mail { attributes += Self.mailbox(contact, mail) + [LDIFAttribute("targetAddress", "SMTP:\(mail)")] }
        return adding(contact, attributes, more)
    }

    func group(
        _ group: String, members: [String] = [], isSecurity: Bool = true, _ more: LDIFAttribute...
    ) -> Directory {
        var attributes = [
            LDIFAttribute("objectClass", "top", "group"), LDIFAttribute("sAMAccountName", group),
            LDIFAttribute("displayName", group), LDIFAttribute("objectSid", [sid(group)]),
            LDIFAttribute("groupType", isSecurity ? "-2147483646" : "2"),
        ]
        if !members.isEmpty { attributes.append(LDIFAttribute("member", members.map { Array(dn($0).utf8) })) }
        return adding(group, attributes, more)
    }

    /// What stands for somebody of a trusted forest.
    func principal(_ principal: String, of sid: [UInt8]) -> Directory {
        let identifier = SecurityIdentifierText.text(sid)
        return adding(
            principal, [LDIFAttribute("objectClass", "top", "foreignSecurityPrincipal")],
            [LDIFAttribute("objectSid", [sid]), LDIFAttribute("cn", identifier)])
    }

    func computer(_ computer: String, certificates: [[UInt8]]) -> Directory {
        adding(
            computer,
            [
                LDIFAttribute("objectClass", "top", "person", "organizationalPerson", "user", "computer"),
                LDIFAttribute("displayName", computer), LDIFAttribute("objectSid", [sid(computer)]),
                LDIFAttribute("userAccountControl", "4096"), LDIFAttribute("userCertificate", certificates),
            ], [])
    }

    func object(_ object: String, _ type: String, _ more: LDIFAttribute...) -> Directory {
        adding(object, [LDIFAttribute("objectClass", "top", type)], more)
    }

    // MARK: - Changes

    func without(_ object: String) -> Directory {
        var copy = self
        copy.records.removeAll { $0.dn == dn(object) }
        return copy
    }

    /// The same with other values of an attribute; without values it is gone.
    func setting(_ attribute: String, _ values: [String], of object: String) -> Directory {
        var copy = self
        for (place, record) in records.enumerated() where record.dn == dn(object) {
            guard case .entry(let present) = record.content else { continue }
            let kept = present.filter { $0.name.lowercased() != attribute.lowercased() }
            let new = values.isEmpty ? [] : [LDIFAttribute(attribute, values.map { Array($0.utf8) })]
            copy.records[place] = LDIFRecord(dn: record.dn, content: .entry(kept + new))
        }
        return copy
    }

    func setting(_ attribute: String, _ value: String, of object: String) -> Directory {
        setting(attribute, [value], of: object)
    }

    // MARK: - Parts

    private func adding(_ object: String, _ attributes: [LDIFAttribute], _ more: [LDIFAttribute]) -> Directory {
        var all = attributes
        for attribute in more {
            all.removeAll { $0.name.lowercased() == attribute.name.lowercased() }
            if !attribute.values.isEmpty { all.append(attribute) }
        }
        if !all.contains(where: { $0.name == "cn" }) { all.append(LDIFAttribute("cn", object)) }
        all.append(LDIFAttribute("objectGUID", [guid(object)]))
        var copy = self
        copy.records.append(LDIFRecord(dn: dn(object), content: .entry(all)))
        return copy
    }

    private static func mailbox(_ name: String, _ mail: String) -> [LDIFAttribute] {
        [
            LDIFAttribute("mail", mail), LDIFAttribute("mailNickname", name),
            LDIFAttribute("proxyAddresses", "SMTP:\(mail)"),
        ]
    }

    /// Bytes that depend on a text alone (FNV-1a, then mixed).
    private static func bytes(_ text: String, _ count: Int) -> [UInt8] {
        var state: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<count).map { _ in
            state = (state ^ state >> 29) &* 0xBF58_476D_1CE4_E5B9 &+ 1
            return UInt8(truncatingIfNeeded: state >> 40)
        }
    }
}

/// Base64 as RFC 4648 has it, written for these tests alone: what they expect must not come from the code under test.
enum Base64Text {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

    static func encode(_ bytes: [UInt8]) -> String {
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            for place in 0..<4 {
                text.append(place <= part.count ? digits[bits >> (18 - 6 * place) & 63] : "=")
            }
        }
        return text
    }
}

enum SecurityIdentifierText {
    /// S-1-authority and the numbers, little-endian in the binary form ([MS-DTYP] 2.4.2).
    static func text(_ sid: [UInt8]) -> String {
        var parts = ["S", "1", String(sid[7])]
        for start in stride(from: 8, to: sid.count, by: 4) {
            parts.append(String(sid[start..<start + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }))
        }
        return parts.joined(separator: "-")
    }
}
