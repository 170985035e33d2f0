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
    /// Installed versions that it does not accept although they are new enough.
    public var refuses: [Range<ProductVersion>] = []
    /// Why nobody should have it any more, where it was withdrawn.
    public var withdrawn: String?
    /// Why its channels do not offer it on the day that is asked about (not yet, no longer, never published).
    public var notOffered: String?
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
        /// The release that comes next: the first of `path`.
        case release(OfferedRelease)
        /// Something newer was wanted or offered, and none of it can be had.
        case unavailable(ResultCode, String)
    }

    public let outcome: Outcome
    /// Newest first: every release newer than the one that the path leads to; all newer ones where there is no path.
    public let passedOver: [PassedOverRelease]
    /// The versions that follow each other from the installed one to the newest that can be had: the candidate first.
    public let path: [ProductVersion]
    /// The known risks of the path, those that were accepted or ruled out too, each once with its worst outcome. Where
    /// only risks keep every release away, those of the path that would be open without them.
    public let risks: [RiskFinding]

    public init(
        outcome: Outcome, passedOver: [PassedOverRelease], path: [ProductVersion] = [], risks: [RiskFinding] = []
    ) {
        self.outcome = outcome
        self.passedOver = passedOver
        self.path = path
        self.risks = risks
    }

    /// The release that comes next.
    public var candidate: OfferedRelease? {
        if case .release(let release) = outcome { release } else { nil }
    }

    /// The release that the path leads to.
    public var destination: ProductVersion? { path.last }

    /// "2.1.0.0 is reached over 1.6.0.0", where the candidate is not the end of the way.
    public var detour: String? {
        guard path.count > 1, let destination else { return nil }
        return "\(destination) is reached over " + path.dropLast().map(\.description).joined(separator: ", then ")
    }
}
