import ArgumentParser
import Documents
import ServiceStore

struct Facts: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "facts", abstract: "All that an upgrade's eligibility asks of this server.")
    @OptionGroup var common: CommonOptions

    func run() throws { try common.answer("facts") { try $0.facts() } }
}

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "What the service does now and did last.")
    @OptionGroup var common: CommonOptions

    func run() throws { try common.answer("status") { try $0.status() } }
}

struct Health: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "health", abstract: "Whether the server is well.")
    @OptionGroup var common: CommonOptions

    func run() throws { try common.answer("health") { try $0.health() } }
}

struct Settings: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Every setting that an administrator can make.", subcommands: [Get.self, Set.self])

    struct Get: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "get", abstract: "Shows all settings.")
        @OptionGroup var common: CommonOptions

        func run() throws { try common.answer("settings get") { try $0.settings() } }
    }

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(commandName: "set", abstract: "Changes one setting.")
        @OptionGroup var common: CommonOptions
        @Option(help: "A parameter (Microsoft.…) or connector.<id>.<key>.") var name: String
        @Option(help: "Its new value.") var value: String
        @Option(help: "Only while the lease has this token.") var token: Int?

        func run() throws {
            try common.answer("settings set") { try $0.set(name, to: value, token: token) }
        }
    }
}

struct Suspend: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suspend", abstract: "Stops new cycles in the name of an owner.")
    @OptionGroup var common: CommonOptions
    @Option(help: "Who pauses.") var owner: String
    @Option(help: "Only while the lease has this token.") var token: Int?

    func run() throws { try common.answer("suspend") { try $0.suspend(owner: owner, token: token) } }
}

struct Resume: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "resume", abstract: "Lifts the pause of an owner.")
    @OptionGroup var common: CommonOptions
    @Option(help: "Who paused.") var owner: String
    @Option(help: "Only while the lease has this token.") var token: Int?
    @Flag(help: "Lift anybody's pause.") var force = false
    @Flag(help: "Import and synchronize everything anew, and export nothing before that.") var full = false

    func run() throws {
        try common.answer("resume") { try $0.resume(owner: owner, token: token, force: force, full: full) }
    }
}

struct WaitIdle: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait-idle", abstract: "Waits until no cycle runs.")
    @OptionGroup var common: CommonOptions
    @Option(help: "Seconds.") var timeout = 60

    func run() throws { try common.answer("wait-idle") { try $0.waitIdle(timeoutSeconds: timeout) } }
}

struct Snapshot: ParsableCommand {
    enum Phase: String, ExpressibleByArgument, CaseIterable { case live, final }

    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Copies the data folder, while the service runs or stands.")
    @OptionGroup var common: CommonOptions
    @Option(help: "The copy.") var to: String
    @Option(help: "live: while everything goes on; final: the service is stopped.") var phase: Phase
    @Option(help: "Only while the lease has this token.") var token: Int?

    func run() throws {
        try common.answer("snapshot") { server in
            let target = try CommonOptions.absolute(to)
            return try server.operate("snapshot", token: token) {
                switch phase {
                case .live: try server.snapshotLive(to: target, copier: try CommonOptions.program())
                case .final: try server.snapshotFinal(to: target)
                }
            }
        }
    }
}

/// The half of `snapshot` that reads files and has no database open.
struct CopyData: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy-data", abstract: "Copies a data folder file by file.", shouldDisplay: false)
    @OptionGroup var common: CommonOptions
    @Option var from: String
    @Option var to: String

    func run() throws {
        try common.answer("copy-data") { _ in try DataCopy(from: from, to: to, isFinal: false).run() }
    }
}

struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Brings a data folder to this release.")
    @OptionGroup var common: CommonOptions
    @Option(help: "The data folder; never the running service's.") var data: String
    @Option(help: "Only while the lease has this token.") var token: Int?

    func run() throws {
        try common.answer("migrate") { try $0.migrate(data: try CommonOptions.absolute(data), token: token) }
    }
}

struct SelfTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self-test", abstract: "Whether this release can work with a data folder.")
    @OptionGroup var common: CommonOptions
    @Option(help: "The data folder; the active generation's.") var data: String?
    @Flag(help: "Leave out what takes longer the more data there is.") var quick = false

    func run() throws {
        try common.answer("self-test", passed: { $0["passed"] == true }) { server in
            try server.selfTest(data: try data.map(CommonOptions.absolute) ?? server.dataFolder(), quick: quick)
        }
    }
}

struct Rehearse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "What the first cycle of this release would export from this data. Sends and writes nothing.")
    @OptionGroup var common: CommonOptions
    @Option(help: "The data folder, already migrated.") var data: String

    func run() throws { try common.answer("rehearse") { try $0.rehearse(data: try CommonOptions.absolute(data)) } }
}

struct ExportConfiguration: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export-config", abstract: "Writes the configuration in the folder shape of the real product.")
    @OptionGroup var common: CommonOptions
    @Option(help: "A new folder.") var to: String

    func run() throws {
        try common.answer("export-config") { try $0.exportConfiguration(to: try CommonOptions.absolute(to)) }
    }
}

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Runs the service in the foreground until SIGTERM.")
    @OptionGroup var common: CommonOptions

    func run() throws {
        let stop = StopSignals()
        do {
            try common.server().serve(stop: stop) { writeLine($0, to: 2) }
        } catch {
            writeLine("adsync serve: \(error)", to: 2)
            throw ExitCode((error as? ServiceError)?.exitStatus ?? 1)
        }
    }
}
