import Documents
import Foundation
import ServiceStore
import SyncConfiguration
import TestSupport
import Testing

/// What a server says of its pending exports and of one object, through the built program.
@Suite("pending exports and previews of a server")
struct ObjectReportTests {
    /// A server that has exported three people, of whom one is then renamed and another one gone, and a fourth came.
    private func changed(_ folder: URL) throws -> ProgramServer {
        let server = try ProgramServer(folder)
        try server.test.settle()
        try server.test.server.change([Parameter.staging: "True"])
        var people = Person.crowd(3)
        people[0].attributes = ["title: Boss", "manager: \(people[1].dn)"]
        try server.test.dump([people[0], people[1]] + Person.crowd(1, from: 4))
        try server.test.cycle(.initial)
        return server
    }

    private func text(_ server: ProgramServer, _ arguments: String...) throws -> ProgramResult {
        try run(
            URL(filePath: server.program.release.appending(path: "bin/adsync").path),
            [arguments[0], "--root", server.program.root] + arguments.dropFirst())
    }

    @Test func `the list tells old and new values, names of references, and keeps its members`() throws {
        try withTemporaryFolder { folder in
            let answer = try changed(folder).program.call("pending-exports")
            #expect(answer.status == 0, "\(answer.diagnostics)")
            #expect(answer.json["schema"] == "pending-exports/1")
            let pending = try #require(answer.json["pending"]?.array)
            #expect(pending.map { $0["operation"]?.string } == ["delete", "add", "update"])
            for entry in pending {
                #expect(entry["objectType"] == "user")
                #expect(entry["attempts"] == 0)
                #expect(entry["error"] == "")
                #expect(entry["dn"]?.string?.hasPrefix("CN={") == true)
                #expect(entry["connector"] == "cloud")
            }
            #expect(pending.map { $0["name"]?.string } == ["Person 3", "Person 4", "Person 1"])
            #expect(pending[0]["changes"] == [])
            let changes = try #require(pending[2]["changes"]?.array)
            let title = try #require(changes.first { $0["attribute"] == "title" })
            #expect(title["old"] == .null)
            #expect(title["new"] == "Boss")
            let manager = try #require(changes.first { $0["attribute"] == "manager" })
            #expect(manager["new"]?["name"] == "Person 2")
            #expect(manager["new"]?["dn"]?.string?.hasPrefix("CN={") == true)
        }
    }

    @Test func `a failed export keeps its attempts and its error`() throws {
        try withTemporaryFolder { folder in
            let server = try changed(folder)
            try server.test.execute(
                "UPDATE pending_exports SET attempts = 2, error = 'it, said \"no\"' WHERE operation = 'add'")
            let pending = try server.program.call("pending-exports").json["pending"]?.array
            let add = pending?.first { $0["operation"] == "add" }
            #expect(add?["attempts"] == 2)
            #expect(add?["error"] == "it, said \"no\"")
            let table = try text(server, "pending-exports", "--format", "csv").output.split(separator: "\n")
            #expect(table.first?.hasSuffix(",attempts,error") == true)
            #expect(table.contains { $0.contains(",add,") && $0.hasSuffix(",2,\"it, said \"\"no\"\"\"") })
            let lines = try text(server, "pending-exports").output
            #expect(lines.contains("failed, attempts 2: it, said \"no\""))
        }
    }

    @Test func `an idle server has nothing to list, in every format`() throws {
        try withTemporaryFolder { folder in
            let server = try ProgramServer(folder)
            try server.test.settle()
            #expect(try server.program.call("pending-exports").json["pending"] == [])
            #expect(try text(server, "pending-exports").output == "nothing is pending\n")
            #expect(try text(server, "pending-exports", "--format", "csv").output.split(separator: "\n").count == 1)
        }
    }

    @Test func `a preview finds one object by name and writes nothing`() throws {
        try withTemporaryFolder { folder in
            let server = try changed(folder)
            let rows = "SELECT hex(imported) || hex(staged) || flags FROM connector_space ORDER BY id"
            let before = try server.test.query(String.self, rows)
            let answer = try server.program.call("preview", "person1@contoso.example")
            #expect(answer.status == 0, "\(answer.diagnostics)")
            #expect(answer.json["dn"] == "CN=Person 1,DC=contoso,DC=example")
            let target = try #require(answer.json["targets"]?.array?.first)
            #expect(target["pendingExport"]?["operation"] == "update")
            #expect(try server.test.query(String.self, rows) == before)
            #expect(try server.program.call("preview", "nemo").status == 66)
            #expect(try server.program.call("preview", "person1", "--connector", "nowhere").status == 64)
            #expect(try text(server, "preview", "person1").output.contains("title: (none) -> Boss"))
        }
    }
}
