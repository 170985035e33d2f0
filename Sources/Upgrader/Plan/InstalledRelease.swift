import Documents
import LinuxHost
import ReleaseContract

/// The active generation of a server and the release that it runs.
public struct InstalledRelease: Equatable, Sendable {
    public let generation: Int
    public let manifest: ReleaseManifest
    public let folder: String

    /// Follows `current`; says exactly what is wrong where it leads nowhere.
    public static func active(_ layout: ServerLayout) throws -> InstalledRelease {
        try ofGeneration(try activeGeneration(layout), layout)
    }

    /// The number that `current` leads to.
    public static func activeGeneration(_ layout: ServerLayout) throws -> Int {
        guard let target = try DurableFiles.linkTarget(layout.current) else {
            throw StepFailure(
                "NoActiveGeneration",
                "\(layout.current) is no symbolic link to a generation; is \(layout.root) the root of a server?")
        }
        guard target.hasPrefix("gen/"), let generation = Int(target.dropFirst(4)) else {
            throw StepFailure(
                "NoActiveGeneration", "\(layout.current) points to '\(target)', expected 'gen/<number>'")
        }
        return generation
    }

    public static func ofGeneration(_ generation: Int, _ layout: ServerLayout) throws -> InstalledRelease {
        let folder = layout.release(try version(ofGeneration: generation, layout))
        return InstalledRelease(generation: generation, manifest: try manifest(in: folder), folder: folder)
    }

    /// The version that a generation's link names, whatever lies there.
    public static func version(ofGeneration generation: Int, _ layout: ServerLayout) throws -> ProductVersion {
        let link = layout.releaseLink(generation)
        guard let target = try DurableFiles.linkTarget(link) else {
            throw StepFailure("GenerationIncomplete", "\(link) is missing; generation \(generation) names no release")
        }
        guard let version = ProductVersion(DurableFiles.name(of: target)) else {
            throw StepFailure("GenerationIncomplete", "\(link) points to '\(target)', which is no release")
        }
        return version
    }

    /// The release document of an unpacked release.
    public static func manifest(in folder: String) throws -> ReleaseManifest {
        let path = "\(folder)/\(ReleaseManifest.fileName)"
        guard let bytes = try DurableFiles.read(path) else {
            throw StepFailure("ReleaseIncomplete", "\(path) is missing; the release is not complete")
        }
        return try ReleaseManifest(bytes: bytes, file: path)
    }

    /// A generation number that nothing has used yet.
    public static func freeGeneration(_ layout: ServerLayout) throws -> Int {
        let used = (try DurableFiles.list(layout.generations) ?? []).compactMap { Int($0) }
        return (used.max() ?? 0) + 1
    }
}
