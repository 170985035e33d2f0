import Documents
import Foundation
import SyncConfiguration
import TestSupport
import Testing

struct ExportFolderTests {
    @Test("A small export is read whole")
    func smallExport() throws {
        try withTemporaryFolder { folder in
            try SmallExport().write(to: folder)
            let configuration = try ExportFolder(path: folder.path).read()
            #expect(configuration.serverName == "SYNC01")
            #expect(configuration.exportDate == "2020-01-02 03:04:05.678")
            #expect(configuration.version == ProductVersion(1, 1, 880, 0))
            #expect(configuration.parameters["Microsoft.Synchronize.TimeInterval"] == "")
            #expect(configuration.parameters["Microsoft.Example.Text"] == "a & b <c>")
            #expect(configuration.metaverse.attributesByClass == ["person": 2])
            #expect(configuration.metaverse.attributes.map(\.name) == ["a", "b", "c"])

            let forest = try #require(configuration.connectors.first)
            #expect(forest.kind == .activeDirectory)
            #expect(forest.name == "example.org")
            #expect(forest.version == 7)
            #expect(forest.forest?.user == "MSOL_0")
            #expect(forest.partitions.map(\.isSelected) == [true, false])
            #expect(configuration.connectors.last?.kind == .cloud)

            let rule = try #require(configuration.rules.first)
            #expect(rule.isCustom)
            #expect(rule.isDisabled)
            #expect(rule.linkType == .stickyJoin)
            #expect((rule.flows.count, rule.join.joined().count, rule.scope.joined().count) == (2, 1, 3))
        }
    }

    @Test(
        "The real export is read whole",
        .enabled(if: realExport != nil, "the real export does not lie beside this package"))
    func realFolder() throws {
        let folder = try #require(realExport)
        let configuration = try ExportFolder(path: folder.path).read()
        #expect(configuration.serverName == "CONTOSO-SYNC01")
        #expect(configuration.version == ProductVersion(1, 1, 130, 0))
        #expect(configuration.parameters.count == 37)
        #expect(configuration.metaverse.attributesByClass == ["person": 182, "group": 86, "device": 29])
        #expect(configuration.metaverse.attributes.count == 219)
        #expect(configuration.connectors.map(\.kind) == [.activeDirectory, .cloud])
        #expect(configuration.rules.count == 62)
        #expect(configuration.rules.reduce(0) { $0 + $1.flows.count } == 1200)
        #expect(configuration.customRules.isEmpty)
        #expect(configuration.rules.map(\.precedence).min() == 100)
    }

    @Test(
        "No entity and no other file is ever followed",
        arguments: [
            "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/hostname\">]>", "<!-- first --><!DOCTYPE a SYSTEM \"a.dtd\">",
            "<?xml version=\"1.0\" encoding=\"UTF-7\"?>", "<?xml version=\"1.0\" encoding='utf-16'?>",
        ])
    func prolog(_ text: String) throws {
        try withTemporaryFolder { folder in
            var export = SmallExport()
            export.files[SmallExport.ruleFile] = text + SmallExport.ruleText
            try export.write(to: folder)
            let error = try #require(throws: ExportError.self) { try ExportFolder(path: folder.path).read() }
            #expect(error.kind == .badInput)
            #expect(error.line == 1)
        }
    }

    @Test("A file in another encoding is refused", arguments: [String.Encoding.utf16, .utf16BigEndian, .utf32])
    func encodings(_ encoding: String.Encoding) throws {
        try withTemporaryFolder { folder in
            let export = SmallExport()
            try export.write(to: folder)
            let bytes = try #require(SmallExport.ruleText.data(using: encoding))
            try bytes.write(to: folder.appending(path: SmallExport.ruleFile))
            let error = try #require(throws: ExportError.self) { try ExportFolder(path: folder.path).read() }
            #expect(error.problem.contains("UTF-8"))
        }
    }

    @Test(
        "An incomplete folder says what is missing",
        arguments: [SmallExport.settings, "Connectors", "SynchronizationRules", SmallExport.ruleFile])
    func incomplete(_ missing: String) throws {
        try withTemporaryFolder { folder in
            try SmallExport().write(to: folder)
            try FileManager.default.removeItem(at: folder.appending(path: missing))
            let error = try #require(throws: ExportError.self) { try ExportFolder(path: folder.path).read() }
            #expect(error.kind == .badInput)
            #expect(error.problem.contains(missing.split(separator: "/")[0]))
        }
    }

    @Test("Two files with one identifier are refused")
    func duplicate() throws {
        try withTemporaryFolder { folder in
            var export = SmallExport()
            export.files["SynchronizationRules/SynchronizationRule_{2}.xml"] = SmallExport.ruleText
                .replacingOccurrences(of: "{AAAAAAAA", with: "{aaaaaaaa")
            try export.write(to: folder)
            let error = try #require(throws: ExportError.self) { try ExportFolder(path: folder.path).read() }
            #expect(error.problem.contains("another file"))
            #expect(error.path.hasSuffix("{2}.xml"))
        }
    }

    @Test("A folder that is not there, and a file in its place, are told apart")
    func noFolder() throws {
        try withTemporaryFolder { folder in
            let missing = folder.appending(path: "none").path
            let absent = try #require(throws: ExportError.self) { try ExportFolder(path: missing).read() }
            #expect(absent.kind == .noSuchInput)
            try Data().write(to: folder.appending(path: "file"))
            let file = try #require(throws: ExportError.self) {
                try ExportFolder(path: folder.appending(path: "file").path).read()
            }
            #expect(file.kind == .badInput)
        }
    }

    @Test("An empty file is bad input")
    func emptyFile() throws {
        try withTemporaryFolder { folder in
            var export = SmallExport()
            export.files[SmallExport.cloudFile] = ""
            try export.write(to: folder)
            let error = try #require(throws: ExportError.self) { try ExportFolder(path: folder.path).read() }
            #expect(error.problem.contains("empty"))
        }
    }

    @Test(
        "A file that is cut off anywhere is never taken for a whole one", arguments: SmallExport().files.keys.sorted())
    func cutOff(_ file: String) throws {
        try withTemporaryFolder { folder in
            let export = SmallExport()
            try export.write(to: folder)
            let whole = Array(try #require(export.files[file]).utf8)
            for length in stride(from: 0, to: whole.count, by: 11) {
                try Data(whole[..<length]).write(to: folder.appending(path: file))
                let error = #expect(throws: ExportError.self, "cut at byte \(length)") {
                    try ExportFolder(path: folder.path).read()
                }
                #expect(error?.kind == .badInput)
                #expect(error?.path.hasSuffix(file) == true)
            }
        }
    }

    @Test("A folder or a pipe in a file's place is refused, not waited for")
    func notAFile() throws {
        try withTemporaryFolder { folder in
            try SmallExport().write(to: folder)
            let file = folder.appending(path: SmallExport.ruleFile)
            try FileManager.default.removeItem(at: file)
            try #require(mkfifo(file.path, 0o600) == 0)
            let error = try #require(throws: ExportError.self) { try ExportFolder(path: folder.path).read() }
            #expect(error.problem.contains("regular file"))
        }
    }

    @Test(
        "A server export of the Service Manager is refused by name",
        arguments: [["MV.xml"], ["MA-{11111111-2222-3333-4444-555555555555}.xml"], ["mv.xml", "other.txt"]])
    func serviceManager(_ names: [String]) throws {
        try withTemporaryFolder { folder in
            for name in names { try Data(SmallExport.settingsText.utf8).write(to: folder.appending(path: name)) }
            let error = try #require(throws: ExportError.self) { try ExportFolder(path: folder.path).read() }
            #expect(error.kind == .badInput)
            #expect(error.problem.contains("Service Manager"))
            #expect(error.remedy.contains("Get-ADSyncServerConfiguration"))
        }
    }

    @Test("Parameters of a connector that states none are worked out of its names")
    func workedOut() {
        let partitions = [
            Connector.Partition(name: "DC=example,DC=org", isSelected: true),
            Connector.Partition(name: "DC=sub,DC=example,DC=org", isSelected: true),
        ]
        let connector = Connector(
            id: "{1}", name: "n", category: "AD", subtype: "", version: 1,
            forest: Connector.ForestAccount(name: "example.org", domain: "", user: ""), partitions: partitions)
        #expect(
            connector.ruleParameters == [
                "Connector.ID": "{1}", "Forest.FQDN": "example.org", "Forest.LDAP": "DC=example,DC=org",
            ])
        let values = connector.ruleParameters(for: "CN=a,OU=b,dc=Sub,DC=example,DC=org")
        #expect(values["Domain.FQDN"] == "sub.example.org")
        #expect(values["Domain.LDAP"] == "DC=sub,DC=example,DC=org")
        #expect(values["Domain.Netbios"] == nil)
        #expect(connector.ruleParameters(for: "DC=example,DC=org")["Domain.FQDN"] == "example.org")
    }
}
