import Documents

extension Timeline {
    /// The part that releases play for one server.
    public struct Cast: Equatable, Sendable {
        public var installed: ProductVersion?
        /// The way to the release that automatic upgrade leads to; see ``ReleaseDecision/path``.
        public var path: [ProductVersion]
        /// What a person may install by hand.
        public var attended: ProductVersion?

        public init(installed: ProductVersion?, path: [ProductVersion] = [], attended: ProductVersion? = nil) {
            self.installed = installed
            self.path = path
            self.attended = attended
        }

        func role(of version: ProductVersion) -> Entry.Role {
            if version == installed { return .installed }
            if version == path.last { return .candidate }
            if path.contains(version) { return .intermediate }
            return version == attended ? .attended : .other
        }
    }

    /// The real product's releases. Those that were not out on the day are left out.
    public init(history: ReleaseHistory, cast: Cast, today: ReleaseDate) {
        let known = history.releases.filter { $0.released.map { $0.first <= today.last } ?? true }
            .map { release in
                Entry(
                    version: release.version, released: release.released, channels: release.channels,
                    isSecurityRelease: release.isSecurityRelease, isWithdrawn: release.withdrawn != nil,
                    retired: release.retired, role: cast.role(of: release.version))
            }
        self.init(
            entries: Self.line(known, cast), hardStops: history.hardStops, today: today, knownUntil: history.knownUntil)
    }

    /// The releases that a repository publishes. It tells neither of security nor of retirement.
    public init(repository: PublishedRepository, cast: Cast, today: ReleaseDate) {
        let known = repository.releases.map { release in
            Entry(
                version: release.version, released: ReleaseDate(release.released), channels: release.channels,
                isSecurityRelease: false, isWithdrawn: release.withdrawn != nil, retired: nil,
                role: cast.role(of: release.version))
        }
        self.init(entries: Self.line(known, cast), hardStops: [], today: today, knownUntil: nil)
    }

    /// Oldest first, from the installed release on, which is there even where nobody published it.
    private static func line(_ known: [Entry], _ cast: Cast) -> [Entry] {
        guard let installed = cast.installed else { return known.sorted { $0.version < $1.version } }
        var line = known.filter { $0.version >= installed }
        if !line.contains(where: { $0.version == installed }) {
            line.append(
                Entry(
                    version: installed, released: nil, channels: [], isSecurityRelease: false, isWithdrawn: false,
                    retired: nil, role: .installed))
        }
        return line.sorted { $0.version < $1.version }
    }

    /// The hard stops that a version runs into, or has run into.
    public func hardStops(for version: ProductVersion) -> [HardStop] { hardStops.filter { version < $0.below } }
}
