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

    @Option(help: "Take a known risk, by the name that 'check' gives it. Can be repeated.")
    var acceptRisk: [String] = []

    @Flag(help: "Stay until the observation of the new release has ended.")
    var wait = false

    @Flag(help: "Try a release again that failed here before its back-off has passed.")
    var retryFailed = false

    @Flag(help: "Accepted for scripts; this command never asks.")
    var noInput = false

    func run() throws {
        try finishing {
            var options = UpgradeRun.Options()
            options.assessment = Assessment.Options(
                repository: server.catalog, target: target, retryFailed: retryFailed)
            options.assessment.acceptedRisks = Set(acceptRisk)
            options.wait = wait
            return try UpgradeRun(try Wiring.installation(server), catalog: try Wiring.catalog()).run(options)
        }
    }
}

/// `aadc-upgrade stage`: everything of an upgrade that needs the network, and nothing else.
struct StageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract: "Fetch, verify and unpack the release that a run would take, beside the running one.",
        discussion: "Nothing that runs is touched. The next run finds the release there and fetches nothing.")

    @OptionGroup var server: ServerOptions

    @Option(help: "Stage this version and no other.")
    var target: ProductVersion?

    @Option(help: "Take a known risk, by the name that 'check' gives it. Can be repeated.")
    var acceptRisk: [String] = []

    func run() throws {
        try finishing {
            var options = Assessment.Options(repository: server.catalog, target: target)
            options.acceptedRisks = Set(acceptRisk)
            return try Staging(try Wiring.installation(server), catalog: try Wiring.catalog()).run(options)
        }
    }
}

extension ProductVersion: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
