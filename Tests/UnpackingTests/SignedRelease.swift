import Documents
import Foundation
import ReleaseContract
import TestSupport
import Unpacking

/// A small release: its document, and the entries that its archive has.
struct SignedRelease {
    struct File {
        var path: String
        var content: String = ""
        var mode = ReleaseFileMode.plain
    }

    static let program = File(path: "bin/run", content: "#!/bin/sh\n", mode: .executable)

    let document: [UInt8]
    /// The document's entry first, then the files in their order.
    let entries: [TarEntry]

    /// - Parameter files: what the release has beside its program.
    init(_ files: [File] = []) {
        let all = [Self.program] + files
        let command = ControlCommand(argv: ["bin/run"], timeoutSeconds: 1)
        let manifest = ReleaseManifest(
            product: "adsync", version: ProductVersion(1, 1, 750, 0), platform: "linux-x86_64",
            upgradesFrom: ProductVersion(1, 1, 105, 0), dataSchema: DataSchema(reads: [1], writes: 1),
            files: all.map {
                // What a file contains is compared after unpacking, by another program.
                ReleaseFile(
                    path: $0.path, size: $0.content.utf8.count, mode: $0.mode,
                    digest: SHA256Digest(bytes: [UInt8](repeating: 0, count: 32)))
            }, freeDiskBytes: 0,
            commands: Dictionary(uniqueKeysWithValues: ControlVerb.allCases.map { ($0, command) }))
        document = manifest.json.pretty
        entries =
            [Self.entry("release.json", document)]
            + all.map { TarEntry($0.path, mode: Int($0.mode.bits), content: $0.content) }
    }

    static func entry(_ name: String, _ content: [UInt8]) -> TarEntry {
        var entry = TarEntry(name)
        entry.content = content
        return entry
    }

    var documentEntry: TarEntry { entries[0] }
    var programEntry: TarEntry { entries[1] }

    /// Unpacks bytes with this release as the signed one, without a sandbox: into a folder below `place`.
    @discardableResult
    func unpack(_ archive: [UInt8], below place: URL) throws -> UnpackSummary {
        let (file, target) = (place.appending(path: "archive"), place.appending(path: "into"))
        let list = place.appending(path: "document")
        try Data(archive).write(to: file)
        try Data(document).write(to: list)
        try FileManager.default.createDirectory(at: target, withIntermediateDirectories: false)
        let input = try FileHandle(forReadingFrom: file)
        defer { try? input.close() }
        return try Unpacker(document: list.path, into: target.path).unpack(from: input.fileDescriptor)
    }

    func unpack(_ entries: [TarEntry], below place: URL) throws -> UnpackSummary {
        try unpack(HandMadeArchive.zstd(HandMadeArchive.tar(entries)), below: place)
    }
}
