import Documents
import LinuxHost

/// New metadata of a repository, signed and not yet written. What stays as it is is not here.
public struct MetadataChanges: Equatable, Sendable {
    public var roots: [SignedMetadata<RootMetadata>] = []
    public var targets: SignedMetadata<TargetsMetadata>?
    public var snapshot: SignedMetadata<SnapshotMetadata>?
    public var timestamp: SignedMetadata<TimestampMetadata>?
    /// What a person should know: roles that end soon and could not be renewed.
    public var notes: [String] = []

    public init() {}

    public var isEmpty: Bool { roots.isEmpty && targets == nil && snapshot == nil && timestamp == nil }
}

/// Decides which metadata must be made anew, and signs it. Pure but for the randomness of signatures.
struct MetadataUpdate {
    let keys: [PrivateKey]
    let time: PublicationTime
    private(set) var changes = MetadataChanges()
    private(set) var current: CurrentMetadata

    /// Under a root that is there.
    init(current: CurrentMetadata, keys: [PrivateKey], time: PublicationTime) {
        self.current = current
        self.keys = keys
        self.time = time
    }

    /// Under a new root, for which the given keys sign all roles.
    init(keys: [PrivateKey], threshold: Int, time: PublicationTime) throws(PublishingError) {
        let distinct = Dictionary(keys.map { ($0.publicKey.id, $0.publicKey) }, uniquingKeysWith: { first, _ in first })
        guard distinct.count >= threshold else {
            throw .signatures(role: .root, missing: threshold - distinct.count, threshold: threshold, signers: [])
        }
        let role = RoleKeys(keyIds: distinct.keys.sorted(), threshold: threshold)
        let content = RootMetadata(
            version: 1, expires: time.expiry(.root), keys: distinct,
            roles: Dictionary(uniqueKeysWithValues: RoleName.topLevel.map { ($0, role) }))
        var root = SignedMetadata(content)
        for key in Dictionary(keys.map { ($0.publicKey.id, $0) }, uniquingKeysWith: { $1 }).values
            .sorted(by: { $0.publicKey.id < $1.publicKey.id })
        { try root.sign(with: key) }
        self.init(current: CurrentMetadata(root: root), keys: keys, time: time)
        changes.roots = [root]
    }

    /// The given keys that a role has, by the identifiers that root has for them.
    private func signers(_ role: RoleName) -> [(id: String, key: PrivateKey)] {
        let root = current.root.content
        return (root.roles[role]?.keyIds ?? []).compactMap { id in
            guard let listed = root.keys[id] else { return nil }
            return keys.first { $0.publicKey.isSameKey(as: listed) && $0.publicKey.scheme == listed.scheme }
                .map { (id, $0) }
        }
    }

    private func missing(_ role: RoleName) -> Int {
        let distinct = Set(signers(role).map(\.key.publicKey.value)).count
        return max(0, (current.root.content.roles[role]?.threshold ?? 1) - distinct)
    }

    private func signed<Content>(_ content: Content, _ role: RoleName) throws(PublishingError) -> SignedMetadata<
        Content
    > {
        let keys = current.root.content.roles[role]
        if missing(role) > 0 {
            throw .signatures(
                role: role, missing: missing(role), threshold: keys?.threshold ?? 1, signers: keys?.keyIds ?? [])
        }
        var metadata = SignedMetadata(content)
        for signer in signers(role) { try metadata.sign(with: signer.key, named: signer.id) }
        return metadata
    }

    /// Whether metadata that is there can stay: signed as the newest root asks for, and not near its end.
    private mutating func stands<Content>(_ metadata: SignedMetadata<Content>, _ role: RoleName) -> Bool {
        guard let keys = current.root.content.roles[role] else { return false }
        let isSigned = metadata.count(keys, keys: current.root.content.keys).isReached
        if isSigned, !time.isDue(role, expires: metadata.content.expires) { return true }
        if missing(role) == 0 { return false }
        changes.notes.append(
            isSigned
                ? "the role \(role) ends at \(metadata.content.expires): renew it with its key"
                : "the role \(role) is not signed as the newest root asks for: nobody believes it until its keys sign it"
        )
        return true
    }

    /// Renews root where its keys are at hand; an expired one that cannot be renewed ends the update.
    mutating func renewRoot() throws(PublishingError) {
        let old = current.root.content
        guard time.isDue(.root, expires: old.expires) else { return }
        if missing(.root) == 0 {
            var next = old
            next.version += 1
            next.expires = time.expiry(.root)
            let root = try signed(next, .root)
            current.root = root
            changes.roots.append(root)
        } else if old.expires <= time.now {
            throw .repository(
                file: RoleName.root.fileName,
                problem: "version \(old.version) expired at \(old.expires) and nobody believes anything below it: "
                    + "make a new one with its keys (trust rotate, trust sign)")
        } else {
            changes.notes.append("root ends at \(old.expires): make a new one with its keys (trust rotate)")
        }
    }

    /// - Parameter files: all target files; nil leaves them as they are.
    mutating func updateTargets(_ files: [String: TargetFileInfo]?) throws(PublishingError) {
        let old = current.targets
        if let old, files == nil || files == old.content.targets, endStays(old.content.expires), stands(old, .targets) {
            return
        }
        var next =
            old?.content ?? TargetsMetadata(version: 0, expires: time.expiry(.targets), targets: [:])
        if let files { next.targets = files }
        next.version += 1
        next.expires = time.expiry(.targets)
        let targets = try signed(next, .targets)
        current.targets = targets
        changes.targets = targets
    }

    /// Whether an end that was asked for explicitly is the one that is there.
    private func endStays(_ expires: WallTime) -> Bool { time.end == nil || expires == time.expiry(.targets) }

    mutating func updateSnapshot() throws(PublishingError) {
        guard let targets = current.targets else { return }
        let old = current.snapshot
        if changes.targets == nil, let old, endStays(old.content.expires), stands(old, .snapshot) { return }
        var next = old?.content ?? SnapshotMetadata(version: 0, expires: time.expiry(.snapshot), files: [:])
        if changes.targets != nil || next.files[.targets] == nil {
            next.files[.targets] = MetadataFileInfo(targets.content.version, bytes: targets.bytes)
        }
        next.version += 1
        next.expires = time.expiry(.snapshot)
        let snapshot = try signed(next, .snapshot)
        current.snapshot = snapshot
        changes.snapshot = snapshot
    }

    /// - Parameter always: also where the one that is there would stand.
    mutating func updateTimestamp(always: Bool) throws(PublishingError) {
        guard let snapshot = current.snapshot else { return }
        let old = current.timestamp
        if !always, changes.snapshot == nil, let old, endStays(old.content.expires), stands(old, .timestamp) { return }
        var info = MetadataFileInfo(snapshot.content.version, bytes: snapshot.bytes)
        // What a snapshot that stays was listed with is what its file has: it is not written anew.
        if changes.snapshot == nil, let old { info = old.content.snapshot }
        var next = old?.content ?? TimestampMetadata(version: 0, expires: time.expiry(.timestamp), snapshot: info)
        next.snapshot = info
        next.version += 1
        next.expires = time.expiry(.timestamp)
        let timestamp = try signed(next, .timestamp)
        current.timestamp = timestamp
        changes.timestamp = timestamp
    }
}

extension MetadataFileInfo {
    fileprivate init(_ version: Int, bytes: [UInt8]) {
        self.init(
            version: version, length: bytes.count,
            hashes: ContentHashes(["sha256": FileDigest.sha256(bytes).hexadecimal]))
    }
}
