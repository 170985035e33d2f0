import CArchive
import Glibc

/// The archive as it comes, read once from a descriptor. What is wrong with it is kept here, because libarchive, which
/// calls this, can only be told that something is.
final class CompressedInput {
    private static let bufferBytes = 1 << 18

    private let descriptor: Int32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bufferBytes, alignment: 16)
    private var frame = ZstdFrame()
    private(set) var failure: UnpackFailure?

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { buffer.deallocate() }

    /// The next bytes; empty at the end. They are valid until the next call.
    func next() throws(UnpackFailure) -> UnsafeRawBufferPointer {
        do throws(UnpackFailure) {
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<(try fill())])
            if piece.isEmpty { try frame.end() } else { try frame.take(piece) }
            return piece
        } catch {
            failure = error
            throw error
        }
    }

    private func fill() throws(UnpackFailure) -> Int {
        while true {
            let got = read(descriptor, buffer.baseAddress, buffer.count)
            if got >= 0 { return got }
            let code = errno
            if code == EINTR { continue }
            throw UnpackFailure(.inputOutput, "cannot read the archive: \(String(cString: strerror(code)))")
        }
    }

    /// Demands that nothing follows the frame.
    func demandEnd() throws(UnpackFailure) {
        while !(try next().isEmpty) {}
    }
}
