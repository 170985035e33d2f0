import Documents
import LinuxHost
import ReleaseContract

/// The control commands of one release: how this program operates a server (docs/release-contract.md).
public struct ControlCommands {
    public let release: ReleaseManifest
    /// The folder of the unpacked release.
    public let folder: String
    public let layout: ServerLayout
    public let clock: any Clock
    /// Called while a command runs, at least every second; renews the lease.
    public let tick: () throws -> Void

    public init(
        release: ReleaseManifest, folder: String, layout: ServerLayout, clock: any Clock,
        tick: @escaping () throws -> Void = {}
    ) {
        self.release = release
        self.folder = folder
        self.layout = layout
        self.clock = clock
        self.tick = tick
    }

    /// The whole command line of a verb.
    public func commandLine(_ verb: ControlVerb, _ more: [String] = []) throws(StepFailure) -> [String] {
        guard let command = release.commands[verb], let program = command.argv.first else {
            throw StepFailure(
                "VerbMissing",
                "release \(release.version) has no control command '\(verb.rawValue)'; it cannot be operated")
        }
        let words = ["\(folder)/\(program)"] + command.argv.dropFirst()
        return words + ["--root", layout.root, "--format", "json"] + more
    }

    /// How a verb ended, without judging it.
    public struct Answer {
        public var exitStatus: Int
        public var output: [UInt8]
        public var diagnostics: String
        public var commandName: String

        /// The `error` of a failure's document, or the last line of standard error.
        public var problem: String {
            if let json = try? JSONParser.parse(output), let text = json["error"]?.string { return text }
            let line = diagnostics.split(separator: "\n").last.map(String.init) ?? ""
            return line.isEmpty ? "exit status \(exitStatus)" : line
        }
    }

    /// Runs a verb. Exit 0 and 75 are answers; anything else, a signal or the time limit is a failure.
    public func answer(_ verb: ControlVerb, _ more: [String] = [], extraSeconds: Int = 0) throws -> Answer {
        let line = try commandLine(verb, more)
        let limit = (release.commands[verb]?.timeoutSeconds ?? 60) + extraSeconds
        let completion: Completion
        do {
            completion = try ChildProcess.run(
                Invocation(program: line[0], arguments: Array(line.dropFirst())), timeoutSeconds: limit, clock: clock,
                tick: tick)
        } catch let error as HostError {
            throw StepFailure("VerbNotStarted", "\(verb.rawValue) of \(release.version): \(error)")
        }
        let name = "\(verb.rawValue) of \(release.version)"
        switch completion.end {
        case .exited(let status):
            if completion.outputWasCut {
                throw StepFailure("VerbAnswerTooLong", "\(name) answered more than 16 MiB")
            }
            return Answer(
                exitStatus: status, output: completion.output, diagnostics: completion.diagnostics, commandName: name)
        case .signalled(let signal): throw StepFailure("VerbCrashed", "\(name) was ended by signal \(signal)")
        case .timedOut(let seconds):
            throw StepFailure("VerbTimedOut", "\(name) did not answer within \(seconds) s and was killed")
        }
    }

    /// Runs a verb that must succeed and reads its document.
    public func document<Report: Document>(
        _ verb: ControlVerb, _ more: [String] = [], failure reason: String, extraSeconds: Int = 0
    ) throws -> Report {
        let answer = try answer(verb, more, extraSeconds: extraSeconds)
        guard answer.exitStatus == 0 else {
            throw StepFailure(reason, "\(answer.commandName): \(answer.problem)")
        }
        do throws(DocumentError) {
            return try Report(bytes: answer.output, file: answer.commandName)
        } catch {
            throw StepFailure("VerbAnswerUnreadable", error.description)
        }
    }

    public func facts() throws -> FactsReport { try document(.facts, failure: "FactsUnavailable") }
    public func status() throws -> StatusReport { try document(.status, failure: "StatusUnavailable") }
    public func health() throws -> HealthReport { try document(.health, failure: "HealthUnavailable") }
    public func settings() throws -> SettingsReport {
        try document(.settingsGet, failure: "SettingsUnavailable")
    }
    public func set(_ name: String, _ value: String) throws {
        let _: SettingsReport = try document(
            .settingsSet, ["--name", name, "--value", value], failure: "SettingNotSet")
    }
}
