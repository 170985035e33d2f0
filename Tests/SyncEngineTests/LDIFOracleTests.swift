import ForestGenerator
import Foundation
import SyncEngine
import TestSupport
import Testing

/// Our reader beside libldap's, which slapd and its tools are built on. It follows URLs and includes with the rights of whoever
/// runs it, so it is an oracle here and no part of the product.
@Suite(
    "LDIF as libldap reads it",
    .enabled(if: LDIFReading.hasLibldap, "libldap is not installed: apt-get install libldap-2.5-0"))
struct LDIFOracleTests {
    @Test("a generated forest and its changes", arguments: ForestOptions.Topology.allCases)
    func forest(_ topology: ForestOptions.Topology) throws {
        try withTemporaryFolder("oracle") { folder in
            let options = ForestOptions(
                seed: 2849, users: 150, groups: 40, contacts: 30, computers: 50, topology: topology, changes: 3)
            try options.write(to: folder.path)
            for forest in options.forests {
                for name in ["full", "000001", "000002", "000003"] {
                    let file = folder.appending(path: "\(forest.name)/\(name).ldif")
                    let reading = LDIFReading(ours: file)
                    #expect(!reading.isRefused && !reading.records.isEmpty)
                    #expect(try LDIFReading(libldap: file) == reading)
                }
            }
        }
    }

    @Test(
        "hard but valid",
        arguments: [
            "dn: cn=a\n# between two lines\na: b\n#goes\n on\nc: d",
            "dn: cn=a\na: fol\n ded in the\n  middle",
            "dn: cn=a\na: ends with a fold\n \n\ndn: cn=b\na: next",
            "dn: cn=\n a\na:\n  b",
            "dn:: Y249WsOvZSxkYz14\na:: Y2\n Fi\n\ndn: cn=b\na:: IGJlZ2lucyB3aXRoIGEgc3BhY2U=",
            "dn: cn=a\na:\nb: \nc:   spaces before, after  ",
            "dn: cn=a\na:no space\nb: : a colon first\nc: a:: b\nd: a # b",
            "dn: cn=a\na;lang-de;x-other: Straße\na;lang-de;x-other: zwei\nusercertificate;binary:: AAEC/w==",
            "dn: cn=a\n2.5.4.3: a number\nOBJECTclass: x\nobjectClass: y",
            "version: 1\r\n\r\ndn: cn=a\r\na: fol\r\n ded\r\nb:: YQ==\r\n\r\ndn: cn=b\r\na: c\r\n",
            "\n\n\n# only a comment\n\nversion: 1\n\n\ndn: cn=a\na: b\n\n\n\ndn: cn=b\na: b",
            "dn: \na: the root entry",
            "dn: cn=é,dc=x\na: non-ASCII that stands as it is, as many programs write it",
            "dn: cn=a\ncontrol: 1.2.840.113556.1.4.805 true\nchangetype: delete\n\ndn: cn=b\nchangetype: add\na: b\na: c",
            "dn: cn=a\nchangetype: modify\nadd: m\nm: 1\nm: 2\n-\ndelete: n\n-\nreplace: o\n-\nreplace: p;lang-de\np;lang-de: x\n-",
            "dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: 0\n\ndn: cn=c\nChangeType: ModDN\nnewrdn:: Y249w6k=\ndeleteoldrdn: 1\nnewsuperior: ou=x",
        ])
    func valid(_ text: String) throws {
        try withTemporaryFolder("oracle") { folder in
            let file = folder.appending(path: "valid.ldif")
            try Data("\(text)\n".utf8).write(to: file)
            let reading = LDIFReading(ours: file)
            #expect(!reading.isRefused)
            #expect(try LDIFReading(libldap: file) == reading)
        }
    }

    /// A text that the two read differently, and why ours is right.
    struct Difference: Sendable, CustomTestStringConvertible {
        let reason: String
        let text: String
        let ours: LDIFReading
        let theirs: LDIFReading
        var testDescription: String { reason }

        init(_ reason: String, _ text: String, ours: LDIFReading, theirs: LDIFReading) {
            (self.reason, self.text, self.ours, self.theirs) = (reason, text, ours, theirs)
        }
    }

    private static let name = LDIFLine("dn", "cn=a")
    static let differences = [
        Difference(
            "FILL is spaces only, so a tab belongs to the value", "a:\tb",
            ours: .of([[name, LDIFLine("a", "\tb")]]), theirs: .of([[name, LDIFLine("a", "b")]])),
        Difference(
            "BASE64-STRING may be empty, so `a::` is an empty value", "a::", ours: .of([[name, LDIFLine("a", "")]]),
            theirs: .refused()),
        Difference(
            "any line may be folded anywhere, in a name too", "long-na\n me: b",
            ours: .of([[name, LDIFLine("long-name", "b")]]), theirs: .of([[name, LDIFLine("long-na\r\rme", "b")]])),
        Difference(
            "nothing stands between an attribute's description and the colon", "a : b", ours: .refused(),
            theirs: .of([[name, LDIFLine("a\u{0}", "b")]])),
        Difference(
            "an attribute's type has letters, digits and hyphens", "a b: c", ours: .refused(),
            theirs: .of([[name, LDIFLine("a b", "c")]])),
        Difference(
            "an attribute's type is never empty", ": b", ours: .refused(), theirs: .of([[name, LDIFLine("", "b")]])),
        Difference(
            "base64 ends with its padding", "a:: YQ==YQ==", ours: .refused(),
            theirs: .of([[name, LDIFLine("a", "a")]])),
        Difference(
            "SAFE-CHAR has no zero byte: what follows it must not be lost", "a: b\u{0}c", ours: .refused(),
            theirs: .of([[name, LDIFLine("a", "b")]])),
        Difference(
            "a record begins with its name; search tools add references, which are none", "a: b\n\nref: ldap://x/",
            ours: .refused(after: [[name, LDIFLine("a", "b")]]),
            theirs: .of([[name, LDIFLine("a", "b")], [LDIFLine("ref", "ldap://x/")]])),
        Difference(
            "the version is the file's first line, before any record", "a: b\n\nversion: 1\n",
            ours: .refused(after: [[name, LDIFLine("a", "b")]]), theirs: .of([[name, LDIFLine("a", "b")]])),
    ]

    @Test("what the two read differently is decided by RFC 2849", arguments: differences)
    func differs(_ difference: Difference) throws {
        try withTemporaryFolder("oracle") { folder in
            let file = folder.appending(path: "difference.ldif")
            try Data("dn: cn=a\n\(difference.text)\n".utf8).write(to: file)
            #expect(LDIFReading(ours: file) == difference.ours)
            #expect(try LDIFReading(libldap: file) == difference.theirs)
        }
    }

    @Test("a URL or an include makes libldap read another file, and ours refuse this one")
    func otherFiles() throws {
        try withTemporaryFolder("oracle") { folder in
            let secret = folder.appending(path: "secret")
            try Data("dn: cn=secret\na: known to root only\n".utf8).write(to: secret)
            let file = folder.appending(path: "file.ldif")
            for text in ["dn: cn=a\na:< file://\(secret.path)\n", "include: file://\(secret.path)\n"] {
                try Data(text.utf8).write(to: file)
                #expect(LDIFReading(ours: file) == .refused())
                let theirs = try LDIFReading(libldap: file)
                #expect("\(theirs.records)".contains("known to root only"))
            }
        }
    }
}
