import ArgumentParser
import Documents
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
            configuration that is not supported, 65 or 66 for input that is damaged or missing.
            """)

    @OptionGroup var server: ServerOptions

    @Option(help: "A folder written by Get-ADSyncServerConfiguration, instead of a living server.")
    var export: String?

    @Option(help: "Ask about this version instead of the newest that automatic upgrade offers.")
    var target: ProductVersion?

    @Option(help: "How to print the report: text or json.")
    var format: ReportFormat = .text

    func validate() throws {
        if export != nil, server.catalog != nil || server.root != "/" {
            throw ValidationError(
                "--export is judged by the release history in this program; leave --root and --catalog out")
        }
    }

    func run() throws {
        let report = try finishingReport()
        switch format {
        case .text: Output.raw(EligibilityText.render(report))
        case .json: Output.json(report.json)
        }
        throw ExitCode(report.verdict.exitStatus)
    }

    private func finishingReport() throws -> EligibilityReport {
        var report: EligibilityReport?
        do {
            report = try export.map { try CheckReport.forExport($0, target: target) } ?? live()
        } catch let failure as CheckReport.Failure {
            try finishing { throw CommandError(failure.exitStatus, "\(failure)") }
        } catch {
            try finishing { throw error }
        }
        guard let report else { throw ExitCode(ExitStatus.internalError) }
        return report
    }

    /// The living server's own facts and the repository's offer.
    private func live() throws -> EligibilityReport {
        let conditions = try BuiltInCatalog.conditions().conditions
        return try Assessment.make(
            try Wiring.installation(server), conditions: conditions, repository: server.catalog, target: target,
            retryFailed: false
        ).report
    }
}
