import Documents
import Foundation
import LinuxHost
import ReleaseContract
import TestSupport
import Testing

@Suite("the memory of a transfer")
struct TransferMemoryTests {
    private static let chunkSize = 1 << 20

    /// An archive of nothing, as a sparse file, and its list.
    private func archive(megabytes: Int, below folder: URL) throws -> (file: URL, list: URL, digest: SHA256Digest) {
        let file = folder.appending(path: "archive-\(megabytes)")
        #expect(FileManager.default.createFile(atPath: file.path, contents: nil))
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: UInt64(megabytes << 20))
        try handle.close()
        let digest = try FileDigest.sha256(file: file.path)
        let chunk = FileDigest.sha256([UInt8](repeating: 0, count: Self.chunkSize))
        let chunks = ChunkList(
            archiveName: file.lastPathComponent, archiveSize: megabytes << 20, archiveDigest: digest,
            chunkSize: Self.chunkSize, chunks: Array(repeating: chunk, count: megabytes))
        let list = folder.appending(path: "list-\(megabytes)")
        try Data(chunks.json.pretty).write(to: list)
        return (file, list, digest)
    }

    /// Fetches in a process of its own; the most memory that it took.
    private func peakKilobytes(megabytes: Int, kept: Bool, below folder: URL) throws -> Int {
        let archive = try archive(megabytes: megabytes, below: folder)
        let downloads = folder.appending(path: "downloads")
        if kept {
            try FileManager.default.createDirectory(at: downloads, withIntermediateDirectories: true)
            try FileManager.default.copyItem(
                at: archive.file, to: downloads.appending(path: "\(archive.digest).partial"))
        }
        let result = try withLoopbackServer(folder) { server in
            try run(
                builtProgram("transfer-probe"),
                [archive.list.path, downloads.path, "\(server.address)/\(archive.file.lastPathComponent)"])
        }
        try #require(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.document["handed"] as? Int == megabytes << 20)
        return try #require(result.document["peakKilobytes"] as? Int)
    }

    @Test("does not grow with the archive, neither for what arrives nor for what is kept", arguments: [false, true])
    func constant(kept: Bool) throws {
        try withTemporaryFolder { folder in
            let small = try peakKilobytes(megabytes: 2, kept: kept, below: folder)
            let large = try peakKilobytes(megabytes: 64, kept: kept, below: folder)
            #expect(large - small < 8 << 10, "\(small) and \(large) kilobytes")
        }
    }
}
