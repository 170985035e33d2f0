import Foundation
import Glibc
import InvariantChecker

/// A server below a temporary root that runs adsync, with a generated forest and a cloud directory beside it.
public struct AdsyncServer: OperatedServer {
    /// How many of everything the forest has.
    public struct Forest: Sendable {
        public var users: Int
        public var groups: Int
        public var contacts: Int
        public var computers: Int

        public init(users: Int = 150, groups: Int = 20, contacts: Int = 10, computers: Int = 60) {
            (self.users, self.groups, self.contacts, self.computers) = (users, groups, contacts, computers)
        }
    }

    public let folder: URL
    /// Where the forest's dump and changes are.
    public var forest: URL { folder.appending(path: "forest/corp") }
    /// The cloud directory, outside of the server.
    public var cloud: URL { folder.appending(path: "cloud") }
    public var database: URL { service.appending(path: "current/data/adsync.db") }

    /// Makes a server with release 1.1.750.0; its service does not run yet.
    public init(below folder: URL, forest size: Forest = Forest(), arguments: [String] = []) throws {
        self.folder = folder
        let release = root.appending(path: "opt/adsync/releases/\(AdsyncReleases.Version.base)")
        try FileManager.default.createDirectory(at: release, withIntermediateDirectories: true)
        let releases = try AdsyncReleases.shared()
        try expectSuccess(
            builtProgram("aadc-unpack"), ["--document", releases.document(.base).path, "--into", release.path],
            input: releases.archive(.base).path)
        try expectSuccess(
            builtProgram("forest-generator"),
            [
                "--seed", "750", "--users", "\(size.users)", "--groups", "\(size.groups)", "--contacts",
                "\(size.contacts)", "--computers", "\(size.computers)", "--changes", "2", "--output",
                folder.appending(path: "forest").path,
            ])
        // The directory changes when a test says so.
        for name in ["000001.ldif", "000002.ldif"] {
            try FileManager.default.moveItem(
                at: forest.appending(path: name), to: folder.appending(path: "later-\(name)"))
        }
        try expectSuccess(
            release.appending(path: "bin/adsync"),
            [
                "init", "--root", root.path, "--connector", "corp.example=\(forest.path)", "--cloud", cloud.path,
                "--interval", "00:00:01",
            ] + arguments)
    }

    /// Lets the next changes happen in the forest: 1 % deletes, 1 % adds, 5 % modifications.
    public func change(_ number: Int) throws {
        let name = "00000\(number).ldif"
        try FileManager.default.moveItem(
            at: folder.appending(path: "later-\(name)"), to: forest.appending(path: name))
    }

    /// Publishes releases for this server and configures its upgrader with them. The fields are those of
    /// `upgrader-config/1`.
    public func offer(_ versions: [AdsyncReleases.Version], configuration: [String: any Sendable] = [:]) throws {
        try AdsyncReleases.shared().publish(versions, into: repository)
        try trust(repository)
        var fields: [String: any Sendable] = [
            "schema": "upgrader-config/1", "repository": repository.path, "startWaitSeconds": 60, "idleWaitSeconds": 60,
            "observationSeconds": 300, "freeDiskReserve": 0,
        ]
        fields.merge(configuration) { $1 }
        let file = root.appending(path: "etc/aadc-upgrade/config.json")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try JSONSerialization.data(withJSONObject: fields, options: [.prettyPrinted, .sortedKeys]).write(to: file)
    }

    /// Starts the service of the active generation in a session of its own and waits until it is ready.
    public func start() throws {
        let log = folder.appending(path: "serve.log")
        let pid = try TestSupport.start(program, ["serve", "--root", root.path], output: log, errors: log)
        _ = eventually(withinSeconds: 60) { served()?.pid == pid || kill(pid, 0) != 0 }
        if served()?.pid != pid { throw HarnessError("adsync did not start; its log is \(log.path)") }
    }

    public var program: URL { service.appending(path: "current/release/bin/adsync") }

    /// Calls adsync of the active release; the words are those of its command line.
    @discardableResult
    public func adsync(_ words: String...) throws -> [String: Any] {
        let answer = try run(program, words + ["--root", root.path, "--format", "json"])
        if answer.status != 0 { throw HarnessError("adsync \(words) ended with \(answer.status): \(answer.errors)") }
        return answer.document
    }

    public func settings() throws -> [String: String] {
        try adsync("settings", "get")["parameters"] as? [String: String] ?? [:]
    }

    public func set(_ name: String, _ value: String) throws {
        try adsync("settings", "set", "--name", name, "--value", value)
    }

    public func version() throws -> String? { try adsync("status")["version"] as? String }

    /// Waits until the service has ended some more whole cycles.
    public func awaitCycles(_ count: Int, withinSeconds limit: Double = 60) throws {
        func completed() throws -> Int {
            (try adsync("status")["cycles"] as? [String: Any])?["completed"] as? Int ?? -1
        }
        let start = try completed()
        let seen = try eventually(withinSeconds: limit) { try completed() >= start + count }
        if !seen { throw HarnessError("the service did not end \(count) cycles") }
    }

    /// The checker for this server, which knows the published lists of all releases.
    public func checker() throws -> InvariantChecker {
        let releases = try AdsyncReleases.shared()
        let published = AdsyncReleases.Version.allCases.map { ($0.rawValue, releases.document($0)) }
        return InvariantChecker(
            root: root, cloudLog: cloud.appending(path: "operations.jsonl"),
            published: Dictionary(uniqueKeysWithValues: published))
    }
}

/// Runs the body with a server and ends everything that works below its folder afterwards.
public func withAdsyncServer<Result>(
    forest: AdsyncServer.Forest = .init(), arguments: [String] = [], started: Bool = true,
    _ body: (AdsyncServer) throws -> Result
) throws -> Result {
    try withTemporaryFolder("adsync") { folder in
        let server = try AdsyncServer(below: folder, forest: forest, arguments: arguments)
        defer { _ = try? RunningProcess.endAll(below: folder) }
        if started {
            try server.start()
            // The first reads and exports everything, the second has the cloud's confirmation.
            try server.awaitCycles(2, withinSeconds: 300)
        }
        return try body(server)
    }
}
