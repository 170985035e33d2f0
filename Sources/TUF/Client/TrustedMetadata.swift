import Documents

/// The metadata that is believed so far, and the rules by which more is (specification, 5.3 to 5.6). A value without
/// effects: it is given bytes and says what is wrong with them.
///
/// Metadata comes in the order root, timestamp, snapshot, targets, delegated targets. What was verified in an earlier run
/// is recalled first, so that nothing older is taken.
public struct TrustedMetadata: Sendable {
    /// The moment at which all expiry is judged (specification, 5.1).
    public let now: WallTime
    public private(set) var root: SignedMetadata<RootMetadata>
    public private(set) var timestamp: SignedMetadata<TimestampMetadata>?
    public private(set) var snapshot: SignedMetadata<SnapshotMetadata>?
    /// By the way that leads to a role: from the top-level targets over its delegators. On another way other keys may be
    /// demanded, and other content be given.
    private var targetsByChain: [[RoleName]: SignedMetadata<TargetsMetadata>] = [:]

    /// Begins with a root that is trusted because the user says so. It must be signed by its own keys; it may have
    /// expired, since newer ones can follow from it (specification, 5.2 and 5.3).
    public init(root bytes: [UInt8], file: String, now: WallTime) throws(TUFError) {
        let read: SignedMetadata<RootMetadata> = try Self.read(bytes, role: .root, file: file)
        try Self.verify(read, role: .root, file: file, keys: read.content.roles[.root], read.content.keys)
        root = read
        self.now = now
    }

    /// The same with nothing but root.
    public func withoutRest() -> TrustedMetadata {
        var copy = self
        copy.timestamp = nil
        copy.snapshot = nil
        copy.targetsByChain = [:]
        return copy
    }

    /// The top-level targets.
    public var targets: SignedMetadata<TargetsMetadata>? { targetsByChain[[.targets]] }

    /// The targets metadata at the end of a way, which begins with ``RoleName/targets``.
    public func targets(at chain: [RoleName]) -> SignedMetadata<TargetsMetadata>? { targetsByChain[chain] }

    // MARK: Root

    /// What a new root means for the metadata that was trusted before it.
    public struct RootUpdate: Equatable, Sendable {
        /// Keys were taken from timestamp or snapshot. What these said before is to be forgotten, so that versions which an
        /// attacker had raised do not stay for ever (specification, 5.3.11).
        public let forgetsVersions: Bool
    }

    /// Takes the next root: signed by the keys of the one before and by its own, and exactly one version newer. Whether it
    /// has expired is asked of the last one only (specification, 5.3.4 to 5.3.10).
    @discardableResult
    public mutating func updateRoot(_ bytes: [UInt8], file: String) throws(TUFError) -> RootUpdate {
        let new: SignedMetadata<RootMetadata> = try Self.read(bytes, role: .root, file: file)
        try verifyTopLevel(new, role: .root, file: file)
        try Self.verify(new, role: .root, file: file, keys: new.content.roles[.root], new.content.keys)
        let (wanted, overflows) = root.content.version.addingReportingOverflow(1)
        guard !overflows, new.content.version == wanted else {
            let kind = new.content.version < wanted ? TUFError.Kind.rollback : .mixAndMatch
            throw TUFError(
                kind, role: .root, file: file,
                "expected the version after \(root.content.version), found \(new.content.version)")
        }
        let forgets = [RoleName.timestamp, .snapshot].contains { role in
            !root.content.material(of: role).isSubset(of: new.content.material(of: role))
        }
        root = new
        if forgets {
            timestamp = nil
            snapshot = nil
        }
        return RootUpdate(forgetsVersions: forgets)
    }

    // MARK: Timestamp

    /// Recalls what was trusted in an earlier run, to refuse older versions. It may have expired.
    public mutating func recallTimestamp(_ bytes: [UInt8], file: String) throws(TUFError) {
        let old: SignedMetadata<TimestampMetadata> = try Self.read(bytes, role: .timestamp, file: file)
        try verifyTopLevel(old, role: .timestamp, file: file)
        timestamp = old
    }

    /// Whether the last root may still be acted on (specification, 5.3.10).
    public func requireFreshRoot() throws(TUFError) {
        try requireFresh(root.content, role: .root, file: RoleName.root.fileName)
    }

    /// Takes the repository's timestamp (specification, 5.3.10 and 5.4).
    ///
    /// - Returns: whether it is newer. Of the same version, the one that was there is kept.
    public mutating func updateTimestamp(_ bytes: [UInt8], file: String) throws(TUFError) -> Bool {
        try requireFreshRoot()
        let new: SignedMetadata<TimestampMetadata> = try Self.read(bytes, role: .timestamp, file: file)
        try verifyTopLevel(new, role: .timestamp, file: file)
        if let old = timestamp {
            try Self.refuseOlder(new.content.version, than: old.content.version, role: .timestamp, file: file)
            if new.content.version == old.content.version {
                try requireFresh(old.content, role: .timestamp, file: file)
                return false
            }
            try Self.refuseOlder(
                new.content.snapshot.version, than: old.content.snapshot.version, role: .timestamp, file: file,
                about: .snapshot)
        }
        try requireFresh(new.content, role: .timestamp, file: file)
        timestamp = new
        return true
    }

    // MARK: Snapshot

    /// Recalls what was trusted in an earlier run, to refuse older versions. It may have expired, and need not be the one
    /// that the timestamp announces.
    ///
    /// - Returns: whether it is the announced one and may be used.
    public mutating func recallSnapshot(_ bytes: [UInt8], file: String) throws(TUFError) -> Bool {
        let old: SignedMetadata<SnapshotMetadata> = try Self.read(bytes, role: .snapshot, file: file)
        try verifyTopLevel(old, role: .snapshot, file: file)
        snapshot = old
        let announced = try announcedSnapshot
        return old.content.version == announced.version && announced.problem(of: bytes) == nil
            && now < old.content.expires
    }

    /// Takes the repository's snapshot (specification, 5.5).
    public mutating func updateSnapshot(_ bytes: [UInt8], file: String) throws(TUFError) {
        let announced = try announcedSnapshot
        try Self.refuse(announced.problem(of: bytes), role: .snapshot, file: file)
        let new: SignedMetadata<SnapshotMetadata> = try Self.read(bytes, role: .snapshot, file: file)
        try verifyTopLevel(new, role: .snapshot, file: file)
        try Self.requireVersion(new.content.version, announced.version, role: .snapshot, file: file)
        if let old = snapshot {
            try Self.refuseOlder(new.content.version, than: old.content.version, role: .snapshot, file: file)
            for (role, info) in old.content.files.sorted(by: { $0.key.text < $1.key.text }) {
                guard let found = new.content.files[role] else {
                    throw TUFError(
                        .rollback, role: .snapshot, file: file, "expected the role \(role) that was there, found none")
                }
                try Self.refuseOlder(found.version, than: info.version, role: .snapshot, file: file, about: role)
            }
        }
        try requireFresh(new.content, role: .snapshot, file: file)
        snapshot = new
    }

    private var announcedSnapshot: MetadataFileInfo {
        get throws(TUFError) {
            if let timestamp { return timestamp.content.snapshot }
            throw TUFError(
                .missing, role: .timestamp, file: RoleName.timestamp.fileName, "expected a trusted timestamp first")
        }
    }

    // MARK: Targets

    /// What the snapshot says of a targets role.
    public func announced(_ role: RoleName) throws(TUFError) -> MetadataFileInfo {
        guard let snapshot else {
            throw TUFError(
                .missing, role: .snapshot, file: RoleName.snapshot.fileName, "expected a trusted snapshot first")
        }
        if let info = snapshot.content.files[role] { return info }
        throw TUFError(
            .mixAndMatch, role: .snapshot, file: RoleName.snapshot.fileName, "expected the role \(role), found none")
    }

    /// Takes targets metadata, of the top level or of a delegated role (specification, 5.6). The same rules hold for what
    /// was kept from an earlier run.
    ///
    /// - Parameter chain: the way to the role: `[.targets]`, or the roles from there on that delegate one to the next.
    public mutating func updateTargets(_ bytes: [UInt8], at chain: [RoleName], file: String) throws(TUFError) {
        let role = chain.last ?? .targets
        let announced = try announced(role)
        try Self.refuse(announced.problem(of: bytes), role: role, file: file)
        let new: SignedMetadata<TargetsMetadata> = try Self.read(bytes, role: role, file: file)
        let (keys, all) = keys(at: chain)
        try Self.verify(new, role: role, file: file, keys: keys, all)
        try Self.requireVersion(new.content.version, announced.version, role: role, file: file)
        try requireFresh(new.content, role: role, file: file)
        targetsByChain[chain] = new
    }

    private func keys(at chain: [RoleName]) -> (RoleKeys?, [String: PublicKey]) {
        if chain == [.targets] { return (root.content.roles[.targets], root.content.keys) }
        guard let role = chain.last, let delegations = targetsByChain[Array(chain.dropLast())]?.content.delegations
        else {
            return (nil, [:])
        }
        switch delegations.roles {
        case .named(let roles): return (roles.first { $0.name == role }?.keys, delegations.keys)
        case .succinct(let roles): return (roles.contains(role) ? roles.keys : nil, delegations.keys)
        }
    }
}

extension RootMetadata {
    /// The keys that may sign for a role, whatever they are called.
    fileprivate func material(of role: RoleName) -> Set<[UInt8]> {
        Set((roles[role]?.keyIds ?? []).compactMap { keys[$0].flatMap(VerifyingKey.init)?.material })
    }
}
