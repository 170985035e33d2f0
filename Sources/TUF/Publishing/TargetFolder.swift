import Glibc
import LinuxHost

/// The folder `targets/` of a repository: files under names that have their digest in front, so that the files of one
/// publication stay while the next is made.
struct TargetFolder {
    let repository: String
    var path: String { "\(repository)/targets" }

    /// `a/b.txt` becomes `a/<digest>.b.txt`.
    static func storedPath(_ path: String, digest: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "\(digest).\(path)" }
        return "\(path[...slash])\(digest).\(path[path.index(after: slash)...])"
    }

    /// Puts every file there, as a second name of the one in the repository's folder where the file system can, and makes
    /// all names durable.
    func place(_ sources: [TargetSource]) throws {
        var folders: Set<String> = []
        for source in sources {
            let stored = "\(path)/\(source.storedPath)"
            let folder = DurableFiles.folder(of: stored)
            if folders.insert(folder).inserted { try DurableFiles.makeFolders(folder) }
            try place("\(repository)/\(source.path)", as: stored, source)
        }
        for folder in folders.sorted() { try DurableFiles.syncFolder(folder) }
    }

    private func place(_ file: String, as stored: String, _ source: TargetSource) throws {
        guard let original = try DurableFiles.status(file) else { throw HostError("open", file, ENOENT) }
        let there = try DurableFiles.status(stored)
        if let there, there.st_ino == original.st_ino, there.st_dev == original.st_dev { return }
        // Whoever put the file here may not have waited for the disk.
        try Descriptor(opening: file, flags: O_RDONLY | O_NOFOLLOW).sync(path: file)
        let temporary = "\(stored).\(getpid()).new"
        unlink(temporary)
        do {
            if link(file, temporary) != 0 {
                let code = errno
                guard [EXDEV, EPERM, EMLINK, EOPNOTSUPP, ENOSYS].contains(code) else {
                    throw HostError("make a second name for \(file)", temporary, code)
                }
                // A copy from an earlier publication is as good.
                if there != nil, try FileDigest.sha256(file: stored) == source.digest { return }
                guard try DurableFiles.copyFile(file, temporary) == source.size else {
                    throw PublishingError.repository(file: file, problem: "changed while it was published: try again")
                }
            }
            try DurableFiles.rename(temporary, stored)
        } catch {
            unlink(temporary)
            throw error
        }
    }
}
