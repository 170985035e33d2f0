import Documents
import GRDB
import Glibc
import LinuxHost
import ReleaseContract
import SyncConfiguration
import SyncEngine

/// What a new server is made of.
public struct NewServer: Sendable {
    public var connectors: [Connector]
    /// Parameters other than the defaults.
    public var parameters: [String: String]

    public init(connectors: [Connector], parameters: [String: String] = [:]) {
        self.connectors = connectors
        self.parameters = parameters
    }

    /// `express` for what needs no decision of anybody: one directory, and every parameter but the time between cycles and
    /// staging mode as it comes. Everything else is `custom`.
    var installKind: String {
        let ordinary: Set = [Parameter.timeInterval, Parameter.staging]
        let isExpress =
            connectors.count { $0.kind == .activeDirectory } == 1 && Set(parameters.keys).isSubset(of: ordinary)
        return isExpress ? "express" : "custom"
    }

    /// The connector of an on-premises directory, from `NAME=FOLDER`. Its id follows from the name.
    public static func directory(_ text: String) throws -> Connector {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            throw ServiceError(.usage, "--connector \(text): expected NAME=FOLDER")
        }
        let name = String(text[..<equals])
        let folder = String(text[text.index(after: equals)...])
        guard folder.hasPrefix("/") else {
            throw ServiceError(.usage, "--connector \(text): expected the folder's whole path, beginning with /")
        }
        return Connector(
            id: identifier("connector \(name)"), name: name, kind: .activeDirectory,
            settings: [Connector.pathSetting: folder])
    }

    public static func cloud(folder: String) -> Connector {
        Connector(
            id: Connector.cloudID, name: "cloud", kind: .cloud, settings: [Connector.pathSetting: folder])
    }

    /// A GUID in braces that follows from a text.
    static func identifier(_ text: String) -> String {
        var rest = Substring(FileDigest.sha256(Array(text.utf8)).hexadecimal)
        let parts = [8, 4, 4, 4, 12].map { length in
            defer { rest = rest.dropFirst(length) }
            return String(rest.prefix(length))
        }
        return "{\(parts.joined(separator: "-"))}"
    }
}

extension Server {
    /// Makes generation 1 of a new server with this release, which lies in its place below the root already.
    public func initialize(_ new: NewServer) throws -> JSONValue {
        if try DurableFiles.kind(layout.current) != nil {
            throw ServiceError(.failed, "\(layout.current): there is a server here already; choose another root")
        }
        let place = layout.release(release.version)
        guard try DurableFiles.kind("\(place)/release.json") != nil else {
            throw ServiceError(.failed, "\(place): unpack release \(release.version) here first")
        }
        try DurableFiles.makeFolders(layout.service)
        return try operate("init") {
            let data = layout.data(1)
            // Left by an init that was interrupted before it pointed `current` here.
            try DurableFiles.removeTree(layout.generation(1))
            try DurableFiles.makeFolders(layout.generation(1))
            try DurableFiles.makeFolders(data, mode: 0o700)
            try DurableFiles.makeFolders(layout.serviceConfiguration)
            try DurableFiles.makeFolders(DurableFiles.folder(of: layout.serviceLog))
            try DurableFiles.replaceLink(layout.releaseLink(1), target: ServerLayout.releaseLinkTarget(release.version))
            try fill(data, new)
            try DurableFiles.replaceLink(layout.current, target: ServerLayout.currentTarget(1))
            return [
                "schema": "init/1", "generation": 1, "version": .string(release.version.description),
                "connectors": .array(new.connectors.map { .string($0.id) }),
            ]
        }
    }

    private func fill(_ data: String, _ new: NewServer) throws {
        let agent = release.components[HealthAgent.component] ?? ProductVersion(1, 0, 0, 0)
        try HealthAgent.register(data: data, version: agent)
        // The schema first: connectors need a place, and rules are made for connectors.
        _ = try Migrator(release: release, data: data).run()
        let database = try ServiceDatabase(data: data, epoch: try release.epoch())
        try database.write { db in
            for (name, value) in Parameter.defaults.merging(new.parameters, uniquingKeysWith: { $1 }) {
                try Parameters.write(db, name, value)
            }
            try Parameters.write(db, Parameter.configurationVersion, release.version.description)
            for connector in new.connectors {
                try Connectors.insert(db, connector)
                if connector.kind == .cloud { _ = try CloudStore.create(folder: connector.path, clock: clock) }
            }
            try State.write(db, .hostName, try Self.hostName())
            try State.write(db, .installKind, new.installKind)
            _ = try RuleStore.install(db, try RuleStore.standard(release, new.connectors))
            // A new server has read nothing yet.
            try Parameters.write(db, Parameter.policy, CyclePolicy.initial.rawValue)
            try db.execute(sql: "DELETE FROM scheduler_overrides")
        }
        try database.checkpoint()
        try DurableFiles.syncFolder(data)
    }
}
