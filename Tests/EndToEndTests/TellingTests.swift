import Foundation
import Glibc
import InvariantChecker
import TestSupport
import Testing

@Suite("What is told afterwards")
struct TellingTests {
    private func json(_ server: ContractServer, _ arguments: [String]) throws -> [String: Any] {
        let told = try server.upgrade(arguments + ["--format", "json"])
        #expect(told.status == 0, "\(told.errors)")
        return told.document
    }

    @Test(
        "is what the journal says",
        arguments: [
            PublishedReleases.Version.good, .preTestFails, .pausedMigrationFails, .postTestFails,
        ])
    func journal(_ release: PublishedReleases.Version) throws {
        try withContractServer { server in
            try server.offer([release])
            try server.awaitCycles(1)
            let run = try server.upgrade(["run", "--wait"])
            let attempt = try #require(server.attemptNames().last)
            let result = try #require(server.result())
            #expect((run.output + run.errors).contains("\(result): "))

            let history = try json(server, ["history"])
            let entries = history["attempts"] as? [[String: Any]] ?? []
            #expect(entries.map { $0["attempt"] as? String } == [attempt])
            #expect(entries.first?["result"] as? String == result)
            #expect(entries.first?["from"] as? String == "1.1.750.0")
            #expect(entries.first?["to"] as? String == release.rawValue)
            let message = server.journal().last?["detail"] as? [String: Any]
            #expect(entries.first?["message"] as? String == message?["message"] as? String)
            let lines = try server.upgrade(["history"]).output
            #expect(lines.contains("1.1.750.0 -> \(release)  \(result)\n"))

            let why = try json(server, ["why"])
            #expect(why["attempt"] as? String == attempt)
            let story = try server.upgrade(["why", attempt]).output
            #expect(story == "\(why["text"] as? String ?? "")\n")
            let failed = server.journal().first { ($0["outcome"] as? String).map { $0 != "done" } ?? false }
            for word in [failed?["reason"], failed?["state"], result] {
                if let word = word as? String { #expect(story.contains(word)) }
            }

            let status = try json(server, ["status"])
            let active = release == .good ? release : .base
            #expect(status["version"] as? String == active.rawValue)
            #expect(status["generation"] as? Int == server.activeGeneration())
            #expect((status["autoUpgrade"] as? [String: String])?["state"] == "Enabled")
            #expect(status["attempt"] == nil && status["lease"] == nil && status["latched"] == nil)
            #expect(try server.upgrade(["status"]).output.contains("release     \(active), generation"))
        }
    }

    @Test("while a release is observed is that it is, until a later run concludes it")
    func observing() throws {
        // The first run is back long before two cycles have ended.
        try withContractServer(settings: ["ContractService.IntervalSeconds": "3"]) { server in
            try server.offer([.good])
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.upgrade(["run"])
            #expect(run.status == 0 && run.output.contains("of 2 cycles seen"), "\(run.output)\(run.errors)")
            #expect(server.result() == nil)
            #expect(checker.violations(since: before, run: .init(exitStatus: 0), isObserving: true).isEmpty)
            let attempt = server.attemptNames().last
            #expect(try json(server, ["status"])["attempt"] as? String == attempt)
            #expect(try server.upgrade(["status"]).output.contains("observing the new release"))
            let open = try json(server, ["history"])["attempts"] as? [[String: Any]]
            #expect(open?.first?["result"] is NSNull && open?.first?["state"] as? String == "observing")

            try server.awaitCycles(2)
            let later = try server.upgrade(["run"])
            #expect(later.status == 0 && later.output.contains("Success"), "\(later.output)\(later.errors)")
            #expect(server.attemptNames().count == 1 && server.result() == "Success")
            #expect(checker.violations(since: before, run: .init(exitStatus: 0)).isEmpty)
        }
    }

    @Test("by a run that is asked to end while it observes is that a later one concludes it")
    func endedWhileObserving() throws {
        try withContractServer(settings: ["ContractService.IntervalSeconds": "3"]) { server in
            try server.offer([.good])
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.startUpgrade(["run", "--wait"])
            #expect(eventually(withinSeconds: 60) { server.journal().last?["state"] as? String == "observing" })
            kill(run, SIGTERM)
            #expect(try awaitEnd(run, milliseconds: 10_000) == 0)
            #expect(server.result() == nil)
            #expect(checker.violations(since: before, run: .init(exitStatus: 0), isObserving: true).isEmpty)
            let later = try server.upgrade(["run", "--wait"])
            #expect(later.status == 0 && server.result() == "Success", "\(later.output)\(later.errors)")
            #expect(server.attemptNames().count == 1)
            #expect(checker.violations(since: before, run: .init(exitStatus: 0)).isEmpty)
        }
    }

    @Test(
        "is looked at without changing anything",
        arguments: [["check"], ["plan"], ["status"], ["why"], ["history"], ["verify"]])
    func looking(_ words: [String]) throws {
        try withContractServer(settings: ["ContractService.IntervalSeconds": "1800"]) { server in
            try server.offer([.preTestFails])
            #expect(try server.upgrade(["run"]).status == 75)
            try server.offer([.preTestFails, .good])
            let before = try server.tree()
            let looked = try server.upgrade(words)
            #expect(looked.status == 0, "\(looked.errors)")
            #expect(differences(before, try server.tree()).isEmpty)
        }
    }

    @Test("of a check that refused is one line per change, however often it is asked")
    func verdicts() throws {
        try withContractServer(settings: ["rule.4711": "a1b2"]) { server in
            try server.offer([.good])
            for _ in 1...3 { try server.judged(status: 78) }
            let verdicts = try json(server, ["history"])["verdicts"] as? [[String: Any]]
            #expect(
                verdicts?.map { $0["code"] as? String } == ["UpgradeNotSupportedCustomizedSyncRules"])
            #expect(try server.upgrade(["why"]).output.contains("UpgradeNotSupportedCustomizedSyncRules"))
        }
    }
}
