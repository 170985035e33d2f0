import Foundation
import TestSupport
import Testing

@Suite("What a living server tells of itself")
struct LiveFactsTests {
    /// Conditions of a check by the outcome that they had, as `code: evidence`.
    private func outcomes(_ server: some OperatedServer) throws -> [String: [String]] {
        let check = try server.upgrade(["check", "--format", "json"])
        let conditions = check.document["conditions"] as? [[String: Any]] ?? []
        #expect(conditions.count > 10, "\(check.output)\(check.errors)")
        return Dictionary(grouping: conditions) { $0["outcome"] as? String ?? "" }.mapValues { found in
            found.map { "\($0["code"] ?? ""): \($0["evidence"] ?? "")" }
        }
    }

    @Test("adsync leaves no condition unknown, and every fact about its objects and settings is there")
    func adsync() throws {
        try withAdsyncServer { server in
            try server.offer([.good])
            let found = try outcomes(server)
            #expect(found["unknown"] == nil, "\(found["unknown"] ?? [])")
            #expect(found["fail"] == nil, "\(found["fail"] ?? [])")
            let facts = try server.adsync("facts")
            let expected = [
                "installKind", "signInMethod", "desktopSingleSignOn", "securityGroupsPresent", "domains",
                "engineConfigurationEdited", "ruleChanges", "configurationInProgress", "consoleOpen", "healthAgent",
            ]
            #expect(expected.filter { facts[$0] == nil } == [])
            #expect(facts["installKind"] as? String == "express")
            #expect(facts["engineConfigurationEdited"] as? Bool == false)
            let domains = facts["domains"] as? [[String: Any]] ?? []
            #expect(domains.count == 1 && (domains.first?["name"] as? String)?.contains(".") == true, "\(domains)")
            let objects = facts["objects"] as? [String: Any] ?? [:]
            #expect(objects["linkedMailboxes"] != nil && objects["resourceMailboxes"] != nil)
            #expect((objects["largestGroup"] as? Int ?? 0) > 0)
        }
    }

    @Test("The contract service leaves no condition unknown either")
    func contractService() throws {
        try withContractServer { server in
            try server.offer([.good])
            let found = try outcomes(server)
            #expect(found["unknown"] == nil, "\(found["unknown"] ?? [])")
            #expect(found["fail"] == nil, "\(found["fail"] ?? [])")
        }
    }
}
