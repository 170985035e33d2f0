import Documents
import LinuxHost
import ReleaseContract

extension AttemptContext {
    /// Health, tests, settings and rights of the new release, against the base line.
    func postTest() throws {
        let base = try baseLine()
        let worse = try new.health().deterioration(since: base.health)
        guard worse.isEmpty else {
            throw StepFailure("HealthCheckFailed", worse.joined(separator: "; "))
        }
        let tests = try ReleaseTests(context: self)
            .run(.post, of: new, generation: plan.toGeneration, reason: "PostTestFailed")
        findings["tests"] = .array(tests.map { .string($0) })
        let differences = VolatileSettings.differences(
            before: base.settings.parameters, after: try new.settings().parameters,
            declared: { manifest.mayChange(setting: $0) })
        guard differences.isEmpty else {
            throw StepFailure(
                "SettingsChanged",
                "settings that release \(plan.toVersion) does not declare: \(differences.joined(separator: "; "))")
        }
        try compareRights(before: base.facts, after: try new.facts())
    }

    private func compareRights(before: FactsReport, after: FactsReport) throws {
        if let account = before.account, account != after.account {
            throw StepFailure(
                "ServiceAccountChanged", "the service ran as \(account) and now runs as \(after.account ?? "unknown")")
        }
        guard let agent = before.healthAgent else { return }
        guard agent.registration == after.healthAgent?.registration else {
            throw StepFailure("HealthAgentChanged", "the health agent's registration is not what it was")
        }
        if let old = agent.version, let new = after.healthAgent?.version, new < old {
            throw StepFailure("HealthAgentChanged", "the health agent went from \(old) down to \(new)")
        }
    }
}
