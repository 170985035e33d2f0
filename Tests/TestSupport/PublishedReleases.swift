import Foundation
import Glibc

/// The contract service's releases, built once per test run with the project's own publisher.
public struct PublishedReleases: Sendable {
    /// The release that servers are provisioned with, and one upgrade per way in which an upgrade can go.
    public enum Version: String, CaseIterable, Sendable, CustomStringConvertible {
        /// Older than every server that automatic upgrade serves.
        case belowFloor = "1.1.740.0"
        case base = "1.1.750.0"
        case good = "1.1.751.0"
        case preTestFails = "1.1.752.0"
        case migrationFails = "1.1.753.0"
        case startFails = "1.1.754.0"
        case postTestFails = "1.1.755.0"
        case exportsFail = "1.1.756.0"
        case secondStartWorks = "1.1.757.0"
        case undeclaredSetting = "1.1.758.0"
        case selfTestFails = "1.1.759.0"
        case ignoresTermination = "1.1.760.0"
        case migrationHangs = "1.1.761.0"
        case healthHangs = "1.1.762.0"
        case deletesDevices = "1.1.763.0"
        case pausedMigrationFails = "1.1.764.0"
        /// A release to come from: its copy of a stopped server's data is not what it says.
        case copiesBadly = "1.1.765.0"
        case postTestHangs = "1.1.766.0"
        case pausedMigrationHangs = "1.1.767.0"
        /// Its first operation reaches the cloud, every further one is refused.
        case exportsFailLater = "1.1.768.0"
        case later = "1.1.770.0"
        /// Upgrades from every version that there ever was.
        case fromOld = "1.1.771.0"
        /// Upgrades from the good release on, not from the one that servers are provisioned with.
        case fromGood = "1.1.772.0"

        public var description: String { rawValue }
    }

    /// `<version>/` with the files and the `release.json` of each release, as they lie on a server.
    public let unpacked: URL
    /// The three files of each release.
    public let built: URL
    /// The key that signs this test run's repositories.
    public let key: URL

    private static let made = Result { try PublishedReleases() }

    /// The releases of this test run.
    public static func shared() throws -> PublishedReleases { try made.get() }

    private init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "aadc-releases-\(getpid())")
        try? FileManager.default.removeItem(at: folder)
        (unpacked, built) = (folder.appending(path: "unpacked"), folder.appending(path: "built"))
        key = folder.appending(path: "signing-key")
        atexit {
            try? FileManager.default.removeItem(
                at: FileManager.default.temporaryDirectory.appending(path: "aadc-releases-\(getpid())"))
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try expectSuccess(builtProgram("aadc-publish"), ["keygen", "--output", key.path, "--unencrypted"])
        try expectSuccess(contractServiceFolder.appending(path: "make-releases.sh"), [unpacked.path])
        for version in Version.allCases {
            try expectSuccess(
                builtProgram("aadc-publish"),
                [
                    "build-release", "\(unpacked.path)/\(version)", "--recipe",
                    "\(unpacked.path)/\(version).recipe.json", "--output", built.path, "--chunk-size", "4096",
                ])
            try FileManager.default.copyItem(
                atPath: "\(built.path)/adsync-\(version).release.json",
                toPath: "\(unpacked.path)/\(version)/release.json")
        }
    }

    /// The unpacked files of a release.
    public func folder(_ version: Version) -> URL { unpacked.appending(path: version.rawValue) }

    /// The published list of a release's files.
    public func document(_ version: Version) -> URL { built.appending(path: "adsync-\(version).release.json") }

    /// Lays the files of some releases into a folder, where they are not there yet.
    public func copy(_ versions: [Version], into folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for version in versions {
            for suffix in ["release.json", "chunks", "tar.zst"] {
                let name = "adsync-\(version).\(suffix)"
                let target = folder.appending(path: name)
                if FileManager.default.fileExists(atPath: target.path) { continue }
                try FileManager.default.copyItem(at: built.appending(path: name), to: target)
            }
        }
    }

    /// Publishes some of the releases into a folder of the test's own, with what `channels.json` says of them where one lies
    /// there; signed, unless the test asks for a plain one.
    public func publish(
        _ versions: [Version], into folder: URL, channel: String = "auto-upgrade", isSigned: Bool = true
    ) throws {
        try copy(versions, into: folder)
        try expectSuccess(
            builtProgram("aadc-publish"),
            ["repository", folder.path, "--product", "adsync", "--channel", channel]
                + (isSigned ? ["--key", key.path] : ["--unsigned"]))
    }
}

extension OperatedServer {
    /// Lets the server's upgrader believe what the key of a repository's first root has signed.
    public func trust(_ repository: URL) throws {
        let root = root.appending(path: "etc/aadc-upgrade/trusted-root.json")
        try? FileManager.default.removeItem(at: root)
        try FileManager.default.createDirectory(
            at: root.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: repository.appending(path: "metadata/1.root.json"), to: root)
    }

    /// Where a signed repository has the content of a target, below the repository's folder.
    public func targetPath(_ name: String) throws -> String {
        let names = try FileManager.default.contentsOfDirectory(atPath: repository.appending(path: "targets").path)
        let found = names.filter { $0.hasSuffix(".\(name)") && $0.utf8.count == name.utf8.count + 65 }
        guard found.count == 1 else { throw HarnessError("\(found.count) files in the repository are a \(name)") }
        return "targets/\(found[0])"
    }
}

/// Where the contract service's sources lie.
public let contractServiceFolder = packageFolder.appending(path: "Tests/ContractService")

/// Runs what a test needs and does not test.
func expectSuccess(_ program: URL, _ arguments: [String], input: String = "/dev/null") throws {
    let result = try run(program, arguments, input: input)
    if result.status != 0 {
        throw HarnessError(
            "\(program.lastPathComponent) \(arguments.first ?? "") ended with \(result.status): \(result.errors)")
    }
}
