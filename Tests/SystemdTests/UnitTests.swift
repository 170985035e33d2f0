import Foundation
import TestSupport
import Testing
import Upgrader

extension MachineTests {
    @Suite("whose units run the upgrades")
    struct UnitTests {
        @Test("accepts the units without a word")
        func unitsAreValid() throws {
            let server = try Installation.shared()
            try server.reset(offering: .good)
            let units = try FileManager.default.contentsOfDirectory(
                atPath: packageFolder.appending(path: "packaging/systemd").path)
            let answer = try server.machine.inside(
                ["systemd-analyze", "verify", "--man=no"] + units.map { "/etc/systemd/system/\($0)" })
            #expect(answer.status == 0)
            #expect(answer.output + answer.errors == "")
        }

        @Test("has another boot id after each boot")
        func bootIdChanges() throws {
            let server = try Installation.shared()
            let first = try server.machine.expect(["cat", "/proc/sys/kernel/random/boot_id"])
            server.machine.cutPower()
            try server.machine.boot()
            #expect(try server.machine.expect(["cat", "/proc/sys/kernel/random/boot_id"]) != first)
        }

        @Test("is upgraded by the unit, and systemd goes on to supervise the service under the same account")
        func goodUpgrade() throws {
            let server = try Installation.shared()
            try server.reset(offering: .good)
            #expect(try server.runUnit() == 0)
            let concluded = try eventually(withinSeconds: 60) {
                try server.runUnit() == 0 && server.results == ["Success"]
            }
            #expect(concluded, "\(server.results)")
            #expect(server.activeGeneration == 2)
            #expect(try server.violations(exitStatus: 0).isEmpty)
            let served = server.json("/var/lib/adsync/serve.json")?["pid"] as? Int
            #expect(try server.property("MainPID", of: "adsync.service") == served.map { "\($0)" })
            #expect(try server.property("User", of: "adsync.service") == "")
        }

        @Test("is rolled back when the new release ends at its start, without waiting for systemd's own restarts")
        func startFails() throws {
            let server = try Installation.shared()
            try server.reset(offering: .startFails, configuration: ["startWaitSeconds": 600])
            let begin = Date()
            #expect(try server.runUnit() == 10)
            #expect(Date().timeIntervalSince(begin) < 60)
            #expect(server.results == ["UpgradeFailedRollbackSuccess-ServiceCanNotBeStarted"])
            #expect(try server.violations(exitStatus: 10).isEmpty)
            #expect(try server.isActive("adsync.service"))
        }

        @Test("has its pause undone when the run's unit is stopped")
        func runIsStopped() throws {
            let server = try Installation.shared()
            try server.reset(offering: .good)
            try server.runUntil(.entered(.copying, .good))
            try server.machine.expect(["systemctl", "stop", "aadc-upgrade.service"])
            #expect(server.results.count == 1)
            #expect(server.results.allSatisfy { $0.hasPrefix("UpgradeAborted") }, "\(server.results)")
            #expect(try server.violations(exitStatus: 75).isEmpty)
        }

        @Test("is rescued by the unit of the timer when run and watcher are killed and the lease ends")
        func timerRescues() throws {
            let server = try Installation.shared()
            try server.reset(offering: .good, configuration: ["leaseSeconds": 2])
            try server.runUntil(.done(.starting, .good))
            try server.machine.expect([
                "systemctl", "kill", "--kill-whom=all", "--signal=KILL", "aadc-upgrade.service",
            ])
            let isRescued = try eventually {
                try server.machine.expect(["systemctl", "reset-failed", "aadc-rescuer.service"])
                try server.machine.expect(["systemctl", "start", "aadc-rescuer.service"])
                return !server.machine.exists("/var/lib/adsync/lease.json")
            }
            #expect(isRescued)
            #expect(server.activeGeneration == 1)
            #expect(try server.isActive("adsync.service"))
            let run = try server.machine.inside(["aadc-upgrade", "run", "--wait"])
            #expect(server.results.count == 1)
            #expect(try server.violations(exitStatus: run.status).isEmpty, "\(run.output)\(run.errors)")
        }
    }
}
