import Documents
import ReleaseContract

/// A file of a published repository, by its path below the repository's folder.
public struct PublishedFile: Equatable, Sendable {
    public var path: String
    /// In bytes.
    public var size: Int
    public var digest: SHA256Digest

    public init(path: String, size: Int, digest: SHA256Digest) {
        self.path = path
        self.size = size
        self.digest = digest
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        path = try fields.releasePath("path")
        size = try fields.count("size")
        digest = try fields.digest("sha256")
    }

    var json: JSONValue {
        ["path": .string(path), "size": JSONValue(size), "sha256": .string(digest.hexadecimal)]
    }
}

/// One release as a repository publishes it.
public struct PublishedRelease: Equatable, Sendable {
    public var version: ProductVersion
    public var channels: [String]
    public var released: WallTime
    /// Why the release was withdrawn, where it was.
    public var withdrawn: String?
    public var notes: String?
    public var releaseDocument: PublishedFile
    public var chunkList: PublishedFile
    public var archive: PublishedFile
    /// Known risks, as the catalog's data has them.
    public var risks: [JSONValue]
    /// Fields that were read and not understood.
    public var unknown: [String: JSONValue] = [:]

    public init(
        version: ProductVersion, channels: [String], released: WallTime, withdrawn: String? = nil,
        notes: String? = nil, releaseDocument: PublishedFile, chunkList: PublishedFile, archive: PublishedFile,
        risks: [JSONValue] = []
    ) {
        self.version = version
        self.channels = channels
        self.released = released
        self.withdrawn = withdrawn
        self.notes = notes
        self.releaseDocument = releaseDocument
        self.chunkList = chunkList
        self.archive = archive
        self.risks = risks
    }

    init(fields: inout FieldReader) throws(DocumentError) {
        version = try fields.version("version")
        channels = try fields.strings("channels")
        released = try fields.time("released")
        withdrawn = try fields.optionalString("withdrawn")
        notes = try fields.optionalString("notes")
        releaseDocument = try Self.file(&fields, "releaseDocument")
        chunkList = try Self.file(&fields, "chunkList")
        archive = try Self.file(&fields, "archive")
        risks = try fields.optional("risks") == nil ? [] : fields.array("risks")
        unknown = fields.unknown
    }

    private static func file(_ fields: inout FieldReader, _ key: String) throws(DocumentError) -> PublishedFile {
        var inner = try fields.object(key)
        return try PublishedFile(fields: &inner)
    }

    var json: JSONValue {
        var all = unknown
        all["version"] = .string(version.description)
        all["channels"] = .array(channels.map { .string($0) })
        all["released"] = .string(released.description)
        all["withdrawn"] = withdrawn.map { .string($0) }
        all["notes"] = notes.map { .string($0) }
        all["releaseDocument"] = releaseDocument.json
        all["chunkList"] = chunkList.json
        all["archive"] = archive.json
        all["risks"] = .array(risks)
        return .object(all)
    }
}

/// `repository/1`: the releases of one product that a repository offers. A signed repository signs it as a target file.
public struct PublishedRepository: Document, Equatable {
    public static let schemaName = "repository"
    /// The name of its file in a repository's folder.
    public static let fileName = "catalog.json"

    public var product: String
    /// Grows with every publication, so that an old copy can be told from a new one.
    public var sequence: Int
    public var published: WallTime
    /// After this moment the repository must be fetched anew before anything is decided by it.
    public var expires: WallTime?
    public var releases: [PublishedRelease]
    public var unknown: [String: JSONValue] = [:]

    public init(
        product: String, sequence: Int, published: WallTime, expires: WallTime? = nil, releases: [PublishedRelease]
    ) {
        self.product = product
        self.sequence = sequence
        self.published = published
        self.expires = expires
        self.releases = releases
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        product = try fields.string("product")
        sequence = try fields.count("sequence")
        published = try fields.time("published")
        expires = try fields.optional("expires") == nil ? nil : fields.time("expires")
        releases = []
        for var reader in try fields.objects("releases") {
            let release = try PublishedRelease(fields: &reader)
            if releases.contains(where: { $0.version == release.version }) {
                throw reader.failure("version", "the version \(release.version) occurs twice")
            }
            releases.append(release)
        }
    }

    public var members: [String: JSONValue] {
        var all: [String: JSONValue] = [
            "product": .string(product), "sequence": JSONValue(sequence), "published": .string(published.description),
            "releases": .array(releases.map(\.json)),
        ]
        all["expires"] = expires.map { .string($0.description) }
        return all
    }

    public func release(_ version: ProductVersion) -> PublishedRelease? { releases.first { $0.version == version } }

    public func isExpired(at now: WallTime) -> Bool { expires.map { $0 <= now } ?? false }
}
