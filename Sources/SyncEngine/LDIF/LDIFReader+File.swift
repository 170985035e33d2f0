import Glibc

extension LDIFReader {
    /// Reads a file in pieces.
    public static func open(_ path: String, limits: LDIFLimits = LDIFLimits()) throws(LDIFError) -> LDIFReader {
        let file = try InputFile(path)
        return LDIFReader(file: path, limits: limits) { () throws(LDIFError) in try file.read() }
    }
}

/// An open file that is closed with its last owner.
private final class InputFile {
    private static let pieceBytes = 1 << 18
    private let path: String
    private let descriptor: Int32

    init(_ path: String) throws(LDIFError) {
        self.path = path
        descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 {
            let code = errno
            throw LDIFError(file: path, line: 0, problem: "cannot be opened: \(String(cString: strerror(code)))")
        }
    }

    deinit { close(descriptor) }

    func read() throws(LDIFError) -> [UInt8] {
        while true {
            var failure: Int32 = 0
            let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
                let got = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                if got < 0 { failure = errno }
                count = max(got, 0)
            }
            if failure == 0 { return piece }
            if failure != EINTR {
                throw LDIFError(
                    file: path, line: 0, problem: "cannot be read: \(String(cString: strerror(failure)))")
            }
        }
    }
}
