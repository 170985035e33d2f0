import Foundation
import TestSupport
import Testing
import Unpacking

private let release = SignedRelease([
    .init(path: "deep/er/file", content: "x"), .init(path: "empty"), .init(path: "App/one", content: "1"),
    .init(path: "caf\u{E9}", content: "2"),
])
private let document = release.documentEntry
private let whole = release.entries.filter { $0.name != "caf\u{E9}" } + [accented("caf\u{E9}")]

/// An entry whose name libarchive takes as UTF-8.
private func accented(_ name: String) -> TarEntry { TarEntry(name, content: "2") }

@Suite("unpacking by the signed list")
struct UnpackerTests {
    init() { Unpacker.useUTF8() }

    private func mode(_ file: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    }

    @Test("makes files and folders with their content and modes, whatever the umask")
    func makes() throws {
        try withTemporaryFolder { place in
            let summary = try release.unpack(whole + [.folder("bin/")], below: place)
            let target = place.appending(path: "into")
            #expect(summary.files == 6)
            #expect(summary.folders == 4)
            #expect(summary.bytes == 13 + release.document.count)
            let content = try String(contentsOf: target.appending(path: "deep/er/file"), encoding: .utf8)
            #expect(content == "x")
            let modes = try ["bin/run", "release.json", "deep/er"].map { try mode(target.appending(path: $0)) }
            #expect(modes == [0o755, 0o644, 0o755])
            #expect(try Data(contentsOf: target.appending(path: "release.json")) == Data(release.document))
        }
    }

    struct Hostile: CustomTestStringConvertible, Sendable {
        let what: String
        let entries: [TarEntry]
        let words: String
        var testDescription: String { what }
        init(_ what: String, _ words: String, _ entries: TarEntry...) {
            (self.what, self.words, self.entries) = (what, words, entries)
        }
    }

    private static var changedDocument: TarEntry {
        var entry = document
        entry.content[entry.content.count - 2] ^= 1
        return entry
    }

    static let hostile: [Hostile] = [
        Hostile("another first entry", "first entry", TarEntry("empty"), document),
        Hostile("a folder as first entry", "first entry", .folder("release.json")),
        Hostile("another document", "was signed", changedDocument),
        Hostile("a shorter document", "expected \(release.document.count)", TarEntry("release.json", content: "{}")),
        Hostile("a file that is not listed", "is not listed", document, TarEntry("extra")),
        Hostile("a missing file", "missing in the archive, and 3 more", document, release.programEntry),
        Hostile("a file that is too long", "expected 0", document, TarEntry("empty", content: "x")),
        Hostile("a file that is too short", "has 0 bytes; expected 1", document, TarEntry("deep/er/file")),
        Hostile("a size beyond all", "expected 0", document, TarEntry("empty", size: 0o7_7777_7777)),
        Hostile(
            "a program that cannot be executed", "expected 0755", document, TarEntry("bin/run", content: "#!/bin/sh\n")),
        Hostile("a file that can be executed", "mode 0755; expected 0644", document, TarEntry("empty", mode: 0o755)),
        Hostile("an absolute path", "is absolute", document, TarEntry("/tmp/evil")),
        Hostile("a way up", "'..'", document, TarEntry("../evil")),
        Hostile("a hidden way up", "'..'", document, TarEntry("a/../../evil")),
        Hostile("a way up as a folder", "'..'", document, .folder("../evil/")),
        Hostile("a symbolic link", "symbolic link", document, TarEntry("empty", type: "2", linkTarget: "/etc")),
        Hostile("a hard link", "hard link", document, TarEntry("empty", type: "1", linkTarget: "release.json")),
        Hostile("a character device", "device", document, TarEntry("empty", type: "3")),
        Hostile("a block device", "device", document, TarEntry("empty", type: "4")),
        Hostile("a pipe", "pipe", document, TarEntry("empty", type: "6")),
        Hostile("a setuid file", "mode 04644", document, TarEntry("empty", mode: 0o4644)),
        Hostile("a file for everybody to write", "mode 0666", document, TarEntry("empty", mode: 0o666)),
        Hostile("a folder for everybody to write", "mode 0777", document, .folder("bin", mode: 0o777)),
        Hostile("one file twice", "occurs twice", document, TarEntry("empty"), TarEntry("empty")),
        Hostile("release.json twice", "occurs twice", document, document),
        Hostile("one folder twice", "occurs twice", document, .folder("bin"), .folder("bin/")),
        Hostile("a folder without listed files", "no listed file", document, .folder("other")),
        Hostile("a file as a folder", "is a file", document, TarEntry("empty/b")),
        Hostile("a listed file that is a folder", "list has a file", document, .folder("empty")),
        Hostile("a listed folder that is a file", "list has a folder", document, TarEntry("bin")),
        Hostile("a name that differs by case", "\"empty\" by case only", document, TarEntry("Empty")),
        Hostile(
            "a folder that differs by case", "\"App/one\" by case only", document, TarEntry("app/one", content: "1")),
        Hostile("a name in another Unicode form", "Unicode form only", document, accented("cafe\u{301}")),
        Hostile("a control character", "control character", document, TarEntry("a\u{1B}[31m")),
    ]

    @Test("refuses what no release has, names the entry and the rule, and makes nothing outside", arguments: hostile)
    func refuses(_ hostile: Hostile) throws {
        try withTemporaryFolder { place in
            let error = #expect(throws: UnpackFailure.self) { try release.unpack(hostile.entries, below: place) }
            #expect(error?.exitStatus == 65)
            #expect(error?.description.contains(hostile.words) == true, "\(error?.description ?? "")")
            #expect(error?.entry != nil)
            #expect(error?.description.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } == true)
            let left = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
            #expect(left == ["archive", "document", "into"])
        }
    }

    @Test("refuses an archive that was cut off anywhere", arguments: Array(stride(from: 0, to: 8_700, by: 97)))
    func truncated(length: Int) throws {
        try withTemporaryFolder { place in
            let archive = HandMadeArchive.zstd(HandMadeArchive.tar(whole))
            try #require(archive.count > 8_700)
            let error = #expect(throws: UnpackFailure.self) {
                try release.unpack(Array(archive.prefix(length)), below: place)
            }
            #expect(error?.kind == .badArchive)
            #expect(
                error?.description.contains(length == 0 ? "is empty" : "cut off") == true, "\(error?.description ?? "")"
            )
        }
    }

    @Test(
        "refuses what follows the archive's end",
        arguments: [
            ("a byte after the frame", "follows its only zstd frame"),
            ("a second frame", "follows its only zstd frame"),
            ("a second archive in the frame", "follows the archive's end"),
            ("a byte after the end", "follows the archive's end"),
            ("no end", "two last blocks"), ("half an end", "two last blocks"),
        ])
    func tail(what: String, words: String) throws {
        let tar = HandMadeArchive.tar(whole)
        let archive =
            switch what {
            case "a byte after the frame": HandMadeArchive.zstd(tar) + [0]
            case "a second frame": HandMadeArchive.zstd(tar) + HandMadeArchive.zstd([0])
            case "a second archive in the frame": HandMadeArchive.zstd(tar + HandMadeArchive.tar([document]))
            case "a byte after the end": HandMadeArchive.zstd(tar + [1])
            case "no end": HandMadeArchive.zstd(Array(tar.dropLast(1024)))
            default: HandMadeArchive.zstd(Array(tar.dropLast(512)))
            }
        try withTemporaryFolder { place in
            let error = #expect(throws: UnpackFailure.self) { try release.unpack(archive, below: place) }
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        }
        // Padding to whole records is no end of its own.
        try withTemporaryFolder { place in
            let padded = HandMadeArchive.zstd(tar + [UInt8](repeating: 0, count: 9216))
            let summary = try release.unpack(padded, below: place)
            #expect(summary.files == 6)
        }
    }

    @Test(
        "refuses other formats and compressions",
        arguments: [
            ("plain tar", "not compressed with zstd"), ("zstd twice", "once with zstd"), ("text", "with zstd"),
            ("zstd of text", "is not a tar"),
        ])
    func formats(what: String, words: String) throws {
        let tar = HandMadeArchive.tar(whole)
        let archive: [UInt8] =
            switch what {
            case "plain tar": tar
            case "zstd twice": HandMadeArchive.zstd(HandMadeArchive.zstd(tar))
            case "zstd of text": HandMadeArchive.zstd(Array(String(repeating: "not an archive", count: 100).utf8))
            default: Array("not an archive".utf8)
            }
        try withTemporaryFolder { place in
            let error = #expect(throws: UnpackFailure.self) { try release.unpack(archive, below: place) }
            #expect(error?.kind == .badArchive)
            #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
            let left = try FileManager.default.contentsOfDirectory(atPath: place.appending(path: "into").path)
            #expect(left.isEmpty)
        }
    }

    @Test("stops a bomb before it has expanded to more than what is signed")
    func bomb() throws {
        let tar = HandMadeArchive.tar(whole) + [UInt8](repeating: 0, count: 2 << 20)
        try withTemporaryFolder { place in
            let error = #expect(throws: UnpackFailure.self) {
                try release.unpack(HandMadeArchive.zstd(tar), below: place)
            }
            #expect(error?.description.contains("expands to more than") == true, "\(error?.description ?? "")")
        }
    }

    @Test("follows no link that stands in its way")
    func linkedTarget() throws {
        try withTemporaryFolder { place in
            let list = place.appending(path: "document")
            try Data(release.document).write(to: list)
            let real = place.appending(path: "real")
            try FileManager.default.createDirectory(at: real, withIntermediateDirectories: false)
            let link = place.appending(path: "link")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
            #expect(throws: UnpackFailure.self) { _ = try Unpacker(document: list.path, into: link.path) }
        }
    }

    @Test("takes only an empty folder")
    func occupied() throws {
        try withTemporaryFolder { place in
            let list = place.appending(path: "document")
            try Data(release.document).write(to: list)
            let error = #expect(throws: UnpackFailure.self) { _ = try Unpacker(document: list.path, into: place.path) }
            #expect(error?.description.contains("is not empty") == true)
        }
    }
}
