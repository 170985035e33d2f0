import ArgumentParser
import Documents
import Glibc
import LinuxHost
import ReleaseTools
import TUF

@main
struct Publish: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aadc-publish", abstract: "Builds releases and publishes repositories of them.",
        subcommands: [
            BuildRelease.self, Add.self, Approve.self, Withdraw.self, Repository.self, Renew.self, Prune.self,
            Trust.self, Keygen.self,
        ])
}

extension WallTime: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// Prints a failure in one line and ends with its exit status.
func reporting(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as PublishError {
        printError("\(error)")
        throw ExitCode(error.exitStatus)
    } catch let error as PublishingError {
        let error = PublishError.metadata(error)
        printError("\(error)")
        throw ExitCode(error.exitStatus)
    }
}

/// One line on standard error.
func printError(_ text: String) {
    let line = Array("aadc-publish: \(text)\n".utf8)
    _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
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
