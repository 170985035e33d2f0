import ArgumentParser
import Documents
import LinuxHost
import SyncConfiguration
import Upgrader
import VersionCatalog

/// `aadc-upgrade check`: may this server be upgraded, to what, and if not, what then.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Report whether a server may be upgraded, what stands in the way, and what to do.",
        discussion: """
            Changes nothing. Exits 0 for up to date, eligible and conditional, 75 for a temporary obstacle, 78 for a \
            configuration that is not supported, 65 or 66 for input that is damaged or missing. Over several exports the \
            worst of them decides.
            """)

    @OptionGroup var server: ServerOptions

    @Option(
        help: """
            A folder written by Get-ADSyncServerConfiguration, instead of a living server. Can be repeated, and a folder of \
            such folders counts as all of them.
            """)
    var export: [String] = []

    @Option(help: "The printed parameters of Get-ADSyncGlobalSettings, instead of a living server.")
    var settings: String?

    @Option(help: "A second export to compare the first with: the staging server beside the active one.")
    var compare: String?

    @Option(help: "Ask about this version instead of the newest that automatic upgrade offers.")
    var target: ProductVersion?

    @Option(help: "The day on which releases are offered, for exports and settings: 2026-09-30. Default: today.")
    var on: ReleaseDate?

    @Option(help: "Take a known risk, by the name that the report gives it. Can be repeated.")
    var acceptRisk: [String] = []

    @Option(help: "How to print the report: text, json or html.")
    var format: CheckFormat = .text

    @Option(help: "Write the report to this file instead of standard output.")
    var output: String?

    func validate() throws {
        let inputs = (export.isEmpty ? 0 : 1) + (settings == nil ? 0 : 1)
        if inputs > 1 { throw ValidationError("--export and --settings are two inputs; give one") }
        if inputs > 0, server.catalog != nil || server.root != "/" {
            throw ValidationError(
                "--export and --settings are judged by the release history in this program; leave --root and --catalog out"
            )
        }
        if inputs == 0, on != nil { throw ValidationError("--on is for --export and --settings; a server lives today") }
        if compare != nil, export.count != 1 { throw ValidationError("--compare needs exactly one --export beside it") }
    }

    func run() throws {
        let result: CheckResult
        do {
            result = try checked()
        } catch let failure as CheckReport.Failure {
            try finishing { throw CommandError(failure.exitStatus, "\(failure)") }
            return
        } catch {
            try finishing { throw error }
            return
        }
        guard let output else {
            Output.raw(result.text)
            throw ExitCode(result.exitStatus)
        }
        do {
            try DurableFiles.replace(output, Array(result.text.utf8), mode: 0o644)
        } catch {
            try finishing { throw error }
        }
        throw ExitCode(result.exitStatus)
    }

    private struct CheckResult {
        var text: String
        var exitStatus: Int32
    }

    private func checked() throws -> CheckResult {
        if export.isEmpty, settings == nil { return rendered(try live()) }
        if let compare { return rendered(try CheckReport.compare(export[0], compare)) }
        let check = try CheckReport(
            EligibilityQuestion(
                target: target, today: on ?? ReleaseDate(SystemClock().now()), acceptedRisks: Set(acceptRisk)))
        if let settings { return rendered(try check.forSettings(settings)) }
        let exports = ExportSelection.expand(export)
        if let first = exports.first, exports.count == 1 { return rendered(try check.forExport(first)) }
        return rendered(check.forExports(exports))
    }

    private func rendered(_ report: EligibilityReport) -> CheckResult {
        let text =
            switch format {
            case .text: EligibilityText.render(report)
            case .json: String(decoding: report.json.pretty, as: UTF8.self)
            case .html: EligibilityHTML.render(report)
            }
        return CheckResult(text: text, exitStatus: report.verdict.exitStatus)
    }

    private func rendered(_ many: (summary: EligibilitySummary, reports: [EligibilityReport])) -> CheckResult {
        let text =
            switch format {
            case .text: EligibilitySummaryText.render(many.summary)
            case .json: String(decoding: many.summary.json.pretty, as: UTF8.self)
            case .html: EligibilitySummaryHTML.render(many.summary, reports: many.reports)
            }
        return CheckResult(text: text, exitStatus: many.summary.exitStatus)
    }

    private func rendered(_ comparison: ServerComparison) -> CheckResult {
        let text =
            switch format {
            case .text: ComparisonText.render(comparison)
            case .json: String(decoding: comparison.json.pretty, as: UTF8.self)
            case .html: ComparisonHTML.render(comparison)
            }
        return CheckResult(text: text, exitStatus: 0)
    }

    /// The living server's own facts and the repository's offer.
    private func live() throws -> EligibilityReport {
        var options = Assessment.Options(repository: server.catalog, target: target)
        options.acceptedRisks = Set(acceptRisk)
        return try Assessment.make(
            try Wiring.installation(server, dryRun: true), catalog: try Wiring.catalog(), options
        ).report
    }
}

/// How `check` prints.
enum CheckFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, html
}

extension ReleaseDate: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
