import ArgumentParser
import Documents
import Glibc
import LinuxHost
import ReleaseTools
import VersionCatalog

@main
struct Publish: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aadc-publish", abstract: "Builds releases and publishes repositories of them.",
        subcommands: [BuildRelease.self, Repository.self, Keygen.self])
}

extension WallTime: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// Prints a failure in one line and ends with its exit status.
func reporting(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as PublishError {
        let line = Array("aadc-publish: \(error)\n".utf8)
        _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
        throw ExitCode(error.exitStatus)
    }
}

struct BuildRelease: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Builds a release's three files from a folder and a recipe; same input, same bytes.")

    @Argument(help: "The folder with the release's files.") var folder: String
    @Option(help: "A recipe/1 file: release/1 without files, unpackedBytes and fileCount.") var recipe: String
    @Option(help: "The folder that gets the three files.") var output: String
    @Option(help: "zstd's level, 1 to 19.") var compressionLevel = ReleaseBuildOptions().compressionLevel
    @Option(help: "Bytes of one chunk.") var chunkSize = ReleaseBuildOptions().chunkSize

    func run() throws {
        try reporting {
            var options = ReleaseBuildOptions()
            options.compressionLevel = compressionLevel
            options.chunkSize = chunkSize
            let built = try ReleaseBuilder.build(folder: folder, recipe: recipe, output: output, options: options)
            for path in [built.documentPath, built.chunkListPath, built.archivePath] { print(path) }
        }
    }
}

struct Repository: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes catalog.json from the releases in a folder, and channels.json where it is there.")

    @Argument(help: "The folder with the releases.") var folder: String
    @Option(help: "The product that the repository is about.") var product: String
    @Option(help: "A signing key (see keygen); may be given more than once.") var key: [String] = []
    @Flag(help: "Publish without a signature.") var unsigned = false
    @Option(help: "A channel for releases that channels.json does not name (default: stable).") var channel: [String] =
        []
    @Option(help: "The moment of publication, like 2026-01-31T00:00:00Z (default: now).") var published: WallTime?
    @Option(help: "The moment from which the repository is too old to decide by.") var expires: WallTime?
    @Option(help: "The publication's number (default: one more than the last).") var sequence: Int?

    func validate() throws {
        if unsigned == !key.isEmpty { throw ValidationError("Give either --key FILE or --unsigned.") }
        if let sequence, sequence < 0 { throw ValidationError("--sequence is at least 0.") }
    }

    func run() throws {
        try reporting {
            var options = PublishOptions(product: product, published: published ?? SystemClock().now())
            if !channel.isEmpty { options.channels = channel }
            options.expires = expires
            options.sequence = sequence
            let keys = try key.map { try SigningKey(file: $0) }
            let repository = try RepositoryPublisher.publish(
                folder: folder, options: options, signature: unsigned ? .unsigned : .signed(keys))
            print("publication \(repository.sequence) of \(repository.product): \(repository.releases.count) releases")
        }
    }
}

struct Keygen: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a new signing key: the private half at the path, the public one at the path with .pub.")

    @Option(help: "Where to write the private key.") var output: String
    @Option(help: "Whose key it is, for people.") var comment: String?

    func run() throws {
        try reporting { print(try SigningKey.generate(at: output, comment: comment).keyId) }
    }
}
