import CLinux
import Glibc

/// The folder that an archive is unpacked into. Every path is resolved by the kernel beneath the folder's descriptor and
/// through no symbolic link, so that not even somebody who races with this process leads a write elsewhere.
struct TargetFolder: ~Copyable {
    let descriptor: Int32
    private let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens a folder that must be there and empty.
    static func open(_ path: String) throws(UnpackFailure) -> TargetFolder {
        let descriptor = clinux_open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0)
        if descriptor < 0 { throw failure("open the folder \(path)", entry: nil, -descriptor) }
        let folder = TargetFolder(descriptor: descriptor, path: path)
        guard isEmpty(path) else {
            throw UnpackFailure(.inputOutput, "the folder \(path) is not empty: give an empty one")
        }
        return folder
    }

    deinit { close(descriptor) }

    private static func isEmpty(_ path: String) -> Bool {
        guard let handle = opendir(path) else { return false }
        defer { closedir(handle) }
        var names = 0
        while readdir(handle) != nil { names += 1 }
        return names <= 2
    }

    fileprivate static func failure(_ operation: String, entry: String?, _ code: Int32) -> UnpackFailure {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOSPC, EDQUOT:
            return UnpackFailure(.notNow, entry: entry, "cannot \(operation): \(reason): free some space and try again")
        case EACCES, EPERM, EROFS: return UnpackFailure(.notPermitted, entry: entry, "cannot \(operation): \(reason)")
        case ENOENT where entry == nil, ENOTDIR where entry == nil:
            return UnpackFailure(.noInput, "cannot \(operation): \(reason)")
        default: return UnpackFailure(.inputOutput, entry: entry, "cannot \(operation): \(reason)")
        }
    }

    /// Makes one folder, mode 0755 whatever the umask. Its parent is there.
    borrowing func makeFolder(_ name: String) throws(UnpackFailure) {
        let slash = name.utf8.lastIndex(of: UInt8(ascii: "/"))
        let parent = slash.map { String(name[..<$0]) } ?? "."
        let last = slash.map { String(name[name.utf8.index(after: $0)...]) } ?? name
        let above = clinux_open_beneath(descriptor, parent, O_RDONLY | O_DIRECTORY, 0)
        if above < 0 { throw Self.failure("open its folder", entry: name, -above) }
        defer { close(above) }
        if mkdirat(above, last, 0o755) < 0 {
            let code = errno
            throw Self.failure("make the folder", entry: name, code)
        }
        let made = clinux_open_beneath(above, last, O_RDONLY | O_DIRECTORY, 0)
        if made < 0 { throw Self.failure("open the folder", entry: name, -made) }
        defer { close(made) }
        if fchmod(made, 0o755) < 0 {
            let code = errno
            throw Self.failure("set the mode of the folder", entry: name, code)
        }
    }

    /// Makes one new, empty file.
    borrowing func makeFile(_ name: String, mode: mode_t) throws(UnpackFailure) -> NewFile {
        let file = clinux_open_beneath(descriptor, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
        if file < 0 { throw Self.failure("make the file", entry: name, -file) }
        let made = NewFile(descriptor: file, name: name)
        if fchmod(file, mode) < 0 {
            let code = errno
            throw Self.failure("set the mode", entry: name, code)
        }
        return made
    }
}

/// A file that is being written, closed when its owner goes.
struct NewFile: ~Copyable {
    fileprivate let descriptor: Int32
    fileprivate let name: String

    fileprivate init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    deinit { close(descriptor) }

    borrowing func append(_ bytes: UnsafeRawBufferPointer) throws(UnpackFailure) {
        var done = 0
        while done < bytes.count {
            let put = write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            if put < 0 {
                let code = errno
                if code == EINTR { continue }
                throw TargetFolder.failure("write", entry: name, code)
            }
            done += put
        }
    }
}
