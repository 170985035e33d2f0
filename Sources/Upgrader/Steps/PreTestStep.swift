import Documents
import LinuxHost
import ReleaseContract

extension AttemptContext {
    /// Everything that must hold before anything is touched, and the base line for all comparisons afterwards.
    func preTest() throws {
        try verifyOld()
        let health = try old.health()
        guard health.healthy else {
            let failed = health.checks.filter { $0.status == .failed }.map { "\($0.name): \($0.detail)" }
            throw StepFailure(
                "PreTestFailed",
                "the server is not healthy before the upgrade (\(failed.joined(separator: "; "))); mend this first")
        }
        let tests = ReleaseTests(context: self)
        var results = try tests.run(.pre, of: old, generation: plan.fromGeneration, reason: "PreTestFailed")
        results += try tests.run(.pre, of: new, generation: plan.fromGeneration, reason: "PreTestFailed")
        let baseLine = BaseLine(
            status: try old.status(), health: health, settings: try old.settings(), facts: try old.facts())
        try keep(BaseLine.fileName, baseLine.json.pretty)
        findings["tests"] = .array(results.map { .string($0) })
    }
}
