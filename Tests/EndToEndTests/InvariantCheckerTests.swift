import Foundation
import Glibc
import InvariantChecker
import TestSupport
import Testing

@Suite("The invariant checker")
struct InvariantCheckerTests {
    /// Something that must never be seen after an upgrade. The number is that of the invariant it breaks.
    enum Damage: String, CaseIterable, CustomTestStringConvertible {
        case changedFileOfActiveRelease, strangeFileInActiveRelease, activeReleaseGone
        case pauseOfSomebodyElseLost, schedulerLeftSuspended
        case exportWhilePaused, exportOnTrial
        case dataOtherThanBefore
        case unverifiedReleaseInstalled
        case noResult, secondResult, unreadableJournal
        case processLeft, secondActor
        case serviceGone, leaseLeft, trialMarkLeft
        case suspendedWithoutReason, suspendedByObstacle
        case settingLost, settingChanged, agentRegistrationChanged
        case otherExitStatus, otherResultReported, nothingRecorded

        var invariant: Int {
            switch self {
            case .changedFileOfActiveRelease, .strangeFileInActiveRelease, .activeReleaseGone: 1
            case .pauseOfSomebodyElseLost, .schedulerLeftSuspended: 2
            case .exportWhilePaused, .exportOnTrial: 3
            case .dataOtherThanBefore: 4
            case .unverifiedReleaseInstalled: 5
            case .noResult, .secondResult, .unreadableJournal: 6
            case .processLeft, .secondActor: 7
            case .serviceGone, .leaseLeft, .trialMarkLeft: 8
            case .suspendedWithoutReason, .suspendedByObstacle: 9
            case .settingLost, .settingChanged, .agentRegistrationChanged: 10
            case .otherExitStatus, .otherResultReported, .nothingRecorded: 11
            }
        }

        /// The upgrade that has gone before.
        var release: PublishedReleases.Version {
            switch self {
            case .dataOtherThanBefore: .postTestFails
            case .suspendedByObstacle: .preTestFails
            default: .good
            }
        }

        var testDescription: String { "\(invariant): \(rawValue)" }
    }

    @Test("turns red on planted damage, and only there", arguments: Damage.allCases)
    func turnsRed(_ damage: Damage) throws {
        let isPaused = damage == .pauseOfSomebodyElseLost
        try withContractServer { server in
            try server.offer([damage.release])
            let checker = try server.checker()
            let before = try checker.record()
            let run = try server.upgrade(["run", "--wait"])
            #expect(checker.violations(since: before, run: .init(exitStatus: run.status)).isEmpty)

            // An administrator's pause is what an upgrade refuses, so this server is recorded with it afterwards.
            if isPaused { try server.verb("suspend", ["--owner", "somebody"]) }
            let judged = isPaused ? try checker.record() : before
            var reported = InvariantChecker.Run(exitStatus: run.status, result: server.result())
            try plant(damage, on: server, reported: &reported)
            let violations = checker.violations(
                since: judged, run: isPaused ? nil : reported, settlingSeconds: 0)
            let seen = Set(violations.map(\.invariant))
            // A changed file of the active release is one of an installed release, too.
            let allowed: Set<Int> = damage.invariant == 1 ? [1, 5] : [damage.invariant]
            #expect(seen.contains(damage.invariant) && seen.isSubset(of: allowed), "\(violations)")
        }
    }

    private func plant(
        _ damage: Damage, on server: ContractServer, reported: inout InvariantChecker.Run
    ) throws {
        let active = server.service.appending(path: "current/release")
        let parameter = "Microsoft.OptionalFeature."
        switch damage {
        case .changedFileOfActiveRelease: try append("#\n", to: active.appending(path: "rules/export.sh"))
        case .strangeFileInActiveRelease: try Data("x".utf8).write(to: active.appending(path: "rules/stranger"))
        case .activeReleaseGone:
            try FileManager.default.removeItem(at: active.appending(path: "tests/pre/10-data"))
        case .pauseOfSomebodyElseLost: try server.verb("resume", ["--owner", "x", "--force"])
        case .schedulerLeftSuspended: try server.verb("suspend", ["--owner", "x"])
        case .exportWhilePaused:
            let paused = server.journal().first {
                $0["kind"] as? String == "result" && $0["state"] as? String == "pausing"
            }
            try append("\(paused?["time"] ?? "") export 999 1 1.1.750.0 update person-999\n", to: server.cloudLog)
        case .exportOnTrial:
            let start = server.journal().first { $0["state"] as? String == "starting" }
            try append("\(start?["time"] ?? "") export 999 2 1.1.751.0 update person-999\n", to: server.cloudLog)
        case .dataOtherThanBefore: try append("x person\n", to: server.data(1).appending(path: "objects"))
        case .unverifiedReleaseInstalled:
            let folder = server.root.appending(path: "opt/adsync/releases/1.1.999.0/bin")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        case .noResult: try rewriteJournal(of: server) { $0.removeLast() }
        case .secondResult:
            try rewriteJournal(of: server) { lines in
                let last = lines[lines.count - 1]
                let index = "\"index\":\(lines.count - 1)"
                lines.append(last.replacingOccurrences(of: index, with: "\"index\":\(lines.count)"))
            }
        case .unreadableJournal: try rewriteJournal(of: server) { $0[1] = "{}" }
        case .processLeft:
            // Waits for a line in a pipe that only it has open.
            let (log, pipe) = (server.folder.appending(path: "left.log"), server.folder.appending(path: "pipe"))
            mkfifo(pipe.path, 0o600)
            _ = try start(
                URL(filePath: "/bin/sh"), ["-c", "read nothing", server.root.path], input: pipe.path, output: log,
                errors: log)
        case .secondActor:
            try rewriteJournal(of: server) { lines in
                lines[2] = lines[2].replacing(/"pid":[0-9]+/, with: "\"pid\":1")
            }
        case .serviceGone: try server.stop()
        case .leaseLeft: try server.writeLease(token: 1)
        case .trialMarkLeft: try Data("{}".utf8).write(to: server.data(2).appending(path: "trial.json"))
        case .suspendedWithoutReason:
            try server.verb("settings set", ["--name", "\(parameter)AutoUpgradeState", "--value", "Suspended"])
        case .suspendedByObstacle:
            try server.verb(
                "settings set", ["--name", "\(parameter)AutoUpgradeSuspensionReason", "--value", "PreTestFailed"])
            try server.verb("settings set", ["--name", "\(parameter)AutoUpgradeState", "--value", "Suspended"])
        case .settingLost:
            let file = server.data(2).appending(path: "settings")
            let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
            try Data(lines.filter { !$0.contains("StagingMode") }.map { "\($0)\n" }.joined().utf8).write(
                to: file, options: .atomic)
        case .settingChanged:
            try server.verb(
                "settings set", ["--name", "\(parameter)ExportDeletionThresholdValue", "--value", "5000"])
        case .agentRegistrationChanged:
            try Data("0e0e0e0e\n".utf8).write(
                to: server.root.appending(path: "etc/adsync/health-agent-registration"))
        case .otherExitStatus: reported = .init(exitStatus: 75)
        case .otherResultReported: reported = .init(exitStatus: 0, result: "UpgradeAborted")
        case .nothingRecorded: try FileManager.default.removeItem(at: server.attempts)
        }
    }

    private func append(_ text: String, to file: URL) throws {
        var data = try Data(contentsOf: file)
        data.append(Data(text.utf8))
        let handle = try FileHandle(forWritingTo: file)
        try handle.write(contentsOf: data)
        try handle.close()
    }

    private func rewriteJournal(of server: ContractServer, _ change: (inout [String]) -> Void) throws {
        let name = try #require(server.attemptNames().last)
        let file = server.attempts.appending(path: "\(name)/events.jsonl")
        var lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
        change(&lines)
        try Data(lines.map { "\($0)\n" }.joined().utf8).write(to: file)
    }
}
