import Documents
import Foundation
import SyncConfiguration
import TestSupport
import Testing

@testable import Upgrader

/// A real export, damaged in every way that copying, editing and unpacking damage one.
@Suite(.enabled(if: realExport != nil, "the real export does not lie beside this package"))
struct DamagedExportTests {
    private static let settings = "GlobalSettings/MV.xml"

    /// The settings, the connectors and a few rules: enough to be an export, and quick to read often.
    private func withExport(_ body: (URL, [String]) throws -> Void) throws {
        let original = try #require(realExport)
        try withTemporaryFolder { folder in
            let export = folder.appending(path: "export")
            var files = [Self.settings]
            for (name, count) in [("Connectors", 2), ("SynchronizationRules", 3)] {
                let names = try FileManager.default.contentsOfDirectory(
                    atPath: original.appending(path: name).path)
                files += names.filter { $0.hasSuffix(".xml") }.sorted().prefix(count).map { "\(name)/\($0)" }
            }
            for file in files {
                let target = export.appending(path: file)
                try FileManager.default.createDirectory(
                    at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                try slim(try Data(contentsOf: original.appending(path: file))).write(to: target)
            }
            try body(export, files)
        }
    }

    /// A connector's file without the schema of its forest, which is nearly all of it and takes its time to read.
    private func slim(_ file: Data) throws -> Data {
        guard file.count > 1_000_000 else { return file }
        let begin = try #require(file.range(of: Data("<schema".utf8)))
        let end = try #require(file.range(of: Data("</schema>".utf8), options: .backwards))
        return file[..<begin.lowerBound] + file[end.upperBound...]
    }

    /// Everything below a folder, with what shows a change.
    private func tree(_ folder: URL) throws -> [String] {
        let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        return try names.sorted().map { name in
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.appending(path: name).path)
            return "\(name) \(attributes[.size] ?? 0) \(attributes[.modificationDate] ?? 0)"
        }
    }

    /// Checks the export, which must end in one clear error and leave everything as it is.
    private func expectError(_ export: URL, _ status: Int32, naming words: String, _ note: String) throws {
        let before = try tree(export.deletingLastPathComponent())
        let check = try CheckReport(EligibilityQuestion(today: EligibilityFacts.today))
        let error = #expect(throws: CheckReport.Failure.self, "\(note)") { try check.forExport(export.path) }
        #expect(error?.exitStatus == status, "\(note)")
        let text = error?.description ?? ""
        #expect(text.contains(words), "\(note): \(text)")
        #expect(text.contains("; ") && !text.contains("\n"), "\(note): \(text)")
        #expect(try tree(export.deletingLastPathComponent()) == before, "\(note)")
    }

    @Test("The part of the real export that the other tests damage is whole")
    func whole() throws {
        try withExport { export, files in
            let check = try CheckReport(EligibilityQuestion(today: EligibilityFacts.today))
            #expect(try check.forExport(export.path).facts.version == ProductVersion(1, 1, 130, 0))
            #expect(files.count == 6)
        }
    }

    @Test("Cut off at any twentieth of any file")
    func cutOff() throws {
        try withExport { export, files in
            for file in files {
                let target = export.appending(path: file)
                let whole = try Data(contentsOf: target)
                for part in 0..<20 {
                    try whole.prefix(whole.count * part / 20).write(to: target)
                    try expectError(export, 65, naming: file, "\(file) to \(part)/20")
                }
                try whole.write(to: target)
            }
        }
    }

    @Test("A large file that is cut off, its schema included")
    func cutOffWhole() throws {
        try withExport { export, files in
            let file = files[1]
            let whole = try Data(contentsOf: try #require(realExport).appending(path: file))
            #expect(whole.count > 1_000_000)
            for part in [1, 7, 13, 19] {
                try whole.prefix(whole.count * part / 20).write(to: export.appending(path: file))
                try expectError(export, 65, naming: file, "\(file) to \(part)/20")
            }
        }
    }

    @Test("Other content in place of any file")
    func otherContent() throws {
        try withExport { export, files in
            for file in files {
                let target = export.appending(path: file)
                let whole = try Data(contentsOf: target)
                let text = try #require(String(data: whole, encoding: .utf8))
                let contents = [
                    ("text", Data("See the attached configuration.\n".utf8)),
                    ("another root", Data("<?xml version=\"1.0\"?><html><body/></html>".utf8)),
                    ("UTF-16", try #require(text.data(using: .utf16))),
                    ("UTF-32", try #require(text.data(using: .utf32LittleEndian))),
                    ("zeros", Data(count: whole.count)), ("twice", whole + whole),
                    ("JSON", Data("{\"rules\": []}".utf8)),
                ]
                for (what, content) in contents {
                    try content.write(to: target)
                    try expectError(export, 65, naming: file, "\(what) in \(file)")
                }
                try whole.write(to: target)
            }
        }
    }

    @Test("A part that is missing", arguments: [settings, "GlobalSettings", "Connectors", "SynchronizationRules"])
    func missing(_ name: String) throws {
        try withExport { export, _ in
            try FileManager.default.removeItem(at: export.appending(path: name))
            try expectError(export, 65, naming: String(name.prefix(10)), name)
        }
    }

    @Test("Folders without files", arguments: ["Connectors", "SynchronizationRules"])
    func empty(_ name: String) throws {
        try withExport { export, files in
            for file in files where file.hasPrefix(name) {
                try FileManager.default.removeItem(at: export.appending(path: file))
            }
            try expectError(export, 65, naming: name, name)
        }
    }

    @Test("A rule or a connector that is there twice")
    func twice() throws {
        try withExport { export, files in
            for file in files.dropFirst() {
                let copy = export.appending(path: file.replacing(".xml", with: " - Copy.xml"))
                try FileManager.default.copyItem(at: export.appending(path: file), to: copy)
                try expectError(export, 65, naming: "occurs in another file", file)
                try FileManager.default.removeItem(at: copy)
            }
        }
    }

    @Test("Something else than a file in a file's place")
    func noFile() throws {
        try withExport { export, files in
            for file in files {
                let target = export.appending(path: file)
                let whole = try Data(contentsOf: target)
                try FileManager.default.removeItem(at: target)
                try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
                try expectError(export, 65, naming: "regular file", "a folder for \(file)")
                try FileManager.default.removeItem(at: target)
                try #require(mkfifo(target.path, 0o600) == 0)
                try expectError(export, 65, naming: "regular file", "a pipe for \(file)")
                try FileManager.default.removeItem(at: target)
                // What a link names may be whole, and is not a part of this export.
                let outside = export.deletingLastPathComponent().appending(path: "outside.xml")
                try whole.write(to: outside)
                try FileManager.default.createSymbolicLink(at: target, withDestinationURL: outside)
                try expectError(export, 65, naming: "symbolic link", "a link for \(file)")
                try FileManager.default.removeItem(at: target)
                try FileManager.default.createSymbolicLink(atPath: target.path, withDestinationPath: "nowhere")
                try expectError(export, 65, naming: export.lastPathComponent, "a link to nothing for \(file)")
                try FileManager.default.removeItem(at: target)
                try whole.write(to: target)
            }
        }
    }

    @Test("A link in place of a folder; the export itself may be reached through one")
    func links() throws {
        try withExport { export, _ in
            let other = export.deletingLastPathComponent().appending(path: "other")
            try FileManager.default.createSymbolicLink(at: other, withDestinationURL: export)
            let check = try CheckReport(EligibilityQuestion(today: EligibilityFacts.today))
            #expect(throws: Never.self) { try check.forExport(other.path) }
            for name in ["GlobalSettings", "Connectors", "SynchronizationRules"] {
                let moved = export.deletingLastPathComponent().appending(path: name)
                try FileManager.default.moveItem(at: export.appending(path: name), to: moved)
                try FileManager.default.createSymbolicLink(
                    at: export.appending(path: name), withDestinationURL: moved)
                try expectError(export, 65, naming: "symbolic link", name)
                try FileManager.default.removeItem(at: export.appending(path: name))
                try FileManager.default.moveItem(at: moved, to: export.appending(path: name))
            }
        }
    }

    @Test("No export, and a file in its place")
    func noExport() throws {
        try withExport { export, files in
            try expectError(export.appending(path: "none"), 66, naming: "no such folder", "none")
            try expectError(export.appending(path: files[0]), 65, naming: "found a file", "a file")
        }
    }

    @Test("What may not be read ends with 77, in any place")
    func notPermitted() throws {
        try withExport { export, files in
            let program = builtProgram("aadc-upgrade").path
            let parent = export.deletingLastPathComponent()
            let before = try tree(parent)
            for place in files + ["GlobalSettings", "Connectors", "SynchronizationRules", ""] {
                let path = place.isEmpty ? export.path : export.appending(path: place).path
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
                try #require(chmod(path, 0) == 0)
                defer { chmod(path, mode_t(mode?.uint16Value ?? 0o755)) }
                let words = ["check", "--export", export.path]
                // Whoever may do everything has to become somebody else first.
                let result =
                    getuid() == 0
                    ? try run(
                        URL(filePath: "/usr/bin/setpriv"),
                        ["--reuid", "65534", "--regid", "65534", "--clear-groups", program] + words)
                    : try run(URL(filePath: program), words)
                #expect(result.status == 77, "\(place): \(result.output)\(result.errors)")
                #expect(result.errors.split(separator: "\n").count == 1, "\(place): \(result.errors)")
                #expect(result.output.isEmpty)
            }
            #expect(try tree(parent) == before)
        }
    }
}
