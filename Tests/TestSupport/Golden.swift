import Foundation

/// What is wrong between an output and its recorded form in `Tests/Golden/`; nil where they are equal.
///
/// `AADC_RECORD=1 swift test` writes the files anew. A recording run always fails, so that it cannot pass for a test.
public func goldenDifference(_ name: String, _ output: String) -> String? {
    recordedDifference("Tests/Golden/\(name)", output)
}

/// The same for a file that lies elsewhere in the package, such as a drawing below `docs/`.
public func recordedDifference(_ path: String, _ output: String) -> String? {
    let file = packageFolder.appending(path: path)
    let name = path.hasPrefix("Tests/Golden/") ? String(path.dropFirst(13)) : path
    if ProcessInfo.processInfo.environment["AADC_RECORD"] == "1" {
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(output.utf8).write(to: file)
            return "recorded \(name); look at the difference, then run without AADC_RECORD"
        } catch {
            return "\(name) could not be recorded: \(error)"
        }
    }
    guard let recorded = try? String(contentsOf: file, encoding: .utf8) else {
        return "\(name) was never recorded; run once with AADC_RECORD=1"
    }
    if recorded == output { return nil }
    let pairs = zip(
        recorded.split(separator: "\n", omittingEmptySubsequences: false),
        output.split(separator: "\n", omittingEmptySubsequences: false))
    for (index, pair) in pairs.enumerated() where pair.0 != pair.1 {
        return "\(name), line \(index + 1): expected \"\(pair.0)\", found \"\(pair.1)\""
    }
    return "\(name): one of the two is longer"
}

/// The real export that lies beside the package on machines that have it; nil elsewhere.
public let realExport: URL? = {
    let folder = packageFolder.deletingLastPathComponent().appending(path: "shared/data/contoso-export")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}()
