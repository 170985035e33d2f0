import Documents
import Foundation
import LinuxHost
import ReleaseContract
import ServiceStore
import TestSupport
import Testing

@Suite("cycle")
struct CycleTests {
    private func withServer(
        _ people: [Person] = Person.crowd(3), extra: [String] = [], parameters: [String: String] = [:],
        _ body: (TestServer) throws -> Void
    ) throws {
        try withTemporaryFolder { folder in
            try body(try TestServer(folder, people: people, extra: extra, parameters: parameters))
        }
    }

    private func remove(_ people: [Person]) -> String {
        people.map { "dn: \($0.dn)\nchangetype: delete\n" }.joined(separator: "\n")
    }

    @Test func `steps come in the documented order`() throws {
        try withServer { test in
            let runs = try test.cycle(.initial)["runs"]?.array ?? []
            let order = runs.map { "\($0["profile"]?.string ?? "") \($0["connector"]?.string ?? "")" }
            #expect(
                order == [
                    "Full Import contoso.example", "Full Import cloud", "Full Synchronization contoso.example",
                    "Full Synchronization cloud", "Export cloud", "Export contoso.example",
                ])
        }
    }

    @Test func `what was exported is confirmed by the next import and not sent again`() throws {
        try withServer { test in
            try test.cycle()
            #expect(try test.cloudLog() == Array(repeating: "add user accepted", count: 3))
            try test.cycle()
            try test.cycle()
            #expect(try test.cloudLog().count == 3)
            #expect(try test.query(Int.self, "SELECT count(*) FROM connector_space WHERE imported IS NULL") == [0])
        }
    }

    @Test func `a delta cycle carries a change and a deletion`() throws {
        try withServer { test in
            try test.settle()
            let people = Person.crowd(3)
            try test.write(
                "000001.ldif",
                "dn: \(people[0].dn)\nchangetype: modify\nreplace: displayName\ndisplayName: Other\n-\n\n"
                    + remove([people[1]]))
            try test.cycle()
            #expect(try test.cloudLog().suffix(2) == ["delete user accepted", "update user accepted"])
        }
    }

    @Test func `in staging mode everything is staged and nothing is sent`() throws {
        try withServer(parameters: [Parameter.staging: "True"]) { test in
            try test.settle()
            #expect(try test.cloudLog().isEmpty)
            #expect(try test.query(Int.self, "SELECT count(*) FROM pending_exports") == [3])
        }
    }

    @Test(arguments: ["lease", "trial mark"])
    func `under a lease or on trial a manual cycle sends nothing`(obstacle: String) throws {
        try withServer { test in
            let path = obstacle == "lease" ? test.server.layout.lease : "\(test.data)/trial.json"
            try DurableFiles.replace(path, Array("{}".utf8))
            let cycle = try test.cycle()
            #expect(try test.cloudLog().isEmpty)
            #expect(TestServer.export(cycle)["counts"]?["sent"] == 0)
            try DurableFiles.remove(path)
            try test.cycle()
            #expect(try test.cloudLog().count == 3)
        }
    }

    @Test func `more deletions than allowed stop the export before the first`() throws {
        try withServer(Person.crowd(6), parameters: [Parameter.deletionThresholdValue: "3"]) { test in
            try test.settle()
            let sent = try test.cloudLog().count
            try test.write("000001.ldif", remove(Person.crowd(4)))
            let stopped = TestServer.export(try test.cycle())
            #expect(stopped["status"] == "stopped-deletion-threshold-exceeded")
            #expect(try test.cloudLog().count == sent)
            let health = try HealthReport(json: test.server.health(), file: "health")
            #expect(!health.healthy)
            #expect(health.checks.filter { $0.status == .failed }.map(\.name) == ["export-deletions"])
            _ = try test.server.set(Parameter.deletionThresholdValue, to: "4", token: nil)
            #expect(TestServer.export(try test.cycle())["status"] == "success")
            #expect(try test.cloudLog().count == sent + 4)
            #expect(try HealthReport(json: test.server.health(), file: "health").healthy)
        }
    }

    @Test func `too many errors stop a synchronization, and the service is not well until the next one ends`() throws {
        try withServer(Person.crowd(5_001)) { test in
            let connector = try test.query(String.self, "SELECT id FROM connectors WHERE kind = 'ad'")[0]
            let path = test.folder.appending(path: "rule.json").path
            let rule: JSONValue = [
                "id": "mine", "name": "Mine", "direction": "inbound", "connector": .string(connector),
                "connectorObjectType": "user", "metaverseObjectType": "person", "linkType": "join", "precedence": 10,
                "flows": [["target": "title", "expression": "Error(\"not today\")"]],
            ]
            try DurableFiles.replace(path, rule.pretty)
            _ = try test.server.addRule(file: path)
            _ = try test.cycle()
            let health = try HealthReport(json: test.server.health(), file: "health")
            #expect(health.checks.filter { $0.status == .failed }.map(\.detail) == ["stopped-error-limit"])
            #expect(try test.cloudLog().isEmpty)
            _ = try test.server.removeRule(id: "mine")
            _ = try test.cycle()
            #expect(try HealthReport(json: test.server.health(), file: "health").healthy)
            #expect(try test.cloudLog().count == 5_001)
        }
    }

    @Test func `contacts that become users are not counted as deletions`() throws {
        func contact(_ number: Int) -> String {
            let guid = Data(repeating: 9, count: 15) + Data([UInt8(number)])
            return """
                dn: CN=Contact \(number),DC=contoso,DC=example
                objectClass: top
                objectClass: contact
                objectGUID:: \(guid.base64EncodedString())
                displayName: Contact \(number)
                mail: person\(number)@contoso.example
                proxyAddresses: SMTP:person\(number)@contoso.example

                """
        }
        try withServer([], extra: [contact(1), contact(2)], parameters: [Parameter.deletionThresholdValue: "1"]) {
            test in
            try test.settle()
            #expect(try test.cloudLog() == Array(repeating: "add contact accepted", count: 2))
            try test.dump(Person.crowd(2))
            let promoted = TestServer.export(try test.cycle(.initial))
            #expect(promoted["status"] == "success")
            #expect(try Set(test.cloudLog().dropFirst(2)) == ["delete contact accepted", "add user accepted"])
        }
    }

    @Test(arguments: ["missing", "damaged"])
    func `a dump that cannot be read deletes nothing`(kind: String) throws {
        try withServer { test in
            try test.settle()
            if kind == "missing" {
                try FileManager.default.removeItem(at: test.forest.appending(path: "full.ldif"))
            } else {
                try test.write("full.ldif", Person.crowd(1)[0].entry + "\nno LDIF at all\n")
            }
            let cycle = try test.cycle(.initial)
            #expect(cycle["result"] == "completed-import-warnings")
            #expect(try test.cloudLog().count == 3)
            let errors = try test.server.health()["measures"]?["importErrors"]
            #expect(errors == 1)
        }
    }

    @Test func `a partition that is gone is a warning and its objects stay`() throws {
        try withServer([]) { test in
            let files = FileManager.default
            try files.removeItem(at: test.forest.appending(path: "full.ldif"))
            for (index, name) in ["east", "west"].enumerated() {
                try files.createDirectory(at: test.forest.appending(path: name), withIntermediateDirectories: true)
                try test.write(
                    "\(name)/full.ldif", Person.crowd(2, from: index * 2 + 1).map(\.entry).joined(separator: "\n"))
            }
            try test.settle()
            #expect(try test.cloudLog().count == 4)
            try files.removeItem(at: test.forest.appending(path: "west"))
            try test.write("east/full.ldif", Person.crowd(1)[0].entry)
            #expect(try test.cycle(.initial)["result"] == "completed-import-warnings")
            #expect(try test.cloudLog().count == 4)
        }
    }

    @Test func `overrides vanish when they were done, and stay where they were not`() throws {
        try withServer { test in
            try test.settle()
            try test.execute(
                "INSERT INTO scheduler_overrides SELECT id, 'full-import', 'test' FROM connectors WHERE kind = 'ad'")
            let dump = test.forest.appending(path: "full.ldif")
            let kept = try Data(contentsOf: dump)
            try FileManager.default.removeItem(at: dump)
            try test.cycle()
            #expect(try test.query(String.self, "SELECT kind FROM scheduler_overrides") == ["full-import"])
            try kept.write(to: dump)
            try test.cycle()
            #expect(try test.query(String.self, "SELECT kind FROM scheduler_overrides").isEmpty)
        }
    }

    @Test func `after a full resume nothing is sent before the cloud was imported again`() throws {
        try withServer { test in
            _ = try test.server.suspend(owner: "A", token: nil)
            _ = try test.server.resume(owner: "A", token: nil, force: false, full: true)
            let away = test.cloud + ".away"
            try FileManager.default.moveItem(atPath: test.cloud, toPath: away)
            try test.cycle()
            try FileManager.default.moveItem(atPath: away, toPath: test.cloud)
            #expect(try test.cloudLog().isEmpty)
            try test.cycle()
            #expect(try test.cloudLog().count == 3)
        }
    }

    @Test func `a refused object is an error of its own and is tried again`() throws {
        let twins = [
            Person(number: 1, principal: "same@contoso.example"), Person(number: 2, principal: "same@contoso.example"),
        ]
        try withServer(twins) { test in
            #expect(try test.cycle()["result"] == "completed-export-errors")
            #expect(try test.server.health()["measures"]?["exportErrors"] == 1)
            try test.cycle()
            #expect(try test.query(Int.self, "SELECT attempts FROM pending_exports") == [2])
        }
    }

    @Test func `what the cloud does not take now is sent by a later cycle`() throws {
        try withServer { test in
            let limit = "{\"schema\":\"cloud-store/1\",\"operations\":2,\"windowSeconds\":300}"
            try DurableFiles.replace(CloudStore.configurationPath(test.cloud), Array(limit.utf8))
            #expect(try test.cycle()["result"] == "completed-export-warnings")
            #expect(try test.cloudLog().count == 2)
            test.clock.pass(seconds: 300)
            try test.cycle()
            #expect(try test.cloudLog().count == 3)
        }
    }

    @Test func `a cycle that is asked to stop ends between two steps and is not counted`() throws {
        try withServer { test in
            var steps = 0
            let cycle = try test.server.cycle(policy: .initial) {
                steps += 1
                return steps > 3
            }
            #expect(cycle["runs"]?.array?.count == 3)
            #expect(cycle["result"] == "stopped-user-termination")
            #expect(try test.server.status()["cycles"]?["completed"] == 0)
            try test.settle()
            #expect(try test.cloudLog().count == 3)
        }
    }

    @Test func `a rehearsal tells what the next cycle would send, and changes nothing`() throws {
        try withServer(
            Person.crowd(3).map { person in
                var person = person
                person.attributes = ["employeeType: staff"]
                return person
            }
        ) { test in
            try test.settle()
            let copy = test.folder.appending(path: "copy").path
            try DurableFiles.copyTree(test.server.layout.data(1), copy)
            let folder = try ReleaseFolder.assemble("1.1.819.0", below: URL(filePath: test.root))
            let new = Server(root: test.root, release: try InstalledRelease(folder: folder.path), clock: test.clock)
            _ = try new.migrate(data: copy, token: nil)
            #expect(try new.selfTest(data: copy)["passed"] == true)
            let expected: JSONValue = [["objectType": "user", "operation": "update", "count": 3]]
            #expect(try new.rehearse(data: copy)["changes"] == expected)
            #expect(try new.rehearse(data: copy)["changes"] == expected)
            #expect(try test.cloudLog().count == 3)
        }
    }

    @Test func `a release whose schema is wrong fails its second cycle, in words`() throws {
        try withTemporaryFolder { folder in
            let test = try TestServer(folder, people: Person.crowd(1), version: "1.2.67.0")
            try test.cycle()
            #expect(throws: ServiceError.self) { try test.cycle() }
            #expect(try test.server.status()["cycles"]?["completed"] == 1)
            #expect(try test.server.status()["cycles"]?["lastResult"] == "stopped-server-error")
            #expect(try test.server.health()["healthy"] == false)
        }
    }
}
