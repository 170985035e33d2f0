import Documents
import Foundation
import GRDB
import LinuxHost
import ReleaseContract
import ServiceStore
import TestSupport
import Testing

@Suite("snapshot")
struct SnapshotTests {
    private struct Fixture {
        let server: ProgramServer
        let copy: String

        func snapshot(_ phase: String) throws -> SnapshotReport {
            let answer = try server.program.call("snapshot", "--to", copy, "--phase", phase)
            return try SnapshotReport(json: answer.json, file: "snapshot")
        }

        var mainSize: Int { get throws { try size("adsync.db") } }

        func size(_ name: String) throws -> Int {
            guard case .file(let bytes)? = try DurableFiles.kind("\(server.test.server.layout.data(1))/\(name)") else {
                return 0
            }
            return bytes
        }

        /// The copy is what the server has.
        func checkCopy() throws {
            let epoch = try server.test.server.release.epoch()
            let sql = "SELECT count(*) || ' ' || sum(length(dn)) FROM connector_space"
            let copied = try ServiceDatabase(data: copy, epoch: epoch).read { try String.fetchOne($0, sql: sql) }
            #expect(try server.test.query(String.self, sql).first == copied)
        }
    }

    private func withFixture(_ body: (Fixture) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder, people: Person.crowd(50))
            try server.test.cycle()
            try body(Fixture(server: server, copy: folder.appending(path: "copy").path))
        }
    }

    @Test func `the final copy takes the log only, where the main file is what it was`() throws {
        try withFixture { fixture in
            let live = try fixture.snapshot("live")
            #expect(live.copiedBytes >= (try fixture.mainSize))
            try fixture.server.test.write("000001.ldif", Person(number: 99).entry)
            try fixture.server.test.cycle()
            let log = try fixture.size("adsync.db-wal")
            let final = try fixture.snapshot("final")
            #expect(log > 0)
            #expect(final.copiedBytes < log + 1024)
            for file in final.files {
                #expect(try FileDigest.sha256(file: "\(fixture.copy)/\(file.path)") == file.sha256)
            }
            #expect(try DurableFiles.list(fixture.copy) == ["adsync.db", "adsync.db-wal", "health-agent.json", "keys"])
            try fixture.checkCopy()
        }
    }

    @Test func `a second live copy takes the log only, and the final one after it too`() throws {
        try withFixture { fixture in
            _ = try fixture.snapshot("live")
            for number in 1...2 {
                try fixture.server.test.write("00000\(number).ldif", Person(number: 98 + number).entry)
                try fixture.server.test.cycle()
                let log = try fixture.size("adsync.db-wal")
                let copy = try fixture.snapshot(number == 1 ? "live" : "final")
                #expect(log > 0)
                #expect(copy.copiedBytes < log + 1024)
                for file in copy.files {
                    #expect(try FileDigest.sha256(file: "\(fixture.copy)/\(file.path)") == file.sha256)
                }
            }
            try fixture.checkCopy()
        }
    }

    @Test func `a second live copy takes everything where the log has grown long`() throws {
        try withFixture { fixture in
            _ = try fixture.snapshot("live")
            let database = try fixture.server.test.server.open()
            try database.write { db in
                try db.execute(sql: "INSERT INTO state(name, value) VALUES ('long', hex(zeroblob(1100000)))")
            }
            #expect(try fixture.size("adsync.db-wal") > 2 << 20)
            let copy = try fixture.snapshot("live")
            #expect(copy.copiedBytes >= (try fixture.mainSize))
            #expect(try fixture.size("adsync.db-wal") == 0)
            try fixture.checkCopy()
        }
    }

    @Test(arguments: ["the source was checkpointed", "the copy was changed", "there was no live copy"])
    func `the final copy takes everything where that is not certain`(reason: String) throws {
        try withFixture { fixture in
            if reason != "there was no live copy" { _ = try fixture.snapshot("live") }
            try fixture.server.test.write("000001.ldif", Person(number: 99).entry)
            try fixture.server.test.cycle()
            if reason == "the source was checkpointed" { try fixture.server.test.server.open().checkpoint() }
            if reason == "the copy was changed" {
                let file = try FileHandle(forWritingTo: URL(filePath: "\(fixture.copy)/adsync.db"))
                try file.seek(toOffset: 5000)
                try file.write(contentsOf: Data("damage".utf8))
                try file.close()
            }
            let final = try fixture.snapshot("final")
            #expect(final.copiedBytes >= (try fixture.mainSize))
            try fixture.checkCopy()
        }
    }

    @Test func `neither the trial mark nor locks are copied, and what is gone is removed from the copy`() throws {
        try withFixture { fixture in
            let data = fixture.server.test.server.layout.data(1)
            try DurableFiles.replace("\(data)/extra.json", Array("{}".utf8))
            try DurableFiles.replace("\(data)/trial.json", Array("{}".utf8))
            _ = try fixture.snapshot("live")
            #expect(DurableFiles.exists("\(fixture.copy)/extra.json"))
            #expect(!DurableFiles.exists("\(fixture.copy)/trial.json"))
            try DurableFiles.remove("\(data)/extra.json")
            _ = try fixture.snapshot("final")
            #expect(!DurableFiles.exists("\(fixture.copy)/extra.json"))
        }
    }

    @Test func `a live copy is taken while the service serves, the final one only when it stands`() throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder, parameters: [Parameter.timeInterval: "00:00:01"])
            let fixture = Fixture(server: server, copy: folder.appending(path: "copy").path)
            _ = try server.program.whileServing(folder.appending(path: "serve.log")) {
                _ = try fixture.snapshot("live")
                let early = try server.program.call("snapshot", "--to", fixture.copy, "--phase", "final")
                #expect(early.status == 75)
            }
            _ = try fixture.snapshot("final")
            try fixture.checkCopy()
        }
    }

    @Test func `data and keys are for the service's account alone`() throws {
        try withFixture { fixture in
            _ = try fixture.snapshot("final")
            for folder in [fixture.server.test.server.layout.data(1), fixture.copy] {
                #expect(try DurableFiles.mode(folder) == 0o700)
                #expect(try DurableFiles.mode("\(folder)/keys") == 0o700)
                #expect(try DurableFiles.mode("\(folder)/keys/health-agent.key") == 0o600)
            }
        }
    }
}
