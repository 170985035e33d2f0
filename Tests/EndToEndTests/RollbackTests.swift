import Foundation
import InvariantChecker
import TestSupport
import Testing

@Suite("A rollback")
struct RollbackTests {
    /// No cycle of its own changes the data while the test compares it.
    private static let quiet = ["ContractService.IntervalSeconds": "1800"]

    @Test(
        "before resuming leaves the data byte for byte as it was",
        arguments: [
            PublishedReleases.Version.pausedMigrationFails, .startFails, .postTestFails, .undeclaredSetting,
        ])
    func equality(_ release: PublishedReleases.Version) throws {
        try withContractServer(settings: Self.quiet) { server in
            try server.offer([release])
            let before = try server.tree("var/lib/adsync/gen/1")
            let run = try server.upgrade(["run", "--wait"])
            #expect(run.status == (release == .pausedMigrationFails ? 75 : 10), "\(run.errors)")
            #expect(differences(before, try server.tree("var/lib/adsync/gen/1")).isEmpty)
            #expect(server.activeGeneration() == 1 && server.served()?.generation == 1)
        }
    }

    @Test("after the cloud has taken exports imports it again before anything else, and goes on from there")
    func afterExports() throws {
        try withContractServer { server in
            try server.offer([.exportsFailLater])
            try server.awaitCycles(1)
            let old = try server.cloudLines().count
            try server.judged(status: 10, result: "UpgradeFailedRollbackSuccess-ObservationHealth")

            let new = PublishedReleases.Version.exportsFailLater.rawValue
            let lines = try server.cloudLines().dropFirst(old).map { $0.split(separator: " ").map(String.init) }
            let taken = try #require(lines.lastIndex { $0[1] == "export" && $0[4] == new })
            #expect(lines[(taken + 1)...].first { $0[4] != new }?[1] == "import")
            // Nothing is pending any more, and later cycles are small again.
            try server.awaitCycles(2)
            let cycles = try server.verb("status").document["cycles"] as? [String: Any]
            #expect(cycles?["fullImportPending"] as? [String] == [])
            #expect(cycles?["lastPolicy"] as? String == "Delta")
        }
    }

    @Test("by hand says what is lost and does it only with --yes; the release is not taken again, a newer one is")
    func byHand() throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            try server.judged(status: 0, result: "Success")

            let asked = try server.upgrade(["rollback"])
            #expect(asked.status == 64)
            #expect(asked.errors.contains("--yes"))
            #expect(server.activeGeneration() == 2 && server.attemptNames().count == 1)

            let done = try server.upgrade(["rollback", "--yes"])
            #expect(done.status == 0, "\(done.errors)")
            #expect(server.result() == "UpgradeFailedRollbackSuccess-RolledBackByHand")
            #expect(checker.violations(since: before).isEmpty)

            let again = try server.judged(status: 75)
            #expect(again.errors.contains("UpgradeAbortedReleaseWithheld"))
            #expect(again.errors.contains("an administrator went back from it"))
            try server.offer([.good, .later])
            try server.judged(status: 0, result: "Success")
            #expect(try server.verb("status").document["version"] as? String == "1.1.770.0")
        }
    }

    @Test("by hand keeps the pause that somebody else has made meanwhile", arguments: ["another program", ""])
    func pausedMeanwhile(_ owner: String) throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.judged(status: 0, result: "Success")
            if owner.isEmpty {
                try server.set("Microsoft.Synchronize.SchedulerSuspended", "True")
            } else {
                try server.verb("suspend", ["--owner", owner])
            }
            let lines = try server.cloudLines().count
            let done = try server.upgrade(["rollback", "--yes"])
            #expect(done.status == 0, "\(done.output)\(done.errors)")
            #expect(server.result() == "UpgradeFailedRollbackSuccess-RolledBackByHand")
            #expect(server.activeGeneration() == 1 && server.served()?.generation == 1)
            #expect(try server.scheduler().suspended)
            #expect(try server.scheduler().by == owner)
            #expect(!server.exists("var/lib/adsync/lease.json"))

            // When that ends, the cloud was imported before anything is exported.
            try server.verb("resume", ["--owner", owner.isEmpty ? "person" : owner, "--force"])
            try server.awaitCycles(2)
            let own = try server.cloudLines().dropFirst(lines).first { $0.contains(" 1 1.1.750.0 ") }
            #expect(own?.contains(" import ") == true)
        }
    }

    @Test("by hand ends an upgrade that is still observed, as its one result")
    func whileObserving() throws {
        try withContractServer(settings: ["ContractService.IntervalSeconds": "3"]) { server in
            try server.offer([.good])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            #expect(try server.upgrade(["run"]).status == 0)
            #expect(server.result() == nil)
            let done = try server.upgrade(["rollback", "--yes"])
            #expect(done.status == 0, "\(done.output)\(done.errors)")
            #expect(server.attemptNames().count == 1)
            #expect(server.result() == "UpgradeFailedRollbackSuccess-RolledBackByHand")
            try server.awaitCycles(1)
            #expect(checker.violations(since: before).isEmpty)
        }
    }

    @Test("by hand has nothing to go back to on a server that was never upgraded")
    func nothingToGoBackTo() throws {
        try withContractServer { server in
            try server.offer([.good])
            let run = try server.judged(["rollback", "--yes"], status: 66)
            #expect(run.errors.contains("nothing to go back to"))
        }
    }

    @Test("keeps the release that failed from being tried again, until it is asked for or a newer one is there")
    func badRelease() throws {
        try withContractServer { server in
            try server.offer([.postTestFails])
            try server.judged(status: 10, result: "UpgradeFailedRollbackSuccess-PostTestFailed")
            let again = try server.judged(status: 75)
            #expect(again.errors.contains("UpgradeAbortedReleaseWithheld"))
            #expect(again.errors.contains("PostTestFailed"))
            try server.judged(
                ["run", "--retry-failed"], status: 10, result: "UpgradeFailedRollbackSuccess-PostTestFailed")
            try server.offer([.postTestFails, .later])
            try server.judged(status: 0, result: "Success")
        }
    }
}
