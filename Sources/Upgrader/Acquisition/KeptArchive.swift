import Glibc
import LinuxHost
import ReleaseContract

/// An archive that lies on this server since a release was made from it.
enum KeptArchive {
    /// Reads it chunk by chunk and hands each out after its digest was right; false from the receiver ends it.
    static func feed(
        _ path: String, _ list: ChunkList, to receive: (UnsafeRawBufferPointer) -> Bool
    ) throws {
        let file = try Descriptor(opening: path, flags: O_RDONLY | O_NOFOLLOW)
        for (number, digest) in list.chunks.enumerated() {
            let size = list.range(ofChunk: number).count
            var chunk: [UInt8] = []
            while chunk.count < size {
                let bytes = try file.read(atMost: size - chunk.count, path: path)
                if bytes.isEmpty { break }
                chunk += bytes
            }
            guard FileDigest.sha256(chunk) == digest else {
                throw StepFailure(
                    "PackageDamaged",
                    "\(path): chunk \(number + 1) of \(list.chunks.count) is damaged; run this again with a repository")
            }
            guard chunk.withUnsafeBytes(receive) else { return }
        }
    }
}
