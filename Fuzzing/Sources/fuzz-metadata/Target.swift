import Documents
import FuzzLoop
import TUF

/// Reads the input as metadata of one role. What can be read must come back from its own file with the same canonical
/// form, since that is what signatures cover, and with the same content when it is written anew.
private func tryRole<Content: RoleContent>(_: Content.Type, _ bytes: [UInt8]) -> SignedMetadata<Content>? {
    guard let read = try? SignedMetadata<Content>(bytes: bytes, file: "input") else { return nil }
    guard let again = try? SignedMetadata<Content>(bytes: read.bytes, file: "its own file") else {
        fatalError("what was written cannot be read")
    }
    if again != read || again.signed.canonical != read.signed.canonical || again.bytes != read.bytes {
        fatalError("another canonical form comes back")
    }
    guard let anew = try? SignedMetadata<Content>(bytes: SignedMetadata(read.content).bytes, file: "anew"),
        anew.content == read.content
    else { fatalError("other content comes back") }
    return read
}

private func fuzz(_ data: UnsafePointer<UInt8>?, _ size: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    _ = tryRole(TimestampMetadata.self, bytes)
    _ = tryRole(SnapshotMetadata.self, bytes)
    if let root = tryRole(RootMetadata.self, bytes) {
        for role in root.content.roles.values { _ = root.count(role, keys: root.content.keys) }
        _ = try? TrustedMetadata(root: bytes, file: "input", now: WallTime(seconds: 0))
    }
    if let targets = tryRole(TargetsMetadata.self, bytes), let delegations = targets.content.delegations {
        let paths = Array(targets.content.targets.keys) + ["", "a/b.txt"]
        switch delegations.roles {
        case .named(let roles): for role in roles { for path in paths { _ = role.paths.contains(path) } }
        case .succinct(let roles): for path in paths { _ = roles.role(for: path) }
        }
    }
    return 0
}

@main
struct Target {
    static func main() { fuzzing { data, size in fuzz(data, size) } }
}
