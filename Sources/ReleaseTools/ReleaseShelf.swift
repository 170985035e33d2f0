import Documents
import Glibc
import LinuxHost
import ReleaseContract
import VersionCatalog

/// The releases in a repository's folder, and what its publisher says of them. Nothing here publishes.
public enum ReleaseShelf {
    /// Takes the three files of a release into the folder: second names where the file system can, else copies.
    ///
    /// The files are checked against each other. A version that is there already stays as it is: other content needs
    /// another number.
    public static func add(document: String, to folder: String) throws(PublishError) -> ProductVersion {
        try publishing {
            let manifest = try ReleaseManifest(bytes: try readFile(document), file: document)
            guard document.hasSuffix(".release.json") else {
                throw PublishError.input(file: document, problem: "expected a file X.release.json")
            }
            let list = document.dropLast("release.json".count) + "chunks"
            let chunks = try ChunkList(bytes: try readFile(String(list)), file: String(list))
            let archive = "\(DurableFiles.folder(of: document))/\(chunks.archiveName)"
            guard try ReleaseBuilder.isArchive(archive, listedBy: chunks) else {
                throw PublishError.input(file: archive, problem: "is not the archive that \(list) names")
            }
            try DurableFiles.makeFolders(folder)
            // The document comes last: with it the release is there.
            for file in [archive, String(list), document] { try take(file, into: folder) }
            return manifest.version
        }
    }

    private static func take(_ file: String, into folder: String) throws {
        let target = "\(folder)/\(DurableFiles.name(of: file))"
        if try DurableFiles.kind(target) != nil {
            if try FileDigest.sha256(file: target) == FileDigest.sha256(file: file) { return }
            throw PublishError.input(
                file: target, problem: "is there with other content: give the release another version")
        }
        let temporary = "\(target).\(getpid()).new"
        unlink(temporary)
        do {
            if link(file, temporary) != 0 { try DurableFiles.copyFile(file, temporary) }
            try DurableFiles.renameNew(temporary, target)
        } catch {
            unlink(temporary)
            throw error
        }
    }

    /// Says in `channels.json` in which channels a release is from when on: an approval.
    public static func approve(
        _ version: ProductVersion, channels: [String], released: WallTime, in folder: String
    ) throws(PublishError) {
        try change(version, in: folder) { entry in
            // An approval lifts a withdrawal; what else is said of the release stays.
            var next = entry ?? ChannelEntry(channels: [], released: released)
            next.channels = channels
            next.released = released
            next.withdrawn = nil
            return next
        }
    }

    /// Says in `channels.json` why a release must not be installed any more.
    public static func withdraw(_ version: ProductVersion, reason: String, in folder: String) throws(PublishError) {
        try change(version, in: folder) { entry in
            guard var entry = try entry ?? published(version, in: folder) else {
                throw PublishError.input(
                    file: folder,
                    problem: "\(version) is neither in \(ChannelList.fileName) nor published: nothing to withdraw")
            }
            entry.withdrawn = reason
            return entry
        }
    }

    private static func change(
        _ version: ProductVersion, in folder: String, _ body: (ChannelEntry?) throws -> ChannelEntry
    ) throws(PublishError) {
        try publishing {
            let names = try DurableFiles.list(folder) ?? []
            guard names.contains(where: { $0.hasSuffix("-\(version).release.json") }) else {
                throw PublishError.input(file: folder, problem: "has no release \(version): add it first")
            }
            let path = "\(folder)/\(ChannelList.fileName)"
            var list = ChannelList()
            if let bytes = try DurableFiles.read(path, limit: 1 << 20) {
                list = try ChannelList(bytes: bytes, file: path)
            }
            list.releases[version] = try body(list.releases[version])
            try DurableFiles.replace(path, list.json.pretty, mode: 0o644)
        }
    }

    /// What the last publication said of a release.
    private static func published(_ version: ProductVersion, in folder: String) throws -> ChannelEntry? {
        let path = "\(folder)/\(PublishedRepository.fileName)"
        guard let bytes = try DurableFiles.read(path),
            let release = try PublishedRepository(bytes: bytes, file: path).release(version)
        else { return nil }
        return ChannelEntry(
            channels: release.channels, released: release.released, notes: release.notes, risks: release.risks)
    }
}
