import Documents
import Foundation
import ServiceStore
import SyncConfiguration
import TestSupport
import Testing

/// `adsync rule import` through the program: an export folder, a rule's file and a script of the rules editor.
@Suite("Rules of another server") struct RuleImportTests {
    private static let forest = "{11111111-2222-3333-4444-555555555555}"

    /// A custom rule as an administrator makes it, with everything that a rule can have.
    private static func rule(_ precedence: Int = 50, expression: String = "UCase([title])") -> SynchronizationRule {
        var record = SynchronizationRule.Record()
        record.description = "titles & \"capitals\""
        record.version = 3
        record.internalID = "{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}"
        return SynchronizationRule(
            id: "{aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee}", name: "In from AD - User Titles", direction: .inbound,
            connector: forest, connectorObjectType: "user", metaverseObjectType: "person", linkType: .join,
            precedence: precedence, scope: [[ScopeClause("title", .isNotNull)]],
            flows: [
                AttributeFlow("title", .expression(expression), listedSources: ["title"]),
                AttributeFlow("employeeType", .constant("imported")),
            ], record: record)
    }

    private func export(_ rules: [SynchronizationRule], name: String, to folder: URL) throws {
        let configuration = ServerConfiguration(
            serverName: "elsewhere", exportDate: "today", parameters: ["Microsoft.Synchronize.StagingMode": "False"],
            metaverse: DirectorySchema(),
            connectors: [Connector(id: Self.forest, name: name, category: "AD", subtype: "", version: 1)],
            rules: rules)
        for document in try ExportFolder.documents(of: configuration) {
            let file = folder.appending(path: document.path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(document.bytes).write(to: file)
        }
    }

    /// The custom rules that the server exports now.
    private func exported(_ program: Program, to folder: URL) throws -> [SynchronizationRule] {
        #expect(try program.call("export-config", "--to", folder.path).status == 0)
        return try ExportFolder(path: folder.path).read().customRules
    }

    @Test("come with an export folder, and leave it as they came")
    func folder() throws {
        try withTemporaryFolder { folder in
            let program = try ProgramServer(folder).program
            let source = folder.appending(path: "there")
            var standard = Self.rule(120)
            standard.id = "{99999999-bbbb-cccc-dddd-eeeeeeeeeeee}"
            standard.name = "In from AD - Standard"
            standard.record.immutableTag = "Microsoft.Standard.001"
            try export([Self.rule(), standard], name: "else.example", to: source)
            let local = try ExportFolderNames.forest(program, folder)
            let call = try program.call("rule import", source.path, "--connector", "else.example=\(local.name)")
            #expect(call.status == 0, "\(call.diagnostics)")
            #expect(call.json.object?["imported"] == ["In from AD - User Titles"])
            #expect(call.json.object?["standard"] == ["In from AD - Standard"])
            var expected = Self.rule()
            expected.connector = local.id
            #expect(try exported(program, to: folder.appending(path: "here")) == [expected])
        }
    }

    @Test("come as a script, for the connector that is named")
    func script() throws {
        try withTemporaryFolder { folder in
            let program = try ProgramServer(folder).program
            let file = folder.appending(path: "rule.ps1")
            try Data(RuleScript.write([Self.rule()]).utf8).write(to: file)
            let refused = try program.call("rule import", file.path)
            #expect(refused.status == 64)
            #expect(refused.diagnostics.contains("--connector \(Self.forest)=NAME"))
            let local = try ExportFolderNames.forest(program, folder)
            #expect(
                try program.call("rule import", file.path, "--connector", "\(Self.forest)=\(local.id)").status == 0)
            let rules = try exported(program, to: folder.appending(path: "here"))
            #expect(rules.map(\.flows) == [Self.rule().flows])
        }
    }

    @Test(
        "that do not fit are refused by name, and none is taken",
        arguments: [
            (200, "UCase([title])", "expected less than 100"),
            (50, "UCas([title])", "In from AD - User Titles"),
            (50, "UCase([title]", "in the flow to \"title\""),
        ])
    func refused(precedence: Int, expression: String, words: String) throws {
        try withTemporaryFolder { folder in
            let program = try ProgramServer(folder).program
            let source = folder.appending(path: "there")
            let local = try ExportFolderNames.forest(program, folder)
            try export([Self.rule(precedence, expression: expression)], name: local.name, to: source)
            let call = try program.call("rule import", source.path)
            #expect(call.status == 64)
            #expect(call.diagnostics.contains(words), "\(call.diagnostics)")
            #expect(try exported(program, to: folder.appending(path: "here")).isEmpty)
        }
    }
}

/// The forest of a test server, by identifier and name.
private enum ExportFolderNames {
    static func forest(_ program: Program, _ folder: URL) throws -> (id: String, name: String) {
        let target = folder.appending(path: "names")
        #expect(try program.call("export-config", "--to", target.path).status == 0)
        let connectors = try ExportFolder(path: target.path).read().connectors
        let forest = try #require(connectors.first { $0.kind == .activeDirectory })
        return (forest.id, forest.name)
    }
}
