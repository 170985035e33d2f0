import Foundation
import Glibc
import TestSupport

/// The machine with everything installed as docs/operations.md says, and a server of the contract service on it.
struct Installation: Sendable {
    let machine: Machine

    private static let program = "/var/lib/adsync/current/release/bin/contract-service"
    private static let made = Result { try Installation() }

    /// The one machine of this test run; its tests run one after the other.
    static func shared() throws -> Installation { try made.get() }

    private init() throws {
        machine = try Machine(name: "systemd-machine-\(getpid())")
        atexit { (try? Installation.made.get())?.machine.remove() }
        for program in ["aadc-upgrade", "aadc-rescuer", "aadc-unpack"] {
            try install(builtProgram(program), as: "/usr/bin/\(program)")
        }
        for program in ["invariant-check", "libKillShim.so"] {
            try install(builtProgram(program), as: "/srv/\(program)")
        }
        let units = packageFolder.appending(path: "packaging/systemd")
        for unit in try FileManager.default.contentsOfDirectory(atPath: units.path) {
            try install(units.appending(path: unit), as: "/etc/systemd/system/\(unit)")
        }
        // What no administrator would have: an environment for the run, empty as long as no test fills it, and the name of
        // the contract service's program.
        try write(
            "[Service]\nEnvironmentFile=-/srv/run.environment\n",
            to: "/etc/systemd/system/aadc-upgrade.service.d/test.conf")
        try write(
            "[Service]\nExecStart=\nExecStart=\(Self.program) serve --root / --format json\n",
            to: "/etc/systemd/system/adsync.service.d/test.conf")
        let releases = try PublishedReleases.shared()
        try install(contractServiceFolder.appending(path: "provision.sh"), as: "/srv/provision.sh")
        try install(releases.folder(.base), as: "/srv/base")
        try install(releases.built, as: "/srv/published")
        for version in PublishedReleases.Version.allCases {
            try releases.publish([version], into: machine.outside("/srv/repository/\(version)"))
        }
        try machine.boot()
        // As docs/operations.md says, but for the upgrade's timer: a test starts each run by itself.
        try machine.expect([
            "systemctl", "enable", "--quiet", "adsync.service", "aadc-rescuer.service", "aadc-rescuer.timer",
        ])
        try machine.expect(["systemctl", "start", "aadc-rescuer.timer"])
    }

    private func install(_ file: URL, as path: String) throws {
        let target = machine.outside(path)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: file, to: target)
    }

    func write(_ text: String, to path: String) throws {
        let target = machine.outside(path)
        try FileManager.default.createDirectory(
            at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: target)
    }

    // MARK: A server

    private static let judged = ["/", "/srv/cloud.log", "/srv/published", "/srv/record.json"]

    /// A fresh server on the running machine, which is offered one release; recorded for the judge.
    func reset(offering version: PublishedReleases.Version, configuration more: [String: any Sendable] = [:]) throws {
        try machine.expect([
            "sh", "-c",
            """
            set -eu
            systemctl stop aadc-upgrade.service adsync.service
            systemctl reset-failed
            rm -rf /var/lib/adsync /var/lib/aadc-upgrade /opt/adsync /etc/adsync /etc/aadc-upgrade /var/log/adsync
            rm -f /srv/run.environment /srv/frozen
            : >/srv/cloud.log
            /srv/provision.sh / /srv/base ContractService.IntervalSeconds=0.05 ContractService.CloudLog=/srv/cloud.log
            mkdir -p /etc/aadc-upgrade
            cp /srv/repository/\(version)/metadata/1.root.json /etc/aadc-upgrade/trusted-root.json
            """,
        ])
        var fields: [String: any Sendable] = [
            "schema": "upgrader-config/1", "repository": "/srv/repository/\(version)",
            "unit": "adsync.service", "startWaitSeconds": 20, "idleWaitSeconds": 10, "observationSeconds": 60,
            "freeDiskReserve": 0,
        ]
        fields.merge(more) { $1 }
        try JSONSerialization.data(withJSONObject: fields).write(
            to: machine.outside("/etc/aadc-upgrade/config.json"))
        try machine.expect(["systemctl", "start", "adsync.service"])
        guard try eventually({ try verb("status")["serving"] as? Bool == true }) else {
            throw HarnessError(
                "the service does not start: \(try machine.inside(["journalctl", "-u", "adsync"]).output)")
        }
        try machine.expect(["/srv/invariant-check", "record"] + Self.judged)
    }

    /// What contradicts an invariant, one line each.
    func violations(exitStatus: Int?) throws -> String {
        let judgement = try machine.inside(
            ["/srv/invariant-check", "judge"] + Self.judged + (exitStatus.map { ["\($0)"] } ?? []))
        return judgement.output + judgement.errors
    }

    /// A control command of the active release.
    func verb(_ name: String) throws -> [String: Any] {
        try machine.inside([Self.program, name, "--root", "/", "--format", "json"]).document
    }

    func isActive(_ unit: String) throws -> Bool {
        try machine.inside(["systemctl", "is-active", "--quiet", unit]).status == 0
    }

    func property(_ name: String, of unit: String) throws -> String {
        try machine.expect(["systemctl", "show", "--value", "--property", name, unit])
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs `aadc-upgrade run` as the timer does; the exit status.
    func runUnit() throws -> Int {
        _ = try machine.inside(["systemctl", "start", "aadc-upgrade.service"])
        return Int(try property("ExecMainStatus", of: "aadc-upgrade.service")) ?? -1
    }

    /// Starts runs in their unit until one of them is stopped at a record of its journal, and returns meanwhile.
    func runUntil(_ moment: Moment) throws {
        try write(
            """
            LD_PRELOAD=/srv/libKillShim.so
            KILLSHIM_PROGRAM=aadc-upgrade
            KILLSHIM_TARGET=freeze
            KILLSHIM_STAMP=/srv/frozen
            KILLSHIM_FILE=/events.jsonl
            KILLSHIM_TEXT='\(moment.record.joined(separator: "&"))'
            KILLSHIM_WHEN=\(moment.isOnDisk ? "after-sync" : "before")

            """, to: "/srv/run.environment")
        // An upgrade that is observed is concluded by a second run.
        for _ in 1...5 {
            try machine.expect(["systemctl", "start", "--no-block", "aadc-upgrade.service"])
            let isReached = try eventually(withinSeconds: 60) {
                if machine.exists("/srv/frozen") { return true }
                return try ["inactive", "failed"].contains(property("ActiveState", of: "aadc-upgrade.service"))
            }
            if machine.exists("/srv/frozen") { return try removeEnvironment() }
            if !isReached { break }
        }
        throw HarnessError("the run was never there: \(moment)\n\(log)")
    }

    /// What the machine's units said since its boot.
    var log: String {
        let words = ["journalctl", "--no-pager", "--boot", "-u", "adsync", "-u", "aadc-*"]
        return (try? machine.inside(words).output) ?? "the machine is off"
    }

    private func removeEnvironment() throws {
        try FileManager.default.removeItem(at: machine.outside("/srv/run.environment"))
    }

    // MARK: What lies on the disk, on or off

    func json(_ path: String) -> [String: Any]? {
        (try? Data(contentsOf: machine.outside(path))).flatMap {
            (try? JSONSerialization.jsonObject(with: $0)) as? [String: Any]
        }
    }

    var activeGeneration: Int? {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: machine.outside("/var/lib/adsync/current").path))
            .flatMap { Int($0.split(separator: "/").last ?? "") }
    }

    var attempts: [String] {
        let folder = machine.outside("/var/lib/aadc-upgrade/attempts").path
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }
    }

    /// The recorded results of all attempts.
    var results: [String] {
        attempts.flatMap { attempt -> [String] in
            let file = machine.outside("/var/lib/aadc-upgrade/attempts/\(attempt)/events.jsonl")
            let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            return text.split(separator: "\n").compactMap {
                let record = (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
                return record?["kind"] as? String == "conclusion" ? record?["result"] as? String : nil
            }
        }
    }
}
