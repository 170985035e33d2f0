import Foundation
import TestSupport
import Testing

/// What decides before anything is touched: known risks, the way to a release, and who may write.
@Suite("Eligibility")
struct EligibilityTests {
    static let risk: [String: any Sendable] = [
        "id": "devices-vanish", "title": "Devices vanish", "from": "1.1.751.0",
        "appliesWhen": ["fact": "objects device", "over": 0] as [String: any Sendable],
        "consequence": "Devices are deleted.", "remedy": "Wait for a later release.", "source": "this test",
    ]

    private func offer(
        _ server: ContractServer, risks: [[String: any Sendable]], configuration: [String: any Sendable] = [:]
    )
        throws
    {
        let channels: [String: any Sendable] = [
            "schema": "channels/1",
            "releases": [
                "1.1.751.0": [
                    "channels": ["auto-upgrade"], "released": "2026-01-31T00:00:00Z", "risks": risks,
                ] as [String: any Sendable]
            ],
        ]
        try FileManager.default.createDirectory(at: server.repository, withIntermediateDirectories: true)
        try JSONSerialization.data(withJSONObject: channels).write(
            to: server.repository.appending(path: "channels.json"))
        try server.offer([.good], configuration: configuration)
    }

    @Test("A release with a known risk that applies is passed over, until somebody accepts it by name")
    func knownRisk() throws {
        try withContractServer { server in
            try offer(server, risks: [Self.risk])
            let refused = try server.judged(status: 75)
            #expect(refused.errors.contains("UpgradeAbortedKnownRisk"), "\(refused.errors)")
            #expect(refused.errors.contains("devices-vanish"))
            #expect(try server.setting(ContractServer.state) == "Enabled")
            #expect(server.attemptNames().isEmpty)

            let unknown = try server.upgrade(["run", "--accept-risk", "devices-vanished"])
            #expect(unknown.status == 65)
            #expect(unknown.errors.contains("devices-vanished"))

            let plan = try server.upgrade(["plan", "--accept-risk", "devices-vanish"])
            #expect(plan.output.contains("risks accepted: devices-vanish"), "\(plan.output)\(plan.errors)")
            try offer(server, risks: [Self.risk], configuration: ["acceptedRisks": ["devices-vanish"]])
            try server.judged(status: 0, result: "Success")
            let attempt = try #require(server.attemptNames().first)
            let kept = try String(
                contentsOf: server.root.appending(path: "var/lib/aadc-upgrade/attempts/\(attempt)/plan.json"),
                encoding: .utf8)
            #expect(kept.contains("devices-vanish"))
        }
    }

    @Test("A risk that the server rules out keeps nothing back")
    func clearRisk() throws {
        try withContractServer { server in
            var clear = Self.risk
            clear["appliesWhen"] = ["fact": "objects device", "over": 1_000_000] as [String: any Sendable]
            try offer(server, risks: [clear])
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("A risk of which nobody knows whether it applies counts as applying")
    func unknownRisk() throws {
        try withContractServer { server in
            var unknown = Self.risk
            unknown["appliesWhen"] = ["fact": "domains.legacyControllers", "flag": true] as [String: any Sendable]
            try offer(server, risks: [unknown])
            let refused = try server.judged(status: 75)
            #expect(refused.errors.contains("UpgradeAbortedRiskUnknown"), "\(refused.errors)")
        }
    }

    @Test("A release that accepts only newer versions is reached over one that they are on")
    func intermediate() throws {
        try withContractServer { server in
            try server.offer([.good, .fromGood])
            let report = try server.upgrade(["check"])
            #expect(report.status == 0, "\(report.output)\(report.errors)")
            #expect(report.output.contains("1.1.751.0") && report.output.contains("1.1.772.0"), "\(report.output)")
            try server.judged(["run", "--wait"], status: 0, result: "Success")
            #expect(try server.version() == "1.1.751.0")
            try server.judged(["run", "--wait"], status: 0, result: "Success")
            #expect(try server.version() == "1.1.772.0")
        }
    }

    @Test("A release that is asked for by its version is reached over others too, and nothing newer is taken")
    func intermediateToTarget() throws {
        try withContractServer { server in
            try server.offer([.good, .later, .fromGood])
            let planned = try server.upgrade(["plan", "--target", "1.1.772.0"])
            #expect(planned.output.contains("1.1.770.0"), "\(planned.output)\(planned.errors)")
            try server.judged(["run", "--wait", "--target", "1.1.751.0"], status: 0, result: "Success")
            #expect(try server.version() == "1.1.751.0")
            let next = try server.upgrade(["plan", "--target", "1.1.772.0"])
            #expect(next.output.contains("1.1.772.0"), "\(next.output)\(next.errors)")
        }
    }

    @Test("What others can write is neither run nor copied")
    func permissions() throws {
        try withContractServer { server in
            try server.offer([.good])
            let data = server.data()
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: data.path)
            let refused = try server.judged(status: 75)
            #expect(refused.errors.contains("UpgradeAbortedInsecurePermissions"), "\(refused.errors)")
            #expect(refused.errors.contains("gen/1/data"))
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: data.path)
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test(
        "A repository that cannot be read is a condition with its own code",
        arguments: [
            ("http://repository.invalid/", "UpgradeAbortedNameNotResolved"),
            ("http://127.0.0.1:1/", "UpgradeAbortedCannotConnect"),
        ])
    func unreachable(_ address: String, _ code: String) throws {
        try withContractServer { server in
            try server.offer([.good], configuration: ["repository": address, "proxy": ""])
            let report = try server.upgrade(["check", "--format", "json"])
            #expect(report.status == 75)
            #expect(report.document["code"] as? String == code, "\(report.output)\(report.errors)")
            try server.judged(status: 75)
            #expect(try server.setting(ContractServer.state) == "Enabled")
        }
    }
}
