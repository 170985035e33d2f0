import Documents

/// `X.chunks`: the digests of an archive and of its chunks, so that each chunk is verified as it arrives and an
/// interrupted transfer goes on at a chunk's border.
public struct ChunkList: Document, Equatable {
    public static let schemaName = "chunks"
    /// Chunks of at least a kilobyte keep the list short, of at most 16 MiB the memory that holds one.
    public static let allowedChunkSizes = 1024...(16 << 20)

    /// The archive's file name, beside the list.
    public var archiveName: String
    public var archiveSize: Int
    public var archiveDigest: SHA256Digest
    /// Every chunk has this size in bytes, but for the last.
    public var chunkSize: Int
    public var chunks: [SHA256Digest]
    public var unknown: [String: JSONValue] = [:]

    public init(
        archiveName: String, archiveSize: Int, archiveDigest: SHA256Digest, chunkSize: Int, chunks: [SHA256Digest]
    ) {
        self.archiveName = archiveName
        self.archiveSize = archiveSize
        self.archiveDigest = archiveDigest
        self.chunkSize = chunkSize
        self.chunks = chunks
    }

    public init(fields: inout FieldReader) throws(DocumentError) {
        var archive = try fields.object("archive")
        archiveName = try archive.fileName("name")
        archiveSize = try archive.count("size")
        archiveDigest = try archive.digest("sha256")
        chunkSize = try fields.integer("chunkSize")
        guard Self.allowedChunkSizes.contains(chunkSize) else {
            let allowed = Self.allowedChunkSizes
            throw fields.failure(
                "chunkSize", "expected \(allowed.lowerBound) to \(allowed.upperBound) bytes, found \(chunkSize)")
        }
        chunks = []
        for (index, element) in try fields.array("chunks").enumerated() {
            guard let text = element.string, let digest = SHA256Digest(text) else {
                throw fields.failure("chunks[\(index)]", "expected 64 hexadecimal digits")
            }
            chunks.append(digest)
        }
        let wanted = archiveSize / chunkSize + (archiveSize % chunkSize == 0 ? 0 : 1)
        if chunks.count != wanted {
            throw fields.failure(
                "chunks",
                "expected \(wanted) digests for \(archiveSize) bytes in chunks of \(chunkSize), found \(chunks.count)")
        }
    }

    public var members: [String: JSONValue] {
        [
            "archive": [
                "name": .string(archiveName), "size": JSONValue(archiveSize),
                "sha256": .string(archiveDigest.hexadecimal),
            ],
            "chunkSize": JSONValue(chunkSize), "chunks": .array(chunks.map { .string($0.hexadecimal) }),
        ]
    }

    /// Where a chunk lies in the archive.
    public func range(ofChunk index: Int) -> Range<Int> {
        let start = index * chunkSize
        return start..<min(start + chunkSize, archiveSize)
    }
}
