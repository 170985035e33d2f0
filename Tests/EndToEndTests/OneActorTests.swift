import Foundation
import Glibc
import InvariantChecker
import TestSupport
import Testing

@Suite("Runs beside each other")
struct OneActorTests {
    /// A release of which something runs for as long as it is left alone.
    struct Endless: CustomTestStringConvertible {
        let release: PublishedReleases.Version
        let state: String
        /// Part of the command line of what runs.
        let program: String
        let status: Int
        let result: String
        var testDescription: String { state }
    }

    @Test(
        "are refused while one lives; what a killed one leaves running is ended by the next",
        arguments: [
            Endless(
                release: .postTestHangs, state: "postTesting", program: "/tests/post/20-cycle", status: 10,
                result: "UpgradeFailedRollbackSuccess-Interrupted"),
            Endless(
                release: .pausedMigrationHangs, state: "migrating", program: "contract-service migrate", status: 75,
                result: "UpgradeAbortedInterrupted"),
        ])
    func orphan(_ endless: Endless) throws {
        try withContractServer { server in
            try server.offer([endless.release])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            let first = try server.startUpgrade()
            func orphans() -> [RunningProcess] {
                RunningProcess.working(below: server.root).filter { $0.commandLine.contains(endless.program) }
            }
            let isReached = eventually(withinSeconds: 60) {
                server.journal().last?["state"] as? String == endless.state && !orphans().isEmpty
            }
            #expect(isReached)

            let second = try server.upgrade(["run", "--wait"])
            #expect(second.status == 75)
            #expect(second.errors.contains("UpgradeAbortedAnotherRunActive"))
            #expect(server.attemptNames().count == 1 && !orphans().isEmpty)

            kill(first, SIGKILL)
            #expect(try awaitEnd(first, milliseconds: 10_000) == 137)
            let left = orphans()
            let third = try server.upgrade(["run", "--wait"])
            #expect(third.status == endless.status, "\(third.output)\(third.errors)")
            #expect(server.attemptNames().count == 1 && server.result() == endless.result)
            #expect(!left.isEmpty && orphans().isEmpty)
            let violations = checker.violations(since: before, run: .init(exitStatus: third.status))
            #expect(violations.isEmpty, "\(third.output)\(third.errors)")
        }
    }

    @Test("end well when they are asked to, in the middle of it", arguments: [SIGTERM, SIGINT, SIGHUP])
    func terminated(_ signal: Int32) throws {
        try withContractServer { server in
            try server.offer([.postTestHangs])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.startUpgrade()
            #expect(eventually(withinSeconds: 60) { server.journal().last?["state"] as? String == "postTesting" })
            kill(run, signal)
            let end = try awaitEnd(run, milliseconds: 60_000)
            #expect(end == 10)
            #expect(server.result() == "UpgradeFailedRollbackSuccess-Terminated")
            // That says nothing of the release.
            let memory = try JSONSerialization.jsonObject(
                with: Data(contentsOf: server.root.appending(path: "var/lib/aadc-upgrade/failures.json")))
            #expect(((memory as? [String: Any])?["releases"] as? [Any])?.isEmpty == true)
            #expect(checker.violations(since: before, run: .init(exitStatus: end ?? -1)).isEmpty)
        }
    }

    @Test("upgrade once, however many begin at the same moment")
    func together() throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            let runs = try (1...4).map { _ in try server.startUpgrade() }
            let ends = try runs.map { try awaitEnd($0, milliseconds: 120_000) }
            #expect(ends.contains(0) && ends.allSatisfy { $0 == 0 || $0 == 75 }, "\(ends)")
            #expect(server.attemptNames().count == 1 && server.result() == "Success")
            #expect(checker.violations(since: before).isEmpty)
        }
    }

    @Test("with nothing to do change nothing and record no attempt")
    func nothingToDo() throws {
        try withContractServer(settings: ["ContractService.IntervalSeconds": "1800"]) { server in
            try server.offer([.base])
            let before = try server.tree()
            let first = try server.judged(status: 0)
            #expect(first.output.hasPrefix("nothing to do"))
            #expect(first.output.split(separator: "\n").count == 1 && first.errors.isEmpty)
            // The verdict is new to this server.
            let changed = differences(before, try server.tree()).filter { !isOwn($0) }
            #expect(changed == ["var/lib/aadc-upgrade/verdicts.jsonl"])
            let after = try server.tree()
            try server.judged(status: 0)
            #expect(differences(after, try server.tree()).allSatisfy { $0.hasSuffix("/run.lock") })
        }
    }
}
