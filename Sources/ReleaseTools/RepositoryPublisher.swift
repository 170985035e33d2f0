import Documents
import LinuxHost
import ReleaseContract
import TUF
import VersionCatalog

/// Who signs a repository.
public enum RepositorySignature: Sendable {
    /// A repository of The Update Framework, signed by these.
    case signed([PrivateKey])
    /// A plain `catalog.json` alone: accepted by nobody who did not allow it explicitly. Metadata that is there stays.
    case unsigned
}

/// What can be chosen when a repository is published.
public struct PublishOptions: Equatable, Sendable {
    public var product: String
    /// The channels of releases that `channels.json` does not name.
    public var channels = ["stable"]
    public var published: WallTime
    /// From when on nobody decides by this publication; signed metadata ends then too.
    public var expires: WallTime?
    /// Of signed metadata, where `expires` does not say it.
    public var lifetimes = RoleLifetimes()
    /// How many of the keys must sign, where there is no root yet that says it.
    public var threshold = 1
    /// One more than the last publication's where nil.
    public var sequence: Int?

    public init(product: String, published: WallTime) {
        self.product = product
        self.published = published
    }
}

/// Writes a folder's `catalog.json` from the releases that lie in it, and signs both.
public enum RepositoryPublisher {
    /// - Parameter report: gets what a person should know about the signed metadata.
    @discardableResult
    public static func publish(
        folder: String, options: PublishOptions, signature: RepositorySignature,
        report: (MetadataChanges) -> Void = { _ in }
    ) throws(PublishError) -> PublishedRepository {
        try publishing {
            let channels = try channelList(folder)
            let names = try DurableFiles.list(folder) ?? []
            if try DurableFiles.kind(folder) != .folder { throw HostError("read the folder", folder, 2) }
            var releases: [PublishedRelease] = []
            for name in names where name.hasSuffix(suffix) {
                releases.append(try release(folder, stem: String(name.dropLast(suffix.count)), channels, options))
            }
            if releases.isEmpty {
                throw PublishError.input(file: folder, problem: "no *\(suffix) here: build a release into it first")
            }
            for version in channels.releases.keys where !releases.contains(where: { $0.version == version }) {
                throw PublishError.input(
                    file: "\(folder)/\(ChannelList.fileName)", problem: "names \(version), which is not in the folder")
            }
            releases.sort { $0.version < $1.version }
            let repository = PublishedRepository(
                product: options.product, sequence: try options.sequence ?? nextSequence(folder),
                published: options.published, expires: options.expires, releases: releases)
            // Read back as every consumer will: two files of one version, for example, are found here.
            _ = try PublishedRepository(json: repository.json, file: folder)
            let catalog = TargetSource(path: PublishedRepository.fileName, content: repository.json.pretty)
            switch signature {
            case .unsigned:
                try DurableFiles.replace("\(folder)/\(catalog.path)", repository.json.pretty, mode: 0o644)
            case .signed(let keys):
                let time = PublicationTime(
                    now: options.published, lifetimes: options.lifetimes, end: options.expires)
                report(
                    try RepositoryWriter(folder: folder).publish(
                        repository.releases.flatMap(\.files) + [catalog], keys: keys, threshold: options.threshold,
                        time: time))
            }
            return repository
        }
    }

    private static let suffix = ".release.json"

    private static func channelList(_ folder: String) throws -> ChannelList {
        let path = "\(folder)/\(ChannelList.fileName)"
        guard let bytes = try DurableFiles.read(path, limit: 1 << 20) else { return ChannelList() }
        return try ChannelList(bytes: bytes, file: path)
    }

    private static func nextSequence(_ folder: String) throws -> Int {
        let path = "\(folder)/\(PublishedRepository.fileName)"
        guard let bytes = try DurableFiles.read(path) else { return 1 }
        return try PublishedRepository(bytes: bytes, file: path).sequence + 1
    }

    private static func release(
        _ folder: String, stem: String, _ channels: ChannelList, _ options: PublishOptions
    ) throws -> PublishedRelease {
        let document = "\(folder)/\(stem)\(suffix)"
        let manifest = try ReleaseManifest(bytes: try readFile(document), file: document)
        guard manifest.product == options.product else {
            throw PublishError.input(
                file: document, problem: "is a release of \(manifest.product); expected \(options.product)")
        }
        let list = "\(folder)/\(stem).chunks"
        let chunks = try ChunkList(bytes: try readFile(list), file: list)
        let path = "\(folder)/\(chunks.archiveName)"
        // Servers compare the chunks alone, so that a list that contradicts itself must not be signed.
        guard try ReleaseBuilder.isArchive(path, listedBy: chunks) else {
            throw PublishError.input(file: path, problem: "differs from \(list): build the release again")
        }
        let archive = PublishedFile(path: chunks.archiveName, size: chunks.archiveSize, digest: chunks.archiveDigest)
        let entry =
            channels.releases[manifest.version]
            ?? ChannelEntry(channels: options.channels, released: options.published)
        return PublishedRelease(
            version: manifest.version, channels: entry.channels, released: entry.released,
            withdrawn: entry.withdrawn, notes: entry.notes ?? manifest.notes,
            releaseDocument: try publishedFile(folder, "\(stem)\(suffix)"),
            chunkList: try publishedFile(folder, "\(stem).chunks"), archive: archive, risks: entry.risks)
    }

    private static func publishedFile(_ folder: String, _ name: String) throws -> PublishedFile {
        let path = "\(folder)/\(name)"
        guard case .file(let bytes) = try DurableFiles.kind(path) else { throw HostError("open", path, 2) }
        return PublishedFile(path: name, size: bytes, digest: try FileDigest.sha256(file: path))
    }
}

extension PublishedRelease {
    fileprivate var files: [TargetSource] {
        [releaseDocument, chunkList, archive].map { TargetSource(path: $0.path, size: $0.size, digest: $0.digest) }
    }
}
