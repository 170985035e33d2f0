import LinuxHost

/// Why something was not fetched: what happened, where, and what to do.
public struct TransferError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: Equatable, Sendable {
        case badAddress
        /// A file that the configuration names cannot be used.
        case badSetting
        case nameNotResolved
        case proxyNameNotResolved
        case cannotConnect
        case encryptionFailed
        /// The server, or a proxy that intercepts TLS, has no version from 1.2 on.
        case encryptionTooOld
        case certificateRefused
        /// The server does not know this machine: it wants another client certificate, or one at all.
        case clientCertificateRefused
        case forbidden
        case notFound
        case proxyAuthenticationRequired
        case proxyRefused
        case status(Int)
        case timedOut
        /// All that is allowed for a transfer with all its attempts is over.
        case outOfTime
        case tooManyRedirects
        case refusedRedirect
        case incomplete
        /// The server answered what was not asked for.
        case wrongAnswer
        /// The file is another one than that of which a part is here.
        case changed
        case tooLarge
        case wrongContent
        case damagedChunk(Int)
        case cancelled
        /// What takes the verified bytes wants no more of them, and knows why.
        case notTaken
        /// Writing here failed.
        case file(HostError)
        /// The content is not what it must be, in the words of its own error.
        case badDocument
        /// Not signed as is demanded here, or older than what was seen before.
        case notTrusted
        /// Signed, and expired: nobody has renewed it, or somebody withholds the newer one.
        case stale
        /// A code of libcurl's that has no words of its own here.
        case other(Int)
    }

    public let kind: Kind
    /// Without user names and passwords.
    public let address: String
    public let detail: String
    /// When the server wants to be asked again.
    private(set) var retryAfter: RetryAfter?

    public init(_ kind: Kind, address: String, _ detail: String) {
        self.kind = kind
        self.address = address
        self.detail = detail
    }

    public var description: String {
        let advice = advice
        return "\(address): \(detail)" + (advice.isEmpty ? "" : "; \(advice)")
    }

    /// Whether the same request may succeed a little later without anybody doing anything.
    public var isTemporary: Bool {
        switch kind {
        case .nameNotResolved, .proxyNameNotResolved, .cannotConnect, .encryptionFailed, .timedOut, .incomplete,
            .wrongAnswer, .changed, .damagedChunk, .other:
            true
        case .status(let code): code == 408 || code == 429 || code >= 500
        default: false
        }
    }

    func waiting(_ retryAfter: RetryAfter?) -> TransferError {
        var error = self
        error.retryAfter = retryAfter
        return error
    }

    static func cancelled(_ address: TransferAddress) -> TransferError {
        TransferError(.cancelled, address: address.description, "the transfer was stopped")
    }

    /// Whether its reason lies here, so that no other mirror could do better.
    var isLocal: Bool {
        switch kind {
        case .cancelled, .notTaken, .file, .badSetting, .outOfTime: true
        default: false
        }
    }

    /// The same error, with what happened at other mirrors before.
    func adding(others: [MirrorFailure]) -> TransferError {
        if others.isEmpty { return self }
        let words = others.map { "\($0.address): \($0.reason.detail)" }.joined(separator: "; ")
        return TransferError(kind, address: address, "\(detail) (other mirrors failed before: \(words))")
    }

    /// What a person can do.
    public var advice: String {
        switch kind {
        case .badAddress: "give a folder, or an address that begins with file://, http:// or https://"
        case .nameNotResolved: "check the address and this machine's name resolution (/etc/resolv.conf)"
        case .proxyNameNotResolved: "check the proxy's name in the configuration and in https_proxy"
        case .cannotConnect: "check that the server runs and that no firewall or missing proxy setting is in the way"
        case .encryptionFailed: "check that the server speaks TLS there and that no proxy intercepts it"
        case .encryptionTooOld: "ask whoever runs the server or the proxy to switch on TLS 1.2 or newer"
        case .certificateRefused:
            "check this machine's clock and its certificate authorities; a proxy that intercepts TLS needs its own there"
        case .clientCertificateRefused:
            "give clientCertificate and clientKey in the configuration, as whoever runs the server has issued them"
        case .forbidden: "ask whoever runs the server or the proxy to allow this address"
        case .notFound: "check the address; the repository may have been published anew"
        case .proxyAuthenticationRequired: "set the proxy's user name and password in the configuration"
        case .proxyRefused: "check the proxy's address and ask whoever runs it to allow this server"
        case .status(let code): code >= 500 ? "the server has a problem of its own: try again later" : ""
        case .outOfTime: "try again: what has arrived is kept; the time limits can be raised in the configuration"
        case .timedOut: "check the connection; the time limits can be raised in the configuration"
        case .tooManyRedirects: "the server sends this address in a circle: tell whoever runs it"
        case .refusedRedirect: "the server leads from an encrypted to an unprotected address: tell whoever runs it"
        case .incomplete: "try again: what has arrived is kept"
        case .wrongAnswer, .changed: "a cache or proxy may be confused: try again, or fetch around it"
        // The error's own words say what to do.
        case .notTrusted, .stale: ""
        case .tooLarge, .wrongContent, .badDocument:
            "the repository is damaged or was changed meanwhile: try again, then tell its publisher"
        case .damagedChunk: "the file on the server, or something on the way, is damaged: tell the publisher"
        case .file(let error):
            error.isDiskFull ? "free some space and try again: what has arrived is kept" : "check the folder's rights"
        case .badSetting, .cancelled, .notTaken, .other: ""
        }
    }
}
