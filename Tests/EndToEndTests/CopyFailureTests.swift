import Foundation
import InvariantChecker
import TestSupport
import Testing

@Suite("A copy that fails")
struct CopyFailureTests {
    @Test("is noticed before the switch where it is not what the old release says")
    func damaged() throws {
        try withContractServer(
            installed: .copiesBadly, settings: ["ContractService.IntervalSeconds": "1800"]
        ) { server in
            try server.offer([.later])
            let before = try server.tree("var/lib/adsync/gen")
            try server.judged(status: 75, result: "UpgradeAbortedSnapshotDamaged")
            let failed = server.journal().first { $0["outcome"] as? String == "failed" }
            #expect(failed?["state"] as? String == "copying")
            #expect(differences(before, try server.tree("var/lib/adsync/gen")).isEmpty)
        }
    }
}
