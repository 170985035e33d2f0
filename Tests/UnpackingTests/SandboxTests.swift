import Foundation
import Glibc
import TestSupport
import Testing

/// A library tries from inside the built program what a sandbox must forbid (`Tests/SandboxProbe`).
@Suite("the sandbox of aadc-unpack")
struct SandboxTests {
    private static let release = SignedRelease([.init(path: "a/file", content: "1")])
    private static let probe = builtProgram("libSandboxProbe.so").path

    /// A place outside, with something to read and change, and the folder that is unpacked into.
    private func unpack(
        probing when: String, denying denied: String = "", archive: [UInt8]? = nil, below place: URL
    ) throws -> ProgramResult {
        let entries = HandMadeArchive.zstd(HandMadeArchive.tar(Self.release.entries))
        try Data(archive ?? entries).write(to: place.appending(path: "archive"))
        try Data(Self.release.document).write(to: place.appending(path: "document"))
        try Data("secret".utf8).write(to: place.appending(path: "bait"))
        try FileManager.default.createDirectory(
            at: place.appending(path: "into"), withIntermediateDirectories: false)
        return try run(
            builtProgram("aadc-unpack"),
            ["--document", place.appending(path: "document").path, "--into", place.appending(path: "into").path],
            environment: [
                "LD_PRELOAD": Self.probe, "SANDBOXPROBE_WHEN": when, "SANDBOXPROBE_PLACE": place.path,
                "SANDBOXPROBE_DENY": denied,
            ], input: place.appending(path: "archive").path)
    }

    /// What each attempt ended with: 0 or an errno.
    private func attempts(_ result: ProgramResult) -> [String: Int32] {
        let lines = result.errors.split(separator: "\n").map { $0.split(separator: " ") }
        return Dictionary(
            lines.filter { $0.count == 3 && $0[0] == "probe" }.compactMap { words in
                Int32(words[2]).map { (String(words[1]), $0) }
            }, uniquingKeysWith: { first, _ in first })
    }

    /// What an ordinary program may do as root only, if at all; nothing is demanded of it outside.
    private static let privileged: Set<String> = [
        "mount", "io_uring", "bpf", "setuid", "init-module", "reboot", "chroot",
    ]

    /// What not every machine or file system can do.
    private static let perhaps: Set<String> = ["socket-inet6", "setxattr"]

    @Test("forbids every attempt that the same program is free to make before it enters")
    func forbids() throws {
        let outside = try withTemporaryFolder { place in
            let result = try unpack(probing: "start", below: place)
            return attempts(result)
        }
        #expect(outside.count > 40)
        // A probe that cannot succeed would prove nothing.
        #expect(outside.filter { $0.value != 0 && !Self.perhaps.contains($0.key) } == [:])
        try withTemporaryFolder { place in
            let result = try unpack(probing: "entry", below: place)
            let inside = attempts(result)
            #expect(Set(inside.keys) == Set(outside.keys).union(Self.privileged))
            #expect(inside.filter { ![EPERM, EACCES].contains($0.value) } == [:])
            // Landlock alone stands between an openat2 and the outside; the filter cannot read paths.
            let byPath = ["openat2-read", "openat2-write", "openat2-list", "openat2-above", "mkdirat-above"]
            #expect(byPath.map { inside[$0] } == byPath.map { _ in EACCES })
            // None of it mattered, and nothing of it is to be seen.
            #expect(result.status == 0, "\(result.errors)")
            let left = try FileManager.default.contentsOfDirectory(atPath: place.path).sorted()
            #expect(left == ["archive", "bait", "document", "into"])
            #expect(try String(contentsOf: place.appending(path: "bait"), encoding: .utf8) == "secret")
        }
    }

    @Test(
        "that cannot be entered ends the program before it has read anything",
        arguments: [("landlock", "Landlock"), ("seccomp", "seccomp"), ("limits", "limit")])
    func failsClosed(denied: String, words: String) throws {
        try withTemporaryFolder { place in
            // An archive that would be refused, had anybody looked at it.
            let result = try unpack(probing: "never", denying: denied, archive: Array("bad".utf8), below: place)
            #expect(result.status == 70)
            #expect(result.errors.contains(words) && result.errors.contains("nothing was read"), "\(result.errors)")
            #expect(result.errors.split(separator: "\n").count == 1)
            let into = place.appending(path: "into").path
            #expect(try FileManager.default.contentsOfDirectory(atPath: into).isEmpty)
        }
        try withTemporaryFolder { place in
            let result = try unpack(probing: "never", denying: "nothing", below: place)
            #expect(result.status == 0, "\(result.errors)")
        }
    }
}
