import Foundation
import Glibc

/// The releases of adsync that `Releases/` describes, built once per test run from the built program.
public struct AdsyncReleases: Sendable {
    public enum Version: String, CaseIterable, Sendable, CustomStringConvertible {
        case base = "1.1.750.0"
        case good = "1.1.819.0"
        case migrationFails = "1.1.880.0"
        case secondStartWorks = "1.1.882.0"
        case postTestFails = "1.2.65.0"
        case secondCycleFails = "1.2.67.0"
        case deletesDevices = "1.4.18.0"

        public var description: String { rawValue }
    }

    /// The three files of each release.
    public let built: URL
    /// The key that signs this test run's repositories.
    public let key: URL

    private static let made = Result { try AdsyncReleases() }

    /// The releases of this test run.
    public static func shared() throws -> AdsyncReleases { try made.get() }

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "adsync-releases-\(getpid())")
        try? FileManager.default.removeItem(at: folder)
        built = folder
        key = folder.appending(path: "signing-key")
        atexit {
            try? FileManager.default.removeItem(
                at: FileManager.default.temporaryDirectory.appending(path: "adsync-releases-\(getpid())"))
        }
        // `make test` names the optimised programs, so that a release is what a release is and many objects take no time.
        let programs =
            ProcessInfo.processInfo.environment["AADC_PROGRAMS"]
            ?? builtProgram("adsync").deletingLastPathComponent().path
        let answer = try run(
            packageFolder.appending(path: "scripts/make-adsync-releases.sh"), [folder.path],
            environment: ["PROGRAMS": programs, "LEVEL": "1"], limitSeconds: 600)
        if answer.status != 0 { throw HarnessError("the releases of adsync cannot be built: \(answer.errors)") }
        try expectSuccess(builtProgram("aadc-publish"), ["keygen", "--output", key.path, "--unencrypted"])
    }

    public func archive(_ version: Version) -> URL { built.appending(path: "adsync-\(version).tar.zst") }
    /// The published list of a release's files.
    public func document(_ version: Version) -> URL { built.appending(path: "adsync-\(version).release.json") }

    /// Publishes some of the releases, signed, into a folder of the test's own.
    public func publish(_ versions: [Version], into folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for version in versions {
            for suffix in ["release.json", "chunks", "tar.zst"] {
                let name = "adsync-\(version).\(suffix)"
                let target = folder.appending(path: name)
                if FileManager.default.fileExists(atPath: target.path) { continue }
                try FileManager.default.linkItem(at: built.appending(path: name), to: target)
            }
        }
        try expectSuccess(
            builtProgram("aadc-publish"),
            ["repository", folder.path, "--product", "adsync", "--key", key.path, "--channel", "auto-upgrade"])
    }
}
