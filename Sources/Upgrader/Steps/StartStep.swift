import Documents
import LinuxHost
import ReleaseContract

extension AttemptContext {
    /// Starts the new release on trial. A first start that fails often passes the second time.
    func startNew() throws {
        let tries = try start(new, generation: plan.toGeneration)
        findings["starts"] = JSONValue(tries)
        let status = try new.status()
        guard status.serving, status.generation == plan.toGeneration, status.onTrial else {
            throw StepFailure(
                "ServiceCanNotBeStarted",
                "the service runs generation \(status.generation), serving: \(status.serving), on trial: \(status.onTrial)"
            )
        }
    }

    /// Starts a release's service, more than once if need be, and says how often it took.
    @discardableResult
    func start(_ release: ControlCommands, generation: Int) throws -> Int {
        let line = try release.commandLine(.serve)
        var number = 1
        while true {
            do {
                try supervisor.start(line, generation: generation, tick: tick)
                return number
            } catch let failure as StepFailure where failure.reason == "ServiceCanNotBeStarted" {
                narrator.say("start \(number) of \(release.release.version) failed: \(failure.message)")
                if number >= configuration.startTries { throw failure }
                number += 1
                // Whatever got half-way must be gone before the next try.
                try supervisor.stop(tick: tick)
            }
        }
    }
}
