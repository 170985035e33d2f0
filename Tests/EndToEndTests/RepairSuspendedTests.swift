import Foundation
import Glibc
import TestSupport
import Testing

/// What `repair` says of a Suspended server, and what it does about it.
@Suite("Repair of a Suspended server")
struct RepairSuspendedTests {
    @Test("A server below 1.1.750.0 is told of the old defect and offered the attended upgrade, which cures it")
    func oldDefect() throws {
        try withContractServer(
            installed: .belowFloor, settings: [ContractServer.state: "Suspended", ContractServer.reason: ""]
        ) { server in
            try server.offer([.fromOld])
            // The product leaves no reason behind; a refusal records its own.
            let refused = try server.judged(status: 78)
            #expect(refused.errors.contains("UpgradeNotSupportedVersionBelowFloor"))
            #expect(try server.setting(ContractServer.reason) == "UpgradeNotSupportedVersionBelowFloor")

            let told = try server.judged(["repair"], status: 78)
            #expect(told.errors.contains("below 1.1.750.0"), "\(told.errors)")
            #expect(told.errors.contains("'aadc-upgrade repair --upgrade' upgrades it to 1.1.771.0"), "\(told.errors)")
            #expect(try server.setting(ContractServer.state) == "Suspended")

            let left = try server.tree("var/lib/aadc-upgrade")
            let dry = try server.upgrade(["repair", "--upgrade", "--dry-run"])
            #expect(dry.errors.contains("would: upgrade"), "\(dry.errors)")
            let changed = differences(left, try server.tree("var/lib/aadc-upgrade"))
            #expect(try server.version() == "1.1.740.0")
            #expect(changed.allSatisfy { $0.hasSuffix("run.lock") }, "\(changed)")

            for result in ["Success", nil] {
                try server.judged(["repair", "--upgrade"], status: 0, result: result)
                #expect(try server.version() == "1.1.771.0")
                #expect(try server.setting(ContractServer.state) == "Enabled")
            }
        }
    }

    @Test("The attended upgrade has the same tests and the same way back")
    func attendedRollsBack() throws {
        try withContractServer { server in
            try server.offer([.postTestFails])
            try server.judged(
                ["repair", "--upgrade"], status: 10, result: "UpgradeFailedRollbackSuccess-PostTestFailed")
            #expect(try server.version() == "1.1.750.0")
        }
    }

    @Test("The attended upgrade goes on although automatic upgrade is not for this configuration")
    func customRules() throws {
        try withContractServer(settings: ["rule.4711": "a1b2"]) { server in
            try server.offer([.good])
            try server.judged(status: 78)
            #expect(try server.setting(ContractServer.state) == "Suspended")
            // The custom rule still holds at the new version, so the state stays with its reason.
            let end = try server.judged(["repair", "--upgrade"], status: 0, result: "Success")
            #expect(try server.version() == "1.1.751.0", "\(end.errors)")
            #expect(end.errors.contains("UpgradeNotSupportedCustomizedSyncRules still holds"), "\(end.errors)")
            #expect(end.output.contains("automatic upgrade stays Suspended"), "\(end.output)")
            #expect(try server.setting(ContractServer.state) == "Suspended")
            try server.judged(["repair"], status: 78)
        }
    }

    @Test("A temporary obstacle that was recorded as a suspension is told so, and lifted")
    func temporaryAbort() throws {
        try withContractServer(
            settings: [ContractServer.state: "Suspended", ContractServer.reason: "UpgradeAbortedSyncExeInUse"]
        ) { server in
            try server.offer([.good])
            let repaired = try server.judged(["repair"], status: 0)
            #expect(
                repaired.errors.contains("UpgradeAbortedSyncExeInUse is a temporary obstacle"), "\(repaired.errors)")
            #expect(try server.setting(ContractServer.state) == "Enabled")
            #expect(try server.setting(ContractServer.reason) == "")
        }
    }

    @Test("A Suspended server that is not eligible at the moment stays Suspended, and is told what to wait for")
    func notNow() throws {
        try withContractServer(
            settings: [
                ContractServer.state: "Suspended", ContractServer.reason: "UpgradeNotSupportedCustomizedSyncRules",
            ]
        ) { server in
            try server.offer([.good])
            let wizard = server.service.appending(path: "configuration-in-progress")
            try Data().write(to: wizard)
            let kept = try server.judged(["repair"], status: 75)
            #expect(kept.errors.contains("which does not hold any more"), "\(kept.errors)")
            #expect(kept.errors.contains("UpgradeAbortedSyncOrConfigurationInProgress"), "\(kept.errors)")
            #expect(try server.setting(ContractServer.state) == "Suspended")
            try FileManager.default.removeItem(at: wizard)
            try server.judged(["repair"], status: 0)
            #expect(try server.setting(ContractServer.state) == "Enabled")
        }
    }

    @Test("An attempt whose documents cannot be read is given up with a result, and the server goes on")
    func unreadable() throws {
        try withContractServer { server in
            try server.offer([.good], configuration: ["leaseSeconds": 7200])
            try server.awaitCycles(1)
            try server.killed(at: intent("preTesting"))
            let attempt = server.attemptNames()[0]
            let plan = server.root.appending(path: "var/lib/aadc-upgrade/attempts/\(attempt)/plan.json")
            try Data("{".utf8).write(to: plan)
            let repaired = try server.judged(["repair"], status: 0)
            #expect(repaired.errors.contains("give attempt \(attempt) up"), "\(repaired.errors)")
            #expect(server.result() == "UpgradeAbortedAttemptUnreadable")
            try server.judged(["repair"], status: 0)
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("A journal that cannot be read at all is set aside, its attempt gets a result, and the server goes on")
    func unreadableJournal() throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.awaitCycles(1)
            try server.killed(at: intent("preTesting"))
            let attempt = server.attemptNames()[0]
            let journal = server.attempts.appending(path: "\(attempt)/events.jsonl")
            try FileManager.default.removeItem(at: journal)
            try FileManager.default.createDirectory(at: journal, withIntermediateDirectories: false)
            #expect(try server.upgrade(["run"]).status == 75)

            let dry = try server.upgrade(["repair", "--dry-run"])
            #expect(dry.errors.contains("would: set the journal of attempt \(attempt) aside"), "\(dry.errors)")
            let repaired = try server.upgrade(["repair"])
            #expect(repaired.status == 0, "\(repaired.output)\(repaired.errors)")
            #expect(repaired.errors.contains("set the journal of attempt \(attempt) aside"), "\(repaired.errors)")
            #expect(server.result() == "UpgradeFailedRollbackFailed-AttemptUnreadable")
            try server.judged(["repair"], status: 0)
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test(
        "Without the right to write, repair names the right and exits 77",
        .enabled(if: getuid() == 0, "only root can become another account"))
    func rights() throws {
        try withContractServer { server in
            try server.offer([.good])
            // Another account has to be able to see the server.
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: server.folder.path)
            let arguments = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]
            let refused = try run(
                URL(filePath: "/usr/bin/setpriv"),
                arguments + [builtProgram("aadc-upgrade").path, "repair", "--root", server.root.path])
            #expect(refused.status == 77, "\(refused.output)\(refused.errors)")
            #expect(refused.errors.contains("lacks the right to write in \(server.root.path)/var/lib/aadc-upgrade"))
        }
    }
}
