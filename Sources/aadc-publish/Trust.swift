import ArgumentParser
import Documents
import LinuxHost
import ReleaseTools
import TUF

struct Trust: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The root of a repository: whose signatures count for what.",
        subcommands: [Show.self, Init.self, Rotate.self, Sign.self])
}

/// A role and what is said of it, as in `targets=FILE`.
struct RoleValue: ExpressibleByArgument {
    let role: RoleName
    let value: String

    init?(argument: String) {
        guard let sign = argument.firstIndex(of: "=") else { return nil }
        role = RoleName(String(argument[..<sign]))
        value = String(argument[argument.index(after: sign)...])
        if !RoleName.topLevel.contains(role) || value.isEmpty { return nil }
    }
}

extension Trust {
    struct Init: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Begins a repository whose roles have keys of their own.",
            discussion: """
                Each key is a file of keygen: the public half is enough, and a private one given for root signs at once. A root \
                that needs more signatures waits for them (sign).
                """)

        @Argument(help: "The repository's folder.") var folder: String
        @Option(help: "A key of root, which names all keys; usually offline. May be given more than once.") var root:
            [String]
        @Option(help: "How many of them must sign.") var rootThreshold = 1
        @Option(help: "A key that signs which files are offered.") var targets: [String]
        @Option(help: "How many of them must sign.") var targetsThreshold = 1
        @Option(help: "A key that signs which metadata belongs together.") var snapshot: [String]
        @Option(help: "A key that signs what is the newest.") var timestamp: [String]
        @Option(help: "A file with a private key's password in its first line.") var passwordFile: [String] = []
        @Option(help: "Days for which the root is believed.") var rootDays = RoleLifetimes().root

        func run() throws {
            try reporting {
                let passwords = try passwordFile.map { try keyPassword($0) }
                func keys(_ files: [String]) throws -> [PublicKey] {
                    try files.map { try PublicKeyDocument(file: $0).key }
                }
                let status = try RepositoryWriter(folder: folder).beginTrust(
                    [
                        .root: (try keys(root), rootThreshold), .targets: (try keys(targets), targetsThreshold),
                        .snapshot: (try keys(snapshot), 1), .timestamp: (try keys(timestamp), 1),
                    ],
                    keys: try root.filter { try SigningKeyFile.isPrivate($0) }
                        .map { try PrivateKey(file: $0, passwords: passwords) },
                    time: now(rootDays: rootDays))
                describe(status, in: folder)
            }
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes the next root: other keys, another threshold, or only a later end.",
            discussion: """
                ROLE is root, targets, snapshot or timestamp. Roles whose keys changed are signed anew with those of the given \
                keys that they ask for.
                """)

        @Argument(help: "The repository's folder.") var folder: String
        @Option(help: "A key that the role gets, as ROLE=FILE.") var add: [RoleValue] = []
        @Option(help: "A key that the role loses, as ROLE=ID; the beginning of the identifier is enough.") var remove:
            [RoleValue] = []
        @Option(help: "How many keys of the role must sign, as ROLE=NUMBER.") var threshold: [RoleValue] = []
        @OptionGroup var keys: KeyOptions
        @Option(help: "Days for which the new root is believed.") var rootDays = RoleLifetimes().root

        func validate() throws {
            for entry in threshold where Int(entry.value) == nil {
                throw ValidationError("--threshold is ROLE=NUMBER, not \(entry.role)=\(entry.value).")
            }
        }

        func run() throws {
            try reporting {
                var changes = RootChanges()
                changes.added = try add.map { ($0.role, try PublicKeyDocument(file: $0.value).key) }
                changes.removed = remove.map { ($0.role, $0.value) }
                for entry in threshold { changes.thresholds[entry.role] = Int(entry.value) }
                let given = try keys.read()
                let writer = RepositoryWriter(folder: folder)
                let time = now(rootDays: rootDays)
                let root = try writer.metadata.current()?.root.content
                let signers = given.filter { key in
                    root?.identifiers(of: key.publicKey, .root).isEmpty == false
                        || changes.added.contains { $0.role == .root && $0.key.isSameKey(as: key.publicKey) }
                }
                let status = try writer.rotate(changes, keys: signers, time: time)
                describe(status, in: folder)
                if status.isComplete { describe(try writer.signAgain(keys: given, time: time), in: folder) }
            }
        }
    }

    struct Sign: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a signature to the root that waits for some; look at it first (show).")

        @Argument(help: "The repository's folder.") var folder: String
        @OptionGroup var keys: KeyOptions

        func run() throws {
            try reporting {
                let writer = RepositoryWriter(folder: folder)
                let status = try writer.signPendingRoot(keys: try keys.read())
                // What was signed, to be compared with what the others signed.
                for line in TrustReport.lines(status.root.content) { print(line) }
                describe(status, in: folder)
                if status.isComplete { describe(try writer.signAgain(keys: [], time: now()), in: folder) }
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows the keys of every role, until when each is believed, and a root that waits for signatures."
        )

        enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

        @Argument(help: "The repository's folder.") var folder: String
        @Option(help: "text, or json (published-trust/1).") var format = Format.text

        func run() throws {
            try reporting {
                let report = try TrustReport(of: RepositoryWriter(folder: folder), now: SystemClock().now())
                switch format {
                case .json: print(report.json.line)
                case .text:
                    for line in report.lines { print(line) }
                    if let pending = report.pending { describe(pending, in: folder) }
                }
            }
        }
    }
}

struct Renew: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes a new timestamp, and renews the other roles that end soon, where their keys are given.")

    @Argument(help: "The repository's folder.") var folder: String
    @OptionGroup var keys: KeyOptions
    @OptionGroup var lifetimes: LifetimeOptions
    @Option(help: "The moment of renewal, like 2026-01-31T00:00:00Z (default: now).") var at: WallTime?

    func validate() throws {
        if keys.key.isEmpty { throw ValidationError("Give the timestamp's key with --key FILE.") }
    }

    func run() throws {
        try reporting {
            let time = PublicationTime(now: at ?? SystemClock().now(), lifetimes: lifetimes.lifetimes)
            describe(try RepositoryWriter(folder: folder).renew(keys: try keys.read(), time: time), in: folder)
        }
    }
}

struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Removes metadata and target files that the newest publication does not name; roots stay.")

    @Argument(help: "The repository's folder.") var folder: String

    func run() throws {
        try reporting { for path in try RepositoryWriter(folder: folder).prune() { print(path) } }
    }
}

private func now(rootDays: Int = RoleLifetimes().root) -> PublicationTime {
    var lifetimes = RoleLifetimes()
    lifetimes.root = rootDays
    return PublicationTime(now: SystemClock().now(), lifetimes: lifetimes)
}

private func describe(_ status: RootStatus, in folder: String) {
    let version = status.root.content.version
    if status.isComplete {
        print("root \(version), until \(status.root.content.expires)")
        return
    }
    print("root \(version) waits in \(MetadataFolder(repository: folder).pendingRootFile(version: version))")
    for missing in status.missing {
        print("  \(missing.count) more signature(s) by the keys that root \(missing.rootVersion) names:")
        for id in missing.signers { print("    \(id)") }
    }
}
