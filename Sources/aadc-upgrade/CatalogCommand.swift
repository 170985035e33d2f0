import ArgumentParser
import Documents
import LinuxHost
import Upgrader
import VersionCatalog

/// `aadc-upgrade catalog`: the release history for people.
struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "Show what releases exist, what is current, how to get there and when support ends.",
        discussion: "Asks the release history in this program: no server, no network.",
        subcommands: [
            CatalogListCommand.self, CatalogShowCommand.self, CatalogPathCommand.self, CatalogTimelineCommand.self,
            CatalogTrustCommand.self,
        ])
}

/// What every question to the catalog has.
struct CatalogOptions: ParsableArguments {
    @Option(help: "The day that is asked about, like 2026-02-09. Default: today.", transform: CatalogOptions.day)
    var on: ReleaseDate?

    @Option(help: "text or json") var format: ReportFormat = .text

    private static func day(_ text: String) throws -> ReleaseDate {
        guard let date = ReleaseDate(text), date.day != nil else {
            throw ValidationError("expected a day like 2026-02-09")
        }
        return date
    }

    static func version(_ text: String) throws -> ProductVersion {
        guard let version = ProductVersion(text) else {
            throw ValidationError("expected four numbers like 2.6.3.0")
        }
        return version
    }

    func answer(_ ask: (CatalogQuestion) throws(CatalogQuestion.Failure) -> (text: String, json: JSONValue)) throws {
        let question: CatalogQuestion
        do {
            question = CatalogQuestion(
                history: try BuiltInCatalog.releases(), risks: try BuiltInCatalog.risks().risks,
                day: on ?? ReleaseDate(SystemClock().now()))
        } catch {
            return try finishing { throw CommandError(ExitStatus.internalError, "the built-in catalog: \(error)") }
        }
        do {
            let answer = try ask(question)
            switch format {
            case .text: Output.raw(Output.plain(answer.text))
            case .json: Output.json(answer.json)
            }
        } catch {
            let status = error.isUsage ? ExitStatus.usage : ExitStatus.noInput
            try finishing { throw CommandError(status, "\(error)") }
        }
    }
}

struct CatalogListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the releases: what is current, what is offered by whom, what is retired.")

    @Option(help: "Only what this channel offers: auto-upgrade, download or select-tenants.") var channel: String?
    @OptionGroup var options: CatalogOptions

    func run() throws {
        try options.answer { question throws(CatalogQuestion.Failure) in
            let list = try CatalogList(question, channel: channel)
            return (list.text, list.json)
        }
    }
}

struct CatalogShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show everything that is known of one release.")

    @Argument(help: "The release's version.") var version: String
    @OptionGroup var options: CatalogOptions

    func run() throws {
        try options.answer { question throws(CatalogQuestion.Failure) in
            let release = try CatalogRelease(question, named: version)
            return (release.text, release.json)
        }
    }
}

struct CatalogPathCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path", abstract: "Show how a server gets from a version to the newest release, or to one named.",
        discussion: "Which known risks a server has is not known here: 'check' says it.")

    @Argument(help: "The installed version.", transform: CatalogOptions.version) var from: ProductVersion
    @Argument(help: "The wanted release. Default: the newest that is offered.") var to: String?
    @Option(help: "Only this channel. Default: auto-upgrade and download.") var channel: String?
    @OptionGroup var options: CatalogOptions

    func run() throws {
        try options.answer { question throws(CatalogQuestion.Failure) in
            let path = try CatalogPath(question, from: from, to: to, channel: channel)
            return (path.text, path.json)
        }
    }
}

struct CatalogTimelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline", abstract: "Draw what is supported until when, and when a version's support ends.")

    @Argument(help: "The installed version. Default: none in particular.", transform: CatalogOptions.version)
    var version: ProductVersion?
    @OptionGroup var options: CatalogOptions

    func run() throws {
        try options.answer { question throws(CatalogQuestion.Failure) in
            let timeline = CatalogTimeline(question, installed: version)
            return (timeline.text, timeline.json)
        }
    }
}

/// `aadc-upgrade catalog trust`: whose signatures count on this server.
struct CatalogTrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Show whose signatures a repository needs here and what has expired, or pin another root.",
        discussion:
            "The root is the beginning of all trust: take it from the publisher over a way that nobody else controls.")

    @OptionGroup var server: ServerOptions
    @Option(help: "Root metadata that counts from now on, instead of what counted before.") var pin: String?
    @Option(help: "text or json") var format: ReportFormat = .text

    func run() throws {
        try printing {
            let installation = try Wiring.installation(server)
            let now = installation.clock.now()
            let report =
                try pin.map { try RepositoryTrustReport.pin($0, installation.layout, now: now) }
                ?? RepositoryTrustReport(installation.layout, now: now)
            show(format, report.text, report.json)
        }
    }
}
