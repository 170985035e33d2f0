import Documents
import LinuxHost
import ReleaseContract

/// The content of a release before it is built: a folder of regular files.
struct ReleaseSource {
    let folder: String
    /// In byte order of the paths.
    let files: [ReleaseFile]

    /// Lists and hashes everything below a folder. Folders without files leave no trace in a release.
    init(folder: String) throws {
        var found: [ReleaseFile] = []
        try Self.collect(folder, prefix: "", into: &found)
        files = found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        self.folder = folder
    }

    private static func collect(_ folder: String, prefix: String, into files: inout [ReleaseFile]) throws {
        guard let names = try DurableFiles.list(folder) else { throw HostError("read the folder", folder, 2) }
        for name in names {
            let (source, path) = ("\(folder)/\(name)", prefix + name)
            switch try DurableFiles.kind(source) {
            case .folder: try collect(source, prefix: path + "/", into: &files)
            case .file(let bytes): files.append(try file(source, path: path, bytes: bytes))
            default:
                throw PublishError.input(
                    file: source, problem: "expected a regular file or a folder: replace the link by its target")
            }
        }
    }

    private static func file(_ source: String, path: String, bytes: Int) throws -> ReleaseFile {
        if path == ReleaseManifest.fileName {
            throw PublishError.input(file: source, problem: "is written when the release is built: remove it")
        }
        let executable = (try DurableFiles.mode(source) ?? 0) & 0o100 != 0
        return ReleaseFile(
            path: path, size: bytes, mode: executable ? .executable : .plain,
            digest: try FileDigest.sha256(file: source))
    }
}
