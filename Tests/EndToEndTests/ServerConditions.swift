import Foundation
import Glibc
import InvariantChecker
import TestSupport
import Testing

/// What a test brings a server into, and what it asks it.
extension ContractServer {
    static let state = "Microsoft.OptionalFeature.AutoUpgradeState"
    static let reason = "Microsoft.OptionalFeature.AutoUpgradeSuspensionReason"

    func setting(_ name: String) throws -> String? {
        (try verb("settings get").document["parameters"] as? [String: String])?[name]
    }

    func set(_ name: String, _ value: String) throws {
        let result = try verb("settings set", ["--name", name, "--value", value])
        if result.status != 0 { throw HarnessError("\(name) cannot be set: \(result.errors)") }
    }

    func scheduler() throws -> (suspended: Bool, by: String, cycling: Bool) {
        let fields = try verb("status").document["scheduler"] as? [String: Any]
        return (
            fields?["suspended"] as? Bool ?? false, fields?["suspendedBy"] as? String ?? "",
            fields?["cycleInProgress"] as? Bool ?? false
        )
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root.appending(path: path).path) }

    var archiveName: String { "adsync-\(PublishedReleases.Version.good).tar.zst" }

    /// Changes fields of the upgrader's configuration.
    func configure(_ changes: [String: any Sendable]) throws {
        let file = root.appending(path: "etc/aadc-upgrade/config.json")
        var fields = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
        fields.merge(changes) { $1 }
        try JSONSerialization.data(withJSONObject: fields, options: [.prettyPrinted, .sortedKeys]).write(to: file)
    }

    /// The version that runs.
    func version() throws -> String? { try verb("status").document["version"] as? String }

    /// Runs the upgrader and has the checker judge what became of the server.
    ///
    /// - Parameters:
    ///   - result: the one new attempt's result; without it there must be no new attempt.
    ///   - launch: runs the upgrader in another way than with the arguments.
    @discardableResult
    func judged(
        _ arguments: [String] = ["run", "--wait"], status: Int, result: String? = nil,
        by launch: (() throws -> ProgramResult)? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> ProgramResult {
        let attempts = attemptNames()
        let checker = try checker()
        let before = try checker.record()
        let run = try launch?() ?? upgrade(arguments)
        #expect(run.status == status, "\(run.output)\(run.errors)", sourceLocation: sourceLocation)
        let new = attemptNames().filter { !attempts.contains($0) }
        #expect(
            new.map { self.result($0) } == (result.map { [$0] } ?? []), "\(run.output)\(run.errors)",
            sourceLocation: sourceLocation)
        let violations = checker.violations(since: before, run: .init(exitStatus: run.status))
        #expect(violations.isEmpty, "\(run.output)\(run.errors)", sourceLocation: sourceLocation)
        return run
    }

    /// Runs the upgrader and kills that process alone when a record of its journal is on disk.
    func killed(_ arguments: [String] = ["run", "--wait"], at record: [String]) throws {
        let result = try upgrade(
            arguments,
            environment: [
                "LD_PRELOAD": builtProgram("libKillShim.so").path, "KILLSHIM_PROGRAM": "aadc-upgrade",
                "KILLSHIM_FILE": "/events.jsonl", "KILLSHIM_TEXT": record.joined(separator: "&"),
                "KILLSHIM_WHEN": "after-sync",
            ])
        if result.status != 137 {
            throw HarnessError("was not killed but ended with \(result.status): \(result.output)\(result.errors)")
        }
    }

    /// What lies below a folder of the root: each file with its mode and content, each link with its target. What the
    /// service says in its log is not looked at.
    func tree(_ path: String = "") throws -> [String: String] {
        let folder = path.isEmpty ? root : root.appending(path: path)
        var found: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where !name.hasPrefix("var/log/") {
            let file = "\(folder.path)/\(name)"
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            let mode = attributes[.posixPermissions] as? Int ?? 0
            switch attributes[.type] as? FileAttributeType {
            case .typeDirectory?: found[name] = "folder \(mode)"
            case .typeSymbolicLink?:
                found[name] = "link \(try FileManager.default.destinationOfSymbolicLink(atPath: file))"
            default: found[name] = "file \(mode) \(try Data(contentsOf: URL(filePath: file)).base64EncodedString())"
            }
        }
        return found
    }
}

/// The differing names of two trees.
func differences(_ before: [String: String], _ after: [String: String]) -> [String] {
    Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
}

/// What a run keeps for itself, whatever it finds: whose it was, and what it has verified of the repository.
func isOwn(_ path: String) -> Bool {
    path == "var/lib/aadc-upgrade/run.lock" || path.hasPrefix("var/lib/aadc-upgrade/metadata")
}

/// A record of a journal, as `killed(at:)` finds it.
func intent(_ state: String) -> [String] { [#""kind":"intent""#, #""state":"\#(state)""#] }
