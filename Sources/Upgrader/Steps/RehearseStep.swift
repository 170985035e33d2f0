import Documents
import LinuxHost
import ReleaseContract

extension AttemptContext {
    /// Copies the live data and runs the new release on a copy of the copy: migration, self-test and a cycle on trial. What
    /// the first cycle would export is known before anything is paused.
    func rehearse() throws {
        let live = try DataCopy(context: self).makeLive()
        try keep("snapshot-live.json", live.json.pretty)
        try DurableFiles.removeTree(scratchCopy)
        try DurableFiles.copyTree(dataCopy, scratchCopy)
        let migrated: MigrateReport = try new.document(
            .migrate, ["--data", scratchCopy], failure: "RehearsalMigrationFailed")
        try judge(try new.document(.selfTest, ["--data", scratchCopy], failure: "RehearsalSelfTestFailed"))
        let rehearsal: RehearseReport = try new.document(
            .rehearse, ["--data", scratchCopy], failure: "RehearsalFailed")
        try keep("migrate-rehearsed.json", migrated.json.pretty)
        try keep("rehearsal.json", rehearsal.json.pretty)
        try DurableFiles.removeTree(scratchCopy)
        findings["changes"] = rehearsal.json["changes"]
        findings["errors"] = JSONValue(rehearsal.errors)
        findings["dataBytes"] = JSONValue(live.bytes)
        narrator.say(Self.summary(rehearsal))
    }

    private func judge(_ report: SelfTestReport) throws {
        guard report.passed else {
            let failed = report.checks.filter { $0.status == .failed }.map { "\($0.name): \($0.detail)" }
            throw StepFailure(
                "RehearsalSelfTestFailed",
                "release \(plan.toVersion) does not work on a copy of this server's data: "
                    + failed.joined(separator: "; "))
        }
    }

    static func summary(_ report: RehearseReport) -> String {
        let counted = report.changes.filter { $0.count > 0 }
        if counted.isEmpty { return "rehearsed: the first cycle of the new release would export nothing more" }
        let list = counted.map { "\($0.count) \($0.objectType) \($0.operation)" }.joined(separator: ", ")
        return "rehearsed: the first cycle of the new release would export \(list)"
    }
}
