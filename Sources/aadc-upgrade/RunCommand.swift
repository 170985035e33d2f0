import ArgumentParser
import Documents
import Upgrader
import VersionCatalog

/// `aadc-upgrade run`: the unattended upgrade.
struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Upgrade this server if it may and should be upgraded. Never asks anything.",
        discussion: """
            Finishes first what an earlier run left. Meant for cron: a run with nothing to do changes nothing and exits 0. \
            After an upgrade the new release is observed; a later run concludes that, or --wait stays for it.
            """)

    @OptionGroup var server: ServerOptions

    @Option(help: "Upgrade to this version and no other.")
    var target: ProductVersion?

    @Flag(help: "Stay until the observation of the new release has ended.")
    var wait = false

    @Flag(help: "Try a release again that failed here before its back-off has passed.")
    var retryFailed = false

    @Flag(help: "Accepted for scripts; this command never asks.")
    var noInput = false

    func run() throws {
        try finishing {
            var options = UpgradeRun.Options()
            options.repository = server.catalog
            options.target = target
            options.wait = wait
            options.retryFailed = retryFailed
            let conditions = try BuiltInCatalog.conditions().conditions
            return try UpgradeRun(try Wiring.installation(server), conditions: conditions).run(options)
        }
    }
}

extension ProductVersion: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
