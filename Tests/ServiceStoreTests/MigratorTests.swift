import Documents
import Foundation
import GRDB
import LinuxHost
import ServiceStore
import TestSupport
import Testing

@Suite("migrator")
struct MigratorTests {
    private func release(_ version: String, _ test: TestServer) throws -> InstalledRelease {
        let folder = try ReleaseFolder.assemble(version, below: URL(filePath: test.root))
        return try InstalledRelease(folder: folder.path)
    }

    @Test func `an upgrade asks for what schema and rules need, and a second call changes nothing`() throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder)
            let new = try release("1.1.819.0", test)
            let first = try Migrator(release: new, data: test.data).run()
            #expect((first.from, first.to) == (1, 2))
            #expect(first.fullImport.count == 1)
            #expect(first.fullSynchronization.count == 2)
            #expect(first.steps.contains("health agent 3.1.2.0 to 3.1.5.0"))
            let second = try Migrator(release: new, data: test.data).run()
            #expect(second.steps.isEmpty)
            #expect((second.from, second.to) == (2, 2))
        }
    }

    @Test func `no setting of the administrator changes but what the release declares`() throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder, parameters: [Parameter.staging: "True"])
            _ = try test.server.set(Parameter.deletionThresholdValue, to: "7", token: nil)
            _ = try test.server.set(Parameter.deletionThreshold, to: "False", token: nil)
            _ = try test.server.addRule(file: try customRule(test))
            let before = try test.server.settings()["parameters"]?.object ?? [:]
            let new = try release("1.1.819.0", test)
            _ = try Migrator(release: new, data: test.data).run()
            let server = Server(root: test.root, release: new, clock: test.clock)
            let after = try server.settings()["parameters"]?.object ?? [:]
            let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
            #expect(changed == [Parameter.configurationVersion])
            #expect(after[Parameter.deletionThresholdValue] == "7")
        }
    }

    @Test func `a deleted standard rule returns, a disabled one stays disabled, a custom one is not touched`() throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder)
            let ids = try test.query(String.self, "SELECT id FROM rules ORDER BY precedence")
            let (deleted, disabled) = (ids[2], ids[3])
            _ = try test.server.removeRule(id: deleted)
            _ = try test.server.switchRule(id: disabled, disabled: true)
            _ = try test.server.addRule(file: try customRule(test))
            let before = try test.query(String.self, "SELECT document FROM rules WHERE origin = 'custom'")
            _ = try Migrator(release: try release("1.1.819.0", test), data: test.data).run()
            let database = try ServiceDatabase(data: test.data, epoch: 2)
            try database.read { db in
                #expect(
                    try Bool.fetchOne(db, sql: "SELECT disabled FROM rules WHERE id = ?", arguments: [deleted]) == false
                )
                #expect(
                    try Bool.fetchOne(db, sql: "SELECT disabled FROM rules WHERE id = ?", arguments: [disabled]) == true
                )
                let custom = try String.fetchAll(db, sql: "SELECT document FROM rules WHERE origin = 'custom'")
                #expect(custom == before)
                #expect(custom.count == 1)
            }
        }
    }

    @Test func `a migration that fails leaves the schema before it`() throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder)
            let broken = try release("1.1.880.0", test)
            let error = #expect(throws: ServiceError.self) { try Migrator(release: broken, data: test.data).run() }
            #expect(error?.message.contains("003.sql") == true)
            let database = try ServiceDatabase(data: test.data, epoch: 2)
            let tables = try database.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") }
            #expect(!tables.contains("run_history_by_duration"))
        }
    }

    @Test func `the health agent is never downgraded`() throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder, version: "1.1.819.0")
            let path = "\(test.data)/health-agent.json"
            let before = try #require(try DurableFiles.read(path))
            let newer = String(decoding: before, as: UTF8.self).replacing("3.1.5.0", with: "4.0.0.0")
            try DurableFiles.replace(path, Array(newer.utf8))
            _ = try Migrator(release: test.server.release, data: test.data).run()
            #expect(try DurableFiles.read(path) == Array(newer.utf8))
        }
    }

    @Test func `a release whose migrations have a gap is refused by name`() throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder)
            let path = "\(test.server.release.folder)/migrations/003.sql"
            try DurableFiles.replace(path, Array("SELECT 1;".utf8))
            let error = #expect(throws: ServiceError.self) { try test.server.release.migrations() }
            #expect(error?.message.contains("expected the name 002.sql") == true)
        }
    }

    private func customRule(_ test: TestServer) throws -> String {
        let connector = try test.query(String.self, "SELECT id FROM connectors WHERE kind = 'ad'")[0]
        let path = test.folder.appending(path: "rule.json").path
        let rule: JSONValue = [
            "id": "mine", "name": "Mine", "direction": "inbound", "connector": .string(connector),
            "connectorObjectType": "user", "metaverseObjectType": "person", "linkType": "join", "precedence": 10,
            "flows": [["target": "title", "constant": "Person"]],
        ]
        try DurableFiles.replace(path, rule.pretty)
        return path
    }
}
