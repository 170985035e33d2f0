import Foundation
import TestSupport
import Testing

@testable import Upgrader

/// Which exports `check --export` is about.
struct ExportSelectionTests {
    private func make(_ files: [String], in folder: URL) throws {
        for file in files {
            let url = folder.appending(path: file)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: url)
        }
    }

    @Test("A folder of exports counts as all of them, by name, damaged ones too, and other folders not")
    func parent() throws {
        try withTemporaryFolder { folder in
            try make(
                [
                    "b/GlobalSettings/MV.xml", "a/GlobalSettings/MV.xml", "c/Connectors/Connector_1.xml", "notes/text",
                    "readme",
                ], in: folder)
            let expected = ["a", "b", "c"].map { "\(folder.path)/\($0)" }
            #expect(ExportSelection.expand([folder.path]) == expected)
            #expect(ExportSelection.expand([expected[1], folder.path]) == [expected[1], expected[0], expected[2]])
        }
    }

    @Test("An export is itself, whatever lies in it, and so is what is none")
    func itself() throws {
        try withTemporaryFolder { folder in
            try make(["GlobalSettings/MV.xml", "old/GlobalSettings/MV.xml", "empty/x"], in: folder)
            let empty = "\(folder.path)/empty"
            #expect(
                ExportSelection.expand([folder.path, empty, "/none", folder.path]) == [folder.path, empty, "/none"])
        }
    }
}
