import ArgumentParser
import Documents
import Foundation
import SyncConfiguration
import Upgrader

/// `aadc-upgrade check`: may this server be upgraded, to what, and if not, what then.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Report whether a server may be upgraded, what stands in the way, and what to do.",
        discussion: """
            Changes nothing. Exits 0 for up to date, eligible and conditional, 75 for a temporary obstacle, 78 for a \
            configuration that is not supported, 65 or 66 for input that is damaged or missing.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "A folder written by Get-ADSyncServerConfiguration.")
    var export: String

    @Option(
        help: "Ask about this version instead of the newest that automatic upgrade offers.",
        transform: { text in
            guard let version = ProductVersion(text) else {
                throw ValidationError("expected a version of four numbers like 2.6.3.0, found \"\(text)\"")
            }
            return version
        })
    var target: ProductVersion?

    @Option(help: "How to print the report: text or json.")
    var format: Format = .text

    func run() throws {
        let report: EligibilityReport
        do {
            report = try CheckReport.forExport(export, target: target)
        } catch {
            FileHandle.standardError.write(Data("aadc-upgrade: \(error)\n".utf8))
            throw ExitCode(error.exitStatus)
        }
        switch format {
        case .text: print(EligibilityText.render(report), terminator: "")
        case .json: print(String(decoding: report.json.pretty, as: UTF8.self), terminator: "")
        }
        throw ExitCode(report.verdict.exitStatus)
    }
}
