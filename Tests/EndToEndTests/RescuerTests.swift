import Foundation
import Glibc
import InvariantChecker
import TestSupport
import Testing

@Suite("The rescuer")
struct RescuerTests {
    @Test(
        "has synchronization going when the lease ends and no run ever comes",
        arguments: ["copying", "migrating", "switching", "starting", "postTesting", "resuming"])
    func unattended(_ state: String) throws {
        try withContractServer { server in
            try server.offer([.good], configuration: ["leaseSeconds": 5])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            try server.killed(at: intent(state))
            try server.awaitRescue()
            try server.awaitCycles(1)
            try conclude(server, checker, before, rolledBack: !["copying", "migrating"].contains(state))
        }
    }

    @Test("lifts a pause whose owner died while it waited for a cycle")
    func pausing() throws {
        try withContractServer(
            settings: ["ContractService.IntervalSeconds": "2", "ContractService.CycleSeconds": "600"]
        ) { server in
            try server.offer([.good], configuration: ["leaseSeconds": 5, "idleWaitSeconds": 600])
            #expect(try eventually { try server.scheduler().cycling })
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.startUpgrade()
            #expect(try eventually(withinSeconds: 60) { try server.scheduler().suspended })
            kill(run, SIGKILL)
            _ = try awaitEnd(run, milliseconds: 10_000)
            try server.awaitRescue()
            #expect(try server.scheduler().cycling)
            // The cycle that was under way was not harmed; the next run need not wait for it for ever.
            try server.configure(["idleWaitSeconds": 0])
            try conclude(server, checker, before, rolledBack: false)
        }
    }

    @Test("ends an owner that hangs, so that it never acts beside the release that was put back")
    func hangingOwner() throws {
        try withContractServer { server in
            try server.offer([.postTestHangs], configuration: ["leaseSeconds": 5])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.startUpgrade()
            #expect(eventually(withinSeconds: 60) { server.journal().last?["state"] as? String == "postTesting" })
            kill(run, SIGSTOP)
            try server.awaitRescue()
            #expect(try awaitEnd(run, milliseconds: 10_000) == 137)
            try conclude(server, checker, before, rolledBack: true)
        }
    }

    /// The next run records what happened: one attempt, one result.
    private func conclude(
        _ server: ContractServer, _ checker: InvariantChecker, _ before: ServerRecord, rolledBack: Bool
    ) throws {
        let run = try server.upgrade(["run", "--wait"])
        #expect(run.status == (rolledBack ? 10 : 75), "\(run.output)\(run.errors)")
        #expect(server.attemptNames().count == 1)
        #expect(
            server.result() == (rolledBack ? "UpgradeFailedRollbackSuccess-Rescued" : "UpgradeAbortedRescued"))
        let violations = checker.violations(since: before, run: .init(exitStatus: run.status))
        #expect(violations.isEmpty, "\(run.output)\(run.errors)")
        #expect(!server.exists("var/lib/adsync/rescued.json"))
    }

    /// A server whose upgrade was killed after the switch, with a lease for hours and nobody who watches it.
    private func withAbandonedServer(_ body: (ContractServer) throws -> Void) throws {
        try withContractServer { server in
            try server.offer([.good], configuration: ["leaseSeconds": 7200])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            try server.killed(at: intent("starting"))
            for process in RunningProcess.working(below: server.root)
            where process.commandLine.contains("aadc-rescuer") {
                kill(process.pid, SIGKILL)
            }
            try body(server)
            try conclude(server, checker, before, rolledBack: true)
        }
    }

    private func rescue(_ server: ContractServer) throws -> ProgramResult {
        try run(builtProgram("aadc-rescuer"), ["--root", server.root.path])
    }

    @Test("does nothing before the lease has ended, and acts at once on the lease of another boot")
    func anotherBoot() throws {
        try withAbandonedServer { server in
            let before = try server.tree("var/lib/adsync")
            #expect(try rescue(server).status == 0)
            #expect(differences(before, try server.tree("var/lib/adsync")).isEmpty)

            let lease = server.service.appending(path: "lease.json")
            let boot = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let text = try String(contentsOf: lease, encoding: .utf8)
            try Data(text.replacingOccurrences(of: boot, with: UUID().uuidString.lowercased()).utf8).write(to: lease)
            let rescued = try rescue(server)
            #expect(rescued.status == 0, "\(rescued.errors)")
            #expect(server.isWhole())
        }
    }

    @Test("changes nothing where it cannot read the lease, and says who can")
    func unreadable() throws {
        try withAbandonedServer { server in
            let lease = server.service.appending(path: "lease.json")
            let whole = try Data(contentsOf: lease)
            try whole.dropLast(20).write(to: lease)
            let before = try server.tree("var/lib/adsync")
            let refused = try rescue(server)
            #expect(refused.status == 65)
            #expect(refused.errors.contains("aadc-upgrade repair"))
            #expect(differences(before, try server.tree("var/lib/adsync")).isEmpty)

            // Its end is in the past now, and nothing else is wrong with it.
            let text = String(decoding: whole, as: UTF8.self)
                .replacing(/"expires": *"[^"]*"/, with: #""expires": "2020-01-01T00:00:00Z""#)
            try Data(text.utf8).write(to: lease)
            #expect(try rescue(server).status == 0)
            #expect(server.isWhole())
        }
    }

    @Test("has nothing to do without a lease")
    func noLease() throws {
        try withContractServer(settings: ["ContractService.IntervalSeconds": "1800"]) { server in
            let before = try server.tree()
            #expect(try rescue(server).status == 0)
            #expect(differences(before, try server.tree()).isEmpty)
        }
    }
}

extension ContractServer {
    /// The old generation serves, and nothing of a pause is left.
    func isWhole() -> Bool {
        guard !exists("var/lib/adsync/lease.json"), activeGeneration() == 1, let served = served(),
            served.generation == 1, kill(served.pid, 0) == 0
        else { return false }
        return (try? scheduler().suspended) == false
    }

    func awaitRescue() throws {
        if !eventually(withinSeconds: 60, { isWhole() }) {
            throw HarnessError("the rescuer has not put generation 1 back")
        }
    }

    /// Starts a run that goes on by itself; what it says goes to a file beside the server.
    func startUpgrade(_ arguments: [String] = ["run", "--wait"]) throws -> pid_t {
        let log = folder.appending(path: "upgrade.log")
        return try TestSupport.start(
            builtProgram("aadc-upgrade"), arguments + ["--root", root.path], output: log, errors: log)
    }
}
