import CLinux
import Glibc
import ReleaseContract

/// What an archive may cost.
public struct UnpackLimits: Equatable, Sendable {
    /// The sum of all files' sizes, `release.json` included.
    public var bytes: Int
    /// The number of files, `release.json` included.
    public var files: Int

    public init(bytes: Int, files: Int) {
        self.bytes = bytes
        self.files = files
    }

    /// Folders are no files and cost nothing but themselves: more than this no tree of so many files needs.
    var folders: Int { files.multipliedReportingOverflow(by: 16).partialValue }
}

/// What was unpacked.
public struct UnpackSummary: Equatable, Sendable {
    public var bytes = 0
    public var files = 0
    public var folders = 0
}

/// Unpacks a release's archive into an empty folder, and refuses whatever a release must not have.
public enum Unpacker {
    /// libarchive converts names between the locale and UTF-8; in the C locale it would refuse every name that is not
    /// ASCII. A program calls this once, before anything else.
    public static func useUTF8() { setlocale(LC_CTYPE, "C.UTF-8") }

    /// Unpacks all and writes it to disk. What a failure leaves in the folder is incomplete; the caller removes it.
    public static func unpack(
        archive: String, into folder: String, limits: UnpackLimits
    ) throws(UnpackFailure) -> UnpackSummary {
        let reader = try ArchiveReader.open(archive)
        let target = try TargetFolder.open(folder)
        var plan = UnpackPlan(limits: limits)
        while let header = try reader.next() {
            if plan.summary.files == 0 { try reader.checkFilters() }
            let step = try plan.step(for: header)
            for folder in step.folders { try target.makeFolder(folder) }
            guard let file = step.file else { continue }
            try target.makeFile(file.name, mode: mode_t(file.mode.bits)) { append throws(UnpackFailure) in
                try reader.content(of: file.name, size: file.size, each: append)
            }
        }
        if plan.summary.files == 0 { throw UnpackFailure(.badArchive, "the archive is empty") }
        try target.sync()
        return plan.summary
    }
}
