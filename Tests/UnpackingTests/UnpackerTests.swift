import Foundation
import TestSupport
import Testing
import Unpacking

private let document = TarEntry("release.json", content: "{}")

@Suite("unpacking")
struct UnpackerTests {
    init() { Unpacker.useUTF8() }

    private func unpack(
        _ entries: [TarEntry], bytes: Int = 10_000, files: Int = 10,
        look: (URL, UnpackSummary) throws -> Void = { _, _ in }
    ) throws {
        try withTemporaryFolder { folder in
            let archive = folder.appending(path: "a.tar.zst")
            try HandMadeArchive.write(entries, to: archive)
            let target = folder.appending(path: "into")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
            let summary = try Unpacker.unpack(
                archive: archive.path, into: target.path, limits: UnpackLimits(bytes: bytes, files: files))
            try look(target, summary)
        }
    }

    private func mode(_ file: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    }

    @Test("makes files and folders with their content and modes, whatever the umask")
    func makes() throws {
        let entries = [
            document, .folder("bin/"), TarEntry("bin/run", mode: 0o755, content: "#!/bin/sh\n"),
            TarEntry("deep/er/file", content: "x"), TarEntry("empty"),
        ]
        try unpack(entries) { target, summary in
            #expect(summary.files == 4)
            #expect(summary.folders == 3)
            #expect(summary.bytes == 13)
            let content = try String(contentsOf: target.appending(path: "deep/er/file"), encoding: .utf8)
            #expect(content == "x")
            let modes = try ["bin/run", "release.json", "deep/er"].map { try mode(target.appending(path: $0)) }
            #expect(modes == [0o755, 0o644, 0o755])
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

    static let hostile: [Hostile] = [
        Hostile("another first entry", "first entry", TarEntry("a"), document),
        Hostile("a folder as first entry", "first entry", .folder("release.json")),
        Hostile("an absolute path", "is absolute", document, TarEntry("/tmp/evil")),
        Hostile("a way up", "'..'", document, TarEntry("../evil")),
        Hostile("a hidden way up", "'..'", document, TarEntry("a/../../evil")),
        Hostile("a way up as a folder", "'..'", document, .folder("../evil/")),
        Hostile("a symbolic link", "symbolic link", document, TarEntry("a", type: "2", linkTarget: "/etc")),
        Hostile("a hard link", "hard link", document, TarEntry("a", type: "1", linkTarget: "release.json")),
        Hostile("a character device", "device", document, TarEntry("a", type: "3")),
        Hostile("a block device", "device", document, TarEntry("a", type: "4")),
        Hostile("a pipe", "pipe", document, TarEntry("a", type: "6")),
        Hostile("a setuid file", "mode 04755", document, TarEntry("a", mode: 0o4755)),
        Hostile("a file for everybody to write", "mode 0666", document, TarEntry("a", mode: 0o666)),
        Hostile("a folder for everybody to write", "mode 0777", document, .folder("a", mode: 0o777)),
        Hostile("one file twice", "occurs twice", document, TarEntry("a"), TarEntry("a")),
        Hostile("release.json twice", "occurs twice", document, document),
        Hostile("one folder twice", "occurs twice", document, .folder("a"), .folder("a/")),
        Hostile("a file as a folder", "is a file", document, TarEntry("a"), TarEntry("a/b")),
        Hostile("a folder as a file", "is a folder", document, .folder("a"), TarEntry("a")),
        Hostile("names that differ by case", "by case only", document, TarEntry("a"), TarEntry("A")),
        Hostile("folders that differ by case", "by case only", document, TarEntry("a/x"), TarEntry("A/y")),
        Hostile("a control character", "control character", document, TarEntry("a\u{1B}[31m")),
        Hostile(
            "more bytes than allowed", "may have 100", document,
            TarEntry("a", content: String(repeating: "x", count: 99))),
        Hostile("a size beyond all", "may have 100", document, TarEntry("a", size: 0o7_7777_7777)),
        Hostile("more files than allowed", "more than the 3", document, TarEntry("a"), TarEntry("b"), TarEntry("c")),
    ]

    @Test("refuses what no release has, and names the entry and the rule", arguments: hostile)
    func refuses(_ hostile: Hostile) throws {
        let error = #expect(throws: UnpackFailure.self) { try unpack(hostile.entries, bytes: 100, files: 3) }
        #expect(error?.exitStatus == 65)
        #expect(error?.description.contains(hostile.words) == true, "\(error?.description ?? "")")
        #expect(error?.entry == hostile.entries.last?.name.trimmingSuffix("/") || error?.kind == .badArchive)
        #expect(error?.description.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } == true)
    }

    @Test("makes nothing outside its folder for any of them", arguments: hostile)
    func staysInside(_ hostile: Hostile) throws {
        try withTemporaryFolder { folder in
            let archive = folder.appending(path: "a.tar.zst")
            try HandMadeArchive.write(hostile.entries, to: archive)
            let target = folder.appending(path: "into")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
            #expect(throws: UnpackFailure.self) {
                try Unpacker.unpack(
                    archive: archive.path, into: target.path, limits: UnpackLimits(bytes: 100, files: 3))
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["a.tar.zst", "into"])
        }
    }

    @Test("refuses an archive that was cut off anywhere", arguments: [0, 1, 5, 9, 400, 600, 1000, 1300])
    func truncated(length: Int) throws {
        try withTemporaryFolder { folder in
            let whole = HandMadeArchive.zstd(HandMadeArchive.tar([document, TarEntry("a", content: "content")]))
            let archive = folder.appending(path: "a")
            try Data(whole.prefix(length)).write(to: archive)
            let target = folder.appending(path: "into")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
            let error = #expect(throws: UnpackFailure.self) {
                try Unpacker.unpack(
                    archive: archive.path, into: target.path, limits: UnpackLimits(bytes: 1000, files: 3))
            }
            #expect(error?.kind == .badArchive)
        }
    }

    @Test("refuses other formats and compressions", arguments: ["plain tar", "zstd twice", "text"])
    func formats(what: String) throws {
        try withTemporaryFolder { folder in
            let tar = HandMadeArchive.tar([document])
            let content: [UInt8] =
                switch what {
                case "plain tar": tar
                case "zstd twice": HandMadeArchive.zstd(HandMadeArchive.zstd(tar))
                default: Array("not an archive".utf8)
                }
            let archive = folder.appending(path: "a")
            try Data(content).write(to: archive)
            let target = folder.appending(path: "into")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
            let error = #expect(throws: UnpackFailure.self) {
                try Unpacker.unpack(
                    archive: archive.path, into: target.path, limits: UnpackLimits(bytes: 10_000, files: 3))
            }
            #expect(error?.kind == .badArchive)
            #expect(try FileManager.default.contentsOfDirectory(atPath: target.path).isEmpty)
        }
    }

    @Test("follows no link that stands in its way")
    func linkedTarget() throws {
        try withTemporaryFolder { folder in
            let archive = folder.appending(path: "a")
            try HandMadeArchive.write([document], to: archive)
            let real = folder.appending(path: "real")
            try FileManager.default.createDirectory(at: real, withIntermediateDirectories: false)
            let link = folder.appending(path: "link")
            try FileManager.default.createSymbolicLink(at: link, withDestinationURL: real)
            #expect(throws: UnpackFailure.self) {
                try Unpacker.unpack(archive: archive.path, into: link.path, limits: UnpackLimits(bytes: 10, files: 1))
            }
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}

@Suite("aadc-unpack")
struct UnpackProgramTests {
    private func unpack(_ arguments: [String]) throws -> ProgramResult {
        try run(builtProgram("aadc-unpack"), arguments, environment: ["LANG": "C"])
    }

    @Test("unpacks names in any language without a locale")
    func unpacks() throws {
        try withTemporaryFolder { folder in
            let archive = folder.appending(path: "a")
            let pax = "27 path=r\u{E4}gles/\u{65E5}\u{672C}.xml\n"
            #expect(pax.utf8.count == 27)
            try HandMadeArchive.write(
                [document, TarEntry("PaxHeader", type: "x", content: pax), TarEntry("x", content: "1")], to: archive)
            let target = folder.appending(path: "into")
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
            let result = try unpack([
                "--archive", archive.path, "--into", target.path, "--max-bytes", "3", "--max-files", "2",
            ])
            #expect(result.status == 0)
            #expect(result.errors.isEmpty && result.output.isEmpty)
            #expect(
                FileManager.default.fileExists(atPath: target.appending(path: "r\u{E4}gles/\u{65E5}\u{672C}.xml").path))
        }
    }

    @Test(
        "says in one line what is wrong, with a status of its own",
        arguments: [
            (["--archive", "missing", "--into", "F", "--max-bytes", "1", "--max-files", "1"], 66, "missing"),
            (["--archive", "A", "--into", "missing", "--max-bytes", "1", "--max-files", "1"], 66, "missing"),
            (["--archive", "A", "--into", "F", "--max-bytes", "1", "--max-files", "1"], 65, "\"release.json\""),
            (["--archive", "A", "--into", "F", "--max-bytes", "-1", "--max-files", "1"], 64, "usage"),
            (["--archive", "A", "--into", "F", "--max-bytes", "1"], 64, "usage"), ([], 64, "usage"),
            (["--archive", "A", "--archive", "A"], 64, "usage"),
        ])
    func failures(arguments: [String], status: Int, words: String) throws {
        try withTemporaryFolder { folder in
            try HandMadeArchive.write([document], to: folder.appending(path: "A"))
            try FileManager.default.createDirectory(at: folder.appending(path: "F"), withIntermediateDirectories: false)
            let paths = ["missing", "A", "F"]
            let result = try unpack(arguments.map { paths.contains($0) ? folder.appending(path: $0).path : $0 })
            #expect(result.status == status)
            #expect(result.errors.contains(words))
            #expect(result.errors.split(separator: "\n").count == 1)
        }
    }

    private static let unshare = URL(filePath: "/usr/bin/unshare")
    /// Whether this machine lets an ordinary user mount a file system of his own.
    private static let mountsInNamespaces =
        (try? run(unshare, ["--user", "--map-root-user", "--mount", "/bin/mount", "-t", "tmpfs", "none", "/mnt"]))?
        .status == 0

    @Test("says that the disk is full, and that it may work later", .enabled(if: mountsInNamespaces))
    func diskFull() throws {
        // Only a small file system is full in earnest.
        try withTemporaryFolder { folder in
            let mount = folder.appending(path: "small")
            try FileManager.default.createDirectory(at: mount, withIntermediateDirectories: false)
            try HandMadeArchive.write(
                [document, TarEntry("big", content: String(repeating: "x", count: 200_000))],
                to: folder.appending(path: "A"))
            let script = """
                mount -t tmpfs -o size=64k,mode=0755 none "$1" || exit 1
                mkdir "$1/into"
                exec "$2" --archive "$3" --into "$1/into" --max-bytes 300000 --max-files 9
                """
            let result = try run(
                Self.unshare,
                [
                    "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh", mount.path,
                    builtProgram("aadc-unpack").path, folder.appending(path: "A").path,
                ])
            #expect(result.status == 75)
            #expect(result.errors.contains("free some space"))
        }
    }
}
