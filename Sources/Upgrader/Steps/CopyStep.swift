import Documents
import LinuxHost
import ReleaseContract

extension AttemptContext {
    /// Brings the copy up to date and makes the new generation of it: release link, data, trial mark.
    func copyData() throws {
        let final = try DataCopy(context: self).complete()
        try keep("snapshot-final.json", final.json.pretty)
        findings["copiedBytes"] = JSONValue(final.copiedBytes)

        let mark = TrialMark(attempt: id, since: clock.now())
        try DurableFiles.replace("\(dataCopy)/trial.json", mark.json.pretty, mode: 0o644)
        let generation = layout.generation(plan.toGeneration)
        try DurableFiles.removeTree(generation)
        try DurableFiles.makeFolders(generation)
        try DurableFiles.replaceLink(
            layout.releaseLink(plan.toGeneration), target: ServerLayout.releaseLinkTarget(plan.toVersion))
        try DurableFiles.renameNew(dataCopy, layout.data(plan.toGeneration))
    }

    func migrateData() throws {
        let report: MigrateReport = try new.document(
            .migrate, ["--data", layout.data(plan.toGeneration)] + tokenArguments, failure: "MigrationFailed")
        try keep("migrate.json", report.json.pretty)
        // Whole on the rehearsed copy, whose digests this one has; in the pause only what does not grow with the data.
        let check: SelfTestReport = try new.document(
            .selfTest, ["--data", layout.data(plan.toGeneration), "--quick"], failure: "SelfTestFailed")
        guard check.passed else {
            let failed = check.checks.filter { $0.status == .failed }.map { "\($0.name): \($0.detail)" }
            throw StepFailure("SelfTestFailed", "the migrated data: \(failed.joined(separator: "; "))")
        }
        findings["epoch"] = JSONValue(report.to)
    }

    /// The one rename that changes code and data together.
    func switchGeneration() throws {
        guard DurableFiles.exists(layout.trialMark(plan.toGeneration)) else {
            throw StepFailure(
                "TrialMarkMissing", "\(layout.trialMark(plan.toGeneration)) is missing; nothing is switched")
        }
        try DurableFiles.replaceLink(layout.current, target: ServerLayout.currentTarget(plan.toGeneration))
    }
}
