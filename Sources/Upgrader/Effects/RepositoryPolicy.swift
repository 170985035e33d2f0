import LinuxHost
import ReleaseContract
import Transfer

/// Whose signatures this server believes, as its files and its configuration say.
public enum RepositoryPolicy {
    /// Longer than any root metadata.
    private static let largestRoot = 512_000

    /// The root that is pinned: the administrator's own, or else the one that came with the package.
    public static func pinnedRoot(_ layout: ServerLayout) throws(HostError) -> PinnedRoot? {
        for path in [layout.trustedRoot, layout.packagedRoot] {
            if let bytes = try DurableFiles.read(path, limit: largestRoot) {
                return PinnedRoot(path: path, bytes: bytes)
            }
        }
        return nil
    }

    /// Where a root is pinned, nothing else counts; unsigned repositories only where the configuration says so.
    static func trust(
        _ layout: ServerLayout, _ configuration: UpgraderConfiguration, keepsMetadata: Bool
    ) throws(HostError) -> RepositoryTrust {
        if let root = try pinnedRoot(layout) {
            return .signed(root, folder: layout.metadata, keeps: keepsMetadata)
        }
        return configuration.allowUnsigned ? .unsignedFolder : .nothing(path: layout.trustedRoot)
    }
}
