import Foundation
import Glibc

/// A server below a folder of its own, provisioned as an administrator would, and operated by its own programs.
struct Server {
    let root: String
    let folder: String
    let programs: String

    private var data: String { "\(root)/var/lib/adsync" }
    private var adsync: String { "\(data)/current/release/bin/adsync" }

    /// A new server with the first release and a directory of so many objects.
    static func make(objects: Int, in folder: String, releases: Releases) throws -> Server {
        let server = Server(root: "\(folder)/server", folder: folder, programs: releases.programs)
        let files = FileManager.default
        let release = "\(server.root)/opt/adsync/releases/\(Releases.first)"
        for path in [release, "\(server.root)/etc/aadc-upgrade", "\(server.root)/var/log/adsync"] {
            try files.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        try Child.must([
            "/bin/sh", "-c", "exec \"$1\" --document \"$2\" --into \"$3\" <\"$4\"", "sh",
            "\(server.programs)/aadc-unpack", releases.document(Releases.first), release,
            releases.archive(Releases.first),
        ])
        let (groups, contacts, computers) = (objects * 7 / 100, objects * 3 / 100, objects / 5)
        let forest = try Child.must([
            "\(server.programs)/forest-generator", "--seed", "750", "--users",
            String(objects - groups - contacts - computers), "--groups", String(groups), "--contacts", String(contacts),
            "--computers", String(computers), "--output", "\(folder)/forest",
        ])
        say(
            "  forest: \(forest.output.trimmingCharacters(in: .whitespacesAndNewlines)), \(Text.seconds(forest.seconds))"
        )
        let name = try files.contentsOfDirectory(atPath: "\(folder)/forest").sorted()[0]
        try Child.must([
            "\(release)/bin/adsync", "init", "--root", server.root, "--connector",
            "\(name).example=\(folder)/forest/\(name)", "--cloud", "\(folder)/cloud", "--interval", "00:00:01",
        ])
        try Child.must(["cp", releases.trustedKeys, "\(server.root)/etc/aadc-upgrade/trusted-keys.json"])
        let configuration =
            "{\"schema\": \"upgrader-config/1\", \"repository\": \"\(releases.url)\", \"observationSeconds\": 86400}\n"
        try configuration.write(
            toFile: "\(server.root)/etc/aadc-upgrade/config.json", atomically: false, encoding: .utf8)
        return server
    }

    // MARK: The service

    /// The service's process, when it is ready to work.
    var service: pid_t? {
        guard let record = try? JSON.file("\(data)/serve.json"), let pid = record["pid"] as? Int,
            Child.isRunning(pid_t(pid))
        else { return nil }
        return pid_t(pid)
    }

    func start() throws {
        let pid = try Child.start([adsync, "serve", "--root", root], log: "\(root)/var/log/adsync/serve.log")
        while service != pid {
            guard Child.isRunning(pid) else { throw BenchError("the service ended; see its log below \(root)") }
            usleep(1000)
        }
    }

    func stop() {
        guard let pid = service else { return }
        kill(pid, SIGTERM)
        while Child.isRunning(pid) { usleep(1000) }
    }

    /// From the signal that stops the service to the answer that it is healthy again.
    func restart() throws -> Double {
        let began = Monotonic.now()
        stop()
        try start()
        let health = try JSON.parse(try verb("health").output)
        guard health["healthy"] as? Bool == true else { throw BenchError("the service is not healthy: \(health)") }
        return Monotonic.now() - began
    }

    /// The service's high-water mark of resident memory since it was started.
    var serviceMemory: Int { service.flatMap { Memory.peak(String($0)) } ?? 0 }

    // MARK: Verbs

    func verb(_ words: String...) throws -> Cost { try verb(words) }

    func verb(_ words: [String]) throws -> Cost {
        try Child.must([adsync] + words + ["--root", root, "--format", "json"])
    }

    var completedCycles: Int {
        get throws {
            let cycles = try JSON.parse(try verb("status").output)["cycles"] as? [String: Any]
            return cycles?["completed"] as? Int ?? 0
        }
    }

    /// Waits until so many cycles have ended; false after the time limit.
    func awaitCycles(_ count: Int, seconds: Double) throws -> Bool {
        let deadline = Monotonic.now() + seconds
        while try completedCycles < count {
            if Monotonic.now() > deadline { return false }
            usleep(200_000)
        }
        return true
    }

    /// Waits for a cycle that had nothing to do.
    func awaitIdle() throws {
        let seen = try completedCycles
        guard try awaitCycles(seen + 2, seconds: 3600) else { throw BenchError("the service runs no cycles any more") }
    }

    /// The main file and its log.
    var databaseBytes: Int {
        ["adsync.db", "adsync.db-wal"].reduce(0) { sum, name in
            var status = stat()
            return sum + (stat("\(data)/current/data/\(name)", &status) == 0 ? Int(status.st_size) : 0)
        }
    }

    /// Objects in connector spaces and metaverse.
    func objects() throws -> (connectorSpaces: Int, metaverse: Int) {
        let facts = try JSON.parse(try verb("facts").output)
        let connectors = facts["connectors"] as? [[String: Any]] ?? []
        let metaverse = (facts["objects"] as? [String: Any])?["metaverse"] as? Int ?? 0
        return (connectors.reduce(0) { $0 + ($1["objects"] as? Int ?? 0) }, metaverse)
    }

    func upgrader(_ words: String...) throws -> Cost {
        try Child.must(["\(programs)/aadc-upgrade"] + words + ["--root", root])
    }

    /// The states of the last attempt with their seconds, in order, from its journal.
    func journal() throws -> Journal {
        let attempts = "\(root)/var/lib/aadc-upgrade/attempts"
        guard let last = try FileManager.default.contentsOfDirectory(atPath: attempts).sorted().last else {
            throw BenchError("\(attempts): there was no attempt")
        }
        return try Journal(file: "\(attempts)/\(last)/events.jsonl")
    }
}

enum JSON {
    static func parse(_ text: String) throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else {
            throw BenchError("expected a JSON object, found: \(text.prefix(200))")
        }
        return object
    }

    static func file(_ path: String) throws -> [String: Any] {
        try parse(try String(contentsOfFile: path, encoding: .utf8))
    }
}
