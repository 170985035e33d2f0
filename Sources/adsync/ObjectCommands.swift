import ArgumentParser
import Documents
import ServiceStore
import SyncEngine

struct PreviewCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Why one object is what it is: rules, joins, contributors, and the pending export. Writes nothing.",
        discussion: """
            Examples:
              $ adsync preview anna@contoso.com
              $ adsync preview "CN=Anna,OU=People,DC=contoso,DC=com" --connector contoso.com --format json
            """)
    @OptionGroup var common: CommonOptions
    @Option(help: "The connector in which the object lies, by name or identifier.") var connector: String?
    @Argument(help: "A distinguished name, or a userPrincipalName, sAMAccountName or mail that only one object has.")
    var object: String

    func run() throws {
        let format: EvaluationReport.Format = common.format == .json ? .json : .text
        try Failing.with("preview", schema: "preview/1", format: format) {
            let output = BufferedOutput()
            PreviewOutput.write(try common.server().preview(object, connector: connector), format, output)
            output.flush()
        }
    }
}

enum PreviewOutput {
    static func write(_ preview: ObjectPreview, _ format: EvaluationReport.Format, _ output: BufferedOutput) {
        switch format {
        case .json: output.line(preview.json.line)
        case .text, .csv: for line in preview.lines { output.line(line) }
        }
    }
}

struct PendingExportsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pending-exports",
        abstract: "What waits to be sent, attribute by attribute with old and new values, and how it failed.")
    @OptionGroup var server: ServerOptions
    @Option(help: "text for people, json for programs, csv for spreadsheets.")
    var format = EvaluationReport.Format.text

    func run() throws {
        try Failing.with("pending-exports", schema: "pending-exports/1", format: format) {
            let output = BufferedOutput()
            try server.server().pendingExports(format) { output.line($0) }
            output.flush()
        }
    }
}
