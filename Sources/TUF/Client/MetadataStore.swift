import LinuxHost

/// Keeps the metadata that was verified, from one run to the next. What is read from it is verified again.
///
/// Names are plain file names, except that older versions of root lie below `root_history/`.
public protocol MetadataStore {
    /// nil when there is none, or one that is longer than `limit`, which nobody here has written.
    func read(_ file: String, limit: Int) throws -> [UInt8]?
    /// Replaces or creates it as a whole: a reader sees the old or the new content, after a crash too.
    func write(_ file: String, _ bytes: [UInt8]) throws
    /// Nothing there is fine.
    func remove(_ file: String) throws
}

/// Metadata in a folder, as other clients keep it: `root.json`, `timestamp.json`, `snapshot.json`, `targets.json` and one
/// file for each delegated role.
public struct FolderStore: MetadataStore, Sendable {
    public let folder: String

    public init(_ folder: String) { self.folder = folder }

    public func read(_ file: String, limit: Int) throws -> [UInt8]? {
        let path = "\(folder)/\(file)"
        // Anything else than a file is not opened: a pipe would never end.
        guard case .file(let bytes) = try DurableFiles.kind(path), bytes <= limit else { return nil }
        return try DurableFiles.read(path, limit: limit)
    }

    public func write(_ file: String, _ bytes: [UInt8]) throws {
        let path = "\(folder)/\(file)"
        try DurableFiles.makeFolders(DurableFiles.folder(of: path))
        try DurableFiles.replace(path, bytes, mode: 0o644)
    }

    public func remove(_ file: String) throws { try DurableFiles.remove("\(folder)/\(file)") }
}

/// Reads another store and keeps all changes to itself: for a dry run, and without another store for tests.
public final class OverlayStore: MetadataStore {
    private let base: (any MetadataStore)?
    /// nil for what was removed.
    private var changes: [String: [UInt8]?] = [:]

    public init(over base: (any MetadataStore)? = nil) { self.base = base }

    /// Names of the files that were written and not removed again, in byte order.
    public var written: [String] {
        changes.filter { $0.value != nil }.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    public func read(_ file: String, limit: Int) throws -> [UInt8]? {
        guard let change = changes[file] else { return try base?.read(file, limit: limit) }
        return change.flatMap { $0.count <= limit ? $0 : nil }
    }

    public func write(_ file: String, _ bytes: [UInt8]) throws { changes[file] = .some(bytes) }

    public func remove(_ file: String) throws { changes[file] = .some(nil) }
}
