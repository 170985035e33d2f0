import Documents
import ReleaseContract

/// What the choice of a candidate needs to know of one release, wherever it is offered.
public struct OfferedRelease: Equatable, Sendable {
    public var product: String
    public var version: ProductVersion
    /// The channels that offer it; none means that nobody may have it.
    public var channels: [String]
    /// The oldest installed version that it accepts; nil where none is stated.
    public var upgradesFrom: ProductVersion?
    /// Why nobody should have it any more, where it was withdrawn.
    public var withdrawn: String?
    /// Disk space that the release needs for its archive and its files, without copies of the server's data; nil where it
    /// does not say.
    public var requiredDiskBytes: Int?

    public init(
        product: String, version: ProductVersion, channels: [String], upgradesFrom: ProductVersion? = nil,
        withdrawn: String? = nil, requiredDiskBytes: Int? = nil
    ) {
        self.product = product
        self.version = version
        self.channels = channels
        self.upgradesFrom = upgradesFrom
        self.withdrawn = withdrawn
        self.requiredDiskBytes = requiredDiskBytes
    }
}

/// A release that is newer than the installed one and was not chosen, and why.
public struct PassedOverRelease: Equatable, Sendable {
    public let version: ProductVersion
    public let reason: String

    public init(version: ProductVersion, reason: String) {
        self.version = version
        self.reason = reason
    }
}

/// Which release a server should get, and why not the others.
public struct ReleaseDecision: Equatable, Sendable {
    public enum Outcome: Equatable, Sendable {
        /// Nothing newer is offered to this server.
        case upToDate
        case release(OfferedRelease)
        /// Something newer was wanted or offered, and none of it can be had.
        case unavailable(ResultCode, String)
    }

    public let outcome: Outcome
    public let passedOver: [PassedOverRelease]

    public init(outcome: Outcome, passedOver: [PassedOverRelease]) {
        self.outcome = outcome
        self.passedOver = passedOver
    }

    /// The chosen release.
    public var candidate: OfferedRelease? {
        if case .release(let release) = outcome { release } else { nil }
    }
}
