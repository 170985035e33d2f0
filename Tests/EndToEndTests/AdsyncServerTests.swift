import Foundation
import InvariantChecker
import TestSupport
import Testing

@Suite("adsync servers of several kinds")
struct AdsyncServerTests {
    @Test("nothing reaches the cloud between the pause and the passed post-tests, though exports wait all the time")
    func nothingIsExportedInThePause() throws {
        try withAdsyncServer(forest: .init(users: 400, groups: 40), started: false) { server in
            // A directory that takes a few operations each second keeps every cycle exporting.
            try server.throttle(operations: 25, windowSeconds: 1)
            try server.start()
            try server.awaitCycles(1)
            try server.offer([.good])
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.upgrade(["run"])
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            let paused = try #require(server.time("result", "pausing"))
            let passed = try #require(server.time("result", "postTesting"))
            try server.awaitCycles(2)
            let times = try server.cloudOperations().map(\.time)
            #expect(times.contains { $0 < paused } && times.contains { $0 > passed })
            #expect(!times.contains { $0 > paused && $0 < passed })
            #expect(try (server.measures()["pendingExports"] ?? 0) > 0)
            try FileManager.default.removeItem(at: server.cloud.appending(path: "cloud.json"))
            let end = try server.upgrade(["run", "--wait"])
            #expect(end.status == 0 && server.result() == "Success", "\(end.output)\(end.errors)")
            #expect(checker.violations(since: before, run: .init(exitStatus: end.status), settlingSeconds: 20).isEmpty)
        }
    }

    @Test("a staging server is upgraded, stays in staging, reads and computes everything anew, and sends nothing")
    func staging() throws {
        try withAdsyncServer(arguments: ["--staging"]) { server in
            try server.offer([.good])
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.upgrade(["run", "--wait"])
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            #expect(checker.violations(since: before, run: .init(exitStatus: run.status), settlingSeconds: 20).isEmpty)
            #expect(try server.settings()["Microsoft.Synchronize.StagingMode"] == "True")
            #expect(try server.cloudOperations().isEmpty)
            let pending = try server.measures()["pendingExports"] ?? 0
            #expect(pending > 150)
            #expect("\(run.output)\(run.errors)".contains("\(pending) exports are pending"))
            let resumed = try #require(server.time("result", "resuming"))
            let profiles = try server.query(
                server.database, "SELECT connector, profile, ended FROM run_history"
            ).filter { row in
                (try? Date(row[2], strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
                    .map { $0 > resumed } ?? false
            }
            let connectors = try server.query(server.database, "SELECT id, kind FROM connectors")
            for connector in connectors {
                let ran = Set(profiles.filter { $0[0] == connector[0] }.map { $0[1] })
                #expect(ran.contains("Full Synchronization"), "\(connector)")
                if connector[1] == "ad" { #expect(ran.contains("Full Import")) }
            }
        }
    }

    @Test("an administrator goes back by hand after a good upgrade")
    func rollbackByHand() throws {
        try withAdsyncServer { server in
            try server.offer([.good])
            let agent = try server.healthAgent()
            let upgraded = try server.upgrade(["run", "--wait"])
            #expect(upgraded.status == 0, "\(upgraded.output)\(upgraded.errors)")
            // What the forest sees meanwhile is not lost.
            try server.change(1)
            try server.awaitCycles(2)
            #expect(try server.upgrade(["rollback"]).status == 64)
            #expect(try server.version() == "1.1.819.0")

            let back = try server.upgrade(["rollback", "--yes"])
            #expect(back.status == 0, "\(back.output)\(back.errors)")
            #expect(try server.version() == "1.1.750.0")
            #expect(try server.healthAgent() == agent)
            try server.awaitCycles(3)
            let status = try server.adsync("status")
            let scheduler = try #require(status["scheduler"] as? [String: Any])
            #expect(scheduler["suspended"] as? Bool == false && scheduler["cycleEnabled"] as? Bool == true)
            #expect(try server.cloudOperations().allSatisfy { $0.result == "accepted" })
            #expect(try server.measures()["pendingExports"] == 0)
            let again = try server.upgrade(["run", "--wait"])
            #expect("\(again.output)\(again.errors)".contains("UpgradeAbortedReleaseWithheld"))
            #expect(try server.version() == "1.1.750.0", "what was left by hand is not installed again by itself")
        }
    }

    @Test("a renamed server is diagnosed by its name and not touched")
    func renamed() throws {
        try withAdsyncServer { server in
            try server.offer([.good])
            try server.stop()
            _ = try server.query(server.database, "UPDATE state SET value = 'formerly' WHERE name = 'hostName'")
            try server.start()
            let run = try server.upgrade(["run", "--wait"])
            #expect(run.status == 78, "\(run.output)\(run.errors)")
            #expect("\(run.output)\(run.errors)".contains("UpgradeNotSupportedServerRenamed"))
            #expect(try server.version() == "1.1.750.0" && server.attemptNames().isEmpty)
            let settings = try server.settings()
            #expect(settings["Microsoft.OptionalFeature.AutoUpgradeState"] == "Suspended")
            #expect(
                settings["Microsoft.OptionalFeature.AutoUpgradeSuspensionReason"]
                    == "UpgradeNotSupportedServerRenamed")
            let check = try server.upgrade(["check"])
            #expect(check.status == 78 && check.output.contains("set up as formerly, now"))
        }
    }

    /// `make test` asks for fifty thousand, with optimised releases; a debug build alone is given fewer.
    static let objects = ProcessInfo.processInfo.environment["AADC_ADSYNC_OBJECTS"].flatMap(Int.init) ?? 3000

    @Test("a large server", .timeLimit(.minutes(20)))
    func large() throws {
        let users = Self.objects * 7 / 10
        let forest = AdsyncServer.Forest(
            users: users, groups: Self.objects / 10, contacts: Self.objects / 20, computers: Self.objects * 3 / 20)
        try withAdsyncServer(forest: forest) { server in
            try server.offer([.good], configuration: ["observationSeconds": 3600, "idleWaitSeconds": 600])
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.upgrade(["run", "--wait"], limitSeconds: 1000)
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            #expect(try server.rehearsedChanges()["user update"] == users)
            #expect(checker.violations(since: before, run: .init(exitStatus: run.status), settlingSeconds: 60).isEmpty)
            #expect(try server.cloudOperations().allSatisfy { $0.result == "accepted" })
            #expect(try server.measures()["pendingExports"] == 0)
        }
    }
}
