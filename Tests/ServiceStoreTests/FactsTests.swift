import Documents
import Foundation
import LinuxHost
import ReleaseContract
import ServiceStore
import TestSupport
import Testing

@Suite("facts for eligibility")
struct FactsTests {
    private func facts(_ server: TestServer) throws -> FactsReport {
        let facts = try FactsReport(json: try server.server.facts(), file: "facts")
        #expect(facts.unknown.isEmpty)
        return facts
    }

    @Test func `a server tells how it was made, and one directory without further ado is express`() throws {
        try withTemporaryFolder { folder in
            let facts = try facts(TestServer(folder))
            #expect(facts.installKind == "express")
            #expect(facts.signInMethod == "none")
            #expect(facts.desktopSingleSignOn == false)
            #expect(facts.securityGroupsPresent == true)
            #expect((facts.configurationInProgress, facts.consoleOpen) == (false, false))
        }
        try withTemporaryFolder { folder in
            let name = "Microsoft.OptionalFeature.PasswordHashSync"
            let server = try TestServer(folder, parameters: [name: "True"])
            #expect(try facts(server).installKind == "custom")
            #expect(try facts(server).signInMethod == "passwordHash")
        }
    }

    @Test(
        arguments: [
            (
                ["Microsoft.Synchronize.TimeInterval": "01:00:00", "Microsoft.Synchronize.StagingMode": "True"], 1,
                "express"
            ),
            ([:], 2, "custom"), ([:], 0, "custom"),
            (["Microsoft.OptionalFeature.ExportDeletionThreshold": "False"], 1, "custom"),
        ] as [([String: String], Int, String)])
    func `what was decided at setup makes it custom`(
        _ parameters: [String: String], _ directories: Int, _ kind: String
    ) throws {
        try withTemporaryFolder { folder in
            let root = folder.appending(path: "root")
            let release = try ReleaseFolder.assemble("1.1.750.0", below: root)
            let server = Server(root: root.path, release: try InstalledRelease(folder: release.path))
            var connectors = try (0..<directories).map { try NewServer.directory("d\($0)=\(folder.path)/d\($0)") }
            connectors.append(NewServer.cloud(folder: folder.appending(path: "cloud").path))
            _ = try server.initialize(NewServer(connectors: connectors, parameters: parameters))
            #expect(try server.facts()["installKind"] == .string(kind))
        }
    }

    @Test func `a server of an older release does not know how it was made`() throws {
        try withTemporaryFolder { folder in
            let server = try TestServer(folder)
            try server.execute("DELETE FROM state WHERE name = 'installKind'")
            #expect(try facts(server).installKind == nil)
        }
    }

    @Test func `mailboxes and the largest group are counted when a cycle ends, and asked for without a look`() throws {
        try withTemporaryFolder { folder in
            var people = Person.crowd(6)
            people[0].attributes = ["msExchRecipientTypeDetails: 2"]
            people[1].attributes = ["msExchRecipientTypeDetails: 16"]
            people[2].attributes = ["msExchRecipientTypeDetails: 17179869184"]
            people[3].attributes = ["msExchRecipientTypeDetails: 1"]
            let server = try TestServer(
                folder, people: people, extra: [Self.group(1, people.prefix(4)), Self.group(2, people.prefix(2))])
            // Nothing is there yet, so nothing needs to be looked at.
            #expect(try facts(server).objects?.largestGroup == 0)
            try server.cycle()
            let objects = try facts(server).objects
            #expect(objects?.linkedMailboxes == 1)
            #expect(objects?.resourceMailboxes == 2)
            #expect(objects?.largestGroup == 4)
            // A cycle without anything to do keeps them.
            try server.settle()
            #expect(try facts(server).objects == objects)
            try server.write("000001.ldif", "dn: \(people[1].dn)\nchangetype: delete\n")
            try server.cycle()
            #expect(try facts(server).objects?.resourceMailboxes == 1)
        }
    }

    @Test func `what nobody has counted since the objects changed is unknown`() throws {
        try withTemporaryFolder { folder in
            let server = try TestServer(folder, people: Person.crowd(2))
            try server.settle()
            try server.execute("DELETE FROM state WHERE name = 'objectCounts'")
            let objects = try facts(server).objects
            #expect(objects?.metaverse == 2)
            #expect(objects?.linkedMailboxes == nil && objects?.largestGroup == nil)
        }
    }

    private static func group(_ number: UInt8, _ members: some Sequence<Person>) -> String {
        let guid = Data(repeating: 9, count: 15) + [number]
        let lines = [
            "dn: CN=Group \(number),DC=contoso,DC=example", "objectClass: top", "objectClass: group",
            "objectGUID:: \(guid.base64EncodedString())",
            "objectSid:: \((Data([1, 5, 0xFE]) + guid).base64EncodedString())", "sAMAccountName: group\(number)",
            "groupType: -2147483640", "mail: group\(number)@contoso.example", "mailNickname: group\(number)",
            "displayName: Group \(number)", "proxyAddresses: SMTP:group\(number)@contoso.example",
        ]
        return (lines + members.map { "member: \($0.dn)" }).joined(separator: "\n") + "\n"
    }

    // MARK: - Rules

    @Test func `rules as the release brings them are no changes, and each change is told`() throws {
        try withTemporaryFolder { folder in
            let server = try TestServer(folder)
            #expect(try facts(server).ruleChanges?.count == 0)
            let rules = try server.query(String.self, "SELECT id FROM rules ORDER BY id")
            let (removed, disabled) = (try #require(rules.first), try #require(rules.last))
            _ = try server.server.removeRule(id: removed)
            _ = try server.server.switchRule(id: disabled, disabled: true)
            let id = try #require(try facts(server).connectors?.first { $0.kind == "ad" }?.id)
            let file = folder.appending(path: "rule.json")
            let rule = """
                {"id": "own", "name": "Title", "direction": "inbound", "connector": "\(id)", "precedence": 10,
                 "connectorObjectType": "user", "metaverseObjectType": "person", "linkType": "join",
                 "flows": [{"target": "title", "constant": "ours"}]}
                """
            try Data(rule.utf8).write(to: file)
            _ = try server.server.addRule(file: file.path)
            let changes = try #require(try facts(server).ruleChanges)
            #expect(Set(changes.map(\.kind)) == [.added, .deleted, .disabled])
            #expect(changes.first { $0.kind == .added }?.name == "Title")
            #expect(changes.first { $0.kind == .added }?.connector == "contoso.example")
            #expect(changes.allSatisfy { !$0.effect.isEmpty })
        }
    }

    @Test func `rules that cannot be read leave their changes unknown and nothing else`() throws {
        try withTemporaryFolder { folder in
            let server = try TestServer(folder)
            try server.execute("UPDATE rules SET document = 'damaged' WHERE id = (SELECT min(id) FROM rules)")
            #expect(try facts(server).ruleChanges == nil)
            #expect(try facts(server).customRules == 0)
        }
    }

    // MARK: - Domains

    @Test func `domains are read from the heads of the dumps, with what the connector's settings say`() throws {
        try withTemporaryFolder { folder in
            let server = try TestServer(folder, people: Person.crowd(1))
            let id = try #require(try facts(server).connectors?.first { $0.kind == "ad" }?.id)
            let usual = FactsReport.Domain(
                connector: id, name: "contoso.example", netbiosName: "CONTOSO", isDisjoint: false, isSelected: true,
                hasContainerFilter: false)
            #expect(try facts(server).domains == [usual])
            _ = try server.server.set("connector.\(id).netbios-name", to: "CON.TOSO", token: nil)
            _ = try server.server.set("connector.\(id).disjoint-namespace", to: "True", token: nil)
            let other = FactsReport.Domain(
                connector: id, name: "contoso.example", netbiosName: "CON.TOSO", isDisjoint: true, isSelected: true,
                hasContainerFilter: false)
            #expect(try facts(server).domains == [other])
        }
    }

    @Test func `every partition of a directory has its domain`() throws {
        try withTemporaryFolder { folder in
            let server = try TestServer(folder)
            try FileManager.default.removeItem(at: server.forest.appending(path: "full.ldif"))
            for (name, base) in [("a", "DC=a, DC=Example"), ("b", "OU=X\\,DC=y,DC=B,DC=example"), ("c", "O=none")] {
                let partition = server.forest.appending(path: name)
                try FileManager.default.createDirectory(at: partition, withIntermediateDirectories: true)
                let text = "version: 1\n\ndn: CN=1,\(base)\nobjectClass: user\n"
                try Data(text.utf8).write(to: partition.appending(path: "full.ldif"))
            }
            #expect(try facts(server).domains?.map(\.name) == ["a.example", "b.example"])
        }
    }

    @Test func `a directory that cannot be read leaves the domains unknown, one without a dump yet has none`() throws {
        try withTemporaryFolder { folder in
            let server = try TestServer(folder, people: Person.crowd(1))
            let dump = server.forest.appending(path: "full.ldif")
            try server.cycle()
            try FileManager.default.removeItem(at: dump)
            #expect(try facts(server).domains == nil)
            try Data("no LDIF".utf8).write(to: dump)
            #expect(try facts(server).domains == nil)
        }
        try withTemporaryFolder { folder in
            let server = try TestServer(folder)
            try FileManager.default.removeItem(at: server.forest.appending(path: "full.ldif"))
            #expect(try facts(server).domains == [])
        }
    }

    // MARK: - The programs and who works with them

    @Test(arguments: ["as it is", "longer", "gone", "not executable", "a link", "no list"])
    func `a release whose files differ from its list was edited`(_ what: String) throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "bin/run.sh")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("exit 0".utf8).write(to: file)
            #expect(chmod(file.path, what == "not executable" ? 0o444 : 0o555) == 0)
            switch what {
            case "longer":
                #expect(chmod(file.path, 0o755) == 0)
                try Data("exit 0 ".utf8).write(to: file)
            case "gone": try FileManager.default.removeItem(at: file)
            case "a link":
                try FileManager.default.moveItem(at: file, to: folder.appending(path: "elsewhere"))
                try FileManager.default.createSymbolicLink(
                    at: file, withDestinationURL: folder.appending(path: "elsewhere"))
            default: break
            }
            let list = what == "no list" ? "" : #", "files": [{"path": "bin/run.sh", "size": 6, "mode": "0755"}]"#
            try Data(#"{"version": "1.2.3.4"\#(list)}"#.utf8).write(to: folder.appending(path: "release.json"))
            let release = try InstalledRelease(folder: folder.path)
            #expect(try release.isEdited() == (what == "no list" ? nil : what != "as it is"))
        }
    }

    @Test func `a cycle by hand and an administrator's command are a configuration in progress`() throws {
        try withTemporaryFolder { folder in
            let server = try TestServer(folder)
            func inProgress() throws -> Bool? { try facts(server).configurationInProgress }
            let lock = try CycleLock(server: server.server, policy: .delta)
            #expect(try inProgress() == true)
            // The same cycle is the scheduler's where this process is the service.
            let service = ServiceProcess(process: try ProcessIdentity.current(), generation: 1)
            try DurableFiles.replace(server.server.layout.serviceProcess, service.json.compact)
            #expect(try inProgress() == false)
            release(lock)
            try DurableFiles.remove(server.server.layout.serviceProcess)
            #expect(try inProgress() == false)
            #expect(try server.server.operate("rule add") { try inProgress() } == true)
            #expect(try server.server.operate("snapshot") { try inProgress() } == false)
        }
    }

    private func release(_ lock: consuming CycleLock) {}
    private func close(_ session: consuming ConsoleSession) {}

    @Test func `an open console is told with who opened it when, and there is one at a time`() throws {
        try withTemporaryFolder { folder in
            let server = try TestServer(folder)
            let session = try ConsoleSession(server: server.server)
            #expect(try facts(server).consoleOpen == true)
            let record = try #require(try ConsoleSession.open(server.server.layout))
            #expect(try record.process == ProcessIdentity.current())
            #expect(record.since == server.clock.now())
            #expect(!record.user.isEmpty)
            let error = #expect(throws: ServiceError.self) { try self.close(ConsoleSession(server: server.server)) }
            #expect(error?.exitStatus == 75)
            #expect(error?.description.contains("process \(record.process.pid) of \(record.user)") == true)
            close(session)
            #expect(try facts(server).consoleOpen == false)
            // The record of a process that is gone.
            var gone = record
            gone.process = ProcessIdentity(pid: record.process.pid, startTime: 1, bootId: record.process.bootId)
            try DurableFiles.replace(server.server.layout.consoleLock, gone.json.compact)
            #expect(try facts(server).consoleOpen == false)
        }
    }
}
