import Foundation
import Glibc

/// A server below a temporary root that the real `aadc-upgrade` works on, whichever service it runs.
public protocol OperatedServer: Sendable {
    /// Everything of this server lies below it, the repository and the cloud too.
    var folder: URL { get }
}

extension OperatedServer {
    public var root: URL { folder.appending(path: "root") }
    /// The published repository that the server's upgrader is configured with.
    public var repository: URL { folder.appending(path: "repository") }
    public var service: URL { root.appending(path: "var/lib/adsync") }
    public var attempts: URL { root.appending(path: "var/lib/aadc-upgrade/attempts") }

    /// Runs `aadc-upgrade` on this server.
    @discardableResult
    public func upgrade(
        _ arguments: [String], environment: [String: String] = [:], limitSeconds: Int = 120
    ) throws -> ProgramResult {
        try run(
            builtProgram("aadc-upgrade"), arguments + ["--root", root.path], environment: environment,
            limitSeconds: limitSeconds)
    }

    /// The names of the attempts so far, oldest first.
    public func attemptNames() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: attempts.path)) ?? []).filter { !$0.hasPrefix(".") }
            .sorted()
    }

    /// The journal of an attempt, one document per record; that of the last one where none is named.
    public func journal(_ attempt: String? = nil) -> [[String: Any]] {
        guard let name = attempt ?? attemptNames().last,
            let text = try? String(
                contentsOf: attempts.appending(path: "\(name)/events.jsonl"), encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
        }
    }

    /// The recorded result code of an attempt.
    public func result(_ attempt: String? = nil) -> String? {
        journal(attempt).last { $0["kind"] as? String == "conclusion" }?["result"] as? String
    }

    /// The process that serve.json names, and its generation.
    public func served() -> (pid: pid_t, generation: Int)? {
        guard let data = try? Data(contentsOf: service.appending(path: "serve.json")),
            let fields = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
            let pid = fields["pid"] as? Int, let generation = fields["generation"] as? Int
        else { return nil }
        return (pid_t(pid), generation)
    }

    /// Stops the service that runs, whoever started it.
    public func stop() throws {
        guard let pid = served()?.pid else { return }
        kill(pid, SIGTERM)
        let ended = eventually {
            waitpid(pid, nil, WNOHANG)
            return !RunningProcess.all().contains { $0.pid == pid }
        }
        if !ended { throw HarnessError("the service, process \(pid), does not stop") }
    }

    /// The generation that `current` points to.
    public func activeGeneration() -> Int? {
        let target = try? FileManager.default.destinationOfSymbolicLink(
            atPath: service.appending(path: "current").path)
        return target.flatMap { Int($0.split(separator: "/").last ?? "") }
    }

    public func data(_ generation: Int = 1) -> URL { service.appending(path: "gen/\(generation)/data") }
}
