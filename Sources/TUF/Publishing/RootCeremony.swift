import Documents
import LinuxHost

/// Signatures that a root still waits for.
public struct MissingSignatures: Equatable, Sendable {
    /// The version whose keys must sign: the one before, or the new one itself.
    public let rootVersion: Int
    public let count: Int
    /// The identifiers of those that have not signed yet.
    public let signers: [String]
}

/// Where a new root stands.
public struct RootStatus: Equatable, Sendable {
    public let root: SignedMetadata<RootMetadata>
    /// Empty where the root is complete and was published.
    public let missing: [MissingSignatures]
    public var isComplete: Bool { missing.isEmpty }
}

/// New roots. One that lacks signatures lies as `N.root.json.pending` beside the others, goes from signer to signer, and
/// takes its place when the thresholds of the root before it and of its own are met (specification, 5.3.4).
extension RepositoryWriter {
    /// Begins a repository whose roles have keys of their own.
    ///
    /// - Parameter keys: the private keys of root's signers that are at hand.
    public func beginTrust(
        _ roles: [RoleName: (keys: [PublicKey], threshold: Int)], keys: [PrivateKey], time: PublicationTime
    ) throws(PublishingError) -> RootStatus {
        try metadata.locked {
            guard try metadata.rootVersions().isEmpty, try metadata.pendingRootVersions().isEmpty else {
                throw PublishingError.repository(
                    file: metadata.path, problem: "has a root already: change it with rotate")
            }
            let all = roles.values.flatMap(\.keys)
            let content = RootMetadata(
                version: 1, expires: time.expiry(.root),
                keys: Dictionary(all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }),
                roles: roles.mapValues { RoleKeys(keyIds: Set($0.keys.map(\.id)).sorted(), threshold: $0.threshold) })
            try content.checkThresholds(file: metadata.file(.root, version: 1))
            return try sign(SignedMetadata(content), after: nil, keys)
        }
    }

    /// Makes the next root: other keys, other thresholds, or only a later end.
    public func rotate(
        _ changes: RootChanges, keys: [PrivateKey], time: PublicationTime
    ) throws(PublishingError) -> RootStatus {
        try metadata.locked {
            guard let current = try metadata.current() else { throw noRoot }
            if let waiting = try metadata.pendingRootVersions().first {
                throw PublishingError.repository(
                    file: metadata.pendingRootFile(version: waiting),
                    problem: "waits for signatures: sign it, or remove the file and begin again")
            }
            let next = try changes.apply(
                to: current.root.content, expires: time.expiry(.root),
                file: metadata.file(.root, version: current.root.content.version + 1))
            return try sign(SignedMetadata(next), after: current.root.content, keys)
        }
    }

    /// Adds signatures to the root that waits for some.
    public func signPendingRoot(keys: [PrivateKey]) throws(PublishingError) -> RootStatus {
        try metadata.locked {
            guard let pending = try pendingRoot() else {
                throw PublishingError.repository(file: metadata.path, problem: "has no root that waits for signatures")
            }
            return try sign(pending.root, after: try metadata.current()?.root.content, keys)
        }
    }

    /// The root that waits for signatures, where one does.
    public func pendingRoot() throws(PublishingError) -> RootStatus? {
        guard let version = try metadata.pendingRootVersions().first else { return nil }
        let file = metadata.pendingRootFile(version: version)
        let newest = try metadata.rootVersions().last ?? 0
        guard version == newest + 1 else {
            throw .repository(
                file: file, problem: "is not the one after the newest root, \(newest): remove the file and begin again")
        }
        let root: SignedMetadata<RootMetadata> = try metadata.read(file, version: version)
        return RootStatus(root: root, missing: try missing(root, after: metadata.current()?.root.content))
    }

    private var noRoot: PublishingError {
        .repository(file: metadata.path, problem: "has no root: begin with trust init, or publish with --key")
    }

    private func sign(
        _ root: SignedMetadata<RootMetadata>, after old: RootMetadata?, _ keys: [PrivateKey]
    ) throws -> RootStatus {
        var root = root
        for key in keys {
            let ids = Set([old, root.content].compactMap { $0 }.flatMap { $0.identifiers(of: key.publicKey, .root) })
            if ids.isEmpty {
                throw PublishingError.key(
                    file: key.publicKey.id, problem: "this key signs neither for the root before nor for the new one")
            }
            for id in ids.sorted() { try root.sign(with: key, named: id) }
        }
        let status = RootStatus(root: root, missing: missing(root, after: old))
        let pending = metadata.pendingRootFile(version: root.content.version)
        if status.isComplete {
            var changes = MetadataChanges()
            changes.roots = [root]
            try metadata.write(changes)
            try DurableFiles.remove(pending)
        } else {
            try DurableFiles.replace(pending, root.bytes, mode: 0o644)
        }
        return status
    }

    private func missing(_ root: SignedMetadata<RootMetadata>, after old: RootMetadata?) -> [MissingSignatures] {
        [old, root.content].compactMap { $0 }.compactMap { content in
            guard let role = content.roles[.root] else { return nil }
            let count = root.count(role, keys: content.keys)
            if count.isReached { return nil }
            let open = role.keyIds.filter { id in
                !root.signatures.contains { signature in
                    signature.keyId == id
                        && content.keys[id]?.verifies(signature.signature, of: root.signed.canonical) == true
                }
            }
            return MissingSignatures(
                rootVersion: content.version, count: count.needed - count.signed, signers: open)
        }
    }
}

extension RootMetadata {
    /// Under which identifiers a role has a key.
    public func identifiers(of key: PublicKey, _ role: RoleName) -> [String] {
        (roles[role]?.keyIds ?? []).filter { id in
            keys[id].map { $0.isSameKey(as: key) && $0.scheme == key.scheme } ?? false
        }
    }
}
