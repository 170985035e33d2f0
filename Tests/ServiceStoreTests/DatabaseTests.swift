import Foundation
import GRDB
import LinuxHost
import ServiceStore
import TestSupport
import Testing

@Suite("database")
struct DatabaseTests {
    @Test func `a commit is on disk when it returns, and closing keeps the log`() throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder)
            do {
                let database = try test.server.open()
                let modes = try database.read { db in
                    [
                        try String.fetchOne(db, sql: "PRAGMA synchronous"),
                        try String.fetchOne(db, sql: "PRAGMA journal_mode"),
                    ]
                }
                #expect(modes == ["2", "wal"])
                try database.write { try $0.execute(sql: "UPDATE state SET value = 'x' WHERE name = 'hostName'") }
            }
            let log = try #require(try DurableFiles.kind("\(test.data)/adsync.db-wal"))
            #expect(log != .file(bytes: 0))
        }
    }

    @Test func `a newer schema is refused and left untouched`() throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder)
            do {
                let database = try test.server.open()
                try database.write { try $0.execute(sql: "PRAGMA user_version = 99") }
                try database.checkpoint()
            }
            let before = try content(test.data)
            #expect(throws: ServiceError.self) { try test.server.open() }
            #expect(throws: ServiceError.self) {
                try Migrator(release: test.server.release, data: test.data).run()
            }
            #expect(try content(test.data) == before)
        }
    }

    @Test func `a newer schema that is only in the log is refused too`() throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder)
            try test.execute("PRAGMA user_version = 99")
            let error = #expect(throws: ServiceError.self) { try test.server.open() }
            #expect(error?.message.contains("newer") == true)
        }
    }

    @Test(arguments: ["another program's", "no database at all"])
    func `a file of another kind is refused by name`(kind: String) throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder)
            let path = "\(test.data)/adsync.db"
            if kind == "no database at all" {
                try DurableFiles.remove("\(path)-wal")
                try DurableFiles.replace(path, Array("plain text that is longer than the header of a database".utf8))
            } else {
                let database = try test.server.open()
                try database.write { try $0.execute(sql: "PRAGMA application_id = 7") }
                try database.checkpoint()
            }
            let error = #expect(throws: ServiceError.self) { try test.server.open() }
            #expect(error?.message.contains("/data/adsync.db: ") == true)
        }
    }

    private func content(_ data: String) throws -> [String: [UInt8]] {
        var all: [String: [UInt8]] = [:]
        for name in try DurableFiles.list(data) ?? [] {
            if case .file = try DurableFiles.kind("\(data)/\(name)") {
                all[name] = try DurableFiles.read("\(data)/\(name)")
            }
        }
        return all
    }
}
