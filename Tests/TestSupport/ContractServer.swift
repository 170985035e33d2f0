import Foundation
import Glibc

/// A server below a temporary root that runs the contract service.
public struct ContractServer: OperatedServer {
    /// Everything of this server lies below it, the repository and the cloud's log too.
    public let folder: URL
    /// What the service sent to the cloud; outside the server.
    public var cloudLog: URL { folder.appending(path: "cloud.log") }

    /// Makes a server with one installed release; its service does not run yet. Cycles follow each other without a pause
    /// that a test would notice.
    public init(
        below folder: URL, installed: PublishedReleases.Version = .base, settings: [String: String] = [:]
    ) throws {
        self.folder = folder
        var values = ["ContractService.IntervalSeconds": "0.05", "ContractService.CloudLog": cloudLog.path]
        values.merge(settings) { $1 }
        try expectSuccess(
            contractServiceFolder.appending(path: "provision.sh"),
            [root.path, try PublishedReleases.shared().folder(installed).path]
                + values.map { "\($0.key)=\($0.value)" }.sorted())
        try Data().write(to: cloudLog)
    }

    /// Publishes releases for this server and configures its upgrader with them. The fields are those of
    /// `upgrader-config/1`.
    public func offer(_ versions: [PublishedReleases.Version], configuration: [String: any Sendable] = [:]) throws {
        try PublishedReleases.shared().publish(versions, into: repository)
        try trust(repository)
        var fields: [String: any Sendable] = [
            "schema": "upgrader-config/1", "repository": repository.path, "startWaitSeconds": 10, "stopWaitSeconds": 2,
            "idleWaitSeconds": 10, "observationSeconds": 60,
            "freeDiskReserve": 0,
        ]
        fields.merge(configuration) { $1 }
        let file = root.appending(path: "etc/aadc-upgrade/config.json")
        try JSONSerialization.data(withJSONObject: fields, options: [.prettyPrinted, .sortedKeys]).write(to: file)
    }

    /// Starts the service of the active generation in a session of its own and waits until it is ready.
    public func start() throws {
        let log = root.appending(path: "var/log/adsync/serve.log")
        let pid = try TestSupport.start(
            program(), ["serve", "--root", root.path, "--format", "json"], output: log, errors: log)
        let ready = eventually { served()?.pid == pid || kill(pid, 0) != 0 }
        if !ready || served()?.pid != pid {
            throw HarnessError("the contract service did not start; its log is \(log.path)")
        }
    }

    /// The program of the active release, or that of another one that is installed or built.
    public func program(of version: PublishedReleases.Version? = nil) -> URL {
        guard let version else { return service.appending(path: "current/release/bin/contract-service") }
        let installed = root.appending(path: "opt/adsync/releases/\(version)/bin/contract-service")
        if FileManager.default.fileExists(atPath: installed.path) { return installed }
        let built = (try? PublishedReleases.shared().folder(version)) ?? root
        return built.appending(path: "bin/contract-service")
    }

    /// Calls a control command; the verb is one word or two.
    @discardableResult
    public func verb(
        _ verb: String, _ more: [String] = [], of version: PublishedReleases.Version? = nil, limitSeconds: Int = 30
    ) throws -> ProgramResult {
        let words = verb.split(separator: " ").map(String.init)
        return try run(
            program(of: version), words + ["--root", root.path, "--format", "json"] + more, limitSeconds: limitSeconds)
    }

    /// What was sent to the cloud so far.
    public func cloudLines() throws -> [String] {
        try String(contentsOf: cloudLog, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    /// Waits until the service has ended some more whole cycles.
    public func awaitCycles(_ count: Int) throws {
        let start = try completedCycles()
        let seen = try eventually { try completedCycles() >= start + count }
        if !seen { throw HarnessError("the service did not end \(count) cycles") }
    }

    public func completedCycles() throws -> Int {
        let cycles = try verb("status").document["cycles"] as? [String: Any]
        return cycles?["completed"] as? Int ?? -1
    }
}

/// Runs the body with a server and ends everything that works below its folder afterwards.
public func withContractServer<Result>(
    installed: PublishedReleases.Version = .base, settings: [String: String] = [:], started: Bool = true,
    _ body: (ContractServer) throws -> Result
) throws -> Result {
    try withTemporaryFolder("server") { folder in
        let server = try ContractServer(below: folder, installed: installed, settings: settings)
        defer { _ = try? RunningProcess.endAll(below: folder) }
        if started { try server.start() }
        return try body(server)
    }
}
