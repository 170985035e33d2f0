import SyncEngine
import Testing

@Suite struct LDIFReaderTests {
    private func records(_ text: String, limits: LDIFLimits = LDIFLimits()) throws -> [LDIFRecord] {
        let reader = LDIFReader(file: "test.ldif", bytes: Array(text.utf8), limits: limits)
        var all: [LDIFRecord] = []
        while let record = try reader.next() { all.append(record) }
        return all
    }

    @Test func `a dump with comments, folded lines and base64 is read whole`() throws {
        let found = try records(
            """
            version: 1
            # a comment that
             goes on

            dn: cn=Ada Holm,dc=corp,dc=example
            objectClass: top
            objectClass: user
            description:: SsO2cmc=
            title: Chief
              Engineer
            cn;lang-de: Ada
            mail:

            # between records


            dn:: Y249WsOvZSxkYz1jb3Jw
            objectclass: group
            """)
        #expect(
            found == [
                LDIFRecord(
                    dn: "cn=Ada Holm,dc=corp,dc=example", line: 5,
                    content: .entry([
                        LDIFAttribute("objectClass", "top", "user"), LDIFAttribute("description", "Jörg"),
                        LDIFAttribute("title", "Chief Engineer"), LDIFAttribute("cn;lang-de", "Ada"),
                        LDIFAttribute("mail", ""),
                    ])),
                LDIFRecord(dn: "cn=Zïe,dc=corp", line: 17, content: .entry([LDIFAttribute("objectclass", "group")])),
            ])
    }

    @Test func `every kind of change is read`() throws {
        let found = try records(
            """
            dn: cn=a
            control: 1.2.840.113556.1.4.805 true
            control: 1.2.3:: AQI=
            changetype: add
            cn: a

            dn: cn=b
            changetype: delete

            dn: cn=c
            changetype: modify
            add: member
            member: cn=a
            member: cn=b
            -
            delete: title
            -
            replace: mail
            mail: c@example
            -
            increment: uidNumber
            uidNumber: 1
            -

            dn: cn=d
            changetype: modrdn
            newrdn: cn=e
            deleteoldrdn: 1

            dn: cn=f
            changetype: moddn
            newrdn: cn=f
            deleteoldrdn: 0
            newsuperior: dc=example
            """)
        #expect(
            found == [
                LDIFRecord(
                    dn: "cn=a", line: 1,
                    controls: [
                        LDIFControl(oid: "1.2.840.113556.1.4.805", isCritical: true),
                        LDIFControl(oid: "1.2.3", value: [1, 2]),
                    ], content: .change(.add([LDIFAttribute("cn", "a")]))),
                LDIFRecord(dn: "cn=b", line: 7, content: .change(.delete)),
                LDIFRecord(
                    dn: "cn=c", line: 10,
                    content: .change(
                        .modify([
                            LDIFModification(.add, LDIFAttribute("member", "cn=a", "cn=b")),
                            LDIFModification(.delete, LDIFAttribute("title", [])),
                            LDIFModification(.replace, LDIFAttribute("mail", "c@example")),
                            LDIFModification(.increment, LDIFAttribute("uidNumber", "1")),
                        ]))),
                LDIFRecord(
                    dn: "cn=d", line: 25,
                    content: .change(.rename(newRDN: "cn=e", deleteOldRDN: true, newSuperior: nil))),
                LDIFRecord(
                    dn: "cn=f", line: 30,
                    content: .change(.rename(newRDN: "cn=f", deleteOldRDN: false, newSuperior: "dc=example"))),
            ])
    }

    @Test(arguments: [1, 2, 3, 7, 64])
    func `pieces of any size and line ends of either kind give the same records`(size: Int) throws {
        let text = "version: 1\n\ndn: cn=a,\n dc=x\ncn: a\ncn: long\n er\n\ndn: cn=b\ncn:: YWJj\n"
        let expected = try records(text)
        for bytes in [Array(text.utf8), text.utf8.flatMap { $0 == 10 ? [13, 10] : [$0] }] {
            var position = 0
            let reader = LDIFReader(file: "pieces") { () throws(LDIFError) in
                defer { position += size }
                return position < bytes.count ? Array(bytes[position..<min(position + size, bytes.count)]) : []
            }
            var found: [LDIFRecord] = []
            while let record = try reader.next() { found.append(record) }
            #expect(found == expected)
        }
        #expect(expected.count == 2)
    }

    @Test(arguments: [
        ("dn: cn=a\njpegPhoto:< file:///etc/shadow\n", 2, "a value from a URL is refused"),
        ("include: file:///etc/passwd\n", 1, "\"include:\" is refused"),
        ("version: 2\n", 1, "LDIF version \"2\" is unknown"),
        ("dn: cn=a\ncn: a\n\nversion: 1\n", 4, "the version must be the first line"),
        ("cn: a\n", 1, "expected \"dn:\""),
        ("\n dn: cn=a\n", 2, "begins with a space"),
        ("dn: cn=a\nnonsense\n", 2, "expected a name and a colon"),
        ("dn: cn=a\nbad name: x\n", 2, "is not the name of an attribute"),
        ("dn: cn=a\ncn:: YQ=\n", 2, "not valid base64"),
        ("dn: cn=a\ncn:: Y=Q=\n", 2, "not valid base64"),
        ("dn: cn=a\n", 1, "has no attributes"),
        ("dn:: /w==\ncn: a\n", 1, "not valid UTF-8"),
        ("dn: cn=a\nchangetype: remove\n", 2, "unknown changetype \"remove\""),
        ("dn: cn=a\nchangetype: delete\ncn: a\n", 3, "a delete has no further lines"),
        ("dn: cn=a\nchangetype: modify\nadd: cn\ncn: b\n", 4, "expected \"-\""),
        ("dn: cn=a\nchangetype: modify\nadd: cn\nsn: b\n-\n", 4, "expected a value of \"cn\""),
        ("dn: cn=a\nchangetype: modify\nadd: cn\n-\n", 4, "needs a value"),
        ("dn: cn=a\nchangetype: modify\nremove: cn\n-\n", 3, "expected add:, delete:, replace: or increment:"),
        ("dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: yes\n", 4, "expected 0 or 1"),
        ("dn: cn=a\nchangetype: add\n", 2, "an added entry needs attributes"),
        ("dn: cn=a\ncontrol: abc true\nchangetype: delete\n", 2, "expected the number of a control"),
        ("dn: cn=a\ncn: a\n\ndn: cn=b\nchangetype: delete\n", 4, "a change record in a file of entries"),
        ("dn: cn=b\nchangetype: delete\n\ndn: cn=a\ncn: a\n", 4, "without \"changetype:\""),
    ])
    func `bad input is refused with its line`(text: String, line: Int, problem: String) {
        let error = #expect(throws: LDIFError.self) { try records(text) }
        #expect(error?.line == line)
        #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
    }

    @Test func `lines and records are bounded`() {
        let line = #expect(throws: LDIFError.self) {
            try records("dn: cn=a\ncn: 123456789\n 123456789\n", limits: LDIFLimits(lineBytes: 20))
        }
        #expect(line?.description == "test.ldif: line 3: longer than the allowed 20 bytes")
        let record = #expect(throws: LDIFError.self) {
            try records("dn: cn=a\ncn: 1234\ncn: 56789\n", limits: LDIFLimits(recordBytes: 8))
        }
        #expect(record?.line == 3)
        let wide = #expect(throws: LDIFError.self) {
            try records("dn: cn=a\ncn: a\nsn: b\ncn: c\nl: d\n", limits: LDIFLimits(recordAttributes: 2))
        }
        #expect(wide?.description == "test.ldif: line 5: the record has more than the allowed 2 attributes")
    }

    @Test func `a file that is not there is named with the reason`() {
        let error = #expect(throws: LDIFError.self) { try LDIFReader.open("/nowhere/full.ldif") }
        #expect(error?.description == "/nowhere/full.ldif: cannot be opened: No such file or directory")
    }

    @Test func `what the writer writes the reader reads`() throws {
        let long = String(repeating: "abcdefghij", count: 30)
        let written = [
            LDIFRecord(
                dn: "cn=Jörg,dc=x",
                content: .entry([
                    LDIFAttribute("cn", "Jörg", " lead", "trail ", ":colon", "<less", "", "plain", long),
                    LDIFAttribute("userCertificate;binary", [[0, 255, 10, 13], Array(repeating: 7, count: 500)]),
                ])),
            LDIFRecord(dn: "cn=b", content: .entry([LDIFAttribute("cn", "b")])),
        ]
        var writer = LDIFWriter()
        for record in written { writer.write(record) }
        let bytes = writer.take()
        let isNarrow = bytes.split(separator: 10).allSatisfy { $0.count <= 76 }
        #expect(isNarrow)
        let reader = LDIFReader(file: "written", bytes: bytes)
        for record in written {
            let found = try reader.next()
            #expect(found?.dn == record.dn)
            #expect(found?.content == record.content)
        }
        #expect(try reader.next() == nil)
    }

    @Test(arguments: [
        LDIFChange.add([LDIFAttribute("cn", "a")]), .delete,
        .modify([LDIFModification(.delete, LDIFAttribute("cn", [])), LDIFModification(.add, LDIFAttribute("sn", "x"))]),
        .rename(newRDN: "cn=ä", deleteOldRDN: true, newSuperior: "dc=y"),
    ])
    func `changes survive writing and reading`(change: LDIFChange) throws {
        var writer = LDIFWriter()
        let control = LDIFControl(oid: "1.2.3", isCritical: true, value: [0, 1])
        writer.write(LDIFRecord(dn: "cn=a", controls: [control], content: .change(change)))
        let found = try LDIFReader(file: "written", bytes: writer.take()).next()
        #expect(found?.content == .change(change))
        #expect(found?.controls == [control])
    }
}
