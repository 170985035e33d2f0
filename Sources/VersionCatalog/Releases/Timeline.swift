import Documents

/// The releases around a server in time: what it runs, what it could have, when it ends.
public struct Timeline: Equatable, Sendable {
    public struct Entry: Equatable, Sendable {
        public enum Role: String, Sendable, CaseIterable {
            case installed
            /// Where the next upgrade leads.
            case candidate
            /// On the way to it.
            case intermediate
            /// What a person may install by hand.
            case attended
            case other
        }

        public var version: ProductVersion
        /// nil where no date is known: it stands between its neighbours.
        public var released: ReleaseDate?
        public var channels: [String]
        public var isSecurityRelease: Bool
        public var isWithdrawn: Bool
        public var retired: ReleaseDate?
        public var role: Role

        public init(
            version: ProductVersion, released: ReleaseDate?, channels: [String], isSecurityRelease: Bool,
            isWithdrawn: Bool, retired: ReleaseDate?, role: Role
        ) {
            self.version = version
            self.released = released
            self.channels = channels
            self.isSecurityRelease = isSecurityRelease
            self.isWithdrawn = isWithdrawn
            self.retired = retired
            self.role = role
        }
    }

    /// Oldest first, from the installed release on.
    public var entries: [Entry]
    public var hardStops: [HardStop]
    public var today: ReleaseDate
    /// The newest event that the history has; nil for a repository, which is as new as itself.
    public var knownUntil: ReleaseDate?

    public init(entries: [Entry], hardStops: [HardStop], today: ReleaseDate, knownUntil: ReleaseDate?) {
        self.entries = entries
        self.hardStops = hardStops
        self.today = today
        self.knownUntil = knownUntil
    }
}

/// Something that a release on the way changes for a server.
public struct BroughtChange: Equatable, Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A default rule that is added, changed or removed.
        case rule
        /// An attribute that begins or ceases to flow, or is new in the schema.
        case attribute
        /// Everything is imported and synchronized anew.
        case fullSynchronization
        /// Something that the machine must have.
        case requirement
        case security
        case other
    }

    public var version: ProductVersion
    public var kind: Kind
    public var text: String

    public init(version: ProductVersion, kind: Kind, text: String) {
        self.version = version
        self.kind = kind
        self.text = text
    }
}
