import CLinux
import Glibc

/// Who owns a file or folder, and who may write it besides its owner.
public struct FileRights: Equatable, Sendable {
    public let owner: Int
    public let group: Int
    /// The permission bits.
    public let mode: Int
    public let kind: DurableFiles.Kind

    /// Of what is at a path, without following a link there; nil when nothing is.
    public init?(_ path: String) throws(HostError) {
        guard let status = try DurableFiles.status(path) else { return nil }
        owner = Int(status.st_uid)
        group = Int(status.st_gid)
        mode = Int(status.st_mode & 0o7777)
        kind = DurableFiles.kind(of: status)
    }

    /// Whether an account beside these can change it. What a link says is changed in its folder, not at the link.
    public func canBeWritten(byOthersThan accounts: Set<Int>) -> Bool {
        if !accounts.contains(owner) { return true }
        return kind != .link && mode & 0o022 != 0
    }
}
