import Documents
import Foundation
import TestSupport

/// The facts that the catalog was made from, where they lie beside the package.
enum PublishedFacts {
    static let file = packageFolder.deletingLastPathComponent().appending(path: "shared/facts/releases.json")
    static var areThere: Bool { FileManager.default.fileExists(atPath: file.path) }

    static func releases() throws -> [[String: JSONValue]] {
        try JSONParser.parse(Array(Data(contentsOf: file))).array?.compactMap(\.object) ?? []
    }

    /// The version as the catalog spells it: without zeros in front.
    static func version(_ release: [String: JSONValue]) -> ProductVersion? {
        let parts = (release["version"]?.string ?? "").split(separator: ".").compactMap { Int($0) }
        return parts.count == 4 ? ProductVersion(parts[0], parts[1], parts[2], parts[3]) : nil
    }
}
