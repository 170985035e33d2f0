import Foundation
import InvariantChecker
import TestSupport
import Testing

@Suite("Staging a release")
struct StageTests {
    private let good = PublishedReleases.Version.good

    @Test("brings it onto the server beside the running one, and the next run fetches nothing")
    func staged() throws {
        try withContractServer { server in
            try server.offer([.good])
            try withLoopbackServer(server.repository) { web in
                try server.configure(["repository": web.address])
                let checker = try server.checker()
                let before = try checker.record()
                let staged = try server.upgrade(["stage"])
                #expect(staged.status == 0, "\(staged.errors)")
                #expect(staged.output.contains("opt/adsync/releases/\(good)"))
                #expect(server.activeGeneration() == 1 && server.attemptNames().isEmpty)
                #expect(checker.violations(since: before, run: .init(exitStatus: 0)).isEmpty)

                let again = try server.upgrade(["stage"])
                #expect(again.status == 0 && again.output.contains("was there already"), "\(again.output)")
                try server.judged(status: 0, result: "Success")
                let archives = web.requests.filter { $0.path.hasSuffix(server.archiveName) }
                #expect(archives.count == 1)
            }
        }
    }

    @Test("is refused where a run would refuse the upgrade, with the same words, and fetches nothing")
    func refused() throws {
        try withContractServer(settings: ["rule.4711": "a1b2"]) { server in
            try server.offer([.good])
            let staged = try server.upgrade(["stage"])
            #expect(staged.status == 78 && staged.errors.contains("UpgradeNotSupportedCustomizedSyncRules"))
            #expect(!server.exists("opt/adsync/releases/\(good)"))
        }
    }

    @Test("has nothing to do on a server that is up to date, and leaves an unfinished attempt alone")
    func otherwise() throws {
        try withContractServer { server in
            try server.offer([.base])
            let nothing = try server.upgrade(["stage"])
            #expect(nothing.status == 0 && nothing.output.contains("nothing to do"))

            try server.offer([.good], configuration: ["leaseSeconds": 7200])
            try server.awaitCycles(1)
            try server.killed(at: intent("preTesting"))
            let busy = try server.upgrade(["stage"])
            #expect(busy.status == 75 && busy.errors.contains("UpgradeAbortedAttemptUnfinished"), "\(busy.errors)")
            #expect(try server.upgrade(["run"]).status == 75)
            #expect(try server.upgrade(["stage"]).status == 0)
        }
    }
}

@Suite("A changed file in an installed release")
struct DamagedReleaseTests {
    /// What somebody did to the active release.
    enum Damage: String, CaseIterable { case changed, removed, added, otherMode, otherList }

    private func damage(_ release: URL, _ damage: Damage) throws {
        let file = release.appending(path: "rules/export.sh")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: release.path)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o755], ofItemAtPath: file.deletingLastPathComponent().path)
        switch damage {
        case .changed: try rewrite(file) { $0 + "\n" }
        case .removed: try FileManager.default.removeItem(at: file)
        case .added: try Data("x".utf8).write(to: release.appending(path: "rules/stranger"))
        case .otherMode: try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: file.path)
        case .otherList:
            // Whoever changes a file can change the list beside it as well.
            try rewrite(release.appending(path: "release.json")) {
                $0.replacingOccurrences(of: "The contract", with: "Tho contract")
            }
        }
    }

    private func rewrite(_ file: URL, _ change: (String) -> String) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions]
        try FileManager.default.removeItem(at: file)
        try Data(change(text).utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode ?? 0o644], ofItemAtPath: file.path)
    }

    @Test("is found, and restored from what was kept of it, without a repository", arguments: Damage.allCases)
    func restored(_ what: Damage) throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.awaitCycles(1)
            try server.judged(status: 0, result: "Success")
            try FileManager.default.removeItem(at: server.repository)
            let release = server.root.appending(path: "opt/adsync/releases/\(PublishedReleases.Version.good)")
            let whole = try server.upgrade(["verify"])
            #expect(whole.status == 0 && !whole.output.contains("DAMAGED"), "\(whole.output)\(whole.errors)")

            try damage(release, what)
            let found = try server.upgrade(["verify", "--format", "json"])
            let releases = found.document["releases"] as? [[String: Any]]
            #expect(found.status == 65 && releases?.first?["whole"] as? Bool == false, "\(found.output)")
            #expect(found.errors.contains("aadc-upgrade repair"))

            let dry = try server.upgrade(["repair", "--dry-run"])
            #expect(dry.errors.contains("would: restore the active release"), "\(dry.errors)")
            #expect(try server.upgrade(["verify"]).status == 65)

            let pid = try #require(server.served()?.pid)
            let repaired = try server.upgrade(["repair"])
            #expect(repaired.errors.contains("restore the active release"), "\(repaired.errors)")
            #expect(try server.upgrade(["verify"]).status == 0)
            #expect(server.served()?.pid != pid, "the service runs from the damaged files")
            try server.awaitCycles(1)
        }
    }

    @Test("keeps the next upgrade from beginning, though the list beside it was changed as well")
    func stopsUpgrades() throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.awaitCycles(1)
            try server.judged(status: 0, result: "Success")
            let release = server.root.appending(path: "opt/adsync/releases/\(PublishedReleases.Version.good)")
            try damage(release, .otherList)
            try server.offer([.later])
            let run = try server.upgrade(["run"])
            #expect(run.status == 75 && run.errors.contains("ReleaseDamaged"), "\(run.errors)")
            #expect(try server.upgrade(["repair"]).status == 0)
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("of the release that the server was installed with is restored from the repository, or it is said why not")
    func fromRepository() throws {
        try withContractServer { server in
            try server.offer([.good])
            let release = server.root.appending(path: "opt/adsync/releases/\(PublishedReleases.Version.base)")
            try damage(release, .changed)
            let kept = try server.upgrade(["repair"])
            #expect(kept.status == 75 && kept.errors.contains("does not publish it"), "\(kept.errors)")

            try server.offer([.base, .good])
            try server.judged(["repair"], status: 0)
            #expect(try server.upgrade(["verify"]).status == 0)
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test("of a release that is not active is named, and the upgrade to it fetches it again")
    func notActive() throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.upgrade(["stage"])
            let release = server.root.appending(path: "opt/adsync/releases/\(PublishedReleases.Version.good)")
            try damage(release, .changed)
            let found = try server.upgrade(["verify"])
            #expect(found.status == 65 && found.errors.contains("fetches it again"), "\(found.errors)")
            #expect(try server.upgrade(["verify", "--active"]).status == 0)
            try server.judged(status: 0, result: "Success")
        }
    }
}
