import Glibc

/// Standard output for reports that may have millions of lines: written in large pieces.
final class BufferedOutput {
    private var waiting: [UInt8] = []
    private static let pieceBytes = 1 << 16

    func line(_ text: String) {
        waiting.append(contentsOf: text.utf8)
        waiting.append(UInt8(ascii: "\n"))
        if waiting.count >= Self.pieceBytes { flush() }
    }

    /// What nobody reads is dropped.
    func flush() {
        writeBytes(waiting, to: 1)
        waiting.removeAll(keepingCapacity: true)
    }
}

/// Writes all bytes at once.
func writeBytes(_ output: [UInt8], to descriptor: Int32) {
    var done = 0
    while done < output.count {
        let put = output.withUnsafeBytes { write(descriptor, $0.baseAddress?.advanced(by: done), output.count - done) }
        if put < 0, errno == EINTR { continue }
        // Nobody reads it.
        if put <= 0 { return }
        done += put
    }
}
