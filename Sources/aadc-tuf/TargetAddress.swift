import TUF
import Transfer

/// An address below a folder's; the name is escaped already.
func address(_ base: String, _ name: String) throws(TransferError) -> TransferAddress {
    try TransferAddress(base.hasSuffix("/") ? base + name : "\(base)/\(name)")
}

/// Escapes the components of a target's path for a URL. What the path has escaped itself stays as it is: target paths are
/// parts of URLs by their definition (specification, 4.5).
func escapedPath(_ path: String) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).map { part in
        part.split(separator: "%", omittingEmptySubsequences: false).map { SafeFileName.encoded(String($0)) }
            .joined(separator: "%")
    }.joined(separator: "/")
}
