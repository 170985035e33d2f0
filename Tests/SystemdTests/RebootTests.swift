import Foundation
import TestSupport
import Testing
import Upgrader

/// All tests that need a whole machine. They use the same one, one after the other.
@Suite(
    "A machine with systemd", .serialized,
    .enabled(if: Machine.obstacle == nil, "\(Machine.obstacle ?? "")"))
struct MachineTests {}

extension MachineTests {
    @Suite("that loses its power or is rebooted during an upgrade")
    struct RebootTests {
        @Test("ends well, whenever the power goes", arguments: Moment.all)
        func powerCut(_ moment: Moment) throws {
            let server = try Installation.shared()
            try server.reset(offering: moment.release)
            try server.runUntil(moment)
            server.machine.cutPower()
            try expectGoodEnd(server)
        }

        @Test(
            "ends well, whenever it is shut down in order",
            arguments: [
                Moment.entered(.acquiring, .good), .done(.pausing, .good), .entered(.migrating, .good),
                .entered(.starting, .good), .done(.starting, .good), .done(.resuming, .good),
                .entered(.rollingBack, .postTestFails),
            ])
        func shutDown(_ moment: Moment) throws {
            let server = try Installation.shared()
            try server.reset(offering: moment.release)
            try server.runUntil(moment)
            try server.machine.shutDown()
            try expectGoodEnd(server)
        }

        @Test("imports everything first when the power goes in the middle of a rollback after exports")
        func powerCutWhileRollingBack() throws {
            let server = try Installation.shared()
            try server.reset(offering: .exportsFail)
            try server.runUntil(.entered(.rollingBack, .exportsFail))
            try server.machine.expect(["systemctl", "kill", "--signal=CONT", "aadc-upgrade.service"])
            #expect(eventually { server.machine.exists("/var/lib/adsync/lease.json") })
            server.machine.cutPower()
            #expect(server.machine.exists("/var/lib/adsync/lease.json"), "the rollback was over before the power went")
            try expectGoodEnd(server)
        }

        /// Boots; what the boot alone must bring; what one more run must bring.
        private func expectGoodEnd(_ server: Installation) throws {
            let lease = server.json("/var/lib/adsync/lease.json")
            let knownGood = (lease?["knownGood"] as? [String: Any])?["generation"] as? Int
            let generation = knownGood ?? server.activeGeneration
            let isConcluded = !server.results.isEmpty
            try server.machine.boot()

            // Nobody but the units of the boot has done anything yet.
            #expect(try server.isActive("adsync.service"))
            #expect(!server.machine.exists("/var/lib/adsync/lease.json"), "\(server.log)")
            #expect(server.activeGeneration == generation)
            let isServing = try eventually {
                let status = try server.verb("status")
                return status["serving"] as? Bool == true && status["generation"] as? Int == generation
            }
            #expect(isServing, "\(server.log)")
            let scheduler = try server.verb("status")["scheduler"] as? [String: Any]
            #expect(scheduler?["suspended"] as? Bool == false)
            #expect(!server.machine.exists("/var/lib/aadc-upgrade/inconsistent.json"))

            let run = try server.machine.inside(["aadc-upgrade", "run", "--wait"])
            #expect(server.attempts.count == 1)
            #expect(server.results.count == 1, "\(run.output)\(run.errors)")
            // An attempt that had its result already is not what this run reports about.
            let violations = try server.violations(exitStatus: isConcluded ? nil : run.status)
            #expect(violations.isEmpty, "\(run.output)\(run.errors)\(server.log)")
            #expect(try server.isActive("adsync.service"))
        }
    }
}
