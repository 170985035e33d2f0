import ArgumentParser
import Upgrader
import VersionCatalog

/// `aadc-upgrade repair`
struct RepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Finish what was interrupted, lift what was left behind, and enable automatic upgrade if it may be.")

    @OptionGroup var server: ServerOptions
    @Flag(help: "Say what would be done and change nothing.") var dryRun = false
    @Flag(help: "Lift a pause of the scheduler that no attempt of this program made.") var resume = false
    @Flag(
        help: """
            Upgrade to the newest release as well, with you beside it: the floor of 1.1.750.0 and what else binds only \
            automatic upgrade does not count.
            """) var upgrade = false
    @Option(help: "Take a known risk, by the name that 'check' gives it. Can be repeated.") var acceptRisk: [String] =
        []

    func run() throws {
        try finishing {
            var options = Repair.Options()
            options.dryRun = dryRun
            options.resume = resume
            options.upgrade = upgrade
            options.acceptedRisks = Set(acceptRisk)
            options.repository = server.catalog
            return try Repair(
                try Wiring.installation(server, dryRun: dryRun), catalog: try Wiring.catalog(), options: options
            ).run()
        }
    }
}

/// `aadc-upgrade rollback`
struct RollbackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "Go back to the release and data before the last upgrade.")

    @OptionGroup var server: ServerOptions
    @Flag(help: "Do it, knowing what is lost.") var yes = false

    func run() throws {
        try finishing { try ManualRollback(try Wiring.installation(server)).run(confirmed: yes) }
    }
}

/// `aadc-upgrade enable`
struct EnableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "enable", abstract: "Allow automatic upgrade.")

    @OptionGroup var server: ServerOptions

    func run() throws { try finishing { try AutoUpgradeSwitch.set("Enabled", try Wiring.installation(server)) } }
}

/// `aadc-upgrade disable`
struct DisableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "disable", abstract: "Forbid automatic upgrade.")

    @OptionGroup var server: ServerOptions

    func run() throws { try finishing { try AutoUpgradeSwitch.set("Disabled", try Wiring.installation(server)) } }
}
