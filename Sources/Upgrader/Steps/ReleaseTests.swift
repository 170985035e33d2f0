import Documents
import LinuxHost
import ReleaseContract

/// The tests that a release brings: every executable of a folder, in name order.
struct ReleaseTests {
    enum Phase: String { case pre, post }

    static let notApplicable = 77
    static let timeoutSeconds = 600
    static let outputLimit = 64 << 10

    let context: AttemptContext

    /// Runs the tests of one release against one generation; throws at the first that fails, naming it.
    ///
    /// - Returns: names with their results, for the journal.
    func run(_ phase: Phase, of release: ControlCommands, generation: Int, reason: String) throws -> [String] {
        let folder = "\(release.folder)/tests/\(phase.rawValue)"
        var results: [String] = []
        for name in try DurableFiles.list(folder) ?? [] {
            let program = "\(folder)/\(name)"
            guard case .file = try DurableFiles.kind(program), let mode = try DurableFiles.mode(program),
                mode & 0o111 != 0
            else { continue }
            var environment = Invocation.cleanEnvironment
            environment["AADC_ROOT"] = context.layout.root
            environment["AADC_GENERATION"] = String(generation)
            environment["AADC_DATA"] = context.layout.data(generation)
            environment["AADC_RELEASE"] = release.folder
            if phase == .post { environment["AADC_PREVIOUS_RELEASE"] = context.old.folder }
            let completion = try ChildProcess.run(
                Invocation(program: program, environment: environment), timeoutSeconds: Self.timeoutSeconds,
                outputLimit: Self.outputLimit, clock: context.clock, tick: { try context.tick() })
            let label = "\(phase.rawValue)-test \(name) of \(release.release.version)"
            try context.keep(
                "outputs-\(phase.rawValue)-\(release.release.version)-\(name).txt",
                completion.output + Array(completion.diagnostics.utf8))
            switch completion.end {
            case .exited(0): results.append("\(name): passed")
            case .exited(Self.notApplicable): results.append("\(name): not applicable")
            case .exited(let status):
                throw StepFailure(reason, "\(label) failed with exit status \(status): \(lastLine(completion))")
            case .signalled(let signal):
                throw StepFailure(reason, "\(label) was ended by signal \(signal)")
            case .timedOut(let seconds):
                throw StepFailure(reason, "\(label) did not end within \(seconds) s")
            }
        }
        return results
    }

    private func lastLine(_ completion: Completion) -> String {
        let text = String(decoding: completion.output, as: UTF8.self) + completion.diagnostics
        return text.split(separator: "\n").last.map(String.init) ?? "it said nothing"
    }
}
