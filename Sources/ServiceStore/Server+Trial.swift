import Documents
import GRDB
import LinuxHost
import ReleaseContract
import SyncConfiguration
import SyncEngine

extension Server {
    /// Brings a data folder to this release.
    public func migrate(data: String, token: Int?) throws -> JSONValue {
        try operate("migrate", token: token) { try Migrator(release: release, data: data).run().json }
    }

    /// Whether this release can work with a data folder. `quick` leaves out what takes longer the more data there is.
    public func selfTest(data: String, quick: Bool = false) throws -> JSONValue {
        var checks: [CheckOutcome] = []
        func check(_ name: String, _ body: () throws -> String) {
            do {
                checks.append(CheckOutcome(name: name, status: .ok, detail: try body()))
            } catch {
                checks.append(CheckOutcome(name: name, status: .failed, detail: "\(error)"))
            }
        }
        var opened: ServiceDatabase?
        check("database") {
            opened = try ServiceDatabase(data: data, epoch: try release.epoch())
            return "schema \(try release.epoch())"
        }
        if let database = opened {
            if !quick {
                check("integrity") {
                    let answer = try database.read { try String.fetchAll($0, sql: "PRAGMA quick_check(5)") }
                    guard answer == ["ok"] else { throw ServiceError(.failed, answer.joined(separator: "; ")) }
                    return "ok"
                }
                check("references") {
                    let broken = try database.read { try Row.fetchAll($0, sql: "PRAGMA foreign_key_check").count }
                    guard broken == 0 else {
                        throw ServiceError(.failed, "\(broken) rows name a connector that is not there")
                    }
                    return "ok"
                }
            }
            check("rules") {
                try database.read { db in
                    let rules = try RuleStore.all(db)
                    let connectors = try Connectors.all(db).map(\.definition)
                    _ = try SynchronizationEngine(
                        connectors: connectors, rules: rules.map(\.rule), today: clock.now())
                    guard !rules.isEmpty else { throw ServiceError(.failed, "there are no rules") }
                    return "\(rules.count) rules"
                }
            }
            check("release") {
                let written = try database.read { try State.read($0, .releaseVersion) }
                guard written == release.version.description else {
                    throw ServiceError(.failed, "the data was brought to \(written), this is \(release.version)")
                }
                return written
            }
        }
        check("health-agent") {
            if let problem = try HealthAgent.check(data: data) { throw ServiceError(.failed, problem) }
            return "registered"
        }
        return [
            "schema": "self-test/1", "passed": .bool(!checks.contains { $0.status == .failed }),
            "checks": .array(checks.map(\.json)),
        ]
    }

    /// What the first cycle of this release would export beyond what is pending already. Writes nothing.
    public func rehearse(data: String) throws -> JSONValue {
        let database = try ServiceDatabase(data: data, epoch: try release.epoch())
        let engine = try database.read { db in try ObjectStore.load(db, today: clock.now()) }
        let connectors = engine.connectors
        var before: [UInt32: PendingExport] = [:]
        for connector in connectors {
            try engine.forEachPendingExport(connector: connector.id) { before[$0.object] = $0 }
        }
        var errors = 0
        for kind in [ConnectorKind.activeDirectory, .cloud] {
            for connector in connectors where connector.kind == kind {
                errors += try engine.synchronize(connector: connector.id, .full).errors.count
            }
        }
        var counts: [String: [String: Int]] = [:]
        for connector in connectors {
            try engine.forEachPendingExport(connector: connector.id) { export in
                if before[export.object] != export {
                    counts[export.type, default: [:]][export.operation.rawValue, default: 0] += 1
                }
            }
        }
        let changes = counts.sorted { $0.key < $1.key }.flatMap { type, operations in
            operations.sorted { $0.key < $1.key }.map { operation, count -> JSONValue in
                ["objectType": .string(type), "operation": .string(operation), "count": JSONValue(count)]
            }
        }
        return ["schema": "rehearse/1", "changes": .array(changes), "errors": JSONValue(errors)]
    }
}
