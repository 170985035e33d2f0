import CLinux
import Glibc

/// Lines that somebody types, or that come through a pipe, for a program that can be asked to end while it waits for the next
/// one.
public struct LineInput: ~Copyable {
    private static let longest = 1 << 16
    /// A signal ends the wait at once, except when it comes just before it.
    private static let waitMilliseconds: Int32 = 200

    private let descriptor: Int32
    private var waiting: [UInt8] = []
    private var hasEnded = false

    /// - Parameter descriptor: stays its owner's.
    public init(descriptor: Int32 = 0) { self.descriptor = descriptor }

    /// The next line without its end; nil at the end of the input, or when the program shall end.
    public mutating func next(shouldStop: () -> Bool) throws(HostError) -> String? {
        while !shouldStop() {
            if let end = waiting.firstIndex(of: UInt8(ascii: "\n")) {
                defer { waiting.removeSubrange(...end) }
                return String(decoding: waiting[..<end], as: UTF8.self)
            }
            if hasEnded {
                defer { waiting = [] }
                return waiting.isEmpty ? nil : String(decoding: waiting, as: UTF8.self)
            }
            if waiting.count > Self.longest { throw HostError("read so long a line from", "standard input", EMSGSIZE) }
            let ready = try check(
                clinux_wait_readable(descriptor, Self.waitMilliseconds), "wait for", "standard input")
            if ready == 0 { continue }
            guard let piece = try readPiece() else { continue }
            hasEnded = piece.isEmpty
            waiting += piece
        }
        return nil
    }

    /// Empty at the end, nil where there is nothing after all.
    private borrowing func readPiece() throws(HostError) -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: 4096)
        let got = read(descriptor, &piece, piece.count)
        let code = got < 0 ? errno : 0
        if code == EINTR || code == EAGAIN { return nil }
        if code != 0 { throw HostError("read", "standard input", code) }
        return Array(piece.prefix(got))
    }
}
