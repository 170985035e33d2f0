import ArgumentParser
import Documents
import LinuxHost
import ReleaseTools
import TUF
import VersionCatalog

/// For how long new metadata is believed.
struct LifetimeOptions: ParsableArguments {
    @Option(help: "Days for which new root metadata is believed.") var rootDays = RoleLifetimes().root
    @Option(help: "Days for which new targets metadata is believed.") var targetsDays = RoleLifetimes().targets
    @Option(help: "Days for which new snapshot metadata is believed.") var snapshotDays = RoleLifetimes().snapshot
    @Option(help: "Days for which a new timestamp is believed.") var timestampDays = RoleLifetimes().timestamp

    func validate() throws {
        for days in [rootDays, targetsDays, snapshotDays, timestampDays] where !(1...36_500).contains(days) {
            throw ValidationError("A lifetime is 1 to 36500 days.")
        }
    }

    var lifetimes: RoleLifetimes {
        var lifetimes = RoleLifetimes()
        lifetimes.root = rootDays
        lifetimes.targets = targetsDays
        lifetimes.snapshot = snapshotDays
        lifetimes.timestamp = timestampDays
        return lifetimes
    }
}

struct Repository: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Publishes the releases in a folder, as channels.json says where it is there, and signs them.",
        discussion: """
            Writes FOLDER/catalog.json and, with keys, FOLDER/metadata and FOLDER/targets. The first time, the keys sign for all \
            roles; give FOLDER/metadata/root.json to the servers that shall believe them. Where a root is there (see trust), \
            each role is signed by those of the keys that it asks for.
            """)

    @Argument(help: "The folder with the releases.") var folder: String
    @Option(help: "The product that the repository is about.") var product: String
    @OptionGroup var keys: KeyOptions
    @Flag(help: "Write a plain catalog.json and sign nothing.") var unsigned = false
    @Option(help: "How many keys must sign, where there is no root yet.") var threshold = 1
    @Option(help: "A channel for releases that channels.json does not name (default: stable).") var channel: [String] =
        []
    @Option(help: "The moment of publication, like 2026-01-31T00:00:00Z (default: now).") var published: WallTime?
    @Option(help: "The moment from which nobody decides by this publication, whatever the lifetimes.") var expires:
        WallTime?
    @OptionGroup var lifetimes: LifetimeOptions
    @Option(help: "The publication's number (default: one more than the last).") var sequence: Int?

    func validate() throws {
        if unsigned == !keys.key.isEmpty { throw ValidationError("Give either --key FILE or --unsigned.") }
        if let sequence, sequence < 0 { throw ValidationError("--sequence is at least 0.") }
        if threshold < 1 { throw ValidationError("--threshold is at least 1.") }
    }

    func run() throws {
        try reporting {
            var options = PublishOptions(product: product, published: published ?? SystemClock().now())
            if !channel.isEmpty { options.channels = channel }
            options.expires = expires
            options.sequence = sequence
            options.threshold = threshold
            options.lifetimes = lifetimes.lifetimes
            let signature: RepositorySignature = unsigned ? .unsigned : .signed(try keys.read())
            var changes = MetadataChanges()
            let repository = try RepositoryPublisher.publish(
                folder: folder, options: options, signature: signature, report: { changes = $0 })
            print("publication \(repository.sequence) of \(repository.product): \(repository.releases.count) releases")
            describe(changes, in: folder)
            if unsigned, try MetadataFolder(repository: folder).current() != nil {
                printError("catalog.json was written unsigned; the signed metadata still names the one before it")
            }
        }
    }
}

/// Says what was signed, until when it is believed, and what a person has to do.
func describe(_ changes: MetadataChanges, in folder: String) {
    for root in changes.roots { print("root \(root.content.version), until \(root.content.expires)") }
    if let targets = changes.targets { print("targets \(targets.content.version), until \(targets.content.expires)") }
    if let snapshot = changes.snapshot {
        print("snapshot \(snapshot.content.version), until \(snapshot.content.expires)")
    }
    if let timestamp = changes.timestamp {
        print("timestamp \(timestamp.content.version), until \(timestamp.content.expires): renew it before (renew)")
    }
    for note in changes.notes { printError(note) }
}
