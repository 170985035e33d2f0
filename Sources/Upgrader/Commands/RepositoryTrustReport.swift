import Documents
import LinuxHost
import ReleaseContract
import TUF
import Transfer

/// What `aadc-upgrade catalog trust` says: which root is pinned, whose signatures count for what, what was verified last,
/// and what has expired.
public struct RepositoryTrustReport {
    /// One role as it was verified last.
    struct RoleState: Equatable {
        let role: RoleName
        let version: Int
        let expires: WallTime
    }

    let path: String
    let isPackaged: Bool
    let pinned: RootMetadata
    /// The newest root that follows from the pinned one, as far as this server has seen; nil before the first refresh.
    let current: RootMetadata?
    let roles: [RoleState]
    let now: WallTime
    /// The latest time that fresh metadata was verified at, and where that is kept.
    let confirmed: WallTime?
    let confirmedPath: String

    /// - Throws: ``CommandError`` where no root is pinned, or the pinned one is none.
    public init(_ layout: ServerLayout, now: WallTime) throws {
        guard let root = try RepositoryPolicy.pinnedRoot(layout) else {
            throw CommandError(
                ExitStatus.noInput,
                "no root is pinned: expected \(layout.trustedRoot), or \(layout.packagedRoot) from the package. Get the "
                    + "publisher's root metadata over a way that you trust, and run 'aadc-upgrade catalog trust --pin FILE'"
            )
        }
        path = root.path
        isPackaged = root.path == layout.packagedRoot
        pinned = try Self.verified(root.bytes, file: root.path, now: now)
        self.now = now
        let folder = "\(layout.metadata)/\(root.identifier)"
        confirmed = ConfirmedTime(FolderStore(folder)).confirmed
        confirmedPath = "\(folder)/\(ConfirmedTime.fileName)"
        let kept = Kept(folder: folder)
        current = kept.content(.root, RootMetadata.self)
        roles = [
            kept.state(.root, RootMetadata.self), kept.state(.timestamp, TimestampMetadata.self),
            kept.state(.snapshot, SnapshotMetadata.self), kept.state(.targets, TargetsMetadata.self),
        ].compactMap(\.self)
    }

    /// Root metadata that its own keys have signed.
    static func verified(_ bytes: [UInt8], file: String, now: WallTime) throws -> RootMetadata {
        do throws(TUFError) {
            return try TrustedMetadata(root: bytes, file: file, now: now).root.content
        } catch {
            throw CommandError(
                ExitStatus.badInput,
                "\(file): \(error.problem); expected root metadata of The Update Framework, signed by its own keys")
        }
    }

    /// Pins another root; what was verified with the one before is not believed any more.
    public static func pin(_ file: String, _ layout: ServerLayout, now: WallTime) throws -> RepositoryTrustReport {
        guard let bytes = try DurableFiles.read(file, limit: 512_000) else {
            throw CommandError(ExitStatus.noInput, "\(file): no such file; give root metadata of a repository")
        }
        _ = try verified(bytes, file: file, now: now)
        try DurableFiles.makeFolders(layout.upgraderConfiguration)
        try DurableFiles.replace(layout.trustedRoot, bytes, mode: 0o644)
        return try RepositoryTrustReport(layout, now: now)
    }

    /// The moment by which expiry is judged.
    private var judged: WallTime { confirmed.map { max($0, now) } ?? now }

    /// Roles that have expired, as far as is known here.
    var expired: [RoleState] { roles.filter { $0.expires <= judged } }

    // MARK: Output

    public var json: JSONValue {
        [
            "schema": "repository-trust/1", "pinned": .string(path), "packaged": .bool(isPackaged),
            "pinnedVersion": JSONValue(pinned.version), "pinnedExpires": .string(pinned.expires.description),
            "signers": .array(
                RoleName.topLevel.compactMap { role in
                    trusted.roles[role].map { keys in
                        [
                            "role": .string(role.text), "threshold": JSONValue(keys.threshold),
                            "keys": .array(keys.keyIds.map { .string($0) }),
                        ]
                    }
                }),
            "verified": .array(
                roles.map {
                    [
                        "role": .string($0.role.text), "version": JSONValue($0.version),
                        "expires": .string($0.expires.description), "expired": .bool($0.expires <= judged),
                    ]
                }),
        ]
    }

    private var trusted: RootMetadata { current ?? pinned }

    public var text: String {
        let origin = isPackaged ? "from the package" : "pinned by the administrator"
        var lines = ["root        \(path), \(origin), version \(pinned.version)"]
        for role in RoleName.topLevel {
            guard let keys = trusted.roles[role] else { continue }
            let names = keys.keyIds.map { "\($0.prefix(12))…" }.joined(separator: ", ")
            lines.append("\(padded(role.text))\(keys.threshold) of \(keys.keyIds.count) keys: \(names)")
        }
        if roles.isEmpty { lines.append("verified    nothing yet: no repository was opened with this root") }
        for state in roles {
            lines.append(
                "verified    \(state.role) version \(state.version), \(Self.words(until: state.expires, now: judged))")
        }
        if let confirmed, confirmed - now > 86_400 {
            lines.append(
                "clock       this machine says \(now), and fresh metadata was verified at \(confirmed) before, which counts. "
                    + "If the clock was wrong then, remove \(confirmedPath)")
        }
        return (lines + explanations).joined(separator: "\n") + "\n"
    }

    private func padded(_ word: String) -> String {
        word + String(repeating: " ", count: max(1, 12 - word.count))
    }

    private static func words(until expires: WallTime, now: WallTime) -> String {
        let days = abs(expires - now) / 86_400
        return expires <= now ? "EXPIRED at \(expires), \(days) days ago" : "good until \(expires), \(days) days"
    }

    /// For each role that has expired: what that means and who can do something about it.
    private var explanations: [String] {
        expired.map { state in
            let advice =
                switch state.role {
                case .timestamp:
                    "nobody has renewed the repository since, or somebody withholds the newer one: ask the publisher, who "
                        + "renews it with 'aadc-publish renew'"
                case .root:
                    "its keys are not to be believed any more without a new root: the publisher makes one with 'aadc-publish "
                        + "trust rotate'; a repository that has one is followed to it by itself"
                default: "the publisher signs it anew with 'aadc-publish repository' or 'aadc-publish renew'"
                }
            return
                "\(state.role) has expired: \(advice). If the date surprises you, check this machine's clock (\(now)). "
                + "Until then nothing is upgraded; what runs is not touched."
        }
    }
}

/// What a client has kept.
private struct Kept {
    let folder: String

    func content<Content: RoleContent>(_ role: RoleName, _ type: Content.Type) -> Content? {
        let path = "\(folder)/\(role.fileName)"
        guard let bytes = try? DurableFiles.read(path) else { return nil }
        return (try? SignedMetadata<Content>(bytes: bytes, file: path))?.content
    }

    func state<Content: RoleContent>(
        _ role: RoleName, _ type: Content.Type
    ) -> RepositoryTrustReport.RoleState? {
        content(role, type).map {
            RepositoryTrustReport.RoleState(role: role, version: $0.version, expires: $0.expires)
        }
    }
}
