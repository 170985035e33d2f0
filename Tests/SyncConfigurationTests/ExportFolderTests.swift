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
            #expect(configuration.metaverse == MetaverseSchema(attributesByClass: ["person": 2], attributeTypes: 3))

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
        #expect(configuration.metaverse.attributeTypes == 219)
        #expect(configuration.connectors.map(\.kind) == [.activeDirectory, .cloud])
        #expect(configuration.rules.count == 62)
        #expect(configuration.rules.reduce(0) { $0 + $1.flows.count } == 1200)
        #expect(configuration.customRules.isEmpty)
        #expect(configuration.rules.map(\.precedence).min() == 100)
    }

    /// What is done to one file, and what the error must name.
    struct Damage: Sendable, CustomTestStringConvertible {
        let what: String
        let file: String
        let from: String
        let to: String
        let line: Int?
        let element: String?
        let words: String

        var testDescription: String { what }
    }

    static let damages = [
        Damage(
            what: "an end tag is missing", file: SmallExport.settings, from: "</mv-data>", to: "", line: 13,
            element: nil, words: "end tag"),
        Damage(
            what: "the file is cut off", file: SmallExport.ruleFile, from: "</synchronizationRule>", to: "", line: 21,
            element: nil, words: "ends before"),
        Damage(
            what: "another document", file: SmallExport.ruleFile, from: "synchronizationRule>", to: "html>", line: 1,
            element: "html", words: "expected <synchronizationRule>"),
        Damage(
            what: "an unknown direction", file: SmallExport.ruleFile, from: "Inbound", to: "Sideways", line: 22,
            element: "synchronizationRule", words: "Inbound, Outbound"),
        Damage(
            what: "a precedence that is no number", file: SmallExport.ruleFile, from: ">50<", to: ">high<", line: 22,
            element: "synchronizationRule", words: "whole number"),
        Damage(
            what: "no link type", file: SmallExport.ruleFile, from: "linkType>", to: "link>", line: 22,
            element: "synchronizationRule", words: "linkType"),
        Damage(
            what: "an identifier without braces", file: SmallExport.forestFile, from: SmallExport.forest, to: "1",
            line: 1, element: "id", words: "identifier"),
        Damage(
            what: "a parameter twice", file: SmallExport.settings, from: "Microsoft.Example.Text",
            to: "Microsoft.Synchronize.TimeInterval", line: 12, element: "parameter", words: "twice"),
        Damage(
            what: "no server name", file: SmallExport.settings, from: "server='SYNC01'", to: "", line: 2,
            element: "saved-mv-configuration", words: "server"),
        Damage(
            what: "an undefined entity", file: SmallExport.settings, from: "&amp;", to: "&passwd;", line: 12,
            element: "parameter", words: "entity"),
    ]

    @Test("Damage is named by file, line and element", arguments: damages)
    func damaged(_ damage: Damage) throws {
        try withTemporaryFolder { folder in
            var export = SmallExport()
            let before = try #require(export.files[damage.file])
            let after = before.replacingOccurrences(of: damage.from, with: damage.to)
            try #require(after != before)
            export.files[damage.file] = after
            try export.write(to: folder)
            let error = try #require(throws: ExportError.self) { try ExportFolder(path: folder.path).read() }
            #expect(error.kind == .badInput)
            #expect(error.path.hasSuffix(damage.file))
            #expect(error.line == damage.line)
            if let element = damage.element { #expect(error.element == element) }
            #expect(error.problem.contains(damage.words), "\(error)")
            #expect(!error.remedy.isEmpty)
        }
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
}
