import Documents
import Testing

struct ProductVersionTests {
    @Test("Versions are ordered by their numbers, not by their letters")
    func order() throws {
        let texts = ["0.0.0.1", "1.1.9.0", "1.1.105.0", "1.1.750.0", "1.1.750.1", "1.4.18.0", "2.0.0.0", "10.0.0.0"]
        let versions = texts.compactMap { ProductVersion($0) }
        #expect(versions.count == texts.count)
        #expect(versions.reversed().sorted().map(\.description) == texts)
        for (smaller, larger) in zip(versions, versions.dropFirst()) {
            #expect(smaller < larger)
            #expect(!(larger < smaller))
        }
    }

    @Test("A version has one spelling", arguments: ["0.0.0.0", "1.1.750.0", "999999999.0.10.1"])
    func spelling(_ text: String) throws {
        #expect(ProductVersion(text)?.description == text)
    }

    @Test(
        "What is no version of four plain numbers is refused",
        arguments: [
            "", "1", "1.1.750", "1.1.750.0.0", "1.1.750.", ".1.1.1", "1..1.1", "01.1.1.1", "1.1.1.00", "-1.1.1.1",
            "+1.1.1.1", " 1.1.1.1", "1.1.1.1\n", "1.1.1.x", "1.1.1.1000000000", "1.1.1.٣", "../../etc", "1.1.1.1/..",
        ])
    func refused(_ text: String) {
        #expect(ProductVersion(text) == nil)
    }
}

struct SHA256DigestTests {
    @Test("Bytes become lower-case digits, two for each")
    func bytes() {
        #expect(SHA256Digest(bytes: [0x00, 0x0F, 0xA0, 0xFF]).hexadecimal == "000fa0ff")
        let whole = SHA256Digest(bytes: UInt8(0)..<32)
        #expect(SHA256Digest(whole.hexadecimal) == whole)
        #expect(whole.short == "000102030405")
    }

    @Test(
        "Only 64 lower-case hexadecimal digits are a digest",
        arguments: [
            "", String(repeating: "a", count: 63), String(repeating: "a", count: 65),
            String(repeating: "A", count: 64), String(repeating: "g", count: 64),
            String(repeating: "a", count: 63) + " ", "0x" + String(repeating: "a", count: 62),
        ])
    func refused(_ text: String) {
        #expect(SHA256Digest(text) == nil)
    }
}
