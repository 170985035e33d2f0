import ArgumentParser
import Documents
import LinuxHost
import ReleaseContract
import Upgrader
import VersionCatalog

/// How a looking command prints.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

func show(_ format: ReportFormat, _ text: @autoclosure () -> String, _ json: @autoclosure () -> JSONValue) {
    switch format {
    case .text: Output.raw(text().split(separator: "\n").map { Output.plain(String($0)) + "\n" }.joined())
    case .json: Output.json(json())
    }
}

/// Runs a body that prints its own result; errors end as in every other command.
func printing(_ body: () throws -> Void) throws {
    var failed: (any Error)?
    do { try body() } catch { failed = error }
    if let failed { try finishing { throw failed } }
}

/// `aadc-upgrade status`: what runs, what is suspended, what is under way.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the release, the service, the scheduler and an upgrade under way.")

    @OptionGroup var server: ServerOptions
    @Option(help: "text or json") var format: ReportFormat = .text

    func run() throws {
        try printing {
            let overview = try Overview.make(try Wiring.installation(server))
            show(format, overview.text, overview.json)
        }
    }
}

/// `aadc-upgrade why`: the last attempt, told from its journal.
struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Tell why the last attempt, or the one named, ended as it did.")

    @OptionGroup var server: ServerOptions
    @Argument(help: "An attempt, as 'history' names it.") var attempt: String?
    @Option(help: "text or json") var format: ReportFormat = .text

    func run() throws {
        try printing {
            let layout = try Wiring.installation(server).layout
            let explanation = try Explanation.make(layout, attempt: attempt)
            show(format, explanation.text, explanation.json)
        }
    }
}

/// `aadc-upgrade history`: every attempt with its one result.
struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List every attempt with its result, and every change of verdict.")

    @OptionGroup var server: ServerOptions
    @Option(help: "text or json") var format: ReportFormat = .text

    func run() throws {
        try printing {
            let history = try History.read(try Wiring.installation(server).layout)
            show(format, history.text, history.json)
        }
    }
}

/// `aadc-upgrade plan`: what `run` would do, as a difference.
struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what a run would do now. Changes nothing.")

    @OptionGroup var server: ServerOptions
    @Option(help: "Plan for this version and no other.") var target: ProductVersion?
    @Option(help: "Take a known risk, by the name that 'check' gives it. Can be repeated.") var acceptRisk: [String] =
        []
    @Option(help: "text or json") var format: ReportFormat = .text

    func run() throws {
        try printing {
            let installation = try Wiring.installation(server, dryRun: true)
            var options = Assessment.Options(repository: server.catalog, target: target)
            options.acceptedRisks = Set(acceptRisk)
            let assessment = try Assessment.make(installation, catalog: try Wiring.catalog(), options)
            guard let plan = try assessment.plan(installation) else {
                throw CommandError(assessment.report.verdict.exitStatus, "nothing to plan: \(assessment.report.reason)")
            }
            show(format, plan.difference, plan.json)
        }
    }
}

/// `aadc-upgrade verify`: the files of the installed releases against their lists.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compare every file of the installed releases with the lists they were published with.")

    @OptionGroup var server: ServerOptions
    @Flag(help: "Only the active release.") var active = false
    @Option(help: "text or json") var format: ReportFormat = .text

    func run() throws {
        try printing {
            let check = ReleaseCheck(try Wiring.installation(server))
            let report = VerifyReport(active ? [try check.activeRelease()] : try check.all())
            show(format, report.text, report.json)
            if let advice = report.advice { throw CommandError(ExitStatus.badInput, advice) }
        }
    }
}
