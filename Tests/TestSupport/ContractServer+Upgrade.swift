import Foundation
import InvariantChecker

extension ContractServer {
    /// The checker for this server, which knows the published lists of all releases.
    public func checker() throws -> InvariantChecker {
        let releases = try PublishedReleases.shared()
        let published = PublishedReleases.Version.allCases.map { ($0.rawValue, releases.document($0)) }
        return InvariantChecker(
            root: root, cloudLog: cloudLog, published: Dictionary(uniqueKeysWithValues: published))
    }

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
}
