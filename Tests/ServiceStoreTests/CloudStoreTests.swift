import Documents
import Foundation
import LinuxHost
import ServiceStore
import TestSupport
import Testing

@Suite("cloud directory")
struct CloudStoreTests {
    private func withCloud(_ body: (CloudStore, TestClock) throws -> Void) throws {
        try withTemporaryFolder { folder in
            let clock = TestClock()
            try body(try CloudStore.create(folder: folder.appending(path: "cloud").path, clock: clock), clock)
        }
    }

    private func add(_ type: String, _ dn: String, _ attributes: CloudAttributes) -> CloudOperation {
        CloudOperation(
            kind: .add, type: type, dn: dn,
            changes: attributes.sorted { $0.key < $1.key }.map {
                CloudOperation.Change(attribute: $0.key, removed: [], added: $0.value)
            })
    }

    private func update(_ dn: String, _ attribute: String, _ removed: [String], _ added: [String]) -> CloudOperation {
        CloudOperation(
            kind: .update, type: "user", dn: dn,
            changes: [CloudOperation.Change(attribute: attribute, removed: removed, added: added)])
    }

    private func code(_ answer: CloudAnswer?) -> String? {
        if case .refused(let code, _)? = answer { code } else { nil }
    }

    @Test func `an export is seen by the next import, and a delete by its name`() throws {
        try withCloud { cloud, _ in
            let start = try cloud.everything { _ in }
            #expect(try cloud.apply([add("user", "CN={1}", ["sourceAnchor": ["a"]])]) == [.accepted])
            let shown = try cloud.changes(after: start)
            #expect(shown.objects.map(\.dn) == ["CN={1}"])
            #expect(
                try cloud.apply([CloudOperation(kind: .delete, type: "user", dn: "cn={1}", changes: [])]) == [.accepted]
            )
            let gone = try cloud.changes(after: shown.watermark)
            #expect(gone.objects.isEmpty)
            #expect(gone.deleted == ["CN={1}"])
        }
    }

    @Test(arguments: ["userPrincipalName", "proxyAddresses"])
    func `a value that must be unique is refused, in any case`(attribute: String) throws {
        try withCloud { cloud, _ in
            let answers = try cloud.apply([
                add("user", "CN={1}", [attribute: ["SMTP:One@contoso.example"]]),
                add("user", "CN={2}", [attribute: ["smtp:one@CONTOSO.example"]]),
            ])
            #expect(answers[0] == .accepted)
            #expect(code(answers[1]) == "AttributeValueMustBeUnique")
        }
    }

    @Test func `a changed source anchor is refused`() throws {
        try withCloud { cloud, _ in
            let answers = try cloud.apply([
                add("user", "CN={1}", ["sourceAnchor": ["a"]]), update("CN={1}", "sourceAnchor", ["a"], ["b"]),
            ])
            #expect(code(answers[1]) == "SourceAnchorChanged")
        }
    }

    @Test(arguments: [("group", true), ("contact", true), ("user", false)])
    func `groups and contacts made in the cloud are matched by address, users are not`(type: String, isMatched: Bool)
        throws
    {
        try withCloud { cloud, _ in
            try cloud.createInCloud(
                type: type, dn: "CN=made", attributes: ["proxyAddresses": ["SMTP:x@contoso.example"]])
            let answer = try cloud.apply([
                add(type, "CN={1}", ["sourceAnchor": ["a"], "proxyAddresses": ["smtp:X@contoso.example"]])
            ]).first
            #expect((answer == .accepted) == isMatched)
            var objects: [CloudObject] = []
            _ = try cloud.everything { objects.append($0) }
            #expect(objects.count == 1)
            #expect(objects[0].sourceAnchor == (isMatched ? "a" : nil))
        }
    }

    @Test func `a group without an address is not matched`() throws {
        try withCloud { cloud, _ in
            try cloud.createInCloud(type: "group", dn: "CN=made", attributes: ["displayName": ["Team"]])
            let group = add("group", "CN={1}", ["sourceAnchor": ["a"], "displayName": ["Team"]])
            #expect(try cloud.apply([group]) == [.accepted])
            var count = 0
            _ = try cloud.everything { _ in count += 1 }
            #expect(count == 2)
        }
    }

    @Test func `it throttles as its own configuration says, until the window ends`() throws {
        try withCloud { cloud, clock in
            let limit = "{\"schema\":\"cloud-store/1\",\"operations\":2,\"windowSeconds\":300}"
            try DurableFiles.replace(CloudStore.configurationPath(cloud.folder), Array(limit.utf8))
            let operations = (1...3).map { add("user", "CN={\($0)}", ["sourceAnchor": ["\($0)"]]) }
            #expect(try cloud.apply(operations) == [.accepted, .accepted, .throttled])
            clock.pass(seconds: 299)
            #expect(try cloud.apply([operations[2]]) == [.throttled])
            clock.pass(seconds: 1)
            #expect(try cloud.apply([operations[2]]) == [.accepted])
        }
    }

    @Test func `the log has each operation once, refused ones too`() throws {
        try withCloud { cloud, _ in
            let user = add("user", "CN={1}", ["sourceAnchor": ["a"]])
            _ = try cloud.apply([user, user])
            _ = try cloud.apply([update("CN={9}", "mail", [], ["x"])])
            let bytes = try #require(try DurableFiles.read(CloudStore.logPath(cloud.folder)))
            let lines = try bytes.split(separator: UInt8(ascii: "\n")).map { try JSONParser.parse(Array($0)) }
            #expect(lines.map { $0["sequence"]?.integer } == [1, 2, 3])
            #expect(lines.map { $0["result"]?.string } == ["accepted", "ObjectAlreadyExists", "ObjectNotFound"])
        }
    }
}
