import ArgumentParser
import Glibc

/// The synchronization service and everything by which it is operated.
struct Adsync: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adsync",
        abstract: "A directory synchronization service: from directories in LDIF to a cloud directory.",
        subcommands: [
            Initialize.self, Serve.self, RunCycle.self, SchedulerCommands.self, ConnectorCommands.self,
            RuleCommands.self, PendingExportsCommand.self, PreviewCommand.self, ConsoleCommand.self, Evaluate.self,
            History.self, Facts.self,
            Status.self, Health.self,
            Settings.self, Suspend.self, Resume.self, WaitIdle.self, Snapshot.self, Migrate.self, SelfTest.self,
            Rehearse.self, ExportConfiguration.self, CopyData.self,
        ])
}

// What SQLite makes is for the service's account alone.
umask(0o077)
Adsync.main()
