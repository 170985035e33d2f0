import Foundation

/// The invariants that a server shows at rest.
extension InvariantChecker {
    /// 1: the active release is one complete release whose files equal its list, and the list is the published one.
    func releaseIsWhole() -> [Violation] {
        guard let generation = files.activeGeneration else { return [Violation(1, "current names no generation")] }
        guard let folder = files.release(ofGeneration: generation),
            folder.deletingLastPathComponent().path == files.releases.standardizedFileURL.path
        else { return [Violation(1, "generation \(generation) names no installed release")] }
        return Self.differences(of: folder, published: published[folder.lastPathComponent]).map { Violation(1, $0) }
    }

    /// What a release's folder has otherwise than its `release.json` says.
    static func differences(of folder: URL, published: URL?) -> [String] {
        let name = folder.lastPathComponent
        let document = folder.appending(path: "release.json")
        guard let manifest = ServerFiles.object(document), let listed = manifest["files"] as? [[String: Any]] else {
            return ["\(name) has no release.json"]
        }
        var found: [String] = []
        if manifest["version"] as? String != name { found.append("\(name)/release.json is of another version") }
        if let published, (try? Data(contentsOf: published)) != (try? Data(contentsOf: document)) {
            found.append("\(name)/release.json differs from the published one")
        }
        let present = Set(ServerFiles.files(below: folder)).subtracting(["release.json"])
        let names = Set(listed.compactMap { $0["path"] as? String })
        found += names.subtracting(present).sorted().map { "\(name)/\($0) is missing" }
        found += present.subtracting(names).sorted().map { "\(name)/\($0) is not in the list" }
        let digests = ServerFiles.digests(names.intersection(present).sorted(), below: folder)
        for file in listed {
            guard let path = file["path"] as? String, present.contains(path) else { continue }
            if digests[path] != file["sha256"] as? String { found.append("\(name)/\(path) has another content") }
            // An installed release is read-only; whether a file is executable is what its mode says.
            let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder.path)/\(path)")
            let mode = attributes?[.posixPermissions] as? Int
            let wanted = (file["mode"] as? String).flatMap { Int($0, radix: 8) }
            if mode.map({ $0 & ~0o222 }) != wanted.map({ $0 & ~0o222 }) {
                found.append("\(name)/\(path) has the mode \(mode.map { String($0, radix: 8) } ?? "?")")
            }
        }
        return found
    }

    /// 2: the scheduler is as the administrator had it.
    func schedulerIsAsBefore(_ before: ServerRecord) -> [Violation] {
        guard let now = SchedulerState(files.answer("status")) else { return [Violation(2, "status does not answer")] }
        return now == before.scheduler ? [] : [Violation(2, "the scheduler was \(before.scheduler) and is \(now)")]
    }

    /// 8: the service of the active generation runs and works, and nothing of the pause is left.
    func serviceWorks(_ before: ServerRecord) -> [Violation] {
        var found: [Violation] = []
        if FileManager.default.fileExists(atPath: files.lease.path) { found.append(Violation(8, "a lease is left")) }
        let generation = files.activeGeneration ?? 0
        if FileManager.default.fileExists(atPath: files.data(generation).appending(path: "trial.json").path) {
            found.append(Violation(8, "generation \(generation) is still on trial"))
        }
        let served = ServerFiles.object(files.service.appending(path: "serve.json"))?["generation"] as? Int
        if serviceProcess() == nil {
            found.append(Violation(8, "no service runs"))
        } else if served != generation {
            found.append(Violation(8, "generation \(served ?? 0) is served and \(generation) is active"))
        } else if !cyclesGoOn() {
            found.append(Violation(8, "the scheduler is on and no cycle ends"))
        }
        return found
    }

    /// Whether another cycle ends, where one is due within a moment.
    private func cyclesGoOn() -> Bool {
        guard let start = files.answer("status"), let scheduler = SchedulerState(start) else { return false }
        guard scheduler.cycleEnabled, !scheduler.suspended, scheduler.intervalSeconds <= 1 else { return true }
        let deadline = Date().addingTimeInterval(20)
        while Date() < deadline {
            if let now = files.answer("status"), Self.completed(now) > Self.completed(start) { return true }
        }
        return false
    }

    private static func completed(_ status: [String: Any]) -> Int {
        (status["cycles"] as? [String: Any])?["completed"] as? Int ?? -1
    }

    private static let autoUpgradeState = "Microsoft.OptionalFeature.AutoUpgradeState"
    private static let suspensionReason = "Microsoft.OptionalFeature.AutoUpgradeSuspensionReason"
    /// Settings that are a state, not a wish of the administrator; judged by 2 and 9.
    private static let states: Set<String> = [
        autoUpgradeState, suspensionReason, "Microsoft.Synchronize.SchedulerSuspended",
        "Microsoft.Synchronize.NextStartTime", "Microsoft.Synchronize.SynchronizationPolicy",
    ]

    /// 9: a temporary obstacle suspends no auto-upgrade, and Suspended has its reason.
    func stateHasItsReason(_ journals: [AttemptJournal], _ before: ServerRecord) -> [Violation] {
        guard let now = files.answer("settings get")?["parameters"] as? [String: String] else {
            return [Violation(9, "settings do not answer")]
        }
        var found: [Violation] = []
        let (old, state) = (before.settings[Self.autoUpgradeState] ?? "", now[Self.autoUpgradeState] ?? "")
        if state == "Suspended", (now[Self.suspensionReason] ?? "").isEmpty {
            found.append(Violation(9, "auto-upgrade is Suspended without a reason"))
        }
        let isTemporary = journals.last?.conclusions.last?.end == "aborted"
        if old == "Enabled", state != "Enabled", isTemporary {
            found.append(Violation(9, "an aborted attempt turned auto-upgrade from Enabled to \(state)"))
        }
        if old == "Disabled", state != old { found.append(Violation(9, "auto-upgrade was Disabled and is \(state)")) }
        return found
    }

    /// 10: no setting that the administrator made is lost or changed, but for those that the active release declares.
    func settingsAreAsBefore(_ before: ServerRecord) -> [Violation] {
        guard let now = files.answer("settings get")?["parameters"] as? [String: String] else {
            return [Violation(10, "settings do not answer")]
        }
        let declared = activeManifest()?["settingsChanged"] as? [String] ?? []
        let isUpgraded = files.activeGeneration != before.generation
        var found = Set(before.settings.keys).union(now.keys).subtracting(Self.states).sorted().compactMap { name in
            let mayChange =
                isUpgraded
                && declared.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : $0 == name }
            return before.settings[name] == now[name] || mayChange
                ? nil
                : Violation(10, "\(name) was \(before.settings[name] ?? "absent") and is \(now[name] ?? "absent")")
        }
        if agentRegistration() != before.agentRegistration {
            found.append(Violation(10, "the health agent's registration has changed"))
        }
        if let user = before.serviceUser, let process = serviceProcess(), process.user != user {
            found.append(Violation(10, "the service ran as \(user) and runs as \(process.user)"))
        }
        return found
    }

    private func activeManifest() -> [String: Any]? {
        files.activeGeneration.flatMap(files.release(ofGeneration:)).flatMap {
            ServerFiles.object($0.appending(path: "release.json"))
        }
    }
}
