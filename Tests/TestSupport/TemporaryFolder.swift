import Foundation

/// Runs the body with a fresh folder and removes the folder afterwards, whatever happened.
public func withTemporaryFolder<Result>(_ name: String = "aadc", _ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
        // Releases are read-only; their folders must be writable before they can be removed.
        let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isDirectoryKey])
        while let item = all?.nextObject() as? URL {
            if (try? item.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
                try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: item.path)
            }
        }
        try? FileManager.default.removeItem(at: folder)
    }
    return try body(folder)
}

/// The folder of the package, found from this file.
public let packageFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// A built program of this package. Tests run after the build, so it lies beside the test bundle.
public func builtProgram(_ name: String) -> URL {
    URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: name)
}
