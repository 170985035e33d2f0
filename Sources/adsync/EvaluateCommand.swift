import ArgumentParser
import Documents
import Glibc
import LinuxHost
import SyncConfiguration
import SyncEngine

extension EvaluationReport.Format: ExpressibleByArgument {}

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Runs an exported configuration over LDIF dumps, without a server and without a database.",
        discussion: """
            Imports the dumps, synchronizes everything, and prints metaverse objects, pending exports and errors. Examples:
              $ adsync evaluate --export export/ --data contoso.com=contoso.ldif --data other.com=other.ldif
              $ adsync evaluate --rules standard-2.json --connector contoso.com --data contoso.com=contoso.ldif
            """)

    @Option(help: "A folder that Get-ADSyncServerConfiguration wrote.") var export: String?
    @Option(help: "A file with rules of a release, such as catalog/rules/standard-2.json, instead of an export.")
    var rules: String?
    @Option(help: "With --rules: the name of a directory; may be repeated. The cloud is called \"cloud\".")
    var connector: [String] = []
    @Option(
        help: """
            CONNECTOR=FILE.ldif, a dump of what a connector, named by name or identifier, sees; may be repeated. For the cloud: \
            what it has confirmed so far.
            """)
    var data: [String] = []
    @Option(help: "CONNECTOR=FILE.ldif, changes that come after the dumps, as a delta import; may be repeated.")
    var changes: [String] = []
    @Option(help: "text for people, json for programs, csv for spreadsheets.")
    var format = EvaluationReport.Format.text
    @Option(help: "The time that expressions read, such as 2026-01-31T12:00:00Z; now, unless named here.")
    var now: String?
    @Option(help: "Explain this object instead: its distinguished name, or a name that only it has.")
    var preview: String?
    @Flag(help: "Say on standard error how long each part took, and the memory at its peak.") var timings = false

    func validate() throws {
        if (export == nil) == (rules == nil) { throw ValidationError("Name one of --export and --rules.") }
        if rules != nil, connector.isEmpty { throw ValidationError("With --rules, name --connector, too.") }
        if export != nil, !connector.isEmpty { throw ValidationError("--connector belongs to --rules.") }
        if data.isEmpty { throw ValidationError("Name a dump: --data CONNECTOR=FILE.ldif.") }
        if preview != nil, format == .csv { throw ValidationError("A preview is text or json.") }
    }

    func run() throws {
        try Failing.with("evaluate", schema: preview == nil ? "evaluate/1" : "preview/1", format: format) {
            var timings = Timings(isOn: timings)
            let evaluation = try loaded()
            timings.say("configuration")
            for (connector, files) in try dumps(data, "--data", evaluation) {
                let readers = try files.map { try LDIFReader.open($0) }
                try evaluation.read(readers, into: connector)
                timings.say("import of \(connector.name), \(evaluation.imports.last?.summary.adds ?? 0) objects")
            }
            try evaluation.synchronize()
            timings.say("synchronization, \(evaluation.engine.metaverseCount) metaverse objects")
            for (connector, files) in try dumps(changes, "--changes", evaluation) {
                for file in files {
                    try evaluation.change(try LDIFReader.open(file), of: connector)
                    let evaluated = evaluation.synchronizations.suffix(2).reduce(0) { $0 + $1.summary.evaluated }
                    timings.say("changes of \(connector.name), \(evaluated) objects evaluated")
                }
            }
            let output = BufferedOutput()
            if let preview {
                try PreviewOutput.write(evaluation.engine.preview(named: preview), format, output)
            } else {
                try EvaluationReport(evaluation).write(format) { output.line($0) }
            }
            output.flush()
            timings.say("report")
            timings.sayMemory()
        }
    }

    private func loaded() throws -> OfflineEvaluation {
        var time = SystemClock().now()
        if let now {
            guard let named = WallTime(now) else {
                throw CommandFailure(64, "--now \(now): expected a time in UTC like 2026-01-31T12:00:00Z")
            }
            time = named
        }
        if let export {
            return try OfflineEvaluation(configuration: try ExportFolder(path: export).read(), now: time)
        }
        let file = rules ?? ""
        guard let bytes = try DurableFiles.read(file) else {
            throw CommandFailure(66, "\(file): there is no such file; name one with rules in JSON")
        }
        let templates = try RuleTemplates(bytes: bytes, file: file)
        let connectors =
            connector.map { ConnectorDefinition(id: $0, name: $0, kind: .activeDirectory) }
            + [ConnectorDefinition(id: Connector.cloudIdentifier, name: "cloud", kind: .cloud)]
        return try OfflineEvaluation(connectors: connectors, rules: templates.rules(for: connectors), now: time)
    }

    /// The files of each connector that is named, in the order of the engine's connectors.
    private func dumps(_ named: [String], _ option: String, _ evaluation: OfflineEvaluation) throws -> [(
        ConnectorDefinition, [String]
    )] {
        var files: [String: [String]] = [:]
        for text in named {
            guard let (name, file) = Self.split(text, evaluation.engine) else {
                throw CommandFailure(64, "\(option) \(text): expected CONNECTOR=FILE.ldif")
            }
            let connector: ConnectorDefinition
            do {
                connector = try evaluation.connector(named: name)
            } catch {
                throw CommandFailure(64, "\(option) \(text): \(error)")
            }
            guard access(file, F_OK) == 0 else {
                throw CommandFailure(66, "\(file): there is no such file; name a dump in LDIF")
            }
            guard access(file, R_OK) == 0 else {
                throw CommandFailure(77, "\(file): reading is not permitted; run as a user who may read it")
            }
            files[connector.id, default: []].append(file)
        }
        return evaluation.engine.connectors.compactMap { connector in files[connector.id].map { (connector, $0) } }
    }

    /// At the equals sign after a connector that is there, since names may have one; else at the first.
    private static func split(_ text: String, _ engine: SynchronizationEngine) -> (String, String)? {
        let places = text.indices.filter { text[$0] == "=" }
        let known = places.last { (try? engine.connector(named: String(text[..<$0]))) != nil }
        guard let place = known ?? places.first, place > text.startIndex, text.index(after: place) < text.endIndex
        else {
            return nil
        }
        return (String(text[..<place]), String(text[text.index(after: place)...]))
    }
}

/// How long the parts of an evaluation took, for whoever wants to know before they give it a million objects.
private struct Timings {
    let isOn: Bool
    private var last = SystemClock().monotonicMilliseconds()

    init(isOn: Bool) { self.isOn = isOn }

    mutating func say(_ part: String) {
        let now = SystemClock().monotonicMilliseconds()
        if isOn { writeLine("\(part): \(now - last) ms", to: 2) }
        last = now
    }

    func sayMemory() {
        guard isOn, let bytes = try? DurableFiles.read("/proc/self/status") else { return }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where line.hasPrefix("VmHWM:") {
            writeLine("memory at the peak: \(line.dropFirst(6).drop { $0 == " " || $0 == "\t" })", to: 2)
        }
    }
}
