import Foundation
import TestSupport
import Testing

private let release = SignedRelease([.init(path: "r\u{E4}gles/\u{65E5}\u{672C}.xml", content: "1")])

@Suite("aadc-unpack")
struct UnpackProgramTests {
    /// The names that arguments stand for, below a test's folder.
    private static let names = ["missing", "A", "D", "F", "bad"]

    private func unpack(_ arguments: [String], below place: URL, archive: String = "A") throws -> ProgramResult {
        try run(
            builtProgram("aadc-unpack"),
            arguments.map { Self.names.contains($0) ? place.appending(path: $0).path : $0 },
            environment: ["LANG": "C"], input: place.appending(path: archive).path)
    }

    /// The archive A, its document D, an empty folder F and a document that is none.
    private func prepare(_ place: URL, _ archive: [UInt8]) throws {
        try Data(archive).write(to: place.appending(path: "A"))
        try Data(release.document).write(to: place.appending(path: "D"))
        try Data("{}".utf8).write(to: place.appending(path: "bad"))
        try FileManager.default.createDirectory(at: place.appending(path: "F"), withIntermediateDirectories: false)
    }

    private static let archive: [UInt8] = {
        let pax = "27 path=r\u{E4}gles/\u{65E5}\u{672C}.xml\n"
        let named = [TarEntry("PaxHeader", type: "x", content: pax), TarEntry("x", content: "1")]
        return HandMadeArchive.zstd(HandMadeArchive.tar(Array(release.entries.prefix(2)) + named))
    }()

    @Test("unpacks names in any language without a locale, silently")
    func unpacks() throws {
        try withTemporaryFolder { place in
            try prepare(place, Self.archive)
            let result = try unpack(["--document", "D", "--into", "F"], below: place)
            #expect(result.status == 0)
            #expect(result.errors.isEmpty && result.output.isEmpty, "\(result.errors)")
            #expect(
                FileManager.default.fileExists(
                    atPath: place.appending(path: "F/r\u{E4}gles/\u{65E5}\u{672C}.xml").path))
        }
    }

    @Test(
        "says in one line what is wrong, with a status of its own",
        arguments: [
            (["--document", "missing", "--into", "F"], 66, "missing"),
            (["--document", "D", "--into", "missing"], 66, "missing"),
            (["--document", "bad", "--into", "F"], 65, "schema"), (["--document", "D"], 64, "usage"),
            (["--into", "F"], 64, "usage"), ([], 64, "usage"), (["--document", "D", "--document", "D"], 64, "usage"),
            (["--document", "D", "--into", "F", "--more"], 64, "usage"),
        ])
    func failures(arguments: [String], status: Int, words: String) throws {
        try withTemporaryFolder { place in
            try prepare(place, Self.archive)
            let result = try unpack(arguments, below: place)
            #expect(result.status == status)
            #expect(result.errors.contains(words), "\(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1)
        }
    }

    @Test("refuses an archive that ends too early, and an empty input")
    func cutOff() throws {
        try withTemporaryFolder { place in
            try prepare(place, Self.archive.dropLast(1))
            let result = try unpack(["--document", "D", "--into", "F"], below: place)
            #expect(result.status == 65)
            #expect(result.errors.contains("cut off"))
        }
        try withTemporaryFolder { place in
            try prepare(place, [])
            let result = try unpack(["--document", "D", "--into", "F"], below: place)
            #expect(result.status == 65)
            #expect(result.errors.contains("empty"))
        }
    }

    private static let unshare = URL(filePath: "/usr/bin/unshare")
    /// Whether this machine lets an ordinary user mount a file system of his own.
    private static let mountsInNamespaces =
        (try? run(unshare, ["--user", "--map-root-user", "--mount", "/bin/mount", "-t", "tmpfs", "none", "/mnt"]))?
        .status == 0

    /// Only a small file system is full in earnest.
    @Test(
        "says at which entry the disk is full, and that it may work later", .enabled(if: mountsInNamespaces),
        arguments: [
            ("size=64k", "big", "cannot write"), ("size=1m,nr_inodes=7", "b/c", "cannot make the folder"),
        ])
    func diskFull(option: String, entry: String, words: String) throws {
        let release = SignedRelease([
            .init(path: "big", content: String(repeating: "x", count: 200_000)), .init(path: "b/c/d"),
        ])
        try withTemporaryFolder { place in
            let mount = place.appending(path: "small")
            try FileManager.default.createDirectory(at: mount, withIntermediateDirectories: false)
            try Data(HandMadeArchive.zstd(HandMadeArchive.tar(release.entries))).write(to: place.appending(path: "A"))
            try Data(release.document).write(to: place.appending(path: "D"))
            let script = """
                mount -t tmpfs -o \(option),mode=0755 none "$1" || exit 1
                mkdir "$1/into"
                exec "$2" --document "$3/D" --into "$1/into" <"$3/A"
                """
            let result = try run(
                Self.unshare,
                [
                    "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh", mount.path,
                    builtProgram("aadc-unpack").path, place.path,
                ])
            #expect(result.status == 75, "\(result.errors)")
            #expect(result.errors.contains("entry \"\(entry)\": \(words)"), "\(result.errors)")
            #expect(result.errors.contains("free some space"))
        }
    }
}
