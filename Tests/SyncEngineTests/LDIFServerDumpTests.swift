import ForestGenerator
import Foundation
import SyncEngine
import TestSupport
import Testing

@Suite("LDIF that directory servers write")
struct LDIFServerDumpTests {
    @Test(
        "what slapd took from our writer and dumped is what was written",
        .enabled(if: DirectoryServers.slapd != nil, "slapd is neither unpacked nor installed: make oracles"))
    func slapd() throws {
        let root = try #require(DirectoryServers.slapd)
        try withTemporaryFolder("oracle") { folder in
            let written = Self.people(300)
            var writer = LDIFWriter()
            for record in written { writer.write(record) }
            let file = folder.appending(path: "in.ldif")
            // slapadd takes a version for a record of its own where an empty line follows, as RFC 2849 allows.
            try Data(writer.take().dropFirst("version: 1\n".utf8.count)).write(to: file)
            let answer = try run(LDIFReading.script("slapd-dump.sh"), [root, folder.path, file.path])
            try #require(answer.status == 0, "\(answer.errors)")
            let dump = folder.appending(path: "out.ldif")
            try Data(answer.output.utf8).write(to: dump)

            let reading = LDIFReading(ours: dump)
            #expect(!reading.isRefused)
            if LDIFReading.hasLibldap { #expect(try LDIFReading(libldap: dump) == reading) }
            // slapd adds attributes of its own; those that were given come back, value by value.
            let before = LDIFReading(ours: file)
            #expect(reading.records.count == before.records.count)
            for (dumped, given) in zip(reading.records, before.records) {
                let names = Set(given.map(\.name))
                #expect(dumped.filter { names.contains($0.name) }.elementsEqual(given))
            }
        }
    }

    @Test(
        "what Samba dumps of a domain is read as libldap reads it",
        .enabled(
            if: DirectoryServers.samba != nil && LDIFReading.hasLibldap, "Samba is not unpacked: make oracles"))
    func samba() throws {
        let root = try #require(DirectoryServers.samba)
        try withTemporaryFolder("oracle") { folder in
            let domain = folder.appending(path: "domain")
            try FileManager.default.createDirectory(at: domain, withIntermediateDirectories: true)
            let answer = try run(LDIFReading.script("samba-dump.py"), [root, domain.path])
            try #require(answer.status == 0, "\(answer.errors)")
            let dump = folder.appending(path: "dump.ldif")
            try Data(answer.output.utf8).write(to: dump)
            let reading = LDIFReading(ours: dump)
            #expect(!reading.isRefused)
            #expect(reading.records.count > 150)
            #expect(try LDIFReading(libldap: dump) == reading)
            let names = reading.records.compactMap(\.first).map { String(decoding: $0.value, as: UTF8.self) }
            #expect(names.contains { $0.hasPrefix("CN=Jörg Äußerst,") })
            let members = reading.records.joined().filter { $0.name == "member" }
            #expect(members.count >= 7)
        }
    }

    /// People with values that are hard to write: binary, long, with spaces at the ends, in other languages, empty.
    private static func people(_ count: Int) -> [LDIFRecord] {
        var random = SeededGenerator(seed: 2849)
        let top = LDIFRecord(
            dn: "dc=lab,dc=example",
            content: .entry([
                LDIFAttribute("objectClass", "dcObject", "organization"), LDIFAttribute("o", "Lab"),
                LDIFAttribute("dc", "lab"),
            ]))
        let letters = Array("abc äöß Łódź 山田 :<#, ")
        return [top]
            + (0..<count).map { number in
                let text = String(
                    (0..<Int.random(in: 1...200, using: &random)).map { _ in
                        letters.randomElement(using: &random) ?? "x"
                    })
                let picture = (0..<Int.random(in: 1...600, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                return LDIFRecord(
                    dn: "cn=Person \(number) é,dc=lab,dc=example",
                    content: .entry([
                        LDIFAttribute("objectClass", "inetOrgPerson"), LDIFAttribute("cn", "Person \(number) é"),
                        LDIFAttribute("sn", "\(number)"), LDIFAttribute("description", "x\(text)x", " \(number) "),
                        LDIFAttribute("description;lang-de", "Straße \(number)"),
                        LDIFAttribute("jpegPhoto", [picture]),
                    ]))
            }
    }
}
