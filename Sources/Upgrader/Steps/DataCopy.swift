import Documents
import LinuxHost
import ReleaseContract

/// The copy of the server's data: made by the installed release, verified here by its digests.
struct DataCopy {
    let context: AttemptContext

    /// The bulk, while the service runs.
    func makeLive() throws -> SnapshotReport {
        try DurableFiles.removeTree(context.dataCopy)
        try DurableFiles.makeFolders(context.dataCopy, mode: 0o700)
        let report: SnapshotReport = try context.old.document(
            .snapshot, ["--to", context.dataCopy, "--phase", "live"], failure: "SnapshotFailed")
        try verify(report, unchanged: [])
        return report
    }

    /// Once more shortly before the pause, because the rehearsal or the wait for a window may have been long: what is
    /// copied now is not copied in the pause.
    func refresh() throws -> SnapshotReport {
        let live = try liveReport()
        let report: SnapshotReport = try context.old.document(
            .snapshot, ["--to", context.dataCopy, "--phase", "live"], failure: "SnapshotFailed")
        try verify(report, unchanged: Self.keys(live))
        return report
    }

    /// The rest, after the stop. Only what the second report names with another digest is read again.
    func complete() throws -> SnapshotReport {
        let live = try liveReport()
        let report: SnapshotReport = try context.old.document(
            .snapshot, ["--to", context.dataCopy, "--phase", "final"] + context.tokenArguments,
            failure: "SnapshotFailed")
        try verify(report, unchanged: Self.keys(live))
        return report
    }

    private func liveReport() throws -> SnapshotReport {
        let path = "\(context.folder)/snapshot-live.json"
        guard let bytes = try DurableFiles.read(path) else {
            throw StepFailure("SnapshotMissing", "\(path) is missing; the live copy was not made")
        }
        return try SnapshotReport(bytes: bytes, file: path)
    }

    private static func keys(_ report: SnapshotReport) -> Set<String> {
        Set(report.files.map { "\($0.path) \($0.sha256)" })
    }

    private func verify(_ report: SnapshotReport, unchanged: Set<String>) throws {
        for file in report.files {
            let path = "\(context.dataCopy)/\(file.path)"
            guard case .file(let size) = try DurableFiles.kind(path), size == file.size else {
                throw StepFailure(
                    "SnapshotDamaged", "\(path) should have \(file.size) bytes; the copy of the data is not complete")
            }
            if unchanged.contains("\(file.path) \(file.sha256)") { continue }
            let digest = try FileDigest.sha256(file: path)
            guard digest == file.sha256 else {
                throw StepFailure(
                    "SnapshotDamaged",
                    "\(path) has the digest \(digest.short) and not \(file.sha256.short): the copy is damaged; "
                        + "check the disk")
            }
            try context.tick()
        }
    }
}
