import ArgumentParser

@main
struct AadcUpgrade: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aadc-upgrade",
        abstract: "Upgrades a directory-synchronization server unattended, and puts it back when anything is wrong.",
        subcommands: [CheckCommand.self])
}
