import CCurl

/// How a request ended, in libcurl's terms, and what that means in ours.
struct CurlAnswer {
    let code: CURLcode
    let status: Int
    /// What a proxy said to a CONNECT; 0 where there was none.
    let connectStatus: Int
    /// libcurl's own words, perhaps empty.
    let words: String
    let retryAfter: RetryAfter?
    let address: TransferAddress

    var failure: TransferError? {
        // Whatever code libcurl has for it: behind a proxy that refuses the tunnel, no server has answered.
        if code != CURLE_OK, connectStatus >= 400 {
            return error(connectKind, "the proxy answered with the status \(connectStatus)")
        }
        if code == CURLE_OK || code == CURLE_HTTP_RETURNED_ERROR {
            return statusKind.map {
                error($0, "the server answered with the status \(status)").waiting(retryAfter)
            }
        }
        return error(codeKind, words.isEmpty ? String(cString: curl_easy_strerror(code)) : words)
    }

    private func error(_ kind: TransferError.Kind, _ detail: String) -> TransferError {
        TransferError(kind, address: address.description, detail)
    }

    private var statusKind: TransferError.Kind? {
        switch status {
        case 0 where code == CURLE_OK, 200, 206: nil
        case 403: .forbidden
        case 404, 410: .notFound
        case 407: .proxyAuthenticationRequired
        // The file has fewer bytes than are here already: another file, or a cache's part of it.
        case 416: .wrongAnswer
        default: .status(status)
        }
    }

    private var connectKind: TransferError.Kind {
        switch connectStatus {
        case 403: .forbidden
        case 407: .proxyAuthenticationRequired
        default: .proxyRefused
        }
    }

    /// libcurl has one code for every way in which a handshake fails; its words have the TLS library's reason.
    private var isOldProtocol: Bool {
        let words = words.lowercased()
        return words.contains("unsupported protocol") || words.contains("alert protocol version")
    }

    /// Under TLS 1.3 the server says so only after the handshake, when the first bytes are read.
    private var wantsClientCertificate: Bool {
        let words = words.lowercased()
        return ["alert certificate required", "alert bad certificate", "alert unknown ca"].contains(
            where: words.contains)
    }

    private var codeKind: TransferError.Kind {
        switch code {
        case CURLE_SSL_CONNECT_ERROR where wantsClientCertificate, CURLE_RECV_ERROR where wantsClientCertificate:
            .clientCertificateRefused
        case CURLE_SSL_CERTPROBLEM: .badSetting
        case CURLE_URL_MALFORMAT: .badAddress
        // What does not begin as an answer of HTTP is taken for its first version, which is not allowed.
        case CURLE_UNSUPPORTED_PROTOCOL where words.contains("HTTP/0.9"): .wrongAnswer
        case CURLE_UNSUPPORTED_PROTOCOL: status >= 300 && status < 400 ? .refusedRedirect : .badAddress
        case CURLE_COULDNT_RESOLVE_HOST: .nameNotResolved
        case CURLE_COULDNT_RESOLVE_PROXY: .proxyNameNotResolved
        case CURLE_COULDNT_CONNECT: .cannotConnect
        case CURLE_PROXY: .proxyRefused
        case CURLE_SSL_CONNECT_ERROR where isOldProtocol: .encryptionTooOld
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED: .encryptionFailed
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_INVALIDCERTSTATUS:
            .certificateRefused
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_TOO_MANY_REDIRECTS: .tooManyRedirects
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            .incomplete
        case CURLE_WEIRD_SERVER_REPLY, CURLE_RANGE_ERROR, CURLE_BAD_DOWNLOAD_RESUME: .wrongAnswer
        case CURLE_FILE_COULDNT_READ_FILE, CURLE_REMOTE_FILE_NOT_FOUND: .notFound
        case CURLE_FILESIZE_EXCEEDED: .tooLarge
        default: .other(Int(code.rawValue))
        }
    }
}
