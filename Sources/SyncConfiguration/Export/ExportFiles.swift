import Glibc

/// The files that a configuration was read from, so that it can be written again with everything that they hold.
public struct ExportFiles: Equatable, Sendable {
    public struct File: Equatable, Sendable {
        /// Below the export's folder.
        public let path: String
        public let bytes: [UInt8]
    }

    public internal(set) var settings: File?
    /// By the identifier of the connector.
    public internal(set) var connectors: [String: File] = [:]
    /// By the identifier of the rule.
    public internal(set) var rules: [String: File] = [:]

    public init() {}
}

/// Reads files that others made.
enum ExportFile {
    /// Far above any real export's largest file, far below what would hurt.
    static let largest = 64 << 20

    /// Reads a file that lies in an export. A symbolic link is refused: what it names need not be a part of the export.
    static func read(_ path: String) throws(ExportError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        if descriptor < 0, errno == ELOOP { throw link(path) }
        return try read(descriptor, path, errno)
    }

    /// Reads a file that somebody named.
    static func read(named path: String) throws(ExportError) -> [UInt8] {
        try read(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), path, errno)
    }

    /// The file was opened without waiting: a pipe has nobody who writes.
    private static func read(_ descriptor: Int32, _ path: String, _ code: Int32) throws(ExportError) -> [UInt8] {
        guard descriptor >= 0 else { throw unreadable(path, code) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw unreadable(path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw ExportError(
                .badInput, path: path, problem: "expected a regular file", remedy: ExportError.exportAgain)
        }
        let size = Int(status.st_size)
        guard size <= largest else {
            throw ExportError(
                .badInput, path: path, problem: "\(size) bytes are more than any export file has",
                remedy: ExportError.exportAgain)
        }
        // Not mapped: a file that somebody shortens meanwhile would kill the program.
        var bytes = [UInt8](repeating: 0, count: size)
        var count = 0
        while count < size {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), size - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw unreadable(path, errno) }
            if got == 0 { break }
            count += got
        }
        bytes.removeLast(size - count)
        return bytes
    }

    static func names(in folder: String) throws(ExportError) -> [String] {
        guard let listing = opendir(folder) else { throw unreadable(folder, errno) }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// What stands at a path: nil for nothing, else whether it is a folder.
    static func isFolder(_ path: String) throws(ExportError) -> Bool? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            if errno == EACCES { throw unreadable(path, EACCES) }
            return nil
        }
        return status.st_mode & S_IFMT == S_IFDIR
    }

    static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    static func link(_ path: String) -> ExportError {
        ExportError(
            .badInput, path: path, problem: "expected a file or folder of the export itself, found a symbolic link",
            remedy: ExportError.exportAgain)
    }

    private static func unreadable(_ path: String, _ code: Int32) -> ExportError {
        if code == EACCES || code == EPERM {
            return ExportError(
                .notPermitted, path: path, problem: "reading is not permitted",
                remedy: "run as a user who may read it, or copy the export")
        }
        return ExportError(
            code == ENOENT || code == ENOTDIR ? .noSuchInput : .badInput, path: path,
            problem: "cannot be read (\(String(cString: strerror(code))))", remedy: ExportError.exportAgain)
    }
}
