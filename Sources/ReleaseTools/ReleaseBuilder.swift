import Documents
import Glibc
import LinuxHost
import ReleaseContract

import struct Crypto.SHA256

/// What can be chosen when a release is built.
public struct ReleaseBuildOptions: Equatable, Sendable {
    /// zstd's level, 1 to 19.
    public var compressionLevel = 3
    public var chunkSize = 1 << 20

    public init() {}
}

/// The three files of a release.
public struct BuiltRelease: Equatable, Sendable {
    public let manifest: ReleaseManifest
    public let documentPath: String
    public let chunkListPath: String
    public let archivePath: String
}

/// Builds `X.release.json`, `X.chunks` and `X.tar.zst` from a folder and a recipe: same input, same bytes.
public enum ReleaseBuilder {
    /// A recipe is a `release/1` document without what follows from the files.
    public static let recipeSchema = "recipe/1"
    private static let derived = ["files", "unpackedBytes", "fileCount"]

    public static func build(
        folder: String, recipe: String, output: String, options: ReleaseBuildOptions = ReleaseBuildOptions()
    ) throws(PublishError) -> BuiltRelease {
        try publishing {
            try check(options, file: recipe)
            let source = try ReleaseSource(folder: folder)
            let manifest = try manifest(recipe: recipe, files: source.files)
            try DurableFiles.makeFolders(output)
            let stem = "\(output)/\(manifest.product)-\(manifest.version)"
            let built = BuiltRelease(
                manifest: manifest, documentPath: "\(stem).release.json", chunkListPath: "\(stem).chunks",
                archivePath: "\(stem).tar.zst")
            let document = manifest.json.pretty
            try writeArchive(built.archivePath, document: document, source: source, options: options)
            let list = try chunkList(archive: built.archivePath, chunkSize: options.chunkSize)
            try DurableFiles.replace(built.chunkListPath, list.json.pretty, mode: 0o644)
            try DurableFiles.replace(built.documentPath, document, mode: 0o644)
            return built
        }
    }

    private static func check(_ options: ReleaseBuildOptions, file: String) throws(PublishError) {
        guard (1...19).contains(options.compressionLevel) else {
            throw .input(file: file, problem: "expected a compression level of 1 to 19")
        }
        guard ChunkList.allowedChunkSizes.contains(options.chunkSize) else {
            let sizes = ChunkList.allowedChunkSizes
            throw .input(file: file, problem: "expected chunks of \(sizes.lowerBound) to \(sizes.upperBound) bytes")
        }
    }

    /// Completes the recipe and reads it as every consumer will, so that its errors come here.
    private static func manifest(recipe: String, files: [ReleaseFile]) throws -> ReleaseManifest {
        let bytes = try readFile(recipe)
        let json = try JSONValue(bytes: bytes, file: recipe)
        var fields = try FieldReader(json, file: recipe)
        let schema = try fields.string("schema")
        guard schema == recipeSchema else {
            throw fields.failure("schema", "expected \"\(recipeSchema)\", found \"\(schema)\"")
        }
        var members = json.object ?? [:]
        for key in derived where members[key] != nil {
            throw fields.failure(key, "follows from the files: remove it from the recipe")
        }
        members["schema"] = .string(ReleaseManifest.schema)
        members["files"] = .array(files.map(\.json))
        members["unpackedBytes"] = JSONValue(files.reduce(0) { $0 + $1.size })
        members["fileCount"] = JSONValue(files.count)
        return try ReleaseManifest(json: .object(members), file: recipe)
    }

    private static func writeArchive(
        _ path: String, document: [UInt8], source: ReleaseSource, options: ReleaseBuildOptions
    ) throws {
        let temporary = "\(path).\(getpid()).new"
        do {
            let writer = try ArchiveWriter.create(temporary, compressionLevel: options.compressionLevel)
            try writer.beginFile(ReleaseManifest.fileName, mode: 0o644, size: document.count)
            try writer.append(document)
            var folders: Set<String> = []
            for file in source.files {
                for folder in ReleasePath.folders(above: file.path) where folders.insert(folder).inserted {
                    try writer.addFolder(folder)
                }
                try add(file, from: "\(source.folder)/\(file.path)", to: writer)
            }
            try writer.finish()
            try DurableFiles.rename(temporary, path)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// The bytes are hashed again as they go in: what is archived is what is listed, or nothing is.
    private static func add(_ file: ReleaseFile, from source: String, to writer: borrowing ArchiveWriter) throws {
        try writer.beginFile(file.path, mode: file.mode.bits, size: file.size)
        let input = try Descriptor(opening: source, flags: O_RDONLY | O_NOFOLLOW)
        var hash = SHA256()
        while true {
            let bytes = try input.read(atMost: 1 << 18, path: source)
            if bytes.isEmpty { break }
            hash.update(data: bytes)
            try writer.append(bytes)
        }
        if SHA256Digest(bytes: hash.finalize()) != file.digest {
            throw PublishError.input(file: source, problem: "changed while it was read: build from a folder at rest")
        }
    }

    /// Whether an archive has the size and every digest that a list says, its own and its chunks'.
    static func isArchive(_ path: String, listedBy list: ChunkList) throws(HostError) -> Bool {
        let found = try chunkList(archive: path, chunkSize: list.chunkSize)
        return found.archiveSize == list.archiveSize && found.archiveDigest == list.archiveDigest
            && found.chunks == list.chunks
    }

    /// Reads an archive once for its digest and those of its chunks.
    static func chunkList(archive: String, chunkSize: Int) throws(HostError) -> ChunkList {
        let file = try Descriptor(opening: archive, flags: O_RDONLY | O_NOFOLLOW)
        var whole = SHA256()
        var chunks: [SHA256Digest] = []
        var size = 0
        var pending: [UInt8] = []
        while true {
            let bytes = try file.read(atMost: chunkSize - pending.count, path: archive)
            whole.update(data: bytes)
            pending += bytes
            size += bytes.count
            if pending.count == chunkSize || (bytes.isEmpty && !pending.isEmpty) {
                chunks.append(FileDigest.sha256(pending))
                pending.removeAll(keepingCapacity: true)
            }
            if bytes.isEmpty { break }
        }
        return ChunkList(
            archiveName: DurableFiles.name(of: archive), archiveSize: size,
            archiveDigest: SHA256Digest(bytes: whole.finalize()), chunkSize: chunkSize, chunks: chunks)
    }
}
