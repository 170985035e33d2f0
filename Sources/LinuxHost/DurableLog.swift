import Glibc

/// A file of lines that only grows; a line is on disk when `append` returns.
public struct DurableLog: ~Copyable {
    public let path: String
    private let file: Descriptor

    /// Opens or creates. A last line without its end (a write cut by a crash) is closed first, so that the next record
    /// starts on a line of its own and the torn one stays recognizable.
    public init(path: String) throws(HostError) {
        let isNew = try DurableFiles.kind(path) == nil
        let file = try Descriptor(opening: path, flags: O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, mode: 0o600)
        if isNew { try DurableFiles.syncFolder(DurableFiles.folder(of: path)) }
        let length = lseek(file.number, 0, SEEK_END)
        if length > 0 {
            var last: UInt8 = 0
            if pread(file.number, &last, 1, length - 1) == 1, last != UInt8(ascii: "\n") {
                try file.write([UInt8(ascii: "\n")], path: path)
            }
        }
        self.path = path
        self.file = file
    }

    public borrowing func append(_ line: [UInt8]) throws(HostError) {
        try file.write(line + [UInt8(ascii: "\n")], path: path)
        try file.sync(path: path)
    }
}
