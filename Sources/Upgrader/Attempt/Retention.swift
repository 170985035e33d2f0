import Documents
import LinuxHost
import ReleaseContract

/// Removes what is no longer needed to go back: old generations and the releases that none of the kept ones runs.
struct Retention {
    let layout: ServerLayout
    let configuration: UpgraderConfiguration

    /// Which of the numbered generations stay: the active one, then the newest ones that worked, then the newest that
    /// were left because they failed.
    static func kept(_ generations: [Int], active: Int, failed: Set<Int>, count: Int) -> Set<Int> {
        let others = generations.filter { $0 != active }.sorted(by: >)
        let older = others.filter { !failed.contains($0) } + others.filter { failed.contains($0) }
        return Set([active] + older.prefix(max(0, count - 1)))
    }

    func prune() throws {
        guard let active = try? InstalledRelease.active(layout) else { return }
        let numbers = (try DurableFiles.list(layout.generations) ?? []).compactMap { Int($0) }
        let kept = Self.kept(
            numbers, active: active.generation, failed: try failedGenerations(),
            count: configuration.generationsKept)
        for number in numbers.sorted() where !kept.contains(number) {
            try DurableFiles.removeTree(layout.generation(number))
        }
        try removeLeftovers()
        let needed = Set(
            try kept.compactMap { try DurableFiles.linkTarget(layout.releaseLink($0)) }
                .compactMap { ProductVersion(DurableFiles.name(of: $0)) })
        let releases = (try DurableFiles.list(layout.releases) ?? []).compactMap { ProductVersion($0) }
        let spare = releases.filter { !needed.contains($0) }.sorted(by: >)
        for version in spare.dropFirst(max(0, configuration.releasesKept - needed.count)) {
            try DurableFiles.removeTree(layout.release(version))
        }
        try ReleaseOrigin.prune(layout)
    }

    /// Copies and half-removed folders of processes that were killed. No attempt is under way when this runs.
    private func removeLeftovers() throws {
        for folder in [layout.generations, layout.releases, layout.attempts] {
            for name in try DurableFiles.list(folder) ?? []
            where [".copy-", ".rehearsal-", ".removed-", ".quarantine-", ".new-"].contains(where: { name.hasPrefix($0) }
            ) {
                try DurableFiles.removeTree("\(folder)/\(name)")
            }
        }
    }

    /// Generations that an attempt made and did not keep.
    private func failedGenerations() throws -> Set<Int> {
        let store = AttemptStore(layout: layout)
        var failed: Set<Int> = []
        for attempt in try store.identifiers() {
            guard case .concluded(let end, _) = try store.progress(of: attempt).position, end != .committed,
                let plan = try? store.plan(of: attempt)
            else { continue }
            failed.insert(plan.toGeneration)
        }
        return failed
    }
}
