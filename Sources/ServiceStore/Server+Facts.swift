import Documents
import GRDB
import Glibc
import LinuxHost
import ReleaseContract
import SyncConfiguration

extension Server {
    /// All that an upgrade's eligibility asks of this server. What this server cannot tell is left out.
    public func facts() throws -> JSONValue {
        let data = try dataFolder()
        let database = try open(data: data)
        var members = try processFacts(data)
        members["database"] = try Self.databaseFacts(data)
        members["engineConfigurationEdited"] = try release.isEdited().map(JSONValue.bool)
        members["securityGroupsPresent"] = try Self.groupExists(of: data).map(JSONValue.bool)
        if let agent = try HealthAgent.read(data: data) {
            members["healthAgent"] = [
                "version": .string(agent.version.description), "registration": .string(agent.registration),
                "uploadEnabled": .bool(agent.uploadEnabled),
            ]
        }
        try database.read { db in
            try configurationFacts(db, &members)
            try Self.objectFacts(db, &members)
        }
        return .object(members)
    }

    private func processFacts(_ data: String) throws -> [String: JSONValue] {
        let service = try runningService()
        let byHand = try CycleLock.isByHand(layout, service: service?.process)
        return [
            "schema": "facts/1", "product": "adsync", "version": .string(release.version.description),
            "account": .string("uid \(getuid())"), "serviceRunning": .bool(service != nil),
            "configurationInProgress": .bool(try byHand || isBeingConfigured()),
            "consoleOpen": .bool(try ConsoleSession.open(layout) != nil),
        ]
    }

    private static func databaseFacts(_ data: String) throws -> JSONValue {
        let path = ServiceDatabase.path(data: data)
        let bytes = (try FileStamp(path: path)?.size ?? 0) + (try FileStamp(path: "\(path)-wal")?.size ?? 0)
        return ["bytes": JSONValue(bytes), "writable": .bool(access(path, R_OK | W_OK) == 0), "kind": "local"]
    }

    /// The group of the data folder is the one that may operate the service: whether the machine still knows it.
    private static func groupExists(of data: String) throws -> Bool? {
        try FileRights(data).map { getgrgid(gid_t($0.group)) != nil }
    }

    private func configurationFacts(_ db: Database, _ members: inout [String: JSONValue]) throws {
        let parameters = try Parameters.all(db)
        members["parameters"] = .object(parameters.mapValues { .string($0) })
        members["hostName"] = [
            "recorded": .string(try State.read(db, .hostName)), "actual": .string(try Self.hostName()),
        ]
        let kind = try State.read(db, .installKind)
        // A server of an older release has no record.
        if !kind.isEmpty { members["installKind"] = .string(kind) }
        let sendsHashes = try Parameters.flag(db, "Microsoft.OptionalFeature.PasswordHashSync")
        members["signInMethod"] = sendsHashes ? "passwordHash" : "none"
        // This service has no such feature.
        members["desktopSingleSignOn"] = false
        members["ruleChanges"] = (try? ruleChanges(db)).map { .array($0.map(\.json)) }
        members["domains"] = try ConnectorDomains.read(db, try Connectors.all(db)).map { .array($0) }
        members["customRules"] = JSONValue(
            try Int.fetchOne(db, sql: "SELECT count(*) FROM rules WHERE origin = 'custom'") ?? 0)
    }

    /// Against the rules that this release brings, which the next one replaces by its own.
    private func ruleChanges(_ db: Database) throws -> [RuleChange] {
        let connectors = try Connectors.all(db)
        let standard = try RuleStore.standard(release, connectors)
        return RuleComparison(
            rules: try RuleStore.all(db).map(\.rule), connectors: connectors.map { RuleConnector($0.definition) },
            standard: .templates(standard), upgrades: .restoresStandard
        ).changes
    }

    private static func objectFacts(_ db: Database, _ members: inout [String: JSONValue]) throws {
        let counts = try ObjectCounts.read(db)
        let objects: [String: JSONValue] = [
            "metaverse": JSONValue(counts.metaverse.values.reduce(0, +)),
            "byType": .object(counts.metaverse.mapValues { JSONValue($0) }),
        ]
        members["objects"] = .object(objects.merging(counts.details?.members ?? [:]) { $1 })
        members["connectors"] = .array(
            try Connectors.all(db).map { connector in
                [
                    "id": .string(connector.id), "name": .string(connector.name), "kind": .string(connector.kindWord),
                    "objects": JSONValue(counts.connectors[connector.id, default: 0]),
                ]
            })
    }
}
