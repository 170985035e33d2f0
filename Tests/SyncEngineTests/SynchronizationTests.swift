import Documents
import ForestGenerator
import SyncConfiguration
import SyncEngine
import TestSupport
import Testing

@Suite struct SynchronizationTests {
    /// A user as AD shows one. The number makes identifiers.
    private func user(_ name: String, _ number: Int, _ more: String = "", control: Int = 512) -> String {
        """
        dn: CN=\(name),OU=People,DC=corp,DC=example
        objectClass: top
        objectClass: user
        sAMAccountName: \(name)
        displayName: \(name)
        objectGUID: guid-\(number)
        objectSid: sid-\(number)
        userAccountControl: \(control)
        userPrincipalName: \(name)@corp.example\(more.isEmpty ? "" : "\n" + more)


        """
    }

    private func group(_ name: String, _ number: Int, members: [String]) -> String {
        """
        dn: CN=\(name),OU=Groups,DC=corp,DC=example
        objectClass: group
        cn: \(name)
        objectGUID: guid-\(number)
        objectSid: sid-\(number)
        groupType: -2147483646
        \(members.map { "member: CN=\($0),OU=People,DC=corp,DC=example" }.joined(separator: "\n"))


        """
    }

    @Test func `a user is provisioned with an anchor made of its GUID, and confirmed by the next import`() throws {
        let bench = try Bench()
        let imported = try bench.imports("corp", user("ada", 1, "title: Engineer\ndescription: \u{20}Desk 4 "))
        #expect(imported.adds == 1)
        #expect(imported.errors.isEmpty)
        let run = try bench.synchronize(.full)
        #expect(run[0].projections == 1)
        #expect(run[0].provisioned == 1)
        let add = try #require(try bench.pending().first)
        #expect(add.operation == .add)
        #expect(add.type == "user")
        // Base64 of "guid-1" is Z3VpZC0x; the name has the hexadecimal digits of that text.
        #expect(add.dn == "CN={5A3356705A433078}")
        #expect(bench.engine.wanted(add, "sourceAnchor") == "Z3VpZC0x")
        #expect(bench.engine.wanted(add, "accountEnabled") == "True")
        #expect(bench.engine.wanted(add, "description") == "Desk 4")
        #expect(bench.engine.wanted(add, "onPremisesSamAccountName") == "ada")
        try bench.exportAndConfirm()
        #expect(try bench.pending().isEmpty)
    }

    @Test func `a changed value becomes an update of that attribute with old and new value`() throws {
        let bench = try Bench()
        try bench.imports("corp", user("ada", 1, "title: Engineer") + user("bela", 2))
        try bench.synchronize(.full)
        try bench.exportAndConfirm()
        try bench.imports(
            "corp",
            "dn: CN=ada,OU=People,DC=corp,DC=example\nchangetype: modify\nreplace: title\ntitle: Manager\n-\n",
            full: false)
        let run = try bench.synchronize(.delta)
        #expect(run[0].evaluated == 1)
        let pending = try bench.pending()
        #expect(pending.count == 1)
        #expect(pending.first?.operation == .update)
        #expect(
            pending.first?.changes == [
                PendingExport.Change(
                    attribute: "title", kind: .text, removed: [Array("Engineer".utf8)], added: [Array("Manager".utf8)])
            ])
    }

    @Test
    func `an object that a full import does not show is deleted in the cloud, and a partial import deletes nothing`()
        throws
    {
        let bench = try Bench()
        try bench.imports("corp", user("ada", 1) + user("bela", 2))
        try bench.synchronize(.full)
        try bench.exportAndConfirm()
        try bench.engine.beginImport(connector: "corp", full: true)
        let reader = LDIFReader(file: "t", bytes: Array(user("ada", 1).utf8))
        while let record = try reader.next() { bench.engine.importRecord(record) }
        #expect(bench.engine.abandonImport().deletes == 0)
        try bench.synchronize(.delta)
        #expect(try bench.pending().isEmpty)

        #expect(try bench.imports("corp", user("ada", 1)).deletes == 1)
        let run = try bench.synchronize(.delta)
        #expect(run[0].metaverseDeletes == 1)
        #expect(try bench.pendingLines() == ["delete user bela"])
        // Back before the export: nothing is left to do.
        try bench.imports("corp", user("ada", 1) + user("bela", 2))
        try bench.synchronize(.delta)
        #expect(try bench.pending().isEmpty)
    }

    @Test func `an object that a full import shows without its anchor is an error and not a delete`() throws {
        let bench = try Bench()
        try bench.imports("corp", user("ada", 1) + user("bela", 2))
        let damaged = user("bela", 2).replacing("objectGUID: guid-2\n", with: "")
        let summary = try bench.imports("corp", user("ada", 1) + damaged)
        #expect(summary.errors.map(\.code) == [.missingAnchor])
        #expect(summary.deletes == 0)
        #expect(
            bench.engine.object(connector: "corp", dn: "CN=bela,OU=People,DC=corp,DC=example")?.flags == .pendingImport)
    }

    @Test func `an object that was never exported leaves no delete behind`() throws {
        let bench = try Bench()
        try bench.imports("corp", user("ada", 1))
        try bench.synchronize(.full)
        try bench.imports("corp", "dn: CN=ada,OU=People,DC=corp,DC=example\nchangetype: delete\n", full: false)
        try bench.synchronize(.delta)
        #expect(try bench.pending().isEmpty)
        #expect(bench.engine.objectCount == 0)
        #expect(bench.engine.metaverseCount == 0)
    }

    @Test func `a filtered user is deprovisioned, and an object that somebody else made in the cloud is left alone`()
        throws
    {
        let bench = try Bench()
        try bench.imports("corp", user("ada", 1) + user("bela", 2, "isCriticalSystemObject: TRUE"))
        try bench.engine.beginImport(connector: "cloud", full: true)
        bench.engine.importEntry(
            ImportedEntry(
                dn: "CN={other}", type: "user",
                attributes: [LDIFAttribute("cloudAnchor", "x"), LDIFAttribute("displayName", "made in the cloud")]))
        _ = bench.engine.finishImport()
        try bench.synchronize(.full)
        #expect(try bench.pendingLines() == ["add user ada"])
        let before = try #require(bench.engine.object(connector: "cloud", dn: "CN={other}"))
        #expect(before.outboundRule == nil)
        try bench.imports("corp", user("ada", 1, "isCriticalSystemObject: TRUE"))
        try bench.synchronize(.delta)
        #expect(try bench.pending().isEmpty)
    }

    @Test func `members and managers become the cloud's objects, whatever comes first`() throws {
        let bench = try Bench()
        // The group comes before its members; one member is filtered, one is nowhere.
        try bench.imports(
            "corp",
            group("all", 9, members: ["ada", "bela", "ghost", "hidden"])
                + user("bela", 2, "manager: CN=ada,OU=People,DC=corp,DC=example") + user("ada", 1)
                + user("hidden", 3, "isCriticalSystemObject: TRUE"))
        try bench.synchronize(.full)
        let pending = try bench.pending()
        let all = try #require(pending.first { $0.type == "group" })
        let names = Dictionary(
            uniqueKeysWithValues: pending.map { ($0.dn, bench.engine.wanted($0, "displayName") ?? "") })
        #expect(bench.engine.wantedAll(all, "member").compactMap { names[$0] }.sorted() == ["ada", "bela"])
        let bela = try #require(pending.first { names[$0.dn] == "bela" })
        #expect(bench.engine.wanted(bela, "manager").flatMap { names[$0] } == "ada")
    }

    @Test func `a member that comes into scope later is added to its groups in the cloud`() throws {
        let bench = try Bench()
        try bench.imports(
            "corp",
            group("all", 9, members: ["ada", "bela"]) + user("ada", 1) + user("bela", 2, "isCriticalSystemObject: TRUE")
        )
        try bench.synchronize(.full)
        try bench.exportAndConfirm()
        try bench.imports(
            "corp",
            "dn: CN=bela,OU=People,DC=corp,DC=example\nchangetype: modify\ndelete: isCriticalSystemObject\n-\n",
            full: false)
        try bench.synchronize(.delta)
        #expect(try bench.pendingLines() == ["add user bela", "update group all"])
        try bench.exportAndConfirm()
        try bench.imports("corp", "dn: CN=ada,OU=People,DC=corp,DC=example\nchangetype: delete\n", full: false)
        try bench.synchronize(.delta)
        #expect(try bench.pendingLines() == ["delete user ada", "update group all"])
        let update = try #require(try bench.pending().first { $0.type == "group" })
        #expect(update.changes.map(\.attribute) == ["member"])
        #expect(update.changes.first?.removed == [Array("CN={5A3356705A433078}".utf8)])
        #expect(update.changes.first?.added == [])
    }

    @Test func `a rename of a container moves what lies in it and exports nothing`() throws {
        let bench = try Bench()
        let unit = "dn: OU=People,DC=corp,DC=example\nobjectClass: organizationalUnit\nobjectGUID: guid-ou\n\n"
        try bench.imports("corp", unit + user("ada", 1) + group("all", 9, members: ["ada"]))
        try bench.synchronize(.full)
        try bench.exportAndConfirm()
        let change = "dn: OU=People,DC=corp,DC=example\nchangetype: modrdn\nnewrdn: OU=Staff\ndeleteoldrdn: 1\n"
        #expect(try bench.imports("corp", change, full: false).renames == 1)
        #expect(bench.engine.object(connector: "corp", dn: "cn=ada,ou=staff,dc=corp,dc=example") != nil)
        #expect(bench.engine.object(connector: "corp", dn: "CN=ada,OU=People,DC=corp,DC=example") == nil)
        try bench.synchronize(.delta)
        #expect(try bench.pending().isEmpty)
    }

    @Test func `renames one after the other move the objects below each time`() throws {
        let bench = try Bench()
        let units = [
            "OU=People,DC=corp,DC=example", "OU=Inner,OU=People,DC=corp,DC=example", "OU=Other,DC=corp,DC=example",
        ]
        let text = units.enumerated().map {
            "dn: \($0.element)\nobjectClass: organizationalUnit\nobjectGUID: ou-\($0.offset)\n\n"
        }
        // The user's name is spelled with other case and spaces than its container's.
        let ada = "dn: CN=a\\,da, ou=inner,OU=PEOPLE,dc=corp,DC=example\nobjectClass: user\nobjectGUID: guid-1\n"
        try bench.imports("corp", text.joined() + ada)
        func rename(_ dn: String, _ rest: String) -> String {
            "dn: \(dn)\nchangetype: modrdn\n\(rest)\n\n"
        }
        let summary = try bench.imports(
            "corp",
            rename(units[0], "newrdn: OU=Staff\ndeleteoldrdn: 1")
                + rename(
                    "OU=Inner,OU=Staff,DC=corp,DC=example", "newrdn: OU=In\ndeleteoldrdn: 1\nnewsuperior: \(units[2])")
                + rename(units[2], "newrdn: OU=Third\ndeleteoldrdn: 1"), full: false)
        #expect(summary.errors.isEmpty)
        #expect(summary.renames == 3)
        let found = try #require(
            bench.engine.object(connector: "corp", dn: "CN=a\\,da,OU=In,OU=Third,DC=corp,DC=example"))
        #expect(found.dn == "CN=a\\,da,OU=In,OU=Third,DC=corp,DC=example")
    }

    @Test func `a user who goes out of scope leaves its groups in the cloud too`() throws {
        let bench = try Bench()
        try bench.imports("corp", group("all", 9, members: ["ada", "bela"]) + user("ada", 1) + user("bela", 2))
        try bench.synchronize(.full)
        try bench.exportAndConfirm()
        try bench.imports(
            "corp",
            "dn: CN=ada,OU=People,DC=corp,DC=example\nchangetype: modify\nreplace: isCriticalSystemObject\nisCriticalSystemObject: TRUE\n-\n",
            full: false)
        try bench.synchronize(.delta)
        // The cloud's own synchronization finds the object that waits for its delete again by its anchor, and leaves it so.
        try bench.synchronize(.full)
        #expect(try bench.pending().map { "\($0.operation) \($0.type)" }.sorted() == ["delete user", "update group"])
        try bench.exportAndConfirm()
        #expect(try bench.pending().isEmpty)
        try bench.synchronize(.full)
        #expect(try bench.pending().isEmpty)
    }

    @Test func `an object that somebody deleted in the cloud is added again`() throws {
        let bench = try Bench()
        try bench.imports("corp", user("ada", 1))
        try bench.synchronize(.full)
        try bench.exportAndConfirm()
        try bench.engine.beginImport(connector: "cloud", full: true)
        #expect(bench.engine.finishImport().deletes == 1)
        try bench.synchronize(.delta)
        #expect(try bench.pendingLines() == ["add user ada"])
    }

    @Test func `an object of the cloud with our anchor is taken over instead of made twice`() throws {
        let bench = try Bench()
        try bench.imports("corp", user("ada", 1))
        try bench.engine.beginImport(connector: "cloud", full: true)
        bench.engine.importEntry(
            ImportedEntry(
                dn: "CN={5A3356705A433078}", type: "user",
                attributes: [LDIFAttribute("cloudAnchor", "x"), LDIFAttribute("sourceAnchor", "Z3VpZC0x")]))
        _ = bench.engine.finishImport()
        try bench.synchronize(.full)
        let pending = try bench.pending()
        #expect(pending.map(\.operation) == [.update])
        #expect(pending.first?.anchor == Array("x".utf8))
        #expect(pending.first?.changes.contains { $0.attribute == "sourceAnchor" } == false)
    }

    @Test func `a change to an object that no import has shown is an error of that record`() throws {
        let bench = try Bench()
        let summary = try bench.imports(
            "corp",
            "dn: CN=x\nchangetype: delete\n\ndn: CN=y\nchangetype: modify\nreplace: cn\ncn: y\n-\n\ndn: CN=z\nchangetype: add\ncn: z\n",
            full: false)
        #expect(summary.errors.map(\.code) == [.unknownObject, .unknownObject, .missingAnchor])
        #expect(bench.engine.objectCount == 0)
    }

    @Test func `a disabled account with a linked mailbox joins its user and never provisions by itself`() throws {
        let mailbox = """
            dn: CN=ada,OU=Mailboxes,DC=resource,DC=example
            objectClass: user
            sAMAccountName: ada
            objectGUID: guid-m
            objectSid: sid-m
            userAccountControl: 514
            userPrincipalName: ada@resource.example
            msExchRecipientTypeDetails: 2
            msExchMasterAccountSid: sid-1
            mailNickname: ada
            mail: ada@mail.example

            """
        for order in [["corp", "resource"], ["resource", "corp"]] {
            let bench = try Bench(forests: ["corp", "resource"])
            for forest in order {
                try bench.imports(forest, forest == "corp" ? user("ada", 1) : mailbox)
                try bench.synchronize(only: [forest])
            }
            let pending = try bench.pending()
            #expect(pending.count == 1)
            let add = try #require(pending.first)
            #expect(bench.engine.wanted(add, "sourceAnchor") == "Z3VpZC0x")
            #expect(bench.engine.wanted(add, "accountEnabled") == "True")
            #expect(bench.engine.wanted(add, "userPrincipalName") == "ada@corp.example")
            #expect(bench.engine.wanted(add, "mail") == "ada@mail.example")
        }
    }

    @Test func `a contact whose user comes is promoted: the contact goes and a user is made`() throws {
        let bench = try Bench(forests: ["corp", "other"], joiningOnMail: true)
        let contact =
            "dn: CN=c,DC=other,DC=example\nobjectClass: contact\ncn: c\ndisplayName: c\nobjectGUID: guid-c\nmail: ada@mail.example\n"
        try bench.imports("other", contact)
        try bench.synchronize(.full)
        #expect(try bench.pendingLines() == ["add contact c"])
        try bench.exportAndConfirm()
        try bench.imports("corp", user("ada", 1, "mail: ADA@mail.example"))
        try bench.synchronize()
        #expect(try bench.pendingLines() == ["add user ada", "delete contact c"])
        #expect(bench.engine.metaverseCount == 1)
    }

    @Test func `an anchor that changes after the export is an error of that object only`() throws {
        let bench = try Bench()
        try bench.imports("corp", user("ada", 1) + user("bela", 2))
        try bench.synchronize(.full)
        try bench.exportAndConfirm()
        var templates = try Bench.standard(1).rules(for: bench.engine.connectors)
        let join = try #require(templates.firstIndex { $0.id == "in-ad-user-account-enabled@corp" })
        let flow = try #require(templates[join].flows.firstIndex { $0.target == "sourceAnchor" })
        templates[join].flows[flow].source = .direct("sAMAccountName")
        try bench.reload(rules: templates)
        let run = try bench.synchronize(.full)
        #expect(Set(run.flatMap(\.errors).map(\.code)) == [.flowError])
        #expect(run.flatMap(\.errors).allSatisfy { $0.detail.hasPrefix("sourceAnchor attribute has changed") })
        #expect(Set(run.flatMap(\.errors).map(\.connector)) == ["cloud"])
    }

    @Test func `a new release's rules delete devices without a valid certificate and add what flows newly`() throws {
        let bench = try Bench()
        let good = DeviceFixture.computer("good", number: 1, subjectIsOwn: true, until: "491231235959Z")
        let expired = DeviceFixture.computer("expired", number: 2, subjectIsOwn: true, until: "180101000000Z")
        let foreign = DeviceFixture.computer("foreign", number: 3, subjectIsOwn: false, until: "491231235959Z")
        let without = DeviceFixture.computer("without", number: 4, subjectIsOwn: true, until: nil)
        try bench.imports("corp", user("ada", 7, "employeeType: Employee") + good + expired + foreign + without)
        try bench.synchronize(.full)
        #expect(
            try bench.pendingLines()
                == ["add device expired", "add device foreign", "add device good", "add user ada"])
        try bench.exportAndConfirm()
        try bench.reload(rules: try bench.rules(2))
        #expect(try bench.pending().isEmpty)
        try bench.synchronize(.full)
        #expect(
            try bench.pending().map { "\($0.operation) \($0.type)" }.sorted()
                == ["delete device", "delete device", "update user"])
    }

    @Test func `rows survive a restart: nothing is pending and a delta finds nothing`() throws {
        let bench = try Bench()
        try bench.imports("corp", user("ada", 1) + group("all", 9, members: ["ada"]))
        try bench.synchronize(.full)
        try bench.exportAndConfirm()
        _ = bench.engine.takeStoreChanges()
        let before = bench.engine.takeAll()
        try bench.reload(rules: try bench.rules(1))
        let after = bench.engine.takeAll()
        #expect(before.savedObjects.count == 4)
        #expect(Set(before.savedObjects.map(\.id)) == Set(after.savedObjects.map(\.id)))
        for row in before.savedObjects { #expect(bench.engine.object(row.id) == row) }
        let runs = try bench.synchronize(.full)
        #expect(runs.map(\.staged) == [0, 0])
        #expect(runs.map(\.projections) == [0, 0])
        #expect(bench.engine.takeStoreChanges().isEmpty)
    }

    @Test func `names beyond those that fit are an error of the object that brings them`() throws {
        let names = (0..<AttributeTable.capacity - 2).map { "a\($0)" }
        // The engine itself knows the object's name and its anchor.
        let engine = try SynchronizationEngine(
            connectors: [ConnectorDefinition(id: "corp", name: "corp", kind: .activeDirectory)], rules: [],
            attributeNames: names, today: Bench.today)
        try engine.beginImport(connector: "corp", full: false)
        let guid = LDIFAttribute("objectGUID", "1")
        engine.importEntry(
            ImportedEntry(
                dn: "CN=a", type: "user", attributes: [guid, LDIFAttribute("one", "1"), LDIFAttribute("two", "2")]))
        engine.importEntry(ImportedEntry(dn: "CN=b", type: "user", attributes: [guid, LDIFAttribute("a7", "1")]))
        let summary = engine.finishImport()
        #expect(summary.errors.map(\.code) == [.tooManyNames])
        #expect(summary.adds == 1)
    }

    @Test func `a damaged row is refused by its number`() throws {
        let bench = try Bench()
        let row = StoredObject(
            id: 5, connector: "corp", type: "user", dn: "CN=x", imported: ObjectBlob(bytes: [0, 9, 1]))
        #expect(
            throws: EngineError.damagedRow(
                5, "its attributes cannot be decoded; restore the database or import the connector anew")
        ) {
            try bench.engine.load(row)
        }
    }
}

enum DeviceFixture {
    /// A computer as AD shows one, with a certificate unless `until` is nil.
    static func computer(_ name: String, number: UInt8, subjectIsOwn: Bool, until: String?) -> String {
        var writer = LDIFWriter()
        let guid = [UInt8](repeating: number, count: 16)
        let byte = String(subjectIsOwn ? number : number + 100, radix: 16)
        let pair = byte.count == 1 ? "0" + byte : byte
        let digits = String(repeating: pair, count: 16)
        var groups: [Substring] = []
        var rest = digits[...]
        for count in [8, 4, 4, 4, 12] {
            groups.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        var attributes = [
            LDIFAttribute("objectClass", "user", "computer"), LDIFAttribute("cn", name),
            LDIFAttribute("objectGUID", [guid]), LDIFAttribute("objectSid", [[number, 1]]),
            LDIFAttribute("userAccountControl", "4096"),
        ]
        if let until {
            attributes.append(
                LDIFAttribute(
                    "userCertificate",
                    [
                        GeneratedCertificate.der(
                            subject: "{\(groups.joined(separator: "-"))}", notBefore: "150101000000Z", notAfter: until,
                            seed: UInt64(number))
                    ]))
        }
        writer.write(LDIFRecord(dn: "CN=\(name),DC=corp,DC=example", content: .entry(attributes)))
        return String(decoding: writer.take().drop { $0 != 10 }.dropFirst(), as: UTF8.self) + "\n"
    }
}
