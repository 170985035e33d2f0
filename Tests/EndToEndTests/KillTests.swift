import Foundation
import InvariantChecker
import TestSupport
import Testing
import Upgrader

@Suite("A run that is killed")
struct KillTests {
    /// Where the program is killed: at one record of its journal.
    struct Kill: CustomTestStringConvertible, Sendable {
        let release: PublishedReleases.Version
        /// Parts of the record, all of them in its line.
        let record: [String]
        /// Before the record is written, or after it is on disk and before anything that follows.
        let moment: String

        var testDescription: String {
            "\(release), \(moment) \(record.joined(separator: " ").filter { $0 != "\"" })"
        }
    }

    /// Every record that an upgrade writes on its way through the transition table, where one state may fail.
    static func kills(_ release: PublishedReleases.Version, failing: UpgradeState?) -> [Kill] {
        var records: [[String]] = []
        var state = UpgradeState.planning
        while true {
            // The way to the failing state is the same as in a good upgrade.
            let isOwn = failing == nil || state.isWayBack || state == failing
            let outcome = state == failing ? StateOutcome.failed : .done
            if isOwn {
                records.append([#""kind":"intent""#, #""state":"\#(state.rawValue)""#])
                records.append([#""kind":"result""#, #""state":"\#(state.rawValue)""#])
            }
            guard case .enter(let next) = state.next(after: outcome) else { break }
            state = next
        }
        records.append([#""kind":"conclusion""#])
        return records.flatMap { record in
            ["before", "after-sync"].map { Kill(release: release, record: record, moment: $0) }
        }
    }

    @Test(
        "is finished by the next one, and the server is whole",
        arguments: kills(.good, failing: nil) + kills(.postTestFails, failing: .postTesting)
            + kills(.exportsFail, failing: .observing) + kills(.pausedMigrationFails, failing: .migrating))
    func finished(_ kill: Kill) throws {
        try withContractServer { server in
            try server.offer([kill.release])
            try server.awaitCycles(1)
            let checker = try server.checker()
            let before = try checker.record()
            let stamp = server.folder.appending(path: "killed")
            let killed = try server.upgrade(
                ["run", "--wait"],
                environment: [
                    "LD_PRELOAD": builtProgram("libKillShim.so").path, "KILLSHIM_PROGRAM": "aadc-upgrade",
                    "KILLSHIM_FILE": "/events.jsonl", "KILLSHIM_TEXT": kill.record.joined(separator: "&"),
                    "KILLSHIM_WHEN": kill.moment, "KILLSHIM_STAMP": stamp.path,
                ])
            #expect(killed.status == 137, "\(killed.output)\(killed.errors)")
            #expect(FileManager.default.fileExists(atPath: stamp.path))

            // An attempt that has its result already is not what the next run reports about: it finds nothing to do, or a
            // release that failed here and is not tried again so soon.
            let isFinished = server.result() != nil
            let attempts = server.attemptNames()
            let run = try server.upgrade(["run", "--wait"])
            let isAboutAnother = isFinished && server.attemptNames() == attempts
            let violations = checker.violations(
                since: before, run: isAboutAnother ? nil : .init(exitStatus: run.status))
            #expect(violations.isEmpty, "\(killed.output)\(killed.errors)--\n\(run.output)\(run.errors)")
        }
    }
}

extension UpgradeState {
    fileprivate var isWayBack: Bool { [.undoingPause, .rollingBack, .retesting].contains(self) }
}
