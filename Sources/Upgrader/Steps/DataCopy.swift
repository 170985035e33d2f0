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

    /// The rest, after the stop. Only what the second report names with another digest is read again.
    func complete(after live: SnapshotReport) throws -> SnapshotReport {
        let report: SnapshotReport = try context.old.document(
            .snapshot, ["--to", context.dataCopy, "--phase", "final"] + context.tokenArguments,
            failure: "SnapshotFailed")
        try verify(report, unchanged: Set(live.files.map { "\($0.path) \($0.sha256)" }))
        return report
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
