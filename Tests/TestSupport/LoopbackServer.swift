import Foundation
import Glibc
import Synchronization

/// What a server does wrong with one request.
public enum ServerFault: Equatable, Sendable {
    /// Closes the connection after so many bytes of the body.
    case closeAfter(bytes: Int)
    /// Sends the file's byte at this offset with all its bits turned.
    case corrupt(byte: Int)
    /// Answers a request for a part with the whole file.
    case ignoreRange
    /// Answers with status 206 and another part than was asked for.
    case wrongRange
    /// Announces so many bytes, and sends what it has.
    case contentLength(Int)
    /// Answers with an error page, and with further header lines where a test gives them.
    case status(Int, headers: [String] = [])
    /// Answers rightly, with further header lines.
    case headers([String])
    /// Answers whatever was asked for with this page and status 200.
    case page(String)
    /// Sends a part of the file as it is now, whatever tag the client has; without a tag of its own if that is said.
    case ignoreCondition(withTag: Bool)
    /// Sends the body one byte at a time.
    case drip(pauseMilliseconds: Int)
    /// Sends one chunk after another and never the last.
    case endlessChunks
    case endlessHeaders
    /// Answers with this text alone, which is no HTTP.
    case garbage(String)
    /// Is a proxy that demands this `user:password`, and answers rightly to it.
    case demandProxyLogin(String)
    case redirect(to: String)
    /// Sends so many bytes of the body and then nothing, until the client has gone.
    case stall(afterBytes: Int)
    /// Announces so many bytes, sends what it has and then nothing, until the client has gone.
    case stayOpen(length: Int)
    /// Sends bytes after the file's end, and announces them.
    case append(bytes: Int)
}

/// What a client asked for.
public struct ServerRequest: Equatable, Sendable {
    /// As it stands in the request: a path, or a whole address where the server is used as a proxy.
    public let target: String
    public let headers: [String: String]

    public var range: String? { headers["range"] }
    /// The path below the server's folder.
    public var path: String {
        guard let end = target.range(of: "://") else { return target }
        let rest = target[end.upperBound...]
        return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
    }
}

/// A real HTTP server on a free port of the loopback interface, which serves the files of a folder, knows `Range`,
/// `If-Range` and `ETag`, and does wrong exactly what a test tells it to.
public final class LoopbackServer: Sendable {
    private struct State {
        var faults: [String: [ServerFault]] = [:]
        var lasting: [String: ServerFault] = [:]
        var requests: [ServerRequest] = []
        var sentBytes = 0
        var isSilentToTLS = false
        var connections: Set<Int32> = []
        var isStopped = false
    }

    private let folder: URL
    private let listener: Int32
    public let port: Int
    private let state = Mutex(State())

    public init(folder: URL) throws {
        self.folder = folder
        (listener, port) = try Self.listen()
        // The thread holds the server until it is stopped.
        Thread.detachNewThread { self.acceptConnections() }
    }

    public var address: String { "http://127.0.0.1:\(port)" }
    /// Everything that was asked for so far.
    public var requests: [ServerRequest] { state.withLock { $0.requests } }

    /// Bytes of bodies that clients have taken so far.
    public var sentBytes: Int { state.withLock { $0.sentBytes } }

    /// A client that begins to speak TLS waits for an answer that never comes.
    public func beSilentToTLS() { state.withLock { $0.isSilentToTLS = true } }

    /// The next requests for a path (`/name`) meet these faults, one each; later ones meet none.
    public func script(_ path: String, _ faults: ServerFault...) {
        state.withLock { $0.faults[path, default: []] += faults }
    }

    /// Every further request for a path meets this fault.
    public func always(_ path: String, _ fault: ServerFault) { state.withLock { $0.lasting[path] = fault } }

    /// Ends all connections and frees the port.
    public func stop() {
        let connections = state.withLock { state -> Set<Int32>? in
            defer { state.isStopped = true }
            return state.isStopped ? nil : state.connections
        }
        guard let connections else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        for connection in connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }

    /// A port that nothing listens on, for a program that cannot choose one itself.
    public static func freePort() throws -> Int {
        let (listener, port) = try listen()
        close(listener)
        return port
    }

    private static func listen() throws -> (Int32, Int) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | 0o2_000_000, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general -> Int32 in
                if bind(listener, general, size) != 0 || Glibc.listen(listener, 64) != 0 { return -1 }
                return getsockname(listener, general, &size)
            }
        }
        if listener < 0 || result != 0 { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    private func acceptConnections() {
        while true {
            let connection = accept(listener, nil, nil)
            if connection < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                break
            }
            let isStopped = state.withLock { state in
                if !state.isStopped { state.connections.insert(connection) }
                return state.isStopped
            }
            if isStopped {
                close(connection)
                break
            }
            Thread.detachNewThread { self.serve(connection) }
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        defer {
            state.withLock { _ = $0.connections.remove(connection) }
            close(connection)
        }
        guard let request = readRequest(connection) else { return }
        let fault = state.withLock { state -> ServerFault? in
            state.requests.append(request)
            let path = request.path
            if state.faults[path]?.isEmpty == false { return state.faults[path]?.removeFirst() }
            return state.lasting[path]
        }
        let answer = ServerAnswer(folder: folder, request: request, fault: fault) { bytes in
            self.state.withLock { $0.sentBytes += bytes }
        }
        answer.send(to: connection)
    }

    private func readRequest(_ connection: Int32) -> ServerRequest? {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !text.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            let got = recv(connection, &buffer, buffer.count, 0)
            if got <= 0 || text.count > 65_536 { return nil }
            text += buffer[..<got]
            // A TLS greeting, which has no end that could be found here.
            if text.first == 0x16 {
                while state.withLock({ $0.isSilentToTLS }), recv(connection, &buffer, buffer.count, 0) > 0 {}
                return nil
            }
        }
        var lines = String(decoding: text, as: UTF8.self).components(separatedBy: "\r\n")
        let words = lines.removeFirst().components(separatedBy: " ")
        guard words.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                in: .whitespaces)
        }
        return ServerRequest(target: words[1], headers: headers)
    }
}

/// Runs the body with a server for a folder, and stops the server afterwards.
public func withLoopbackServer<Result>(_ folder: URL, _ body: (LoopbackServer) throws -> Result) throws -> Result {
    let server = try LoopbackServer(folder: folder)
    defer { server.stop() }
    return try body(server)
}
