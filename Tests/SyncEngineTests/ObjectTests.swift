import SyncEngine
import Testing

@Suite struct ObjectTests {
    @Test func `an object comes back from its encoding with attributes in order and values as they were`() {
        var table = AttributeTable()
        let (cn, member, photo) = (table.id("cn"), table.id("member"), table.id("thumbnailPhoto"))
        let members = (0..<300).map { ReferenceValue.encode($0) }
        let large = [UInt8](repeating: 0xAB, count: 20_000)
        let blob = ObjectBlob([(photo, [large]), (cn, [Array("Ada".utf8), []]), (member, members)])
        #expect(blob.attributes.map(\.id) == [cn, member, photo])
        #expect(blob.values(cn).map(Array.init) == [Array("Ada".utf8), []])
        #expect(blob.values(member).compactMap { ReferenceValue.decode($0) } == Array(0..<300))
        #expect(blob.values(photo).map(Array.init) == [large])
        #expect(blob.has(member))
        let absent = table.id("sn")
        #expect(!blob.has(absent))
        #expect(ObjectBlob(blob.attributes) == blob)
        #expect(blob.isWellFormed(attributeCount: 3))
    }

    @Test func `no damage to an encoding is read past its end, and most is noticed`() {
        var table = AttributeTable()
        let blob = ObjectBlob((0..<20).map { (table.id("a\($0)"), [Array("value \($0)".utf8), [1, 2, 3]]) })
        var noticed = 0
        for length in 1..<blob.bytes.count {
            let cut = ObjectBlob(bytes: Array(blob.bytes[..<length]))
            _ = cut.attributes
            if !cut.isWellFormed(attributeCount: 20) { noticed += 1 }
        }
        // A cut between two attributes leaves a whole encoding of fewer.
        #expect(noticed == blob.bytes.count - 1 - 19)
        for place in blob.bytes.indices {
            var bytes = blob.bytes
            bytes[place] = 0xFF
            _ = ObjectBlob(bytes: bytes).attributes
            _ = ObjectBlob(bytes: bytes).values(table.id("a19"))
        }
    }

    @Test func `names of attributes are one without case and with or without the binary option`() {
        var table = AttributeTable(names: ["cn"])
        let certificate = table.id("userCertificate;binary")
        #expect(table.id("USERCERTIFICATE") == certificate)
        #expect(table.id("CN").rawValue == 0)
        #expect(AttributeTable(names: table.names).names == table.names)
    }

    @Test(arguments: [
        ("CN=Ada, OU = People ,DC=x", "cn=ada,ou=people,dc=x"),
        ("cn=a\\, b,dc=x", "cn=a\\, b,dc=x"),
        ("cn=a\\ ,dc=x", "cn=a\\ ,dc=x"),
        ("CN=Łuczak,DC=X", "cn=łuczak,dc=x"),
    ])
    func `names are equal without case and spaces around separators`(name: String, normalized: String) {
        #expect(DistinguishedName.normalized(name) == normalized)
    }

    @Test func `the parent of a name ignores escaped commas`() {
        #expect(DistinguishedName.parent("cn=a\\, b,dc=x,dc=y") == "dc=x,dc=y")
        #expect(DistinguishedName.parent("dc=x") == nil)
    }
}
