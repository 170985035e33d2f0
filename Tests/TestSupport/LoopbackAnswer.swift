import Foundation
import Glibc

/// One answer of the loopback server, with at most one fault.
struct ServerAnswer {
    let folder: URL
    let request: ServerRequest
    let fault: ServerFault?

    func send(to connection: Int32) {
        switch fault {
        case .status(let status): return page(status, "", to: connection)
        case .redirect(let target): return page(302, "Location: \(target)\r\n", to: connection)
        default: break
        }
        let path = request.path.removingPercentEncoding ?? ""
        guard !path.contains(".."), var body = try? Data(contentsOf: folder.appending(path: String(path.dropFirst())))
        else { return page(404, "", to: connection) }
        let tag = "\"\(Self.checksum(body))\""
        if case .corrupt(let byte) = fault, body.indices.contains(byte) { body[byte] ^= 0xFF }
        if case .append(let count) = fault { body.append(Data(repeating: 0x21, count: count)) }
        let part = part(of: body.count, tag: tag)
        var head = part == nil ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 206 Partial Content\r\n"
        if let part { head += "Content-Range: bytes \(part.lowerBound)-\(part.upperBound - 1)/\(body.count)\r\n" }
        let content = part.map { body[$0] } ?? body
        var length = content.count
        switch fault {
        case .contentLength(let lie), .stayOpen(let lie): length = lie
        default: break
        }
        head += "ETag: \(tag)\r\nContent-Length: \(length)\r\nConnection: close\r\n\r\n"
        guard write(Data(head.utf8), to: connection) else { return }
        switch fault {
        case .closeAfter(let bytes): _ = write(content.prefix(bytes), to: connection)
        case .stall(let bytes):
            _ = write(content.prefix(bytes), to: connection)
            waitForEnd(of: connection)
        case .stayOpen:
            _ = write(content, to: connection)
            waitForEnd(of: connection)
        default:
            _ = write(content, to: connection)
            // A reset would take bytes away that the client has not read yet.
            shutdown(connection, Int32(SHUT_WR))
            waitForEnd(of: connection)
        }
    }

    /// The part to send, or nil for the whole.
    private func part(of size: Int, tag: String) -> Range<Int>? {
        guard let range = request.range, range.hasPrefix("bytes="), fault != .ignoreRange else { return nil }
        if let condition = request.headers["if-range"], condition != tag { return nil }
        let ends = range.dropFirst(6).components(separatedBy: "-")
        guard ends.count == 2, let first = Int(ends[0]), first < size else { return nil }
        let last = min(Int(ends[1]) ?? size - 1, size - 1)
        return fault == .wrongRange ? first / 2..<last + 1 : first..<last + 1
    }

    private func page(_ status: Int, _ headers: String, to connection: Int32) {
        let body = "<html>status \(status)</html>"
        let head =
            "HTTP/1.1 \(status) Status\r\n\(headers)Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n"
        _ = write(Data((head + body).utf8), to: connection)
        shutdown(connection, Int32(SHUT_WR))
        waitForEnd(of: connection)
    }

    private func write(_ data: Data, to connection: Int32) -> Bool {
        data.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let put = Glibc.send(
                    connection, bytes.baseAddress?.advanced(by: done), bytes.count - done, Int32(MSG_NOSIGNAL))
                if put <= 0 { return false }
                done += put
            }
            return true
        }
    }

    private func waitForEnd(of connection: Int32) {
        var buffer = [UInt8](repeating: 0, count: 256)
        while recv(connection, &buffer, buffer.count, 0) > 0 {}
    }

    /// FNV-1a: enough to tell two versions of a test's file apart.
    private static func checksum(_ data: Data) -> String {
        String(data.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }, radix: 16)
    }
}
