import Documents
import Foundation
import Glibc
import LinuxHost

/// One answer of the loopback server, with at most one fault.
struct ServerAnswer {
    let folder: URL
    let request: ServerRequest
    let fault: ServerFault?
    /// Told how many bytes of the body were sent.
    let sent: (Int) -> Void

    func send(to connection: Int32) {
        switch fault {
        case .status(let status, let headers): return page(status, headers, to: connection)
        case .redirect(let target): return page(302, ["Location: \(target)"], to: connection)
        case .page(let text): return page(200, [], text, to: connection)
        case .demandProxyLogin(let login):
            let wanted = "Basic \(Data(login.utf8).base64EncodedString())"
            if request.headers["proxy-authorization"] != wanted {
                return page(407, ["Proxy-Authenticate: Basic realm=\"proxy\""], to: connection)
            }
        case .endlessChunks: return endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "", to: connection)
        case .garbage(let text):
            _ = write(Data(text.utf8), to: connection)
            return
        case .endlessHeaders: return endless("HTTP/1.1 200 OK\r\n", "X-More: ", to: connection)
        default: break
        }
        let path = request.path.removingPercentEncoding ?? ""
        guard !path.contains(".."), var body = try? Data(contentsOf: folder.appending(path: String(path.dropFirst())))
        else { return page(404, [], to: connection) }
        let tag = "\"\(FileDigest.sha256(Array(body)).short)\""
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
        if fault != .ignoreCondition(withTag: false) { head += "ETag: \(tag)\r\n" }
        if case .headers(let lines) = fault { head += lines.map { "\($0)\r\n" }.joined() }
        head += "Content-Length: \(length)\r\nConnection: close\r\n\r\n"
        guard write(Data(head.utf8), to: connection) else { return }
        switch fault {
        case .closeAfter(let bytes): send(content.prefix(bytes), to: connection)
        case .stall(let bytes):
            send(content.prefix(bytes), to: connection)
            waitForEnd(of: connection)
        case .stayOpen:
            send(content, to: connection)
            waitForEnd(of: connection)
        case .drip(let pause):
            for byte in content {
                var hangUp = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
                if poll(&hangUp, 1, Int32(pause)) != 0 || !write(Data([byte]), to: connection) { return }
            }
        default:
            send(content, to: connection)
            // A reset would take bytes away that the client has not read yet.
            shutdown(connection, Int32(SHUT_WR))
            waitForEnd(of: connection)
        }
    }

    /// The part to send, or nil for the whole.
    private func part(of size: Int, tag: String) -> Range<Int>? {
        guard let range = request.range, range.hasPrefix("bytes="), fault != .ignoreRange else { return nil }
        if let condition = request.headers["if-range"], condition != tag {
            guard case .ignoreCondition = fault else { return nil }
        }
        let ends = range.dropFirst(6).components(separatedBy: "-")
        guard ends.count == 2, let first = Int(ends[0]), first < size else { return nil }
        let last = min(Int(ends[1]) ?? size - 1, size - 1)
        return fault == .wrongRange ? first / 2..<last + 1 : first..<last + 1
    }

    private func page(_ status: Int, _ headers: [String], _ text: String? = nil, to connection: Int32) {
        let body = text ?? "<html>status \(status)</html>"
        let lines = headers + ["Content-Length: \(body.utf8.count)", "Connection: close", "", ""]
        let head = "HTTP/1.1 \(status) Status\r\n" + lines.joined(separator: "\r\n")
        _ = write(Data((head + body).utf8), to: connection)
        shutdown(connection, Int32(SHUT_WR))
        waitForEnd(of: connection)
    }

    private func send(_ body: Data, to connection: Int32) { if write(body, to: connection) { sent(body.count) } }

    /// Sends pieces of a kilobyte, each a chunk or a header line of the same name, until the client has had enough.
    private func endless(_ head: String, _ name: String, to connection: Int32) {
        guard write(Data(head.utf8), to: connection) else { return }
        let text = String(repeating: "x", count: 1024)
        let piece = Data((name.isEmpty ? "400\r\n\(text)\r\n" : "\(name)\(text)\r\n").utf8)
        while write(piece, to: connection) { sent(1024) }
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
}
