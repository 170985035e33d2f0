import Documents
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
        try check.walk("")
        try check.demandAll()
    }

    /// The same, with the `release.json` in the folder as the list: finds damage, but believes the folder.
    @discardableResult
    public static func verify(_ folder: String) throws(ReleaseTreeError) -> ReleaseManifest {
        let path = "\(folder)/\(ReleaseManifest.fileName)"
        let document = try hosted { () throws(HostError) in try DurableFiles.read(path) }
        guard let document else { throw missing(folder, ReleaseManifest.fileName) }
        let manifest: ReleaseManifest
        do throws(DocumentError) {
            manifest = try ReleaseManifest(bytes: document, file: path)
        } catch {
            throw .differs(folder: folder, path: ReleaseManifest.fileName, problem: "\(error.place): \(error.problem)")
        }
        try verify(folder, manifest, document: document)
        return manifest
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

private struct TreeCheck {
    private let folder: String
    private var expected: [String: ReleaseFile]
    private let folders: Set<String>

    init(folder: String, manifest: ReleaseManifest) {
        self.folder = folder
        expected = Dictionary(manifest.files.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
        folders = Set(manifest.files.flatMap { ReleasePath.folders(above: $0.path) })
    }

    func compare(document: [UInt8]) throws(ReleaseTreeError) {
        let path = "\(folder)/\(ReleaseManifest.fileName)"
        let found = try ReleaseTree.hosted { () throws(HostError) in try DurableFiles.read(path) }
        guard let found else { throw ReleaseTree.missing(folder, ReleaseManifest.fileName) }
        guard found == document else {
            throw differs(ReleaseManifest.fileName, "differs from the release's published document")
        }
        try checkMode(ReleaseManifest.fileName, ReleaseFileMode.plain.bits)
    }

    /// Visits everything below a folder of the release; `prefix` is empty or ends with a slash.
    mutating func walk(_ prefix: String) throws(ReleaseTreeError) {
        let place = prefix.isEmpty ? folder : "\(folder)/\(prefix.dropLast())"
        let names = try ReleaseTree.hosted { () throws(HostError) in try DurableFiles.list(place) }
        guard let names else { throw ReleaseTree.missing(folder, String(prefix.dropLast())) }
        for name in names where prefix + name != ReleaseManifest.fileName { try visit(prefix + name) }
    }

    private mutating func visit(_ path: String) throws(ReleaseTreeError) {
        let place = "\(folder)/\(path)"
        switch try ReleaseTree.hosted({ () throws(HostError) in try DurableFiles.kind(place) }) {
        case .folder:
            guard folders.contains(path) else { throw differs(path, "is a folder that the release does not have") }
            try checkMode(path, 0o755)
            try walk(path + "/")
        case .file(let bytes):
            guard let file = expected.removeValue(forKey: path) else {
                throw differs(path, "is a file that the release does not have")
            }
            try compare(file, bytes: bytes)
        default: throw differs(path, "is neither a regular file nor a folder")
        }
    }

    private func compare(_ file: ReleaseFile, bytes: Int) throws(ReleaseTreeError) {
        guard bytes == file.size else { throw differs(file.path, "has \(bytes) bytes; expected \(file.size)") }
        try checkMode(file.path, file.mode.bits)
        let place = "\(folder)/\(file.path)"
        let digest = try ReleaseTree.hosted { () throws(HostError) in try FileDigest.sha256(file: place) }
        guard digest == file.digest else {
            throw differs(file.path, "has the SHA-256 \(digest.short)…; expected \(file.digest.short)…")
        }
    }

    private func checkMode(_ path: String, _ wanted: UInt32) throws(ReleaseTreeError) {
        let place = "\(folder)/\(path)"
        let mode = try ReleaseTree.hosted { () throws(HostError) in try DurableFiles.mode(place) }
        // A release in its place is read-only: its owner's right to write is missing, nothing else.
        guard let mode, mode | 0o200 != Int(wanted) else { return }
        throw differs(path, "has the mode 0\(String(mode, radix: 8)); expected 0\(String(wanted, radix: 8))")
    }

    func demandAll() throws(ReleaseTreeError) {
        guard let path = expected.keys.min() else { return }
        throw ReleaseTree.missing(folder, path)
    }

    private func differs(_ path: String, _ problem: String) -> ReleaseTreeError {
        .differs(folder: folder, path: path, problem: problem)
    }
}
