import Foundation
import SyncConfiguration
import TestSupport
import Testing

struct MergeTests {
    /// One change of a typed member of a configuration.
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let make: @Sendable (inout ServerConfiguration) -> Void

        init(_ what: String, _ make: @escaping @Sendable (inout ServerConfiguration) -> Void) {
            testDescription = what
            self.make = make
        }
    }

    static let changes = [
        Change("server and date") { ($0.serverName, $0.exportDate) = ("B", "today") },
        Change("a parameter less, one more") {
            $0.parameters["Microsoft.Example.Text"] = nil
            $0.parameters["Microsoft.Example.Other"] = "<1>"
        },
        Change("the metaverse's schema") {
            $0.metaverse = DirectorySchema(
                attributes: [AttributeSchema("a", .binary, isMultiValued: true, isIndexed: true)],
                classes: [
                    ObjectClassSchema("p", members: [.init("a", isRequired: true, isAnchor: true)]),
                    ObjectClassSchema(
                        "q", type: "abstract", superior: "p",
                        contentRule: .init(members: [.init("a")], auxiliaryClasses: ["p"])),
                ])
        },
        Change("a connector's headers") {
            $0.connectors[0].name = "a & b"
            $0.connectors[0].category = "LDAP"
            $0.connectors[0].subtype = "s"
            $0.connectors[0].version = 8
        },
        Change("a forest's account") { $0.connectors[0].forest?.user = "other" },
        Change("no forest") { $0.connectors[0].forest = nil },
        Change("a forest where there was none") {
            $0.connectors[1].forest = Connector.ForestAccount(name: "n", domain: "d", user: "u")
        },
        Change("partitions") {
            $0.connectors[0].partitions[0].isSelected = false
            $0.connectors[0].partitions[1].includedContainers = ["OU=a,DC=other"]
            $0.connectors[0].partitions[1].excludedContainers = ["DC=other"]
            $0.connectors[0].partitions[1].objectClasses = ["user"]
            $0.connectors[0].partitions[1].parameters = [
                .init("Domain.FQDN", "other", use: "partition", isIntrinsic: true)
            ]
            $0.connectors[0].partitions.append(.init(id: SmallExport.forest, name: "DC=new", isSelected: true))
        },
        Change("a partition less") { $0.connectors[0].partitions.removeFirst() },
        Change("included attributes and parameters") {
            $0.connectors[1].includedAttributes = ["a", "b"]
            $0.connectors[1].parameters = [
                .init("p", "", use: "connectivity", isEncrypted: true), .init("q", "1", use: "global"),
            ]
        },
        Change("a rule's record") {
            $0.rules[0].record.precedenceBefore = SmallExport.forest
            $0.rules[0].record.version = 9
            $0.rules[0].record.isPasswordSyncEnabled = true
            $0.rules[0].isDisabled = false
            $0.rules[0].direction = .outbound
        },
        Change("a rule without anything") { ($0.rules[0].flows, $0.rules[0].join, $0.rules[0].scope) = ([], [], []) },
        Change("flows in another order") { $0.rules[0].flows.reverse() },
        Change("a rule less") { $0.rules.removeAll() },
    ]

    @Test("A change of any typed member is written and read again, and what nobody knows stays", arguments: changes)
    func merge(_ change: Change) throws {
        try withTemporaryFolder { folder in
            var export = SmallExport()
            let second = SmallExport.ruleText.replacingOccurrences(of: "{AAAAAAAA", with: "{bbbbbbbb")
                .replacingOccurrences(of: ">50<", with: ">60<")
            export.files["SynchronizationRules/SynchronizationRule_{2}.xml"] = second
            for path in export.files.keys {
                for root in ["ma-data", "saved-mv-configuration", "synchronizationRule"] {
                    export.files[path] = export.files[path]?.replacingOccurrences(
                        of: "</\(root)>", with: "<unknown a='1'><!-- remark --> x</unknown></\(root)>")
                }
            }
            try export.write(to: folder)
            var configuration = try ExportFolder(path: folder.path).read()
            let before = configuration
            change.make(&configuration)
            try #require(configuration != before)
            if configuration.rules.isEmpty { configuration.rules = [before.rules[1]] }
            let documents = try ExportFolder.documents(of: configuration)
            let again = folder.appending(path: "again")
            for (path, bytes) in documents {
                let file = again.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(bytes).write(to: file)
                let unknown = try lines(of: Data(bytes)).filter { $0.contains("unknown") }
                #expect(unknown.count == 4, "\(path): \(unknown)")
            }
            let read = try ExportFolder(path: again.path).read()
            #expect(read.serverName == configuration.serverName && read.exportDate == configuration.exportDate)
            #expect(read.parameters == configuration.parameters)
            #expect(read.metaverse == configuration.metaverse)
            #expect(read.connectors == configuration.connectors)
            #expect(read.rules.sorted { $0.id < $1.id } == configuration.rules.sorted { $0.id < $1.id })
        }
    }
}
