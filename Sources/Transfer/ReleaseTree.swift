import Documents
import Glibc
import LinuxHost
import ReleaseContract

/// Why an unpacked release is not what its document says.
public enum ReleaseTreeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A path inside the release, and what is wrong there.
    case differs(folder: String, path: String, problem: String)
    case host(HostError)

    public var description: String {
        switch self {
        case .differs(let folder, let path, let problem): "\(folder)/\(path): \(problem)"
        case .host(let error): error.description
        }
    }
}

/// Compares the files of an unpacked release with its list.
public enum ReleaseTree {
    /// Demands that the folder holds exactly the listed files, each with its size, mode and SHA-256, the folders above
    /// them, and the very `release.json` that was fetched and verified.
    ///
    /// - Parameter document: the bytes of `X.release.json`.
    public static func verify(
        _ folder: String, _ manifest: ReleaseManifest, document: [UInt8]
    ) throws(ReleaseTreeError) {
        var check = TreeCheck(folder: folder, manifest: manifest)
        try check.compare(document: document)
        check.walk("")
        try check.conclude()
    }

    static func missing(_ folder: String, _ path: String) -> ReleaseTreeError {
        .differs(folder: folder, path: path, problem: "is missing")
    }

    static func hosted<Result>(
        _ body: () throws(HostError) -> Result
    ) throws(ReleaseTreeError) -> Result {
        do throws(HostError) { return try body() } catch { throw .host(error) }
    }
}

/// Looks at everything in a folder first and reads all files afterwards, on all cores. What it reports does not depend
/// on who was faster: of several differences the first one in byte order of the paths.
private struct TreeCheck {
    private let folder: String
    private var expected: [String: ReleaseFile]
    private let folders: Set<String>
    /// Files of the right size and mode, whose content is still to be compared.
    private var found: [ReleaseFile] = []
    private var first: (path: String, error: ReleaseTreeError)?

    init(folder: String, manifest: ReleaseManifest) {
        self.folder = folder
        expected = Dictionary(manifest.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        folders = Set(manifest.files.flatMap { ReleasePath.folders(above: $0.path) })
        found.reserveCapacity(expected.count)
    }

    func compare(document: [UInt8]) throws(ReleaseTreeError) {
        let path = "\(folder)/\(ReleaseManifest.fileName)"
        let status = try ReleaseTree.hosted { () throws(HostError) in try DurableFiles.status(path) }
        guard let status else { throw ReleaseTree.missing(folder, ReleaseManifest.fileName) }
        guard DurableFiles.kind(of: status) == .file(bytes: document.count),
            try ReleaseTree.hosted({ () throws(HostError) in try FileDigest.sha256(file: path) })
                == FileDigest.sha256(document)
        else { throw differs(ReleaseManifest.fileName, "differs from the release's published document") }
        if let problem = modeProblem(status, ReleaseFileMode.plain.bits) {
            throw differs(ReleaseManifest.fileName, problem)
        }
    }

    /// Visits everything below a folder of the release; `prefix` is empty or ends with a slash.
    mutating func walk(_ prefix: String) {
        let path = String(prefix.dropLast())
        let place = prefix.isEmpty ? folder : "\(folder)/\(path)"
        do throws(HostError) {
            guard let names = try DurableFiles.list(place) else { return note(path, "is missing") }
            for name in names where prefix + name != ReleaseManifest.fileName { try visit(prefix + name) }
        } catch {
            note(path, .host(error))
        }
    }

    private mutating func visit(_ path: String) throws(HostError) {
        guard let status = try DurableFiles.status("\(folder)/\(path)") else { return note(path, "is missing") }
        switch DurableFiles.kind(of: status) {
        case .folder:
            guard folders.contains(path) else { return note(path, "is a folder that the release does not have") }
            if let problem = modeProblem(status, 0o755) { note(path, problem) }
            walk(path + "/")
        case .file(let bytes):
            guard let file = expected.removeValue(forKey: path) else {
                return note(path, "is a file that the release does not have")
            }
            if bytes != file.size { return note(path, "has \(bytes) bytes; expected \(file.size)") }
            if let problem = modeProblem(status, file.mode.bits) { return note(path, problem) }
            found.append(file)
        default: note(path, "is neither a regular file nor a folder")
        }
    }

    /// Compares the contents of the files before the first difference, and throws what is then the first one.
    mutating func conclude() throws(ReleaseTreeError) {
        for path in expected.keys { note(path, "is missing") }
        let limit = first?.path
        let files = found.filter { file in limit.map { file.path.utf8.lexicographicallyPrecedes($0.utf8) } ?? true }
            .sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        let folder = folder
        try ParallelWork.forEach(files.count) { index throws(ReleaseTreeError) in
            try Self.compare(files[index], in: folder)
        }
        if let first { throw first.error }
    }

    private static func compare(_ file: ReleaseFile, in folder: String) throws(ReleaseTreeError) {
        let place = "\(folder)/\(file.path)"
        let digest = try ReleaseTree.hosted { () throws(HostError) in try FileDigest.sha256(file: place) }
        guard digest == file.digest else {
            throw .differs(
                folder: folder, path: file.path,
                problem: "has the SHA-256 \(digest.short)…; expected \(file.digest.short)…")
        }
    }

    private func modeProblem(_ status: stat, _ wanted: UInt32) -> String? {
        let mode = status.st_mode & 0o7777
        // A release in its place is read-only: its owner's right to write is missing, nothing else.
        if mode | 0o200 == wanted { return nil }
        return "has the mode 0\(String(mode, radix: 8)); expected 0\(String(wanted, radix: 8))"
    }

    private mutating func note(_ path: String, _ problem: String) { note(path, differs(path, problem)) }

    private mutating func note(_ path: String, _ error: ReleaseTreeError) {
        if let first, !path.utf8.lexicographicallyPrecedes(first.path.utf8) { return }
        first = (path, error)
    }

    private func differs(_ path: String, _ problem: String) -> ReleaseTreeError {
        .differs(folder: folder, path: path, problem: problem)
    }
}
