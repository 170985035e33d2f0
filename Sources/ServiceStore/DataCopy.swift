import Documents
import Glibc
import LinuxHost

/// What a copied data folder was copied from, so that a second copy can tell what changed. It lies in the copy while
/// more may come and is removed by the final one.
struct CopyRecord: Document, Equatable {
    static let schemaName = "data-copy"
    static let fileName = ".copied-from.json"

    /// The main file as it was read, and as it was written.
    var source: FileStamp
    var copy: FileStamp
    var changeCounter: Int
    /// The two salts of the write-ahead log, in hexadecimal; empty for a log without content.
    var logSalts: String
    var sha256: SHA256Digest
    var unknown: [String: JSONValue] = [:]

    init(source: FileStamp, copy: FileStamp, changeCounter: Int, logSalts: String, sha256: SHA256Digest) {
        self.source = source
        self.copy = copy
        self.changeCounter = changeCounter
        self.logSalts = logSalts
        self.sha256 = sha256
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        var source = try fields.object("source")
        self.source = try FileStamp(fields: &source)
        var copy = try fields.object("copy")
        self.copy = try FileStamp(fields: &copy)
        changeCounter = try fields.count("changeCounter")
        logSalts = try fields.string("logSalts")
        sha256 = try fields.digest("sha256")
    }

    var members: [String: JSONValue] {
        [
            "source": source.json, "copy": copy.json, "changeCounter": JSONValue(changeCounter),
            "logSalts": .string(logSalts), "sha256": .string(sha256.hexadecimal),
        ]
    }
}

/// By what a file is known to be unchanged without reading it.
struct FileStamp: Equatable, Sendable {
    var inode: Int
    var size: Int
    var modifiedNanoseconds: Int

    init?(path: String) throws(HostError) {
        guard let status = try DurableFiles.status(path) else { return nil }
        inode = Int(status.st_ino)
        size = Int(status.st_size)
        modifiedNanoseconds = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        inode = try fields.count("inode")
        size = try fields.count("size")
        modifiedNanoseconds = try fields.count("modifiedNanoseconds")
    }

    var json: JSONValue {
        [
            "inode": JSONValue(inode), "size": JSONValue(size), "modifiedNanoseconds": JSONValue(modifiedNanoseconds),
        ]
    }
}

/// Copies a data folder file by file.
///
/// The process that does this must have no SQLite handle on the database: closing its own descriptor of the same file
/// would drop SQLite's locks. So `snapshot --phase live`, which holds a read transaction meanwhile, lets a child do it.
public struct DataCopy: Sendable {
    let from: String
    let to: String
    let isFinal: Bool
    let clock: any Clock

    /// Main files are stamped in ticks of the kernel's clock: within one, a second write does not show.
    static let tickNanoseconds = 20_000_000
    /// A log shorter than this is copied in the pause without anybody noticing.
    static let logLimit = 2 << 20

    public init(from: String, to: String, isFinal: Bool, clock: any Clock = SystemClock()) {
        self.from = from
        self.to = to
        self.isFinal = isFinal
        self.clock = clock
    }

    /// Brings `to` to the state of `from` and answers as `snapshot` does. Everything is on disk when it returns.
    public func run() throws -> JSONValue {
        try DurableFiles.makeFolders(to, mode: 0o700)
        // A copier whose parent was killed may still run.
        guard let lock = try FileLock(trying: "\(to)/copy.lock") else {
            throw ServiceError(.notNow, "\(to): another process copies into this folder")
        }
        defer { _ = lock.path }
        var files: [String: (size: Int, digest: SHA256Digest)] = [:]
        var copied = 0
        let main = try copyMain(&copied)
        files["adsync.db"] = main
        let keep = try DataCopy.content(of: from).filter { $0 != "adsync.db" }
        for path in keep {
            files[path] = try copySmall(path, &copied)
        }
        for path in try DataCopy.content(of: to) where files[path] == nil { try DurableFiles.remove("\(to)/\(path)") }
        try DurableFiles.remove("\(to)/adsync.db-shm")
        if isFinal {
            try DurableFiles.remove("\(to)/\(CopyRecord.fileName)")
            try DurableFiles.remove("\(to)/copy.lock")
        }
        try DurableFiles.syncFolder(to)
        let list = files.sorted { $0.key < $1.key }.map { path, file -> JSONValue in
            [
                "path": .string(path), "size": JSONValue(file.size), "sha256": .string(file.digest.hexadecimal),
            ]
        }
        return [
            "schema": "snapshot/1", "files": .array(list), "bytes": JSONValue(files.values.reduce(0) { $0 + $1.size }),
            "copiedBytes": JSONValue(copied),
        ]
    }

    /// The main file: left alone where it provably is what was copied before.
    private func copyMain(_ copied: inout Int) throws -> (Int, SHA256Digest) {
        let (source, target) = ("\(from)/adsync.db", "\(to)/adsync.db")
        if let record = try previous(), try isUnchanged(record, source, target) {
            return (record.source.size, record.sha256)
        }
        for _ in 0..<3 {
            guard let before = try settled(source), let header = try DatabaseHeader(path: source) else {
                throw ServiceError(.failed, "\(source): there is no database to copy")
            }
            let salts = try Self.logSalts("\(from)/adsync.db-wal")
            copied += try replace("adsync.db")
            let digest = try FileDigest.sha256(file: source)
            guard try FileStamp(path: source) == before, let copy = try FileStamp(path: target) else { continue }
            if !isFinal {
                let record = CopyRecord(
                    source: before, copy: copy, changeCounter: Int(header.changeCounter), logSalts: salts,
                    sha256: digest)
                try DurableFiles.replace("\(to)/\(CopyRecord.fileName)", record.json.compact)
            }
            return (before.size, digest)
        }
        throw ServiceError(.notNow, "\(source): the file changed while it was copied, three times; try again")
    }

    /// Any other file. The service may write on in its log meanwhile: what counts is the part that was copied.
    private func copySmall(_ path: String, _ copied: inout Int) throws -> (Int, SHA256Digest) {
        for _ in 0..<5 {
            let size = try replace(path)
            copied += size
            let digest = try FileDigest.sha256(file: "\(from)/\(path)", first: size)
            if try FileDigest.sha256(file: "\(to)/\(path)") == digest { return (size, digest) }
        }
        throw ServiceError(.notNow, "\(from)/\(path): the file changed while it was copied, five times; try again")
    }

    /// Whether the copy of the main file is what the source is, and the log so short that SQLite will not move it into the
    /// main file soon. Opens the database's file: only for a process that has no other handle on it.
    func isCurrent() throws -> Bool {
        guard let record = try previous(), try isUnchanged(record, "\(from)/adsync.db", "\(to)/adsync.db") else {
            return false
        }
        return (try FileStamp(path: "\(from)/adsync.db-wal")?.size ?? 0) < Self.logLimit
    }

    private func previous() throws -> CopyRecord? {
        let path = "\(to)/\(CopyRecord.fileName)"
        guard let bytes = try DurableFiles.read(path) else { return nil }
        // A record that cannot be read proves nothing, and everything is copied.
        return try? CopyRecord(bytes: bytes, file: path)
    }

    private func isUnchanged(_ record: CopyRecord, _ source: String, _ target: String) throws -> Bool {
        guard try FileStamp(path: source) == record.source, try FileStamp(path: target) == record.copy,
            let header = try DatabaseHeader(path: source), Int(header.changeCounter) == record.changeCounter
        else { return false }
        let salts = try Self.logSalts("\(from)/adsync.db-wal")
        return record.logSalts.isEmpty || salts == record.logSalts
    }

    /// The file's stamp once it is older than a tick, so that any later write changes it.
    private func settled(_ path: String) throws -> FileStamp? {
        while let stamp = try FileStamp(path: path) {
            let age = Int(clock.now().milliseconds) * 1_000_000 - stamp.modifiedNanoseconds
            if age < 0 || age > Self.tickNanoseconds { return stamp }
            clock.pause(milliseconds: 5)
        }
        return nil
    }

    private func replace(_ path: String) throws -> Int {
        let target = "\(to)/\(path)"
        try DurableFiles.makeFolders(DurableFiles.folder(of: target), mode: 0o700)
        let temporary = "\(target).new"
        try DurableFiles.remove(temporary)
        let bytes = try DurableFiles.copyFile("\(from)/\(path)", temporary)
        try DurableFiles.rename(temporary, target)
        return bytes
    }

    /// The salts in the header of a write-ahead log.
    static func logSalts(_ path: String) throws -> String {
        guard case .file(let size)? = try DurableFiles.kind(path), size >= 32 else { return "" }
        let file = try Descriptor(opening: path, flags: O_RDONLY | O_NOFOLLOW)
        let header = try file.read(atMost: 32, path: path)
        guard header.count == 32 else { return "" }
        return header[16..<24].map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }

    /// Paths of what belongs to the data: no marks, locks, shared memory or temporary files.
    static func content(of folder: String, below prefix: String = "") throws -> [String] {
        var paths: [String] = []
        for name in try DurableFiles.list(prefix.isEmpty ? folder : "\(folder)/\(prefix)") ?? [] {
            let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            if ["trial.json", CopyRecord.fileName, "adsync.db-shm"].contains(path) { continue }
            if path.hasSuffix(".lock") || path.hasSuffix(".new") { continue }
            switch try DurableFiles.kind("\(folder)/\(path)") {
            case .folder: paths += try content(of: folder, below: path)
            case .file: paths.append(path)
            case nil: continue
            default: throw ServiceError(.failed, "\(folder)/\(path): neither a file nor a folder; remove it")
            }
        }
        return paths
    }
}
