import CCurl
import CCurlShims
import Glibc

/// One request as libcurl performs it.
struct CurlRequest {
    var address: TransferAddress
    var totalSeconds: Int
    /// The first byte wanted; 0 asks for everything.
    var offset = 0
    /// Only send the rest if the file still has this tag.
    var entityTag: String?
    var context: TransferContext
    /// Takes the body piece by piece.
    var receive: (ResponseHead, UnsafeRawBufferPointer) throws(TransferError) -> Void
    /// Asked at least once a second.
    var shouldStop: () -> Bool
}

/// One libcurl handle, which keeps connections alive between requests. Not for use from several threads.
struct CurlHandle: ~Copyable {
    private let easy: UnsafeMutableRawPointer

    /// libcurl must be initialized once before any other thread uses it. A peer that closes a TLS connection must be an
    /// error and not a signal that ends this program; child processes start with the default again.
    private static let isReady: Bool = {
        signal(SIGPIPE, SIG_IGN)
        return curl_global_init(Int(CURL_GLOBAL_SSL | CURL_GLOBAL_WIN32)) == CURLE_OK
    }()

    init?() {
        guard Self.isReady, let easy = curl_easy_init() else { return nil }
        self.easy = easy
    }

    deinit { curl_easy_cleanup(easy) }

    /// Performs a request to its end and returns the last answer's headers. Only a body of a successful answer is
    /// handed out.
    borrowing func perform(_ request: CurlRequest) throws(TransferError) -> ResponseHead {
        let exchange = CurlExchange(request)
        let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { words.deallocate() }
        curl_easy_reset(easy)
        defer { curl_easy_reset(easy) }
        var headers: UnsafeMutablePointer<curl_slist>?
        if request.offset > 0, let tag = request.entityTag { headers = curl_slist_append(nil, "If-Range: \(tag)") }
        defer { curl_slist_free_all(headers) }
        var code = set(request, headers: headers)
        if code == CURLE_OK { code = ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, words) }
        if code == CURLE_OK {
            // The exchange outlives the call, and libcurl calls back only inside it.
            code = withExtendedLifetime(exchange) {
                let context = Unmanaged.passUnretained(exchange).toOpaque()
                setCallbacks(context)
                return curl_easy_perform(easy)
            }
        }
        if let failure = exchange.failure { throw failure }
        let answer = CurlAnswer(
            code: code, status: exchange.head.status, connectStatus: long(CURLINFO_HTTP_CONNECTCODE),
            words: String(cString: words), retryAfter: exchange.head.retryAfter, address: request.address)
        if let failure = answer.failure { throw failure }
        return exchange.head
    }

    private borrowing func long(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_long(easy, info, &value) == CURLE_OK ? value : 0
    }

    private borrowing func set(_ request: CurlRequest, headers: UnsafeMutablePointer<curl_slist>?) -> CURLcode {
        let limits = request.context.settings.limits
        var results = [
            ccurl_set_string(easy, CURLOPT_URL, request.address.url),
            ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "file,http,https"),
            // Never from https to http, and never from the network to a local file.
            ccurl_set_string(
                easy, CURLOPT_REDIR_PROTOCOLS_STR, request.address.scheme == .https ? "https" : "http,https"),
            // Whatever the system's own policy allows; the same for a proxy that is spoken to over TLS.
            ccurl_set_long(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            ccurl_set_long(easy, CURLOPT_PROXY_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2)),
            ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 1),
            ccurl_set_long(easy, CURLOPT_MAXREDIRS, limits.redirects),
            ccurl_set_long(easy, CURLOPT_FAILONERROR, 1),
            ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1),
            ccurl_set_long(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1),
            ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT, limits.connectSeconds),
            ccurl_set_long(easy, CURLOPT_LOW_SPEED_LIMIT, request.context.settings.rateFloor),
            ccurl_set_long(easy, CURLOPT_LOW_SPEED_TIME, limits.lowSpeedSeconds),
            ccurl_set_long(easy, CURLOPT_TIMEOUT, request.totalSeconds),
            ccurl_set_string(easy, CURLOPT_USERAGENT, "aadc-upgrade"),
            ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS)),
        ]
        // Refused, and not needed, where a request that failed has left its buffer behind.
        _ = ccurl_set_long(easy, CURLOPT_BUFFERSIZE, request.context.settings.bufferSize)
        if request.offset > 0 { results.append(ccurl_set_string(easy, CURLOPT_RANGE, "\(request.offset)-")) }
        if let headers { results.append(ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headers)) }
        if let authorities = request.context.settings.certificateAuthorities {
            results.append(ccurl_set_string(easy, CURLOPT_CAINFO, authorities))
            results.append(ccurl_set_string(easy, CURLOPT_PROXY_CAINFO, authorities))
        }
        results += credentials(request)
        switch request.context.settings.proxy {
        case .environment: break
        case .direct: results.append(ccurl_set_string(easy, CURLOPT_PROXY, ""))
        case .address(let proxy, let noProxy):
            results.append(ccurl_set_string(easy, CURLOPT_PROXY, proxy))
            results.append(ccurl_set_string(easy, CURLOPT_NOPROXY, noProxy))
        }
        return results.first { $0 != CURLE_OK } ?? CURLE_OK
    }

    private borrowing func credentials(_ request: CurlRequest) -> [CURLcode] {
        var results: [CURLcode] = []
        if let certificate = request.context.settings.clientCertificate {
            results.append(ccurl_set_string(easy, CURLOPT_SSLCERT, certificate))
            results.append(ccurl_set_string(easy, CURLOPT_SSLKEY, request.context.settings.clientKey ?? certificate))
            // Without any, OpenSSL would ask for one at the terminal.
            results.append(ccurl_set_string(easy, CURLOPT_KEYPASSWD, request.context.secrets.keyPassword ?? ""))
        }
        if let user = request.context.secrets.proxyUser {
            results.append(ccurl_set_string(easy, CURLOPT_PROXYUSERNAME, user))
            results.append(ccurl_set_string(easy, CURLOPT_PROXYPASSWORD, request.context.secrets.proxyPassword))
            results.append(ccurl_set_every_proxy_authentication(easy))
        }
        return results
    }

    private borrowing func setCallbacks(_ context: UnsafeMutableRawPointer) {
        _ = ccurl_set_write(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlExchange.at(context)?.body(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        _ = ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        _ = ccurl_set_write(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            CurlExchange.at(context)?.header(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
        }
        _ = ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        _ = ccurl_set_progress(easy) { context, _, _, _, _ in
            CurlExchange.at(context)?.tick() ?? 1
        }
        _ = ccurl_set_pointer(easy, CURLOPT_XFERINFODATA, context)
        _ = ccurl_set_long(easy, CURLOPT_NOPROGRESS, 0)
    }
}

/// What libcurl calls back into. It keeps the first failure, and answers so that libcurl ends the transfer.
final class CurlExchange {
    /// More than any honest server sends, with all redirects.
    private static let mostHeaderBytes = 1 << 18

    private let request: CurlRequest
    private(set) var head = ResponseHead()
    private(set) var failure: TransferError?
    private var headerBytes = 0

    private var pace: Pace?

    init(_ request: CurlRequest) {
        self.request = request
        pace = Pace(request.context)
    }

    static func at(_ context: UnsafeMutableRawPointer?) -> CurlExchange? {
        context.map { Unmanaged<CurlExchange>.fromOpaque($0).takeUnretainedValue() }
    }

    func header(_ bytes: UnsafeRawBufferPointer) -> Int {
        headerBytes += bytes.count
        guard headerBytes <= Self.mostHeaderBytes else {
            failure = TransferError(
                .tooLarge, address: request.address.description, "the answer's headers do not come to an end")
            return 0
        }
        head.take(line: String(decoding: bytes, as: UTF8.self))
        return bytes.count
    }

    func body(_ bytes: UnsafeRawBufferPointer) -> Int {
        // The page that comes with an error is nobody's content.
        guard [0, 200, 206].contains(head.status) else { return bytes.count }
        do throws(TransferError) {
            try request.receive(head, bytes)
            pace?.hold(bytes.count, until: request.shouldStop)
            return bytes.count
        } catch {
            failure = failure ?? error
            return 0
        }
    }

    func tick() -> Int32 {
        guard request.shouldStop() else { return 0 }
        failure = failure ?? .cancelled(request.address)
        return 1
    }
}
