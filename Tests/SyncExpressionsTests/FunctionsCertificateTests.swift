import Testing

@testable import SyncExpressions

@Suite("Functions on certificates")
struct FunctionsCertificateTests {
    /// One function per property; those with more arguments are left to the table.
    static let functions = FunctionLibrary.functions.keys.filter { $0.hasPrefix("Cert") && $0 != "CertNameInfo" }
        .sorted()

    /// Base64 with line ends, as tools write it.
    private static func lines(_ bytes: [UInt8], _ lineEnd: String, framed: Bool) -> [UInt8] {
        var rest = Base64.encode(bytes)[...]
        var lines: [Substring] = framed ? ["-----BEGIN CERTIFICATE-----"] : []
        while !rest.isEmpty {
            lines.append(rest.prefix(64))
            rest = rest.dropFirst(64)
        }
        if framed { lines += ["-----END CERTIFICATE-----", ""] }
        return Array(lines.joined(separator: lineEnd).utf8)
    }

    @Test("read Base64 of a certificate as the certificate", arguments: ["\n", "\r\n"], [true, false])
    func base64(_ lineEnd: String, _ framed: Bool) throws {
        let der = try certificate("person")
        let text = Self.lines(der, lineEnd, framed: framed)
        #expect(try call("IsCert", .binary(text)) == true)
        for name in Self.functions { #expect(try call(name, .binary(text)) == call(name, .binary(der)), "\(name)") }
    }

    @Test("are all there and give nothing for what is absent")
    func absent() throws {
        #expect(Self.functions.count == 20)
        for name in Self.functions { #expect(try call(name, .null) == .null, "\(name)") }
        #expect(try call("CertNameInfo", .null, "SimpleName", false) == .null)
        #expect(try call("IsCert", .null) == false)
        #expect(try call("Thumbprint", .null) == .null)
    }

    @Test(
        "refuse what is no certificate, and IsCert says so",
        arguments: ["", "00", "3000", "3003020101", "414141", "FF00FF"])
    func noCertificate(_ hexadecimal: String) throws {
        let data = bytes(hexadecimal)
        #expect(try call("IsCert", data) == false)
        for name in Self.functions { RefusedCall(name, data, says: "test with IsCert first").check() }
        RefusedCall("CertNameInfo", data, "SimpleName", false, says: "test with IsCert first").check()
    }

    @Test("refuse a certificate that is cut anywhere, followed by anything or whose frame is broken")
    func cut() throws {
        let der = try certificate("quoted")
        for length in 0..<der.count {
            #expect(try call("IsCert", .binary(Array(der.prefix(length)))) == false, "cut to \(length)")
        }
        #expect(try call("IsCert", .binary(der + [0])) == false)
        for index in der.indices {
            var broken = der
            broken[index] ^= 0x41
            // Whatever it is taken for, the function answers or refuses.
            _ = try? call(["CertSubject", "CertExtensionOids", "CertKeyAlgorithmParams"][index % 3], .binary(broken))
        }
    }

    /// What the documentation of CertNameToStr says and mono does otherwise: short names or numbers, quotes doubled, a plus sign.
    @Test("write names as Windows does")
    func names() throws {
        let quoted: Value = .binary(try certificate("quoted"))
        #expect(
            try call("CertSubject", quoted)
                == #"CN=Åke + OID.0.9.2342.19200300.100.1.1=ake, OU="blå,gul", O="R&D ""Lab""", C=SE"#)
        #expect(try call("CertSubject", .binary(certificate("wide"))) == "CN=Ω 1, O=Łódź")
        #expect(try call("CertNameInfo", quoted, "SimpleName", false) == "Åke")
    }

    @Test("give Ed25519's number as RFC 8410 has it")
    func ed25519() throws {
        #expect(try call("CertSignatureAlgorithmOid", .binary(certificate("strange"))) == "1.3.101.112")
    }

    @Test("A device's certificate holds at the time of the environment, or it does not")
    func validity() throws {
        let device: Value = .binary(try certificate("device"))
        guard case .date(let start) = try call("CertNotBefore", device),
            case .date(let end) = try call("CertNotAfter", device)
        else { return #expect(Bool(false), "dates") }
        #expect(someDate < start)
        #expect(start < end)
    }

    @Test("Thumbprint is SHA-256 of any bytes")
    func thumbprint() throws {
        // FIPS 180-2, appendix B.1: the digest of "abc".
        #expect(
            try call("Thumbprint", bytes("616263"))
                == bytes("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"))
    }

    @Test(
        "say what is wrong",
        arguments: [
            RefusedCall("CertSubject", "text", says: "expected a binary value"),
            RefusedCall("IsCert", 5, says: "expected a binary value"),
            RefusedCall("Thumbprint", "abc", says: "expected a binary value"),
        ])
    func wrong(_ refusal: RefusedCall) { refusal.check() }

    @Test("CertNameInfo says which names there are")
    func wrongName() throws {
        let device: Value = .binary(try certificate("device"))
        RefusedCall("CertNameInfo", device, "Nickname", false, says: "SimpleName or EmailName or UpnName").check()
        RefusedCall("CertNameInfo", device, "DnsName", "no", says: "expected True or False").check()
    }
}
