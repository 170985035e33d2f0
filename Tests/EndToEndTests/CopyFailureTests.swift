import Foundation
import InvariantChecker
import TestSupport
import Testing

@Suite("A copy that fails")
struct CopyFailureTests {
    @Test("is noticed before the switch where it is not what the old release says")
    func damaged() throws {
        try withContractServer(
            installed: .copiesBadly, settings: ["ContractService.IntervalSeconds": "1800"]
        ) { server in
            try server.offer([.later])
            let before = try server.tree("var/lib/adsync/gen")
            try server.judged(status: 75, result: "UpgradeAbortedSnapshotDamaged")
            let failed = server.journal().first { $0["outcome"] as? String == "failed" }
            #expect(failed?["state"] as? String == "copying")
            #expect(differences(before, try server.tree("var/lib/adsync/gen")).isEmpty)
        }
    }

    /// A folder of the server on a file system of its own, with room for little more than what is there.
    struct Full: CustomTestStringConvertible {
        let folder: String
        /// Free kilobytes.
        let room: Int
        let result: String
        let words: String
        var testDescription: String { folder }
    }

    private static let unshare = URL(filePath: "/usr/bin/unshare")
    /// Whether this machine lets an ordinary user mount a file system of his own; elsewhere no disk can be filled.
    private static let mountsInNamespaces =
        (try? run(unshare, ["--user", "--map-root-user", "--mount", "/bin/mount", "-t", "tmpfs", "none", "/mnt"]))?
        .status == 0

    @Test(
        "because the disk is full leaves the server as it is, and the next run completes",
        .enabled(if: mountsInNamespaces),
        arguments: [
            Full(
                folder: "var/lib/aadc-upgrade/downloads", room: 4, result: "UpgradeAbortedInsufficientDiskSpace",
                words: "free some space"),
            Full(
                folder: "opt/adsync/releases", room: 16, result: "UpgradeAbortedInsufficientDiskSpace",
                words: "free some space"),
            Full(
                folder: "var/lib/adsync/gen", room: 8, result: "UpgradeAbortedSnapshotFailed", words: "cannot copy"),
        ])
    func diskFull(_ full: Full) throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.awaitCycles(1)
            let folder = server.root.appending(path: full.folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // The service goes on with the files below the mount, which the upgrader never sees.
            let script = """
                cp -a "$1" "$2/kept" && used=$(find "$1" -mindepth 1 | wc -l) || exit 1
                mount -t tmpfs -o size=$((used * 4 + $5))k,mode=0755 none "$1" || exit 1
                cp -a "$2/kept/." "$1" && exec "$3" run --wait --root "$4"
                """
            let ended = try server.judged(status: 75, result: full.result) {
                try run(
                    Self.unshare,
                    [
                        "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh", folder.path,
                        server.folder.path, builtProgram("aadc-upgrade").path, server.root.path, String(full.room),
                    ])
            }
            #expect(ended.errors.contains(full.words), "\(ended.errors)")
            try server.judged(status: 0, result: "Success")
        }
    }
}
