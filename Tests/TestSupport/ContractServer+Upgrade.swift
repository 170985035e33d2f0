import Foundation
import InvariantChecker

extension ContractServer {
    /// The checker for this server, which knows the published lists of all releases.
    public func checker() throws -> InvariantChecker {
        let releases = try PublishedReleases.shared()
        let published = PublishedReleases.Version.allCases.map { ($0.rawValue, releases.document($0)) }
        return InvariantChecker(
            root: root, cloudLog: cloudLog, published: Dictionary(uniqueKeysWithValues: published))
    }
}
