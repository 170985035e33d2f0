import CLinux
import Glibc

/// The one place where files are written that must survive a crash.
///
/// A file is replaced by writing a new one beside it, fsync, rename, fsync of the folder: after a power cut there is the
/// old content or the new one, and after the call has returned it is the new one. Modes are set explicitly, whatever the
/// umask. Symbolic links at the last component are never followed.
public enum DurableFiles {
    public enum Kind: Equatable, Sendable {
        case file(bytes: Int)
        case folder
        case link
        case other
    }

    // MARK: Looking

    /// What is at a path, without following a link there; nil when nothing is.
    public static func kind(_ path: String) throws(HostError) -> Kind? {
        try status(path).map(kind(of:))
    }

    public static func kind(of status: stat) -> Kind {
        if clinux_is_directory(status.st_mode) != 0 { return .folder }
        if clinux_is_symlink(status.st_mode) != 0 { return .link }
        if clinux_is_regular(status.st_mode) != 0 { return .file(bytes: Int(status.st_size)) }
        return .other
    }

    public static func exists(_ path: String) -> Bool { (try? kind(path)) != nil }

    /// lstat; nil when nothing is there.
    public static func status(_ path: String) throws(HostError) -> stat? {
        var status = stat()
        if lstat(path, &status) == 0 { return status }
        let code = errno
        if code == ENOENT || code == ENOTDIR { return nil }
        throw HostError("look at", path, code)
    }

    /// The permission bits.
    public static func mode(_ path: String) throws(HostError) -> Int? {
        try status(path).map { Int($0.st_mode & 0o7777) }
    }

    /// The whole content of a regular file; nil when there is none.
    public static func read(_ path: String, limit: Int = 64 << 20) throws(HostError) -> [UInt8]? {
        do throws(HostError) {
            let file = try Descriptor(opening: path, flags: O_RDONLY | O_NOFOLLOW)
            return try file.readAll(limit: limit, path: path)
        } catch {
            if error.isMissing { return nil }
            throw error
        }
    }

    /// Names in a folder, in byte order, without `.` and `..`; nil when there is no such folder.
    public static func list(_ folder: String) throws(HostError) -> [String]? {
        guard let handle = opendir(folder) else {
            let code = errno
            if code == ENOENT || code == ENOTDIR { return nil }
            throw HostError("read the folder", folder, code)
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// What a symbolic link says; nil when there is none.
    public static func linkTarget(_ path: String) throws(HostError) -> String? {
        var count = 0
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, size in
            let base = UnsafeMutableRawPointer(buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
            count = base.map { readlink(path, $0, 4096) } ?? -1
            code = count < 0 ? errno : 0
            size = max(0, count)
        }
        if count >= 0 { return String(decoding: bytes, as: UTF8.self) }
        if code == ENOENT || code == ENOTDIR || code == EINVAL { return nil }
        throw HostError("read the link", path, code)
    }

    public static func freeBytes(_ path: String) throws(HostError) -> Int {
        let bytes = clinux_free_bytes(path)
        if bytes < 0 { throw HostError("measure free space", path, Int32(-bytes)) }
        return Int(bytes)
    }

    /// The size of the whole file system that holds `path`.
    public static func diskBytes(_ path: String) throws(HostError) -> Int {
        let bytes = clinux_disk_bytes(path)
        if bytes < 0 { throw HostError("measure the disk", path, Int32(-bytes)) }
        return Int(bytes)
    }

    /// Whether this process may write in a folder, or make it where it is not there yet. Asks, and changes nothing.
    public static func mayWrite(below path: String) -> Bool {
        var place = path
        while !exists(place), place != "/" { place = folder(of: place) }
        return access(place, W_OK | X_OK) == 0
    }

    // MARK: Writing

    /// Makes the folder and those above it, each with `mode`, and makes their names durable.
    public static func makeFolders(_ path: String, mode: mode_t = 0o755) throws(HostError) {
        if try kind(path) == .folder { return }
        let parent = folder(of: path)
        if parent != path { try makeFolders(parent, mode: mode) }
        if mkdir(path, mode) != 0 {
            let code = errno
            if code == EEXIST, isFolder(path) { return }
            throw HostError("make the folder", path, code)
        }
        try checkErrno(chmod(path, mode), "set the mode of", path)
        try syncFolder(parent)
    }

    /// Replaces or creates a file with this content.
    public static func replace(_ path: String, _ bytes: [UInt8], mode: mode_t = 0o600) throws(HostError) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        do throws(HostError) {
            let file = try Descriptor(opening: temporary, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
            try checkErrno(fchmod(file.number, mode), "set the mode of", temporary)
            try file.write(bytes, path: temporary)
            try file.sync(path: temporary)
            try rename(temporary, path)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Points a symbolic link at a target, replacing one that is there: one rename, so a reader sees the old or the new.
    public static func replaceLink(_ path: String, target: String) throws(HostError) {
        let temporary = "\(path).\(getpid()).new"
        unlink(temporary)
        try checkErrno(symlink(target, temporary), "make the link", temporary)
        do throws(HostError) {
            try rename(temporary, path)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Renames, replacing the target, and makes both folders durable.
    public static func rename(_ from: String, _ to: String) throws(HostError) {
        try checkErrno(Glibc.rename(from, to), "rename to \(to)", from)
        try syncFolder(folder(of: to))
        if folder(of: from) != folder(of: to) { try syncFolder(folder(of: from)) }
    }

    /// Renames where the target must not exist.
    public static func renameNew(_ from: String, _ to: String) throws(HostError) {
        try check(clinux_rename_noreplace(from, to), "rename to \(to)", from)
        try syncFolder(folder(of: to))
        if folder(of: from) != folder(of: to) { try syncFolder(folder(of: from)) }
    }

    /// Gives two files or folders each other's name in one step: at no moment is either name without content.
    public static func exchange(_ one: String, _ other: String) throws(HostError) {
        try check(clinux_rename_exchange(one, other), "exchange with \(other)", one)
        try syncFolder(folder(of: one))
        if folder(of: one) != folder(of: other) { try syncFolder(folder(of: other)) }
    }

    /// Removes a file or link; nothing there is fine.
    public static func remove(_ path: String) throws(HostError) {
        if unlink(path) != 0 {
            let code = errno
            if code == ENOENT || code == ENOTDIR { return }
            throw HostError("remove", path, code)
        }
        try syncFolder(folder(of: path))
    }

    /// Removes a folder with all that is in it, read-only folders too; nothing there is fine.
    ///
    /// The folder is renamed first, so that no half of it is ever found under its name.
    public static func removeTree(_ path: String) throws(HostError) {
        switch try kind(path) {
        case nil: return
        case .folder:
            let parent = folder(of: path)
            let doomed = "\(parent)/.removed-\(getpid())-\(name(of: path))"
            try checkErrno(Glibc.rename(path, doomed), "rename before removing", path)
            try syncFolder(parent)
            try removeContent(doomed)
            try checkErrno(rmdir(doomed), "remove the folder", doomed)
            try syncFolder(parent)
        default: try remove(path)
        }
    }

    /// Takes everybody's right to write from a folder and all files and folders in it.
    public static func makeReadOnly(_ path: String) throws(HostError) {
        guard let status = try status(path) else { throw HostError("make read-only", path, ENOENT) }
        if clinux_is_directory(status.st_mode) != 0 {
            for name in try list(path) ?? [] { try makeReadOnly("\(path)/\(name)") }
        }
        if clinux_is_symlink(status.st_mode) == 0 {
            try checkErrno(chmod(path, status.st_mode & 0o555), "set the mode of", path)
        }
    }

    private static func removeContent(_ path: String) throws(HostError) {
        chmod(path, 0o700)
        for name in try list(path) ?? [] {
            let inner = "\(path)/\(name)"
            if try kind(inner) == .folder {
                try removeContent(inner)
                try checkErrno(rmdir(inner), "remove the folder", inner)
            } else {
                try checkErrno(unlink(inner), "remove", inner)
            }
        }
    }

    /// Copies one regular file's content and mode into a new file and writes it to disk. Returns the bytes copied.
    @discardableResult
    public static func copyFile(_ from: String, _ to: String) throws(HostError) -> Int {
        let source = try Descriptor(opening: from, flags: O_RDONLY | O_NOFOLLOW)
        var status = stat()
        try checkErrno(fstat(source.number, &status), "look at", from)
        let mode = status.st_mode & 0o777
        let target = try Descriptor(opening: to, flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: mode)
        try checkErrno(fchmod(target.number, mode), "set the mode of", to)
        let bytes = clinux_copy_content(source.number, target.number)
        if bytes < 0 { throw HostError("copy to \(to)", from, Int32(-bytes)) }
        try target.sync(path: to)
        return Int(bytes)
    }

    /// Copies a folder of regular files and folders into a new folder. Links and anything else are refused.
    @discardableResult
    public static func copyTree(_ from: String, _ to: String) throws(HostError) -> Int {
        var total = 0
        guard let status = try status(from) else { throw HostError("copy", from, ENOENT) }
        try checkErrno(mkdir(to, 0o700), "make the folder", to)
        for name in try list(from) ?? [] {
            let (source, target) = ("\(from)/\(name)", "\(to)/\(name)")
            switch try kind(source) {
            case .folder: total += try copyTree(source, target)
            case .file: total += try copyFile(source, target)
            case nil: continue
            default: throw HostError("copy what is neither file nor folder", source, EINVAL)
            }
        }
        try checkErrno(chmod(to, status.st_mode & 0o777), "set the mode of", to)
        try syncFolder(to)
        try syncFolder(folder(of: to))
        return total
    }

    public static func syncFolder(_ path: String) throws(HostError) {
        let handle = try Descriptor(opening: path, flags: O_RDONLY | O_DIRECTORY)
        try handle.sync(path: path)
    }

    /// Writes the whole file system that holds `path` to its device: cheaper than thousands of fsyncs for a new tree.
    public static func syncFileSystem(of path: String) throws(HostError) {
        let handle = try Descriptor(opening: path, flags: O_RDONLY)
        try check(clinux_syncfs(handle.number), "write to disk", path)
    }

    // MARK: Names

    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    public static func name(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }

    static func isFolder(_ path: String) -> Bool { (try? kind(path)) == .folder }
}
