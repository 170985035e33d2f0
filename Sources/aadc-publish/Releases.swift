import ArgumentParser
import Documents
import LinuxHost
import ReleaseTools

extension ProductVersion: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

struct Add: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Takes a release's three files into a repository's folder; repository publishes them.")

    @Argument(help: "The repository's folder.") var folder: String
    @Argument(help: "The release's X.release.json; X.chunks and the archive lie beside it.") var document: String

    func run() throws {
        try reporting { print("\(try ReleaseShelf.add(document: document, to: folder)): publish it (repository)") }
    }
}

struct Approve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says in channels.json in which channels a release is; repository publishes that.")

    @Argument(help: "The repository's folder.") var folder: String
    @Argument(help: "The release's version.") var version: ProductVersion
    @Option(help: "A channel; may be given more than once.") var channel: [String]
    @Option(help: "Since when, like 2026-01-31T00:00:00Z (default: now).") var released: WallTime?

    func run() throws {
        try reporting {
            try ReleaseShelf.approve(
                version, channels: channel, released: released ?? SystemClock().now(), in: folder)
            print("\(version) in \(channel.joined(separator: ", ")): publish it (repository)")
        }
    }
}

struct Withdraw: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says in channels.json why a release must not be installed any more; repository publishes that.")

    @Argument(help: "The repository's folder.") var folder: String
    @Argument(help: "The release's version.") var version: ProductVersion
    @Option(help: "Why, for the people whose servers pass it over.") var reason: String

    func run() throws {
        try reporting {
            try ReleaseShelf.withdraw(version, reason: reason, in: folder)
            print("\(version) withdrawn: publish it (repository)")
        }
    }
}
