import Foundation
import Glibc
import InvariantChecker
import TestSupport
import Testing

@Suite("An end at which neither release works")
struct InconsistentEndTests {
    @Test("says so, stops every further run, and is lifted by repair once the server was mended")
    func latched() throws {
        try withContractServer { server in
            try server.offer([.postTestFails], configuration: ["startTries": 2, "startWaitSeconds": 5])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            // While the way back begins, somebody takes a part of the old release away.
            try server.killed(at: intent("rollingBack"))
            let part = server.root.appending(
                path: "opt/adsync/releases/\(PublishedReleases.Version.base)/bin/lib/serve.sh")
            let kept = server.folder.appending(path: "serve.sh")
            chmod(part.deletingLastPathComponent().path, 0o755)
            try FileManager.default.moveItem(at: part, to: kept)

            let run = try server.upgrade(["run", "--wait"])
            #expect(run.status == 11, "\(run.output)\(run.errors)")
            #expect(server.result()?.hasPrefix("UpgradeFailedRollbackFailed-") == true, "\(server.result() ?? "")")
            #expect(run.errors.contains("reboot, then send the support data in \(server.attempts.path)"))
            #expect(server.exists("var/lib/aadc-upgrade/inconsistent.json"))
            #expect(try server.setting(ContractServer.state) == "Suspended")
            #expect(try server.setting(ContractServer.reason) == server.result())

            let latched = try server.tree()
            let later = try server.upgrade(["run", "--wait"])
            #expect(later.status == 11)
            #expect(later.errors.contains("aadc-upgrade repair"))
            let changed = differences(latched, try server.tree())
            #expect(changed.allSatisfy { $0.hasSuffix("/run.lock") }, "\(changed)")

            #expect(try server.upgrade(["repair"]).status != 0)
            #expect(server.exists("var/lib/aadc-upgrade/inconsistent.json"))

            try FileManager.default.moveItem(at: kept, to: part)
            let repaired = try server.upgrade(["repair"])
            #expect(repaired.status == 0, "\(repaired.output)\(repaired.errors)")
            #expect(!server.exists("var/lib/aadc-upgrade/inconsistent.json"))
            #expect(try server.setting(ContractServer.state) == "Enabled")
            #expect(server.isWhole())
            #expect(checker.violations(since: before).isEmpty)
            try server.offer([.postTestFails, .later])
            try server.judged(status: 0, result: "Success")
        }
    }
}
