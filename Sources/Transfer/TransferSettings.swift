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
    public var redirects = 5
    /// Failures in a row, without a single new chunk between them, that end a transfer.
    public var attempts = 4
    /// How often one chunk may arrive damaged before the transfer ends.
    public var damagedChunk = 3
    /// Before the second attempt; twice as long before each further one.
    public var firstPauseMilliseconds = 1000

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
