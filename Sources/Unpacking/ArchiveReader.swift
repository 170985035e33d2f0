import CArchive
import CLinux
import Glibc

/// What the header of an entry says.
struct EntryHeader: Equatable {
    enum Kind: Equatable {
        case file(size: Int)
        case folder
        /// Anything that a release must not have, in words.
        case other(String)
    }

    let name: String
    let kind: Kind
    /// Permission bits with setuid, setgid and sticky.
    let mode: UInt32
}

/// A zstd-compressed tar archive, read once from its beginning. Nothing but this format and filter is enabled.
struct ArchiveReader: ~Copyable {
    private let handle: OpaquePointer
    private let descriptor: Int32

    private init(handle: OpaquePointer, descriptor: Int32) {
        self.handle = handle
        self.descriptor = descriptor
    }

    static func open(_ path: String) throws(UnpackFailure) -> ArchiveReader {
        let descriptor = clinux_open(path, O_RDONLY, 0)
        if descriptor < 0 { throw cannotOpen(path, -descriptor) }
        guard let handle = archive_read_new() else {
            close(descriptor)
            throw UnpackFailure(.inputOutput, "no memory to read the archive")
        }
        let reader = ArchiveReader(handle: handle, descriptor: descriptor)
        try reader.start(path)
        return reader
    }

    private borrowing func start(_ path: String) throws(UnpackFailure) {
        guard archive_read_support_format_tar(handle) == ARCHIVE_OK,
            archive_read_support_filter_zstd(handle) == ARCHIVE_OK,
            archive_read_open_fd(handle, descriptor, 1 << 16) == ARCHIVE_OK
        else { throw failure("cannot read \(path) as tar.zst", entry: nil) }
    }

    deinit {
        archive_read_free(handle)
        close(descriptor)
    }

    private static func cannotOpen(_ path: String, _ code: Int32) -> UnpackFailure {
        let kind: UnpackFailure.Kind =
            switch code {
            case ENOENT, ENOTDIR: .noInput
            case EACCES, EPERM: .notPermitted
            default: .inputOutput
            }
        return UnpackFailure(kind, "cannot open \(path): \(String(cString: strerror(code)))")
    }

    /// libarchive's words for its last failure. Its own codes are no errno; a failing read of the file is one.
    private borrowing func failure(_ what: String, entry: String?) -> UnpackFailure {
        let words = archive_error_string(handle).map { String(cString: $0) } ?? "unknown reason"
        let code = archive_errno(handle)
        let kind: UnpackFailure.Kind = code == EIO || code == ENOMEM ? .inputOutput : .badArchive
        return UnpackFailure(kind, entry: entry, "\(what): \(words)")
    }

    /// The next entry, or nil at the end. libarchive's warnings are refused: they say that it guessed.
    borrowing func next() throws(UnpackFailure) -> EntryHeader? {
        var entry: OpaquePointer?
        let result = archive_read_next_header(handle, &entry)
        if result == ARCHIVE_EOF { return nil }
        let name = entry.flatMap { Self.name($0) }
        guard result == ARCHIVE_OK, let entry else {
            throw failure("the archive is damaged or cut off", entry: name)
        }
        guard let name else { throw UnpackFailure(.badArchive, "an entry's name is not UTF-8") }
        return EntryHeader(
            name: name, kind: Self.kind(entry), mode: UInt32(archive_entry_mode(entry)) & 0o7777)
    }

    /// Only after the first header the filters are known: a plain tar, or zstd inside zstd, is not what a release is.
    borrowing func checkFilters() throws(UnpackFailure) {
        guard archive_filter_count(handle) == 2, archive_filter_code(handle, 0) == ARCHIVE_FILTER_ZSTD else {
            throw UnpackFailure(.badArchive, "the archive is not a tar compressed once with zstd")
        }
    }

    private static func name(_ entry: OpaquePointer) -> String? {
        guard let bytes = archive_entry_pathname_utf8(entry) else { return nil }
        return String(validatingCString: bytes)
    }

    private static func kind(_ entry: OpaquePointer) -> EntryHeader.Kind {
        if archive_entry_hardlink(entry) != nil { return .other("a hard link") }
        if archive_entry_symlink(entry) != nil { return .other("a symbolic link") }
        if archive_entry_sparse_count(entry) > 0 { return .other("a sparse file") }
        let type = archive_entry_filetype(entry)
        if clinux_is_directory(type) != 0 { return .folder }
        guard clinux_is_regular(type) != 0 else { return .other("a device, pipe or socket") }
        guard archive_entry_size_is_set(entry) != 0 else { return .other("a file without a size") }
        return .file(size: Int(archive_entry_size(entry)))
    }

    /// Hands the current entry's content out piece by piece; the pieces follow each other without gaps.
    borrowing func content(
        of entry: String, size: Int, each: (UnsafeRawBufferPointer) throws(UnpackFailure) -> Void
    ) throws(UnpackFailure) {
        var done = 0
        while true {
            var pointer: UnsafeRawPointer?
            var count = 0
            var offset: la_int64_t = 0
            let result = archive_read_data_block(handle, &pointer, &count, &offset)
            if result == ARCHIVE_EOF { break }
            guard result == ARCHIVE_OK else { throw failure("the archive is damaged or cut off", entry: entry) }
            guard Int(offset) == done, count <= size - done else {
                throw UnpackFailure(.badArchive, entry: entry, "its content does not follow its size of \(size) bytes")
            }
            try each(UnsafeRawBufferPointer(start: pointer, count: count))
            done += count
        }
        guard done == size else {
            throw UnpackFailure(.badArchive, entry: entry, "has \(done) bytes where its header says \(size)")
        }
    }
}
