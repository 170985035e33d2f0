import CLinux
import Glibc

/// An open file descriptor, closed when its owner goes.
public struct Descriptor: ~Copyable {
    public let number: Int32

    public init(owning number: Int32) { self.number = number }

    public init(opening path: String, flags: Int32, mode: mode_t = 0o600) throws(HostError) {
        number = try check(clinux_open(path, flags, mode), "open", path)
    }

    deinit { close(number) }

    /// Writes all bytes, however many calls it takes.
    public borrowing func write(_ bytes: [UInt8], path: String) throws(HostError) {
        var done = 0
        while done < bytes.count {
            let put = bytes.withUnsafeBytes { buffer in
                Glibc.write(number, buffer.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if put < 0 {
                let code = errno
                if code == EINTR { continue }
                throw HostError("write", path, code)
            }
            done += put
        }
    }

    /// Reads to the end, refusing more than `limit` bytes.
    public borrowing func readAll(limit: Int, path: String) throws(HostError) -> [UInt8] {
        var content: [UInt8] = []
        while true {
            let chunk = try read(atMost: 65_536, path: path)
            if chunk.isEmpty { return content }
            content.append(contentsOf: chunk)
            if content.count > limit { throw HostError("read more than \(limit) bytes", path, EFBIG) }
        }
    }

    /// Reads what is there, at most `count` bytes; empty at the end.
    public borrowing func read(atMost count: Int, path: String) throws(HostError) -> [UInt8] {
        while true {
            var got = 0
            var code: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, size in
                got = Glibc.read(number, buffer.baseAddress, count)
                code = got < 0 ? errno : 0
                size = max(0, got)
            }
            if got >= 0 { return bytes }
            if code != EINTR { throw HostError("read", path, code) }
        }
    }

    /// Reads what is there into memory that is there already. Returns how much it was; 0 at the end.
    public borrowing func read(into buffer: UnsafeMutableRawBufferPointer, path: String) throws(HostError) -> Int {
        while true {
            let got = Glibc.read(number, buffer.baseAddress, buffer.count)
            if got >= 0 { return got }
            let code = errno
            if code != EINTR { throw HostError("read", path, code) }
        }
    }

    /// Lets the kernel begin with writing a part to the disk while the caller goes on, so that a later ``sync(path:)`` waits
    /// for little. Proves nothing.
    public borrowing func beginWriting(_ part: Range<Int>) {
        clinux_begin_writing(number, Int64(part.lowerBound), Int64(part.count))
    }

    public borrowing func sync(path: String) throws(HostError) {
        try checkErrno(fsync(number), "write to disk", path)
    }
}
