import Documents
import LinuxHost

/// A file that a repository offers.
public struct TargetSource: Equatable, Sendable {
    /// Its path below the repository's folder, and its name as a target.
    public let path: String
    public let size: Int
    public let digest: SHA256Digest
    /// Where given, the file is written; else it lies there already.
    public let content: [UInt8]?

    /// A file that lies in the folder, with its size and digest as they were read.
    public init(path: String, size: Int, digest: SHA256Digest) {
        self.path = path
        self.size = size
        self.digest = digest
        content = nil
    }

    /// A file that is written when everything is signed.
    public init(path: String, content: [UInt8]) {
        self.path = path
        self.content = content
        size = content.count
        digest = FileDigest.sha256(content)
    }

    var info: TargetFileInfo { TargetFileInfo(length: size, hashes: ContentHashes(["sha256": digest.hexadecimal])) }

    /// As consistent snapshots name it, below `targets/` (specification, 6.2).
    var storedPath: String { TargetFolder.storedPath(path, digest: digest.hexadecimal) }
}

/// Publishes files from a folder as a repository of The Update Framework: `metadata/` and, under names with their digests,
/// `targets/`.
public struct RepositoryWriter: Sendable {
    public let folder: String
    public var metadata: MetadataFolder { MetadataFolder(repository: folder) }

    public init(folder: String) { self.folder = folder }

    /// Signs for these files and no others, and writes what is new.
    ///
    /// Where the folder has no metadata, a first root is made for which the given keys sign all roles; else each role is
    /// signed by those of the keys that it asks for. Nothing is written unless all signatures are there.
    ///
    /// - Parameter threshold: of a first root's roles; a root that is there has its own.
    @discardableResult
    public func publish(
        _ sources: [TargetSource], keys: [PrivateKey], threshold: Int = 1, time: PublicationTime
    ) throws(PublishingError) -> MetadataChanges {
        try metadata.locked {
            var update: MetadataUpdate
            if let current = try metadata.current() {
                update = MetadataUpdate(current: current, keys: keys, time: time)
            } else if let waiting = try metadata.pendingRootVersions().first {
                throw PublishingError.repository(
                    file: metadata.pendingRootFile(version: waiting),
                    problem: "waits for signatures: complete it first (trust sign), or remove the file")
            } else {
                update = try MetadataUpdate(keys: keys, threshold: threshold, time: time)
            }
            try update.renewRoot()
            try update.updateTargets(
                Dictionary(sources.map { ($0.path, $0.info) }, uniquingKeysWith: { first, _ in first }))
            try update.updateSnapshot()
            try update.updateTimestamp(always: false)
            try write(sources)
            try metadata.write(update.changes)
            return update.changes
        }
    }

    /// Makes a new timestamp, and of the other roles those that end soon or that the newest root wants signed anew, where
    /// their keys are given.
    @discardableResult
    public func renew(keys: [PrivateKey], time: PublicationTime) throws(PublishingError) -> MetadataChanges {
        try metadata.locked {
            guard let current = try metadata.current(), current.timestamp != nil else {
                throw PublishingError.repository(file: metadata.path, problem: "has nothing to renew: publish first")
            }
            var update = MetadataUpdate(current: current, keys: keys, time: time)
            try update.renewRoot()
            try update.updateTargets(nil)
            try update.updateSnapshot()
            try update.updateTimestamp(always: true)
            try metadata.write(update.changes)
            return update.changes
        }
    }

    /// After a new root: signs anew what it wants signed by other keys, where those are given.
    @discardableResult
    public func signAgain(keys: [PrivateKey], time: PublicationTime) throws(PublishingError) -> MetadataChanges {
        try metadata.locked {
            guard let current = try metadata.current(), current.timestamp != nil else { return MetadataChanges() }
            var update = MetadataUpdate(current: current, keys: keys, time: time)
            try update.updateTargets(nil)
            try update.updateSnapshot()
            try update.updateTimestamp(always: false)
            try metadata.write(update.changes)
            return update.changes
        }
    }

    private func write(_ sources: [TargetSource]) throws {
        for source in sources {
            guard let content = source.content else { continue }
            try DurableFiles.replace("\(folder)/\(source.path)", content, mode: 0o644)
        }
        try TargetFolder(repository: folder).place(sources)
    }
}
