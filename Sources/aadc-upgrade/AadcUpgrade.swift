import ArgumentParser
import Glibc
import LinuxHost

@main
struct AadcUpgrade: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aadc-upgrade",
        abstract: "Upgrades a directory-synchronization server unattended, and puts it back when anything is wrong.",
        discussion: """
            Exit status: 0 done, nothing to do, or observing; 75 aborted, to be tried again; 78 not supported; 10 failed \
            and rolled back; 11 the way back failed too; 64 usage; 65 bad input; 66 no such input; 70 an error of this \
            program; 77 not permitted.
            """,
        subcommands: [
            CheckCommand.self, RunCommand.self, StageCommand.self, PlanCommand.self, StatusCommand.self,
            WhyCommand.self, HistoryCommand.self, RepairCommand.self, RollbackCommand.self, VerifyCommand.self,
            EnableCommand.self,
            DisableCommand.self, CatalogCommand.self,
        ])

    static func main() {
        // A reader that goes away must not end an upgrade half-way.
        signal(SIGPIPE, SIG_IGN)
        InheritedDescriptors.keepFromChildren()
        Termination.startCatching()
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            exit(withError: error)
        }
    }
}
