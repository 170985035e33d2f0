import Foundation

/// The input of a small release: a folder of files and its recipe.
public struct SmallRelease {
    public static let verbs = [
        "facts", "status", "health", "settings get", "settings set", "suspend", "resume", "wait-idle", "snapshot",
        "migrate", "self-test", "rehearse", "export-config", "serve",
    ]

    public let folder: URL
    public let recipe: URL

    /// Writes both below a folder. `payload` is the content of one file, of the size that a test needs.
    public init(below place: URL, version: String = "1.1.750.0", payload: Data = Data("payload".utf8)) throws {
        folder = place.appending(path: "release-\(version)")
        recipe = place.appending(path: "recipe-\(version).json")
        for name in ["bin", "rules", "tests/pre", "empty"] {
            try FileManager.default.createDirectory(
                at: folder.appending(path: name), withIntermediateDirectories: true)
        }
        try write("bin/service", Data("#!/bin/sh\nexit 0\n".utf8), executable: true)
        try write("rules/ä.xml", Data("<rule/>".utf8))
        try write("tests/pre/10-first", Data("#!/bin/sh\n".utf8), executable: true)
        try write("payload", payload)
        let commands = Self.verbs.map { verb in
            let words = (["bin/service"] + verb.split(separator: " ").map(String.init)).map { "\"\($0)\"" }
            return "\"\(verb)\": {\"argv\": [\(words.joined(separator: ", "))], \"timeoutSeconds\": 30}"
        }
        let text = """
            {"schema": "recipe/1", "product": "adsync", "version": "\(version)", "platform": "linux-x86_64",
             "contract": 1, "upgradesFrom": "1.1.105.0", "dataSchema": {"reads": [1], "writes": 1},
             "freeDiskBytes": 1000, "settingsChanged": [], "components": [], "notes": "small",
             "commands": {\(commands.joined(separator: ", "))}}
            """
        try Data(text.utf8).write(to: recipe)
    }

    public func write(_ path: String, _ content: Data, executable: Bool = false) throws {
        let file = folder.appending(path: path)
        try content.write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: executable ? 0o755 : 0o644], ofItemAtPath: file.path)
    }
}

/// Bytes that do not compress, the same for the same seed.
public func noise(bytes count: Int, seed: UInt64 = 1) -> Data {
    var state = seed
    return Data(
        (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 56)
        })
}
