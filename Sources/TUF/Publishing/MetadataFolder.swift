import Documents
import LinuxHost

/// The newest metadata of a repository, as timestamp names it.
public struct CurrentMetadata: Equatable, Sendable {
    public var root: SignedMetadata<RootMetadata>
    /// Nil where nothing was published under the root yet.
    public var targets: SignedMetadata<TargetsMetadata>?
    public var snapshot: SignedMetadata<SnapshotMetadata>?
    public var timestamp: SignedMetadata<TimestampMetadata>?

    public init(root: SignedMetadata<RootMetadata>) { self.root = root }

    /// The version and end of every role that is there.
    public var validity: [(role: RoleName, version: Int, expires: WallTime)] {
        [
            (.root, root.content.version, root.content.expires),
            targets.map { (.targets, $0.content.version, $0.content.expires) },
            snapshot.map { (.snapshot, $0.content.version, $0.content.expires) },
            timestamp.map { (.timestamp, $0.content.version, $0.content.expires) },
        ].compactMap { $0 }
    }
}

/// The folder `metadata/` of a repository, from the side of who writes it.
///
/// Its files are believed, as the rest of a publisher's own disk is: their form is checked, and signatures where they count.
public struct MetadataFolder: Sendable {
    public let path: String

    /// - Parameter repository: the folder that `metadata/` lies in.
    public init(repository: String) { path = "\(repository)/metadata" }

    public func file(_ role: RoleName, version: Int) -> String {
        "\(path)/\(role.remoteFile(version: version))"
    }
    public var timestampFile: String { "\(path)/\(RoleName.timestamp.fileName)" }
    /// A copy of the newest root, for people who install it.
    public var newestRootFile: String { "\(path)/\(RoleName.root.fileName)" }
    public func pendingRootFile(version: Int) -> String { "\(file(.root, version: version)).pending" }

    /// The versions of root that are there, ascending.
    public func rootVersions() throws(PublishingError) -> [Int] { try versions(suffix: ".\(RoleName.root.fileName)") }
    /// Those that wait for signatures; never more than one, unless somebody put it there.
    public func pendingRootVersions() throws(PublishingError) -> [Int] {
        try versions(suffix: ".\(RoleName.root.fileName).pending")
    }

    private func versions(suffix: String) throws(PublishingError) -> [Int] {
        try publishing {
            (try DurableFiles.list(path) ?? []).compactMap { name in
                name.hasSuffix(suffix) ? Int(name.dropLast(suffix.count)) : nil
            }.sorted()
        }
    }

    /// Nil where the folder has no root yet.
    public func current() throws(PublishingError) -> CurrentMetadata? {
        guard let version = try rootVersions().last else {
            if DurableFiles.exists(timestampFile) {
                throw .repository(
                    file: path, problem: "has a timestamp and no root: restore the root metadata from a backup")
            }
            return nil
        }
        var current = CurrentMetadata(root: try read(file(.root, version: version), version: version))
        guard current.root.content.consistentSnapshot else {
            throw .repository(
                file: file(.root, version: version),
                problem:
                    "says that files have no versions in their names (consistent_snapshot): this program writes no such repository"
            )
        }
        guard DurableFiles.exists(timestampFile) else { return current }
        let timestamp: SignedMetadata<TimestampMetadata> = try read(timestampFile)
        let named = timestamp.content.snapshot.version
        let snapshot: SignedMetadata<SnapshotMetadata> = try read(file(.snapshot, version: named), version: named)
        guard let listed = snapshot.content.files[.targets] else {
            throw .repository(file: file(.snapshot, version: named), problem: "does not list targets.json")
        }
        current.timestamp = timestamp
        current.snapshot = snapshot
        current.targets = try read(file(.targets, version: listed.version), version: listed.version)
        return current
    }

    func read<Content: RoleContent>(
        _ file: String, version: Int? = nil
    ) throws(PublishingError) -> SignedMetadata<Content> {
        try publishing {
            guard let bytes = try DurableFiles.read(file) else {
                throw PublishingError.repository(
                    file: file, problem: "is missing and other metadata names it: restore it from a backup")
            }
            let metadata = try SignedMetadata<Content>(bytes: bytes, file: file)
            if let version, metadata.content.version != version {
                throw PublishingError.repository(
                    file: file, problem: "expected version \(version), found \(metadata.content.version)")
            }
            return metadata
        }
    }

    /// Holds the folder for one publisher; it is made where it is missing.
    func locked<Result>(_ body: () throws -> Result) throws(PublishingError) -> Result {
        try publishing {
            try DurableFiles.makeFolders(path)
            let lock = try lock()
            defer { _ = lock.path }
            return try body()
        }
    }

    /// Another publisher is done in a moment: a second is waited for it.
    private func lock() throws -> FileLock {
        for _ in 0..<100 {
            if let lock = try FileLock(trying: "\(path)/.lock") { return lock }
            SystemClock().pause(milliseconds: 10)
        }
        throw PublishingError.repository(
            file: path, problem: "another publisher works here: try again when it has ended")
    }

    /// Writes what is new, so that who reads meanwhile finds the old set or the new one: root first, timestamp last.
    func write(_ changes: MetadataChanges) throws(PublishingError) {
        try publishing {
            for root in changes.roots {
                try DurableFiles.replace(file(.root, version: root.content.version), root.bytes, mode: 0o644)
            }
            if let targets = changes.targets {
                try DurableFiles.replace(file(.targets, version: targets.content.version), targets.bytes, mode: 0o644)
            }
            if let snapshot = changes.snapshot {
                try DurableFiles.replace(
                    file(.snapshot, version: snapshot.content.version), snapshot.bytes, mode: 0o644)
            }
            if let timestamp = changes.timestamp {
                try DurableFiles.replace(timestampFile, timestamp.bytes, mode: 0o644)
            }
            try copyNewestRoot()
        }
    }

    private func copyNewestRoot() throws {
        guard let version = try rootVersions().last,
            let newest = try DurableFiles.read(file(.root, version: version))
        else { return }
        if try DurableFiles.read(newestRootFile) != newest {
            try DurableFiles.replace(newestRootFile, newest, mode: 0o644)
        }
    }
}
