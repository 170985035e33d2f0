import CArchive
import Glibc

/// The tar inside the zstd frame, byte by byte as the reader of entries gets it. It knows where the last byte is that is
/// not zero, so that nothing hides behind the archive's end.
final class ExpandedInput {
    private let input: CompressedInput
    private let handle: OpaquePointer
    /// More than this no archive of the listed files has.
    private let limit: Int
    private var hasBegun = false
    private var structure = TarStructure()
    /// Bytes handed out.
    private(set) var count = 0
    /// Where the last byte that is not zero ends.
    private(set) var contentEnd = 0
    private(set) var failure: UnpackFailure?

    init(_ input: CompressedInput, limit: Int) throws(UnpackFailure) {
        guard let handle = archive_read_new() else { throw .noMemory }
        (self.input, self.handle, self.limit) = (input, handle, limit)
    }

    deinit { archive_read_free(handle) }

    /// The next bytes; empty at the end. They are valid until the next call.
    func next() throws(UnpackFailure) -> UnsafeRawBufferPointer {
        do throws(UnpackFailure) {
            if !hasBegun { try begin() }
            let piece = try expand()
            guard piece.count <= limit - count else {
                throw UnpackFailure(
                    .badArchive, "it expands to more than \(limit) bytes, which is more than the listed files need")
            }
            if piece.isEmpty { try structure.end() } else { try structure.take(piece) }
            if let last = piece.lastIndex(where: { $0 != 0 }) { contentEnd = count + last + 1 }
            count += piece.count
            return piece
        } catch {
            failure = error
            throw error
        }
    }

    /// What this program's own reader says of the entry that libarchive hands out.
    func takeEntry() -> TarStructure.Entry? { structure.takeEntry() }

    private func begin() throws(UnpackFailure) {
        hasBegun = true
        var entry: OpaquePointer?
        let context = Unmanaged.passUnretained(input).toOpaque()
        guard archive_read_support_filter_zstd(handle) == ARCHIVE_OK,
            archive_read_support_format_raw(handle) == ARCHIVE_OK,
            archive_read_open(
                handle, context, nil,
                { handle, context, piece in
                    guard let context else { return -1 }
                    let input = Unmanaged<CompressedInput>.fromOpaque(context).takeUnretainedValue()
                    return handOver(piece) { () throws(UnpackFailure) in try input.next() }
                }, nil) == ARCHIVE_OK,
            archive_read_next_header(handle, &entry) == ARCHIVE_OK
        else { throw broken() }
        guard archive_filter_count(handle) == 2, archive_filter_code(handle, 0) == ARCHIVE_FILTER_ZSTD else {
            throw UnpackFailure(.badArchive, "the archive is not a tar compressed once with zstd")
        }
    }

    private func expand() throws(UnpackFailure) -> UnsafeRawBufferPointer {
        var pointer: UnsafeRawPointer?
        var size = 0
        var offset: la_int64_t = 0
        // An empty piece would mean the end to whoever reads on.
        while size == 0 {
            let result = archive_read_data_block(handle, &pointer, &size, &offset)
            if result == ARCHIVE_EOF { return UnsafeRawBufferPointer(start: nil, count: 0) }
            guard result == ARCHIVE_OK, Int(offset) == count else { throw broken() }
        }
        return UnsafeRawBufferPointer(start: pointer, count: size)
    }

    private func broken() -> UnpackFailure {
        input.failure ?? .library(handle, "the archive is damaged or cut off", entry: nil)
    }

    /// Demands that the tar ends as it should: two blocks of zeros at `end`, nothing but zeros after them, and nothing
    /// after the frame.
    func demandEnd(at end: Int) throws(UnpackFailure) {
        while !(try next().isEmpty) {}
        try input.demandEnd()
        guard contentEnd <= end else {
            throw UnpackFailure(.badArchive, "something follows the archive's end; a release's archive ends there")
        }
        guard count - end >= 1024, count.isMultiple(of: 512) else {
            throw UnpackFailure(
                .badArchive, "the archive is cut off: its two last blocks, which are zeros, are missing")
        }
    }
}

/// What a callback of libarchive answers: the size of the piece, 0 at the end, -1 where it failed.
func handOver(
    _ piece: UnsafeMutablePointer<UnsafeRawPointer?>?, _ next: () throws(UnpackFailure) -> UnsafeRawBufferPointer
) -> Int {
    do throws(UnpackFailure) {
        let bytes = try next()
        piece?.pointee = bytes.baseAddress
        return bytes.count
    } catch {
        return -1
    }
}

extension UnpackFailure {
    static var noMemory: UnpackFailure { UnpackFailure(.inputOutput, "no memory to read the archive") }

    /// libarchive's words for its last failure. Its own codes are no errno; a failing allocation is one.
    static func library(_ handle: OpaquePointer, _ what: String, entry: String?) -> UnpackFailure {
        let words = archive_error_string(handle).map { String(cString: $0) } ?? "unknown reason"
        let kind: Kind = archive_errno(handle) == ENOMEM ? .inputOutput : .badArchive
        return UnpackFailure(kind, entry: entry, "\(what): \(words)")
    }
}
