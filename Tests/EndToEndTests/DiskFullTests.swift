import Foundation
import InvariantChecker
import TestSupport
import Testing

@Suite("A full disk", .enabled(if: SmallDisk.isPossible))
struct DiskFullTests {
    /// A folder of the server on a file system of its own, with room for little more than what is there.
    struct Full: CustomTestStringConvertible {
        enum Room {
            /// Seen before anything is begun.
            case kilobytes(Int)
            /// Free space says nothing of these: the disk is full in the middle of the work.
            case files(Int)
        }

        let folder: String
        let room: Room
        /// nil: refused without an attempt.
        let result: String?
        let words: String
        var testDescription: String { "\(folder) \(room)" }

        /// The option of the mount, where `used` is the number of what is there.
        var option: String {
            switch room {
            case .kilobytes(let free): "size=$((used * 4 + \(free)))k"
            case .files(let free): "size=64m,nr_inodes=$((used + 1 + \(free)))"
            }
        }
    }

    @Test(
        "before the pause leaves the server as it is, and the next run completes",
        arguments: [
            Full(
                folder: "var/lib/aadc-upgrade/downloads", room: .kilobytes(4),
                result: "UpgradeAbortedInsufficientDiskSpace",
                words: "free some space"),
            Full(
                folder: "opt/adsync/releases", room: .kilobytes(16), result: nil,
                words: "UpgradeAbortedInsufficientDiskSpace"),
            Full(
                folder: "opt/adsync/releases", room: .files(4), result: "UpgradeAbortedInsufficientDiskSpace",
                words: "free some space"),
            Full(
                folder: "var/lib/adsync/gen", room: .kilobytes(8), result: nil,
                words: "UpgradeAbortedInsufficientDiskSpace"),
            Full(
                folder: "var/lib/adsync/gen", room: .files(2), result: "UpgradeAbortedSnapshotFailed",
                words: "cannot copy"),
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
                mount -t tmpfs -o \(full.option),mode=0755 none "$1" || exit 1
                cp -a "$2/kept/." "$1" && exec "$3" run --wait --root "$4"
                """
            let ended = try server.judged(status: 75, result: full.result) {
                try run(
                    SmallDisk.unshare,
                    [
                        "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh", folder.path,
                        server.folder.path, builtProgram("aadc-upgrade").path, server.root.path,
                    ])
            }
            #expect(ended.errors.contains(full.words), "\(ended.errors)")
            try server.judged(status: 0, result: "Success")
        }
    }

    @Test(
        "under the journal, wherever it strikes, ends well with the next run that has room",
        arguments: [8, 20, 28, 36, 40, 44, 48])
    func journal(_ room: Int) throws {
        try withContractServer { server in
            try server.offer([.good])
            try server.awaitCycles(1)
            let attempts = server.attempts
            try FileManager.default.createDirectory(at: attempts, withIntermediateDirectories: true)
            let checker = try server.checker()
            let before = try checker.record()
            let script = """
                mount -t tmpfs -o size="$5"k,mode=0755 none "$1" || exit 1
                "$3" run --wait --root "$4" >&2
                echo "$?"
                mount -o remount,size=4m none "$1" || exit 1
                "$3" run --wait --root "$4" >&2
                status=$?
                cp -a "$1" "$2/attempts" || exit 1
                exit "$status"
                """
            let ended = try run(
                SmallDisk.unshare,
                [
                    "--user", "--map-root-user", "--mount", "/bin/sh", "-c", script, "sh", attempts.path,
                    server.folder.path, builtProgram("aadc-upgrade").path, server.root.path, String(room),
                ])
            // The records of the small file system take the place of what it covered.
            try FileManager.default.removeItem(at: attempts)
            try FileManager.default.moveItem(at: server.folder.appending(path: "attempts"), to: attempts)
            let first = Int(ended.output.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect([0, 10, 75].contains(first), "\(ended.errors)")
            #expect([0, 10, 75].contains(ended.status), "\(ended.errors)")
            let violations = checker.violations(since: before)
            #expect(violations.isEmpty, "\(ended.output)\(ended.errors)")
        }
    }
}

/// File systems of a test's own, which nobody outside of its namespace sees.
private enum SmallDisk {
    static let unshare = URL(filePath: "/usr/bin/unshare")
    /// Whether this machine lets an ordinary user mount a file system of his own; elsewhere no disk can be filled.
    static let isPossible =
        (try? run(unshare, ["--user", "--map-root-user", "--mount", "/bin/mount", "-t", "tmpfs", "none", "/mnt"]))?
        .status == 0
}
