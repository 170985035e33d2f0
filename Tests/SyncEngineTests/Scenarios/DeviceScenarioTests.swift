import ForestGenerator
import SyncEngine
import Testing

@Suite struct DeviceScenarioTests {
    /// A certificate that a test describes; the tests' day is 2025-06-15.
    struct Certificate: Sendable {
        enum Subject: Sendable { case own, ownInBraces, ownInCapitals, another }
        var subject = Subject.own
        var from = "150101000000Z"
        var until = "491231235959Z"

        func der(_ guid: [UInt8]) -> [UInt8] {
            let text = Self.text(subject == .another ? guid.reversed() : guid)
            let name =
                switch subject {
                case .own, .another: text
                case .ownInBraces: "{\(text)}"
                case .ownInCapitals: text.uppercased()
                }
            return GeneratedCertificate.der(subject: name, notBefore: from, notAfter: until, seed: 1)
        }

        /// As [MS-DTYP] 2.3.4 writes a GUID: the first three groups are numbers, stored with the lowest byte first.
        private static func text(_ guid: [UInt8]) -> String {
            let groups = [
                Array(guid[0..<4].reversed()), Array(guid[4..<6].reversed()), Array(guid[6..<8].reversed()),
                Array(guid[8..<10]), Array(guid[10..<16]),
            ]
            return groups.map { $0.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined() }
                .joined(separator: "-")
        }
    }

    private func devices(_ version: Int, _ certificates: [[UInt8]]) throws -> [String] {
        let scenario = try Scenario(["corp"], .standard(version))
        try scenario.shows(Directory("corp").user("anna").computer("pc", certificates: certificates))
        #expect(scenario.errors.isEmpty)
        return scenario.cloud().filter { $0.type == "device" }.map(\.name)
    }

    @Test(arguments: [
        (Certificate(), true), (Certificate(subject: .ownInBraces), true), (Certificate(subject: .ownInCapitals), true),
        (Certificate(subject: .another), false), (Certificate(until: "250614000000Z"), false),
        (Certificate(from: "260101000000Z"), false),
    ])
    func `only a valid certificate of its own makes a computer a device`(certificate: Certificate, isDevice: Bool)
        throws
    {
        let der = certificate.der(Directory("corp").guid("pc"))
        #expect(try devices(2, [der]) == (isDevice ? ["pc"] : []))
        // The older rules take any.
        #expect(try devices(1, [der]) == ["pc"])
        let other = GeneratedCertificate.der(
            subject: "pc.corp.example", notBefore: "200101000000Z", notAfter: "400101000000Z", seed: 2)
        #expect(try devices(2, [other, der]) == (isDevice ? ["pc"] : []))
    }

    @Test func `what is no certificate is none, and no error`() throws {
        #expect(try devices(2, [Array("not a certificate".utf8)]).isEmpty)
        #expect(try devices(1, []).isEmpty)
    }

    @Test func `a device whose certificate has run out is deleted when the newer rules come`() throws {
        let guid = Directory("corp").guid("pc")
        let scenario = try Scenario(["corp"], .standard(2))
        let corp = Directory("corp").computer("pc", certificates: [Certificate().der(guid)])
        try scenario.shows(corp)
        try scenario.export()
        #expect(try scenario.pending().isEmpty)
        try scenario.shows(
            Directory("corp").computer("pc", certificates: [Certificate(until: "200101000000Z").der(guid)]))
        #expect(try scenario.pending().map { "\($0.operation) \($0.type)" } == ["delete device"])
    }
}
