import CArchive
import CLinux

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
    /// Metadata beside the mode that somebody might apply, in words.
    var extra: String?
}

/// The entries of a tar, read once from its beginning. Nothing but this format is enabled.
struct ArchiveReader: ~Copyable {
    private let handle: OpaquePointer
    private let input: ExpandedInput

    init(_ input: ExpandedInput) throws(UnpackFailure) {
        guard let handle = archive_read_new() else { throw .noMemory }
        (self.handle, self.input) = (handle, input)
    }

    deinit { archive_read_free(handle) }

    /// Reads the first bytes.
    borrowing func begin() throws(UnpackFailure) {
        let context = Unmanaged.passUnretained(input).toOpaque()
        guard archive_read_support_format_tar(handle) == ARCHIVE_OK,
            archive_read_open(
                handle, context, nil,
                { _, context, piece in
                    guard let context else { return -1 }
                    let input = Unmanaged<ExpandedInput>.fromOpaque(context).takeUnretainedValue()
                    return handOver(piece) { () throws(UnpackFailure) in try input.next() }
                }, nil) == ARCHIVE_OK
        else { throw failure("what is compressed is not a tar", entry: nil) }
    }

    private borrowing func failure(_ what: String, entry: String?) -> UnpackFailure {
        input.failure ?? .library(handle, what, entry: entry)
    }

    /// The next entry, or nil at the end. libarchive's warnings are refused: they say that it guessed.
    borrowing func next() throws(UnpackFailure) -> EntryHeader? {
        var entry: OpaquePointer?
        let result = archive_read_next_header(handle, &entry)
        if let failure = input.failure { throw failure }
        if result == ARCHIVE_EOF { return nil }
        let name = entry.flatMap { Self.name($0) }
        guard result == ARCHIVE_OK, let entry else {
            throw failure("its header cannot be read", entry: name)
        }
        guard let name else { throw UnpackFailure(.badArchive, "an entry's name is not UTF-8") }
        let kind = Self.kind(entry)
        return EntryHeader(
            name: try agreedName(name, kind), kind: kind, mode: UInt32(archive_entry_mode(entry)) & 0o7777,
            extra: Self.extra(entry))
    }

    /// Two readers must agree on what an entry is. The name is the one that stands in the archive: libarchive brings
    /// those of extended headers into a Unicode form of its choice.
    private borrowing func agreedName(_ name: String, _ kind: EntryHeader.Kind) throws(UnpackFailure) -> String {
        let (isFolder, size) =
            switch kind {
            case .file(let size): (false, size)
            case .folder: (true, 0)
            case .other: (false, -1)
            }
        guard let walked = input.takeEntry(), walked.name == name, walked.isFolder == isFolder, walked.size == size
        else { throw UnpackFailure(.badArchive, entry: name, "its header can be read in two ways") }
        return walked.name
    }

    /// Demands that the archive ends where its last header was looked for.
    borrowing func demandEnd() throws(UnpackFailure) {
        try input.demandEnd(at: Int(archive_read_header_position(handle)))
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

    private static func extra(_ entry: OpaquePointer) -> String? {
        if archive_entry_xattr_count(entry) > 0 { return "extended attributes" }
        if archive_entry_acl_types(entry) != 0 { return "an access control list" }
        if archive_entry_fflags_text(entry) != nil { return "file flags" }
        return nil
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
            if let failure = input.failure { throw failure }
            if result == ARCHIVE_EOF { break }
            guard result == ARCHIVE_OK else { throw failure("its content cannot be read", entry: entry) }
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
