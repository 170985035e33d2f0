import CArchive
import Glibc
import LinuxHost

/// Writes a reproducible pax tar, compressed with zstd: no times, no owners, the modes that are given, entries in the
/// order that they are given in, one thread.
struct ArchiveWriter: ~Copyable {
    private let handle: OpaquePointer
    private let file: Descriptor
    private let path: String

    /// libarchive converts names through the locale; the C locale knows ASCII only.
    private static let usesUTF8: Bool = setlocale(LC_CTYPE, "C.UTF-8") != nil

    private init(handle: OpaquePointer, file: consuming Descriptor, path: String) {
        self.handle = handle
        self.file = file
        self.path = path
    }

    static func create(_ path: String, compressionLevel: Int) throws(PublishError) -> ArchiveWriter {
        guard usesUTF8 else { throw .archive(file: path, problem: "the locale C.UTF-8 is missing on this machine") }
        guard let handle = archive_write_new() else { throw .archive(file: path, problem: "no memory") }
        let file: Descriptor
        do throws(HostError) {
            file = try Descriptor(opening: path, flags: O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, mode: 0o644)
        } catch {
            archive_write_free(handle)
            throw .host(error)
        }
        let writer = ArchiveWriter(handle: handle, file: file, path: path)
        try writer.start(compressionLevel: compressionLevel)
        return writer
    }

    deinit { archive_write_free(handle) }

    private borrowing func start(compressionLevel: Int) throws(PublishError) {
        try check(archive_write_set_format_pax_restricted(handle))
        try check(archive_write_add_filter_zstd(handle))
        try check(archive_write_set_filter_option(handle, "zstd", "compression-level", String(compressionLevel)))
        try check(archive_write_open_fd(handle, file.number))
    }

    private borrowing func check(_ result: Int32) throws(PublishError) {
        if result == ARCHIVE_OK { return }
        let words = archive_error_string(handle).map { String(cString: $0) } ?? "unknown reason"
        throw .archive(file: path, problem: "cannot write the archive: \(words)")
    }

    borrowing func addFolder(_ name: String) throws(PublishError) {
        try addHeader(name, mode: S_IFDIR | 0o755, size: 0)
    }

    /// Adds a file's header; exactly `size` bytes must follow through ``append(_:)``.
    borrowing func beginFile(_ name: String, mode: UInt32, size: Int) throws(PublishError) {
        try addHeader(name, mode: S_IFREG | mode_t(mode), size: size)
    }

    borrowing func append(_ bytes: [UInt8]) throws(PublishError) {
        let put = bytes.withUnsafeBytes { archive_write_data(handle, $0.baseAddress, $0.count) }
        if put < 0 { try check(ARCHIVE_FATAL) }
        if put != bytes.count {
            throw .archive(file: path, problem: "a file grew while it was archived: build from a folder at rest")
        }
    }

    private borrowing func addHeader(_ name: String, mode: mode_t, size: Int) throws(PublishError) {
        guard let entry = archive_entry_new() else { throw .archive(file: path, problem: "no memory") }
        defer { archive_entry_free(entry) }
        archive_entry_set_pathname_utf8(entry, name)
        archive_entry_set_mode(entry, mode)
        archive_entry_set_size(entry, la_int64_t(size))
        archive_entry_set_mtime(entry, 0, 0)
        archive_entry_set_uid(entry, 0)
        archive_entry_set_gid(entry, 0)
        try check(archive_write_header(handle, entry))
    }

    /// Completes the archive and writes it to disk.
    borrowing func finish() throws(PublishError) {
        try check(archive_write_close(handle))
        do throws(HostError) { try file.sync(path: path) } catch { throw .host(error) }
    }
}
