/// How long a transfer may take and how often it is tried. The defaults are generous: a slow line is no failure.
public struct TransferLimits: Equatable, Sendable {
    public var connectSeconds = 300
    /// Slower than this for ``lowSpeedSeconds`` ends an attempt.
    public var lowSpeedBytesPerSecond = 1
    public var lowSpeedSeconds = 300
    /// For one document, from the first byte asked to the last one received.
    public var documentSeconds = 600
    /// For one attempt at an archive; the next one goes on where this one stopped.
    public var archiveSeconds = 6 * 3600
    /// For all attempts at an archive together, at whatever mirrors: nobody can keep this machine busy for ever.
    public var wholeSeconds = 24 * 3600
    public var redirects = 5
    /// Failures in a row, without a single new chunk between them, that end a transfer.
    public var attempts = 4
    /// How often one chunk may arrive damaged before the transfer ends.
    public var damagedChunk = 3
    /// Before the second attempt; twice as long before each further one.
    public var firstPauseMilliseconds = 1000
    /// However long a server asks to be left alone (`Retry-After`).
    public var longestPauseMilliseconds = 300_000

    public init() {}
}

/// Through which proxy.
public enum ProxySetting: Equatable, Sendable {
    /// As `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
    case environment
    /// None, whatever the environment says.
    case direct
    /// This one, but for the hosts in `noProxy` (as in `no_proxy`).
    case address(String, noProxy: String)
}

/// All that a configuration can say about transfers.
public struct TransferSettings: Equatable, Sendable {
    public var limits = TransferLimits()
    public var proxy = ProxySetting.environment
    /// A file of certificate authorities instead of the system's.
    public var certificateAuthorities: String?
    /// A file with this machine's certificate for servers that want one, in PEM.
    public var clientCertificate: String?
    /// A file with its private key, in PEM; nil where the certificate's file has it.
    public var clientKey: String?
    /// A file with the key's password in one line, which nobody but its owner can read.
    public var clientKeyPasswordFile: String?
    /// A file with `user:password` for the proxy in one line, which nobody but its owner can read.
    public var proxyCredentialsFile: String?
    /// How fast bytes may come; nil for as fast as they do.
    public var bandwidthBytesPerSecond: Int?

    public init() {}
}

/// How far the transfer of an archive is, in bytes of the archive.
public struct TransferProgress: Equatable, Sendable {
    /// Verified and kept, from earlier runs too.
    public let verified: Int
    /// With what has arrived of the next chunk.
    public let received: Int
    public let total: Int
}

extension TransferSettings {
    /// The slowest that is no failure. A limit that this machine sets itself must not look like a slow server.
    var rateFloor: Int {
        guard let bandwidthBytesPerSecond else { return limits.lowSpeedBytesPerSecond }
        return min(limits.lowSpeedBytesPerSecond, max(1, bandwidthBytesPerSecond / 2))
    }

    /// What is read at once: much, but no more than a moment's worth where the bandwidth is limited.
    var bufferSize: Int { min(1 << 18, max(1024, (bandwidthBytesPerSecond ?? .max) / 4)) }
}
